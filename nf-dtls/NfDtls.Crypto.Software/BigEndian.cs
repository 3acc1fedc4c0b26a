namespace NfDtls.Crypto.Software
{
    /// <summary>Words in network byte order.</summary>
    internal static class BigEndian
    {
        internal static int Load32(byte[] from, int offset)
        {
            return from[offset] << 24 | from[offset + 1] << 16 | from[offset + 2] << 8 | from[offset + 3];
        }

        internal static ulong Load64(byte[] from, int offset)
        {
            return (ulong)(uint)Load32(from, offset) << 32 | (uint)Load32(from, offset + 4);
        }

        internal static void Store32(byte[] to, int offset, int value)
        {
            to[offset] = (byte)(value >> 24);
            to[offset + 1] = (byte)(value >> 16);
            to[offset + 2] = (byte)(value >> 8);
            to[offset + 3] = (byte)value;
        }

        internal static void Store64(byte[] to, int offset, ulong value)
        {
            Store32(to, offset, (int)(value >> 32));
            Store32(to, offset + 4, (int)value);
        }
    }
}

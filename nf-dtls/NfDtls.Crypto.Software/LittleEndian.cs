namespace NfDtls.Crypto.Software
{
    /// <summary>Words with the lowest byte first, as ChaCha20 and Poly1305 have them.</summary>
    internal static class LittleEndian
    {
        internal static uint Load32(byte[] from, int offset)
        {
            return (uint)(from[offset] | from[offset + 1] << 8 | from[offset + 2] << 16 | from[offset + 3] << 24);
        }

        internal static void Store32(byte[] to, int offset, uint value)
        {
            to[offset] = (byte)value;
            to[offset + 1] = (byte)(value >> 8);
            to[offset + 2] = (byte)(value >> 16);
            to[offset + 3] = (byte)(value >> 24);
        }
    }
}

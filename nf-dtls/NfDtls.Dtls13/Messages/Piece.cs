using System;

namespace NfDtls.Dtls13
{
    /// <summary>Bytes out of a message that outlive the buffer it was read in.</summary>
    internal static class Piece
    {
        internal static byte[] Of(byte[] bytes, int offset, int count)
        {
            byte[] copy = new byte[count];
            Array.Copy(bytes, offset, copy, 0, count);
            return copy;
        }
    }
}

namespace NfDtls.Dtls13
{
    /// <summary>HelloRetryRequest: a ServerHello with a random of its own (RFC 8446 section 4.1.3).</summary>
    internal static class HelloRetry
    {
        private const int RandomAt = 2;

        // SHA-256 of "HelloRetryRequest".
        private static readonly byte[] Mark =
        {
            0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
            0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
        };

        /// <summary>Its random.</summary>
        internal static byte[] Random
        {
            get { return Mark; }
        }

        /// <summary>Whether the body of a ServerHello is one.</summary>
        internal static bool Is(byte[] body, int offset, int count)
        {
            return count >= RandomAt + Mark.Length && ConstantTime.AreEqual(body, offset + RandomAt, Mark, 0, Mark.Length);
        }
    }
}

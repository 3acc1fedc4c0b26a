using System;

namespace NfDtls.Server
{
    /// <summary>
    /// The four words of a hello's random as one. All that hangs on it is whether a hello is a late copy of the one before, which is
    /// dropped: two of the same client's agree by chance once in 2^64, and who makes up one that agrees could as well have sent
    /// the copy. Every byte counts: some clients' randoms begin with the time.
    /// </summary>
    internal static class HelloDigest
    {
        /// <summary>The digest of the random at an offset; 0 for one in 2^64, which then has none.</summary>
        internal static long Of(byte[] buffer, int random)
        {
            return BitConverter.ToInt64(buffer, random) ^ BitConverter.ToInt64(buffer, random + 8)
                ^ BitConverter.ToInt64(buffer, random + 16) ^ BitConverter.ToInt64(buffer, random + 24);
        }

        /// <summary>Whether a connected association came from the ClientHello with this random.</summary>
        internal static bool IsOf(Association association, byte[] buffer, ClientHello hello)
        {
            return association != null && (association.Handshake == null || association.Handshake.IsRenegotiation)
                && association.Hello != 0 && hello.RandomCount == ClientHello.RandomLength && association.Hello == Of(buffer, hello.Random);
        }
    }
}

using System;

namespace NfDtls.Extensions
{
    /// <summary>Of DTLS 1.2: the master secret and, behind it, both randoms (RFC 5705 section 4).</summary>
    internal sealed class ExporterSecret12 : ExporterSecret
    {
        internal const int Length = MasterLength + RandomsLength;

        private const int MasterLength = 48;
        private const int RandomsLength = 2 * Handshake.RandomLength;

        internal ExporterSecret12(int hash)
            : base(hash, Length)
        {
        }

        internal ExporterSecret12(Handshake handshake)
            : base(handshake.Suite.Hash, Length)
        {
            handshake.Role.KeySchedule.CopyMaster(Secret, 0);
            handshake.CopyRandoms(Secret, MasterLength);
        }

        /// <summary>No context and one of no bytes are two things.</summary>
        internal override void Export(CryptoProvider crypto, string label, byte[] context, byte[] destination, int offset, int count)
        {
            int contextLength = context == null ? 0 : 2 + context.Length;
            byte[] seed = new byte[label.Length + RandomsLength + contextLength];
            int at = WriteText(label, seed, 0);
            Array.Copy(Secret, MasterLength, seed, at, RandomsLength);
            if (context != null)
            {
                at += RandomsLength;
                seed[at] = (byte)(context.Length >> 8);
                seed[at + 1] = (byte)context.Length;
                Array.Copy(context, 0, seed, at + 2, context.Length);
            }

            try
            {
                crypto.Prf(Hash, Secret, 0, MasterLength, seed, 0, seed.Length, destination, offset, count);
            }
            finally
            {
                crypto.Forget();
            }
        }
    }
}

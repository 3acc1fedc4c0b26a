using System;

namespace NfDtls.X509
{
    /// <summary>The public key of a private one that does not tell it.</summary>
    internal static class PublicPart
    {
        private const int Budget = 1000;

        /// <summary>
        /// The key's public part, computed by the provider in an array of its own; null where the provider cannot. A key that is
        /// none has an empty one.
        /// </summary>
        internal static PublicKey Of(CryptoProvider crypto, StoredPrivateKey key)
        {
            if (!crypto.Supports(CryptoAlgorithm.DerivePublic + key.Kind))
            {
                return null;
            }

            byte[] bytes = new byte[SubjectKeyReader.LengthOf(key.Kind)];
            PublicKey computed = new PublicKey();
            try
            {
                if (Finish(crypto.DerivePublic(key, bytes, 0)))
                {
                    computed.Set(key.Kind, bytes, 0, bytes.Length);
                }
            }
            catch (NotSupportedException)
            {
                // An application's provider that asks another what it supports, and does not hand this on.
                return null;
            }

            return computed;
        }

        /// <summary>Does an operation to its end; whether it ended well.</summary>
        internal static bool Finish(CryptoOperation operation)
        {
            while (!operation.Step(Budget))
            {
            }

            return operation.Error == DtlsError.None;
        }
    }
}

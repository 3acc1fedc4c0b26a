using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// ML-KEM-768 (FIPS 203) in managed code, for X25519MLKEM768: with a provider that has X25519 (SoftwareEccProvider) in a CompositeProvider. It
    /// supports this alone.
    /// </summary>
    /// <remarks>
    /// Every operation is stepped: one to three permutations of Keccak and a transform are not divided, and count as 32 units of
    /// <see cref="CryptoOperation.Step"/>'s budget. A pending operation has some 4.5 KB of its own, a decapsulation 5.7, which its end zeroes; the tables that all share take 0.8. What depends
    /// on a secret runs in constant time. Checked against NIST's and Project Wycheproof's vectors and other implementations; not certified.
    /// </remarks>
    public sealed class SoftwareMlKemProvider : CryptoProvider
    {
        private readonly CryptoProvider _crypto;
        private KemTables _tables;

        /// <summary>Makes a provider; its tables when an operation first needs them.</summary>
        /// <param name="crypto">Gives random bytes.</param>
        /// <exception cref="ArgumentNullException">There is no provider.</exception>
        public SoftwareMlKemProvider(CryptoProvider crypto)
        {
            if (crypto == null)
            {
                throw new ArgumentNullException("crypto");
            }

            _crypto = crypto;
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            return (algorithm == CryptoAlgorithm.Agree + NamedGroup.MlKem768 || algorithm == CryptoAlgorithm.Agree + NamedGroup.MlKem768Encapsulation)
                && _crypto.Supports(CryptoAlgorithm.Random);
        }

        /// <inheritdoc/>
        public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            if (group != NamedGroup.MlKem768)
            {
                return base.GenerateKey(group, privateKey, privateOffset, publicKey, publicOffset);
            }

            try
            {
                _crypto.Random(privateKey, privateOffset, NamedGroup.MlKem768PrivateLength);
            }
            catch (InvalidOperationException)
            {
                return new CompletedOperation(DtlsError.NoEntropy);
            }

            return KemOperation.Generate(Tables, privateKey, privateOffset, publicKey, publicOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Agree(int group, byte[]? privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            switch (group)
            {
                case NamedGroup.MlKem768:
                    return peerCount != NamedGroup.MlKem768CipherLength ? new CompletedOperation(DtlsError.IllegalParameter)
                        : KemOperation.Decapsulate(Tables, privateKey, privateOffset, peerKey, peerOffset, secret, secretOffset);
                case NamedGroup.MlKem768Encapsulation:
                    return peerCount != NamedGroup.MlKem768PublicLength ? new CompletedOperation(DtlsError.IllegalParameter)
                        : Encapsulate(peerKey, peerOffset, secret, secretOffset);
                default:
                    return base.Agree(group, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);
            }
        }

        private CryptoOperation Encapsulate(byte[] key, int keyOffset, byte[] answer, int answerOffset)
        {
            try
            {
                return KemOperation.Encapsulate(Tables, _crypto, key, keyOffset, answer, answerOffset);
            }
            catch (InvalidOperationException)
            {
                return new CompletedOperation(DtlsError.NoEntropy);
            }
        }

        private KemTables Tables
        {
            get { return _tables = _tables != null ? _tables : new KemTables(); }
        }
    }
}

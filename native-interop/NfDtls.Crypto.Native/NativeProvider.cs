using System;
using NfDtls.Native;

namespace NfDtls.Crypto.Native
{
    /// <summary>
    /// Cryptography in native code, over mbedTLS and the chip's engines: AES in CCM, GCM and CBC, SHA-1 and SHA-2, HMAC, the TLS
    /// 1.2 PRF, random bytes, key agreement, ECDSA and RSA, as far as the firmware has them (<see cref="Supports"/> tells).
    /// </summary>
    /// <remarks>
    /// It keeps nothing between calls, so any number of engines may share it; a context that it makes belongs to one engine.
    /// Contexts stand in a table that is made larger on demand, up to a bound of the firmware's (<see cref="Reserve"/>): clear
    /// what is no longer used. A record is one call to the native side; key
    /// agreement, signatures and RSA run on a worker of the firmware's, so that other managed threads run on.
    /// </remarks>
    public sealed class NativeProvider : CryptoProvider
    {
        /// <summary>The version that NfDtls.Native must have, in the firmware and in the program.</summary>
        public const string NativeVersion = "1.0.0.0";

        /// <summary>The native checksum of NfDtls.Native of that version, as the metadata processor of nanoFramework 1.x computes it and the firmware lists it.</summary>
        public const uint NativeChecksum = 0x7E9CEE7B;

        private const int QueryAbi = 0;
        private const int AbiMajor = 1;
        private const int Generate = 0x200000;

        /// <summary>Makes a provider.</summary>
        /// <exception cref="NotSupportedException">The native side is missing or is another version; the text says which firmware is wanted.</exception>
        public NativeProvider()
        {
            int abi;
            try
            {
                abi = NativeMethods.Query(QueryAbi);
            }
            catch (NotSupportedException exception)
            {
                throw new NotSupportedException("The native side of NfDtls is missing. " + Wanted(), exception);
            }

            if (abi >> 16 != AbiMajor)
            {
                throw new NotSupportedException("The native side of NfDtls has ABI " + (abi >> 16).ToString() + " and not " + AbiMajor.ToString() + ". " + Wanted());
            }
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            // The native side knows numbers of its own besides; the seam does not.
            return algorithm < CryptoAlgorithm.Random + 0x100 || (algorithm & ~0xFF) == CryptoAlgorithm.Mask
                || algorithm >= CryptoAlgorithm.Agree && (algorithm & ~0xFFFF) != Generate
                ? NativeMethods.Supports(algorithm) == 1
                : false;
        }

        /// <inheritdoc/>
        public override int Reserve(int contexts)
        {
            return ContextRoom.Reserve(contexts);
        }

        /// <inheritdoc/>
        public override void Random(byte[] destination, int offset, int count)
        {
            Check(NativeMethods.Random(destination, offset, count));
        }

        /// <inheritdoc/>
        public override HashContext CreateHash(int algorithm)
        {
            int handle = NativeMethods.HashNew(algorithm);
            for (int tries = 0; ContextRoom.IsMade(handle, tries); tries++)
            {
                handle = NativeMethods.HashNew(algorithm);
            }

            CheckFor(algorithm, handle);
            return new NativeHash(handle, CryptoAlgorithm.HashSize(algorithm));
        }

        /// <inheritdoc/>
        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            bool isCcm = algorithm == CryptoAlgorithm.Aes128Ccm || algorithm == CryptoAlgorithm.Aes256Ccm;
            if (tagLength != 16 && !(isCcm && tagLength == 8) && Supports(algorithm))
            {
                throw new ArgumentOutOfRangeException("tagLength");
            }

            int handle = NativeMethods.AeadNew(algorithm, key, offset, tagLength);
            for (int tries = 0; ContextRoom.IsMade(handle, tries); tries++)
            {
                handle = NativeMethods.AeadNew(algorithm, key, offset, tagLength);
            }

            CheckFor(algorithm, handle);
            return new NativeAead(handle, tagLength);
        }

        /// <inheritdoc/>
        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            return new NativeMask(CreateAead(CryptoAlgorithm.Mask + algorithm, key, offset, MaskContext.SampleLength));
        }

        /// <inheritdoc/>
        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            int order = encryptThenMac ? 1 : 0;
            int handle = NativeMethods.CbcNew(algorithm, keys, offset, order);
            for (int tries = 0; ContextRoom.IsMade(handle, tries); tries++)
            {
                handle = NativeMethods.CbcNew(algorithm, keys, offset, order);
            }

            CheckFor(algorithm, handle);
            return new NativeCbc(handle, algorithm == CryptoAlgorithm.Aes128CbcHmacSha1 ? 20 : 32);
        }

        /// <inheritdoc/>
        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            CheckFor(CryptoAlgorithm.Hmac + hash, NativeMethods.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset));
        }

        /// <inheritdoc/>
        public override void Prf(
            int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
            byte[] destination, int offset, int count)
        {
            CheckFor(
                CryptoAlgorithm.Prf + hash,
                NativeMethods.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count));
        }

        /// <inheritdoc/>
        public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            int secretLength = PrivateLength(group);
            byte[] pair = new byte[secretLength + (group == NamedGroup.MlKem768 ? NamedGroup.MlKem768PublicLength : NamedGroup.PublicKeyLength(group))];
            int handle = Begin(new OperationInput(0, 0), Generate + group, CryptoAlgorithm.Agree + group, 0);
            return new NativeKeyGeneration(handle, pair, secretLength, privateKey, privateOffset, publicKey, publicOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Agree(int group, byte[]? privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            int privateLength = PrivateLength(group);
            OperationInput input = new OperationInput(2, privateLength + peerCount);
            if (group != NamedGroup.MlKem768Encapsulation)
            {
                input.Add(privateKey, privateOffset, privateLength);
            }

            input.Add(peerKey, peerOffset, peerCount);
            int handle = Begin(input, CryptoAlgorithm.Agree + group, CryptoAlgorithm.Agree + group, 0);
            return new NativeOperation(handle, secret, secretOffset, false);
        }

        /// <inheritdoc/>
        public override CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset)
        {
            int algorithm = CryptoAlgorithm.DerivePublic + key.Kind;
            return new NativeOperation(Begin(WithPrivateKey(key, 0, 0), algorithm, algorithm, 0), publicKey, offset, false);
        }

        /// <inheritdoc/>
        public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            int algorithm = CryptoAlgorithm.SignWith(scheme, key.Kind);
            OperationInput input = WithPrivateKey(key, 1, count);
            input.Add(data, offset, count);
            return new NativeOperation(Begin(input, algorithm, algorithm, 0), signature, signatureOffset, true);
        }

        /// <inheritdoc/>
        public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            int algorithm = CryptoAlgorithm.VerifyWith(scheme, key.Kind);
            OperationInput input = WithPublicKey(key, 2, count + signatureCount);
            input.Add(data, offset, count);
            input.Add(signature, signatureOffset, signatureCount);
            return new NativeOperation(Begin(input, algorithm, algorithm, 0), null, 0, false);
        }

        /// <inheritdoc/>
        public override CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
        {
            OperationInput input = WithPublicKey(key, 1, count);
            input.Add(data, offset, count);
            return new NativeOperation(Begin(input, CryptoAlgorithm.RsaEncrypt, CryptoAlgorithm.RsaEncrypt, 0), cipher, cipherOffset, false);
        }

        /// <inheritdoc/>
        public override CryptoOperation RsaDecrypt(StoredPrivateKey key, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
        {
            OperationInput input = WithPrivateKey(key, 1, count);
            input.Add(cipher, offset, count);
            return new NativeOperation(Begin(input, CryptoAlgorithm.RsaDecrypt, CryptoAlgorithm.RsaDecrypt, length), destination, destinationOffset, false);
        }

        private static int PrivateLength(int group)
        {
            return group == NamedGroup.MlKem768 ? NamedGroup.MlKem768PrivateLength : NamedGroup.SecretLength(group);
        }

        private static OperationInput WithPrivateKey(StoredPrivateKey key, int moreFields, int more)
        {
            int parts = key.Kind == KeyKind.Rsa ? StoredPrivateKey.RsaParts : 1;
            int total = more;
            for (int i = 0; i < parts; i++)
            {
                total += key.CountOf(i);
            }

            OperationInput input = new OperationInput(parts + moreFields, total);
            for (int i = 0; i < parts; i++)
            {
                input.Add(key.Buffer, key.OffsetOf(i), key.CountOf(i));
            }

            return input;
        }

        private static OperationInput WithPublicKey(PublicKey key, int moreFields, int more)
        {
            bool isRsa = key.Kind == KeyKind.Rsa;
            OperationInput input = new OperationInput(moreFields + (isRsa ? 2 : 1), more + key.Count + key.ExponentCount);
            input.Add(key.Buffer, key.Offset, key.Count);
            if (isRsa)
            {
                input.Add(key.Buffer, key.ExponentOffset, key.ExponentCount);
            }

            return input;
        }

        /// <summary>Begins an operation. Only that the algorithm is lacking is thrown; the rest the operation's step reports.</summary>
        private static int Begin(OperationInput input, int number, int algorithm, int parameter)
        {
            int handle = input.Begin(number, parameter);
            if (handle == NativeError.Unsupported)
            {
                throw Lacks(algorithm);
            }

            return handle;
        }

        private static void CheckFor(int algorithm, int result)
        {
            if (result == NativeError.Unsupported)
            {
                throw Lacks(algorithm);
            }

            Check(result);
        }

        private static void Check(int result)
        {
            if (result < 0)
            {
                throw NativeError.ToException(result);
            }
        }

        private static NotSupportedException Lacks(int algorithm)
        {
            return new NotSupportedException("The native provider lacks algorithm " + algorithm.ToString() + ".");
        }

        private static string Wanted()
        {
            return "This program needs a firmware with NfDtls.Native " + NativeVersion + ", checksum 0x" + NativeChecksum.ToString("X8") + ".";
        }
    }
}

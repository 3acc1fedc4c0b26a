using System;

namespace NfDtls.Dtls13
{
    /// <summary>HKDF (RFC 5869) over a provider's HMAC: two calls of it are what a key of DTLS 1.3 takes, so it needs no more of a provider.</summary>
    internal sealed class Hkdf
    {
        /// <summary>The longest digest that it works with.</summary>
        internal const int MaxHash = 64;

        private const int MaxBlocks = 255;

        private readonly CryptoProvider _crypto;

        /// <summary>
        /// What is hashed for each block: the block before, what the key is for, and the block's number. A caller may put what a key is for here,
        /// from <see cref="MaxHash"/> on, and pass it as it stands.
        /// </summary>
        internal readonly byte[] Input;
        private readonly byte[] _block = new byte[MaxHash];

        /// <param name="crypto">Has the HMAC.</param>
        /// <param name="maxInfo">The most bytes that say what a key is for.</param>
        internal Hkdf(CryptoProvider crypto, int maxInfo)
        {
            _crypto = crypto;
            Input = new byte[MaxHash + maxInfo + 1];
        }

        /// <summary>HKDF-Extract: writes as many bytes as the hash has.</summary>
        internal void Extract(int hash, byte[] salt, int saltOffset, int saltCount, byte[] secret, int offset, int count, byte[] destination, int destinationOffset)
        {
            _crypto.Hmac(hash, salt, saltOffset, saltCount, secret, offset, count, destination, destinationOffset);
        }

        /// <summary>HKDF-Expand of a secret as long as the hash; up to 255 times as many bytes.</summary>
        internal void Expand(int hash, byte[] secret, int secretOffset, byte[] info, int infoOffset, int infoCount, byte[] destination, int offset, int count)
        {
            int size = CryptoAlgorithm.HashSize(hash);
            if (count > MaxBlocks * size)
            {
                throw new ArgumentOutOfRangeException("count");
            }

            Array.Copy(info, infoOffset, Input, size, infoCount);
            int begin = size;
            for (int number = 1; count > 0; number++)
            {
                Input[size + infoCount] = (byte)number;
                _crypto.Hmac(hash, secret, secretOffset, size, Input, begin, size - begin + infoCount + 1, _block, 0);
                int n = count < size ? count : size;
                Array.Copy(_block, 0, destination, offset, n);
                Array.Copy(_block, 0, Input, 0, size);
                begin = 0;
                offset += n;
                count -= n;
            }

            Clear();
        }

        private void Clear()
        {
            Array.Clear(Input, 0, Input.Length);
            Array.Clear(_block, 0, _block.Length);
        }
    }
}

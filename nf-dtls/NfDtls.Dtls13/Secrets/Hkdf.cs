using System;

namespace NfDtls.Dtls13
{
    /// <summary>HKDF (RFC 5869) over a provider's HMAC: two calls of it are what a key of DTLS 1.3 takes, so it needs no more of a provider.</summary>
    internal sealed class Hkdf
    {
        /// <summary>Bytes of the longest hash of DTLS 1.3's suites.</summary>
        internal const int MaxHash = 48;

        private const int MaxBlocks = 255;

        private readonly CryptoProvider _crypto;
        private readonly int _maxHash;

        /// <summary>
        /// What is hashed for each block: the block before, what the key is for, and the block's number; behind that the block. A caller may put
        /// what a key is for here, from <see cref="InfoAt"/> on, and pass it as it stands. Between two calls all of it is zero.
        /// </summary>
        internal readonly byte[] Input;

        /// <param name="crypto">Has the HMAC.</param>
        /// <param name="maxHash">Bytes of the longest hash.</param>
        /// <param name="maxInfo">The most bytes that say what a key is for.</param>
        internal Hkdf(CryptoProvider crypto, int maxHash, int maxInfo)
        {
            _crypto = crypto;
            _maxHash = maxHash;
            Input = new byte[(2 * maxHash) + maxInfo + 1];
        }

        internal int InfoAt
        {
            get { return _maxHash; }
        }

        /// <summary>Where the block is written.</summary>
        internal int BlockAt
        {
            get { return Input.Length - _maxHash; }
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

            byte[] input = Input;
            int block = BlockAt;
            Array.Copy(info, infoOffset, input, size, infoCount);
            int begin = size;
            try
            {
                for (int number = 1; count > 0; number++)
                {
                    input[size + infoCount] = (byte)number;
                    _crypto.Hmac(hash, secret, secretOffset, size, input, begin, size - begin + infoCount + 1, input, block);
                    int n = count < size ? count : size;
                    Array.Copy(input, block, destination, offset, n);
                    Array.Copy(input, block, input, 0, size);
                    begin = 0;
                    offset += n;
                    count -= n;
                }
            }
            finally
            {
                Array.Clear(input, 0, input.Length);
            }
        }
    }
}

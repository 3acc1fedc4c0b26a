using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// HKDF-Expand-Label (RFC 8446 section 7.1), and what is needed for the moment of a derivation: one of these for all secrets of an endpoint.
    /// </summary>
    internal sealed class LabelHkdf
    {
        // Length, prefix and label with their length, and a hash with its own.
        private const int MaxLabel = 6 + 12;
        private const int AroundHash = 2 + 1 + MaxLabel + 1;

        internal readonly CryptoProvider Crypto;

        /// <summary>A secret on its way to another, zeroed after it.</summary>
        internal readonly byte[] Key;

        /// <summary>A digest of the transcript, for the call that needs it.</summary>
        internal readonly byte[] Digest;

        private readonly Hkdf _hkdf;
        private readonly string _prefix;
        private byte[] _empty256;
        private byte[] _empty384;

        /// <param name="crypto">Has the HMAC.</param>
        /// <param name="prefix">What stands before each label: six characters. A label has up to twelve.</param>
        /// <param name="maxHash">Bytes of the longest hash.</param>
        internal LabelHkdf(CryptoProvider crypto, string prefix, int maxHash)
        {
            Crypto = crypto;
            Key = new byte[maxHash];
            Digest = new byte[maxHash];
            _hkdf = new Hkdf(crypto, maxHash, AroundHash + maxHash);
            _prefix = prefix;
        }

        /// <summary>What is put in for a secret that there is not: as many zeros as the longest hash has.</summary>
        internal byte[] Zeros
        {
            get { return _hkdf.Input; }
        }

        /// <summary>The digest of no bytes.</summary>
        internal byte[] EmptyOf(int hash)
        {
            if (hash == CryptoAlgorithm.Sha384)
            {
                return _empty384 = _empty384 != null ? _empty384 : Make(hash);
            }

            return _empty256 = _empty256 != null ? _empty256 : Make(hash);
        }

        /// <summary>HKDF-Extract: of zeros where there is no secret.</summary>
        internal void Extract(int hash, byte[] salt, byte[] secret, int offset, int count, byte[] destination)
        {
            int size = CryptoAlgorithm.HashSize(hash);
            if (count == 0)
            {
                _hkdf.Extract(hash, salt, 0, size, Zeros, 0, size, destination, 0);
            }
            else
            {
                _hkdf.Extract(hash, salt, 0, size, secret, offset, count, destination, 0);
            }
        }

        /// <summary>HKDF-Expand-Label of a secret as long as the hash.</summary>
        internal void Expand(
            int hash, byte[] secret, int secretOffset, string label, byte[] context, int contextOffset, int contextCount,
            byte[] destination, int offset, int count)
        {
            byte[] info = _hkdf.Input;
            int begin = _hkdf.InfoAt;
            info[begin] = (byte)(count >> 8);
            info[begin + 1] = (byte)count;
            info[begin + 2] = (byte)(_prefix.Length + label.Length);
            int at = Write(label, info, Write(_prefix, info, begin + 3));
            info[at] = (byte)contextCount;
            Array.Copy(context, contextOffset, info, at + 1, contextCount);
            int end = at + 1 + contextCount;
            int size = CryptoAlgorithm.HashSize(hash);
            if (count > size)
            {
                _hkdf.Expand(hash, secret, secretOffset, info, begin, end - begin, destination, offset, count);
                return;
            }

            // One block, as of almost all: on a board each call beneath this one would stand in the heap with all that it was given.
            info[end] = 1;
            int block = _hkdf.BlockAt;
            try
            {
                Crypto.Hmac(hash, secret, secretOffset, size, info, begin, end + 1 - begin, info, block);
                Array.Copy(info, block, destination, offset, count);
            }
            finally
            {
                Array.Clear(info, 0, info.Length);
            }
        }

        private byte[] Make(int hash)
        {
            byte[] digest = new byte[CryptoAlgorithm.HashSize(hash)];
            Crypto.CreateHash(hash).Peek(digest, 0);
            return digest;
        }

        private static int Write(string text, byte[] info, int at)
        {
            for (int i = 0; i < text.Length; i++)
            {
                info[at + i] = (byte)text[i];
            }

            return at + text.Length;
        }
    }
}

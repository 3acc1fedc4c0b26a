using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Crypto.Stock
{
    /// <summary>
    /// AES-128 in CCM (RFC 3610, RFC 6655) in two calls of the firmware's AES a record: the whole MAC is the last block of one
    /// CBC encryption, the whole key stream one ECB encryption of the counters. Each makes an array, and may want another.
    /// </summary>
    internal sealed class StockCcm : AeadContext
    {
        private const int NonceLength = 12;
        private const int LengthSize = 15 - NonceLength;

        private readonly byte[] _key;
        private readonly StockCcmScratch _scratch;
        private readonly int _tagLength;

        internal StockCcm(byte[] key, StockCcmScratch scratch, int tagLength)
        {
            _key = key;
            _scratch = scratch;
            _tagLength = tagLength;
        }

        public override int TagLength
        {
            get { return _tagLength; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            if (!IsPossible(aadCount, count))
            {
                throw new ArgumentOutOfRangeException("count");
            }

            _scratch.Aes.SetKey(_key);
            ComputeMac(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
            Crypt(nonce, nonceOffset, data, offset, count);
            Array.Copy(_scratch.Tag, 0, data, offset + count, _tagLength);
            Array.Clear(_scratch.Tag, 0, 16);
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            if (!IsPossible(aadCount, count))
            {
                return false;
            }

            _scratch.Aes.SetKey(_key);

            // The key stream's first block hides the MAC, which is known only after the data was decrypted.
            Array.Clear(_scratch.Tag, 0, 16);
            Crypt(nonce, nonceOffset, data, offset, count);
            Xor(_scratch.Tag, 0, data, offset + count, _tagLength);
            byte[] mac = LastOfChain(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
            bool isGenuine = ConstantTime.AreEqual(_scratch.Tag, 0, mac, mac.Length - 16, _tagLength);
            if (!isGenuine)
            {
                Array.Clear(data, offset, count);
            }

            Array.Clear(mac, 0, mac.Length);
            Array.Clear(_scratch.Tag, 0, 16);
            return isGenuine;
        }

        public override void Clear()
        {
            Array.Clear(_key, 0, _key.Length);
        }

        private static bool IsPossible(int aadCount, int count)
        {
            return count >= 0 && aadCount >= 0 && aadCount < 0xFF00 && count >> (8 * LengthSize) == 0;
        }

        /// <summary>Leaves the MAC, not yet hidden, in the tag.</summary>
        private void ComputeMac(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            byte[] chain = LastOfChain(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
            Array.Copy(chain, chain.Length - 16, _scratch.Tag, 0, 16);
            Array.Clear(chain, 0, chain.Length);
        }

        /// <summary>Encrypts the first block, the additional data and the plaintext as a chain.</summary>
        private byte[] LastOfChain(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            int aadBlocks = aadCount == 0 ? 0 : (2 + aadCount + 15) / 16;
            int dataAt = 16 + (16 * aadBlocks);
            byte[] blocks = Sized(_scratch.MacBlocks, dataAt + ((count + 15) & ~15));
            _scratch.MacBlocks = blocks;
            Array.Clear(blocks, 0, blocks.Length);
            blocks[0] = (byte)((aadCount > 0 ? 0x40 : 0) | ((_tagLength - 2) / 2 << 3) | (LengthSize - 1));
            Array.Copy(nonce, nonceOffset, blocks, 1, NonceLength);
            blocks[13] = (byte)(count >> 16);
            blocks[14] = (byte)(count >> 8);
            blocks[15] = (byte)count;
            if (aadCount > 0)
            {
                blocks[16] = (byte)(aadCount >> 8);
                blocks[17] = (byte)aadCount;
                Array.Copy(aad, aadOffset, blocks, 18, aadCount);
            }

            Array.Copy(data, offset, blocks, dataAt, count);
            byte[] chain = _scratch.Aes.EncryptChain(_scratch.Zero, blocks);
            Array.Clear(blocks, 0, blocks.Length);
            return chain;
        }

        /// <summary>XORs the data with the key stream, and the tag with its first block.</summary>
        private void Crypt(byte[] nonce, int nonceOffset, byte[] data, int offset, int count)
        {
            byte[] counters = _scratch.Counters;
            int length = 16 + ((count + 15) & ~15);
            if (counters.Length != length)
            {
                counters = MakeCounters(length);
                _scratch.Counters = counters;
            }

            for (int at = 1; at < length; at += 16)
            {
                Array.Copy(nonce, nonceOffset, counters, at, NonceLength);
            }

            byte[] stream = _scratch.Aes.Encrypt(counters);
            Xor(_scratch.Tag, 0, stream, 0, _tagLength);
            Xor(data, offset, stream, 16, count);
            Array.Clear(stream, 0, stream.Length);
        }

        /// <summary>Blocks that lack nothing but the nonce.</summary>
        private static byte[] MakeCounters(int length)
        {
            byte[] counters = new byte[length];
            for (int at = 0; at < length; at += 16)
            {
                counters[at] = LengthSize - 1;
                counters[at + 13] = (byte)(at >> 20);
                counters[at + 14] = (byte)(at >> 12);
                counters[at + 15] = (byte)(at >> 4);
            }

            return counters;
        }

        private static void Xor(byte[] data, int offset, byte[] with, int at, int count)
        {
            int end = offset + count;
            for (; offset < end - 3; offset += 4)
            {
                data[offset] ^= with[at];
                data[offset + 1] ^= with[at + 1];
                data[offset + 2] ^= with[at + 2];
                data[offset + 3] ^= with[at + 3];
                at += 4;
            }

            for (; offset < end; offset++)
            {
                data[offset] ^= with[at];
                at++;
            }
        }

        /// <summary>The firmware wants an array of the very size; one that is there already serves again.</summary>
        private static byte[] Sized(byte[] kept, int length)
        {
            return kept.Length == length ? kept : new byte[length];
        }
    }
}

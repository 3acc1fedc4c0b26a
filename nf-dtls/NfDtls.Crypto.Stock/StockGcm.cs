using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Crypto.Stock
{
    /// <summary>
    /// AES-128 in GCM (SP 800-38D, RFC 5288) with the key stream and the tag's mask in one call of the firmware's AES a record;
    /// the hash is managed code.
    /// </summary>
    internal sealed class StockGcm : AeadContext
    {
        private const int NonceLength = 12;

        private readonly byte[] _key;
        private readonly StockAes _aes;
        private readonly Ghash _ghash;
        private readonly byte[] _scratch = new byte[16];
        private readonly byte[] _mask = new byte[16];
        private readonly byte[] _tag = new byte[16];
        private byte[] _counters = new byte[0];

        internal StockGcm(byte[] key)
        {
            _key = key;
            _aes = new StockAes(key);
            byte[] hashKey = _aes.Encrypt(new byte[16]);
            _ghash = new Ghash(
                ((ulong)(uint)BigEndian.Load32(hashKey, 0) << 32) | (uint)BigEndian.Load32(hashKey, 4),
                ((ulong)(uint)BigEndian.Load32(hashKey, 8) << 32) | (uint)BigEndian.Load32(hashKey, 12));
            Array.Clear(hashKey, 0, hashKey.Length);
        }

        public override int TagLength
        {
            get { return 16; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            byte[] stream = Stream(nonce, nonceOffset, count);
            Crypt(stream, data, offset, count);
            MakeTag(aad, aadOffset, aadCount, data, offset, count);
            Array.Copy(_tag, 0, data, offset + count, 16);
            Wipe(stream);
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            if (count < 0)
            {
                return false;
            }

            byte[] stream = Stream(nonce, nonceOffset, count);
            MakeTag(aad, aadOffset, aadCount, data, offset, count);
            bool isGenuine = ConstantTime.AreEqual(_tag, 0, data, offset + count, 16);
            if (isGenuine)
            {
                Crypt(stream, data, offset, count);
            }

            Wipe(stream);
            return isGenuine;
        }

        public override void Clear()
        {
            Array.Clear(_key, 0, _key.Length);
            _ghash.Clear();
        }

        /// <summary>The key stream: behind the tag's mask, which it leaves in its place, one block for each of the data's.</summary>
        private byte[] Stream(byte[] nonce, int nonceOffset, int count)
        {
            int length = 16 + ((count + 15) & ~15);
            if (_counters.Length != length)
            {
                // The firmware wants an array of the very size.
                _counters = new byte[length];
            }

            for (int at = 0, counter = 1; at < length; at += 16, counter++)
            {
                Array.Copy(nonce, nonceOffset, _counters, at, NonceLength);
                BigEndian.Store32(_counters, at + NonceLength, counter);
            }

            byte[] stream = _aes.Encrypt(_counters);
            Array.Copy(stream, 0, _mask, 0, 16);
            return stream;
        }

        private static void Crypt(byte[] stream, byte[] data, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                data[offset + i] ^= stream[16 + i];
            }
        }

        private void MakeTag(byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            _ghash.Start();
            _ghash.Add(aad, aadOffset, aadCount, _scratch);
            _ghash.Add(data, offset, count, _scratch);
            _ghash.Add((ulong)aadCount << 3, (ulong)count << 3);
            _ghash.Finish(_tag, 0);
            for (int i = 0; i < 16; i++)
            {
                _tag[i] ^= _mask[i];
            }
        }

        private void Wipe(byte[] stream)
        {
            Array.Clear(stream, 0, stream.Length);
            Array.Clear(_mask, 0, 16);
            Array.Clear(_tag, 0, 16);
            Array.Clear(_scratch, 0, 16);
            _ghash.Start();
        }
    }
}

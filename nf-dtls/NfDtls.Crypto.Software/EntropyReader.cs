using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Reads an entropy source and tests it each time, so that one that is stuck is noticed (SP 800-90B section 4.4, the
    /// repetition count test, over bytes and over blocks).
    /// </summary>
    internal sealed class EntropyReader
    {
        // At 4 bits of entropy a byte a good source has so long a run once in 2^20 bytes at the most.
        private const int LongestRun = 5;
        private const int BlockSize = 16;

        private readonly EntropySource _source;
        private readonly BlockHash _hash;
        private byte[] _digest;
        private byte[] _lastDigest;

        /// <summary>The hash that it works with, free for other use in between.</summary>
        internal BlockHash Hash
        {
            get { return _hash; }
        }

        /// <param name="source">The source.</param>
        /// <param name="hash">SHA-256, used only during <see cref="Read"/>.</param>
        internal EntropyReader(EntropySource source, BlockHash hash)
        {
            _source = source;
            _hash = hash;
            _digest = new byte[hash.Size];
            _lastDigest = new byte[hash.Size];
        }

        /// <summary>Fills the first <paramref name="count"/> bytes, a multiple of 16, or throws and leaves zeros there.</summary>
        internal void Read(byte[] destination, int count)
        {
            Array.Clear(destination, 0, count);
            try
            {
                _source.Read(destination, 0, count);
            }
            catch (Exception exception)
            {
                Array.Clear(destination, 0, count);
                throw new InvalidOperationException("The entropy source failed.", exception);
            }

            if (HasLongRun(destination, count) || HasRepeatedBlock(destination, count) || IsLastAgain(destination))
            {
                Array.Clear(destination, 0, count);
                throw new InvalidOperationException("The entropy source repeats itself.");
            }
        }

        private static bool HasLongRun(byte[] bytes, int count)
        {
            int run = 1;
            for (int i = 1; i < count; i++)
            {
                run = bytes[i] == bytes[i - 1] ? run + 1 : 1;
                if (run > LongestRun)
                {
                    return true;
                }
            }

            return false;
        }

        private static bool HasRepeatedBlock(byte[] bytes, int count)
        {
            for (int i = BlockSize; i < count; i += BlockSize)
            {
                if (ConstantTime.AreEqual(bytes, i, bytes, i - BlockSize, BlockSize) != 0)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether what was read is what was read before, of which only a digest of the first block is kept.</summary>
        private bool IsLastAgain(byte[] bytes)
        {
            _hash.Reset();
            _hash.Update(bytes, 0, BlockSize);
            _hash.Peek(_digest, 0);
            _hash.Clear();
            bool again = ConstantTime.AreEqual(_digest, 0, _lastDigest, 0, _digest.Length) != 0;
            byte[] newest = _digest;
            _digest = _lastDigest;
            _lastDigest = newest;
            return again;
        }
    }
}

using System;

namespace NfDtls.Tests.Memory
{
    /// <summary>
    /// AES-128-CCM whose contexts are as small as those of a provider that keeps its keys in the firmware: a number or two. It
    /// encrypts nothing, and its tags are zeros.
    /// </summary>
    internal sealed class KeylessProvider : CryptoProvider
    {
        public override bool Supports(int algorithm)
        {
            return algorithm == CryptoAlgorithm.Aes128Ccm || algorithm == CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Ccm;
        }

        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            return new Context(tagLength);
        }

        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            return new Nothing(key.Length);
        }

        /// <summary>Hides no number.</summary>
        private sealed class Nothing : MaskContext
        {
            private readonly int _handle;
            private readonly int _algorithm;

            internal Nothing(int handle)
            {
                _handle = handle;
                _algorithm = CryptoAlgorithm.Aes128Ccm;
            }

            public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
            {
                Array.Clear(mask, maskOffset, _algorithm == 0 ? _handle : SampleLength);
            }

            public override void Clear()
            {
            }
        }

        private sealed class Context : AeadContext
        {
            private readonly int _tagLength;

            internal Context(int tagLength)
            {
                _tagLength = tagLength;
            }

            public override int TagLength
            {
                get { return _tagLength; }
            }

            public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
            {
                Array.Clear(data, offset + count, _tagLength);
            }

            public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
            {
                return count >= 0;
            }

            public override void Clear()
            {
            }
        }
    }
}

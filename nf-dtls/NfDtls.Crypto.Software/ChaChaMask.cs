using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Masks by ChaCha20: the sample is counter and nonce.</summary>
    internal sealed class ChaChaMask : MaskContext
    {
        private readonly ChaCha20 _cipher;

        internal ChaChaMask(byte[] key, int offset)
        {
            _cipher = new ChaCha20(key, offset);
        }

        public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
        {
            _cipher.Start(LittleEndian.Load32(sample, offset), sample, offset + 4);
            _cipher.Next();
            _cipher.Store(mask, maskOffset, SampleLength);
            Array.Clear(_cipher.Work, 0, 16);
        }

        public override void Clear()
        {
            _cipher.Clear();
        }
    }
}

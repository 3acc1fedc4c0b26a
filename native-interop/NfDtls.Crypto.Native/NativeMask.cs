namespace NfDtls.Crypto.Native
{
    /// <summary>Masks of the native side: there one is the tag over a sample, with no text. So it takes no native method more.</summary>
    internal sealed class NativeMask : MaskContext
    {
        private readonly AeadContext _key;

        internal NativeMask(AeadContext key)
        {
            _key = key;
        }

        public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
        {
            _key.Seal(sample, offset, sample, offset, SampleLength, mask, maskOffset, 0);
        }

        public override void Clear()
        {
            _key.Clear();
        }
    }
}

namespace NfDtls.Crypto.Software
{
    /// <summary>The round keys of the mask that was made last, of all of a provider's with keys of one length.</summary>
    internal sealed class MaskKeys
    {
        internal readonly CcmScratch Scratch;
        private readonly AesTables _tables;
        private AesMask _owner;
        private AesKey _made;

        internal MaskKeys(AesTables tables, CcmScratch scratch)
        {
            _tables = tables;
            Scratch = scratch;
        }

        /// <summary>Those of a mask's key.</summary>
        internal AesKey Of(AesMask owner, byte[] key)
        {
            if (_made == null)
            {
                _made = new AesKey(_tables, key, 0, key.Length);
            }
            else if (owner != _owner)
            {
                _made.Set(key, 0);
            }

            _owner = owner;
            return _made;
        }

        /// <summary>A mask is over: its round keys are wiped.</summary>
        internal void Forget(AesMask owner)
        {
            if (owner == _owner)
            {
                _owner = null;
                _made.Clear();
            }
        }
    }
}

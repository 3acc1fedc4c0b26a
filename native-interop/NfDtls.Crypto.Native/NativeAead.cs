using System;
using NfDtls.Native;

namespace NfDtls.Crypto.Native
{
    /// <summary>An AEAD key of the native side: a record is one call.</summary>
    internal sealed class NativeAead : AeadContext
    {
        private readonly int _tagLength;
        private int _handle;

        // Where each call's result goes: an object that is written to after the call cannot be finalized during it.
        private int _result;

        internal NativeAead(int handle, int tagLength)
        {
            _handle = handle;
            _tagLength = tagLength;
        }

        ~NativeAead()
        {
            NativeMethods.Free(_handle);
        }

        public override int TagLength
        {
            get { return _tagLength; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            _result = NativeMethods.AeadSeal(_handle, nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
            if (_result < 0)
            {
                throw NativeError.ToException(_result);
            }
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            if (count < 0)
            {
                return false;
            }

            _result = NativeMethods.AeadOpen(_handle, nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
            return _result >= 0;
        }

        public override void Clear()
        {
            NativeMethods.Free(_handle);
            _handle = 0;
            GC.SuppressFinalize(this);
        }
    }
}

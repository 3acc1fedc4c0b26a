using System;
using NfDtls.Native;

namespace NfDtls.Crypto.Native
{
    /// <summary>One direction's keys of a CBC suite on the native side: a record is one call.</summary>
    internal sealed class NativeCbc : CbcContext
    {
        private readonly int _macLength;
        private int _handle;

        // Where each call's result goes: an object that is written to after the call cannot be finalized during it.
        private int _result;

        internal NativeCbc(int handle, int macLength)
        {
            _handle = handle;
            _macLength = macLength;
        }

        ~NativeCbc()
        {
            NativeMethods.Free(_handle);
        }

        public override int MaxOverhead
        {
            get { return 16 + _macLength; }
        }

        public override int Seal(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            _result = NativeMethods.CbcSeal(_handle, header, headerOffset, headerCount, iv, ivOffset, data, offset, count);
            if (_result < 0)
            {
                throw NativeError.ToException(_result);
            }

            return _result;
        }

        public override int Open(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            if (count < 0)
            {
                return -1;
            }

            _result = NativeMethods.CbcOpen(_handle, header, headerOffset, headerCount, iv, ivOffset, data, offset, count);
            return _result < 0 ? -1 : _result;
        }

        public override void Clear()
        {
            NativeMethods.Free(_handle);
            _handle = 0;
            GC.SuppressFinalize(this);
        }
    }
}

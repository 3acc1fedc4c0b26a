using System;
using NfDtls.Native;

namespace NfDtls.Crypto.Native
{
    /// <summary>Long work on the native side: a worker does it while managed threads run on, and a step asks whether it has ended.</summary>
    internal class NativeOperation : CryptoOperation
    {
        private readonly byte[] _result;
        private readonly int _offset;
        private readonly bool _hasLength;
        private int _handle;

        /// <param name="handle">The operation's handle, or the error it could not begin for.</param>
        /// <param name="result">Where the result goes; null where there is none.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="hasLength">Whether the caller wants to know the result's length.</param>
        internal NativeOperation(int handle, byte[] result, int offset, bool hasLength)
        {
            _handle = handle;
            _result = result;
            _offset = offset;
            _hasLength = hasLength;
        }

        ~NativeOperation()
        {
            NativeMethods.Free(_handle);
        }

        public override bool Step(int budget)
        {
            if (_handle == 0)
            {
                return true;
            }

            int state = _handle < 0 ? _handle : NativeMethods.Poll(_handle);
            if (state == 0)
            {
                return false;
            }

            int length = _handle < 0 ? _handle : NativeMethods.Finish(_handle, _result, _offset);
            if (length < 0)
            {
                Error = NativeError.ToDtlsError(length);
                Cancel();
                return true;
            }

            _handle = 0;
            GC.SuppressFinalize(this);
            Length = _hasLength ? length : 0;
            OnResult();
            return true;
        }

        public override void Cancel()
        {
            NativeMethods.Free(_handle);
            _handle = 0;
            GC.SuppressFinalize(this);
        }

        /// <summary>Called when the result is there.</summary>
        protected virtual void OnResult()
        {
        }
    }
}

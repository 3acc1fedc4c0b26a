using NfDtls.Native;

namespace NfDtls.Crypto.Native
{
    /// <summary>A hash of the native side, freed when nobody refers to it any more.</summary>
    internal sealed class NativeHash : HashContext
    {
        private readonly int _handle;
        private readonly int _size;

        // Where each call's result goes: an object that is written to after the call cannot be finalized during it.
        private int _result;

        internal NativeHash(int handle, int size)
        {
            _handle = handle;
            _size = size;
        }

        ~NativeHash()
        {
            NativeMethods.Free(_handle);
        }

        public override int Size
        {
            get { return _size; }
        }

        public override void Update(byte[] data, int offset, int count)
        {
            _result = NativeMethods.HashUpdate(_handle, data, offset, count);
            Check();
        }

        public override void Peek(byte[] destination, int offset)
        {
            _result = NativeMethods.HashPeek(_handle, destination, offset);
            Check();
        }

        public override void Reset()
        {
            _result = NativeMethods.HashReset(_handle);
            Check();
        }

        private void Check()
        {
            if (_result < 0)
            {
                throw NativeError.ToException(_result);
            }
        }
    }
}

using System;
using NfDtls.Native;

namespace NfDtls.Crypto.Native
{
    /// <summary>The input of an operation: fields of two bytes of length and their content. It holds keys, so it is zeroed.</summary>
    internal sealed class OperationInput
    {
        private readonly byte[] _bytes;
        private int _count;

        /// <param name="fields">How many fields there will be.</param>
        /// <param name="total">Bytes of content of all of them.</param>
        internal OperationInput(int fields, int total)
        {
            _bytes = new byte[2 * fields + total];
        }

        internal void Add(byte[] buffer, int offset, int count)
        {
            _bytes[_count] = (byte)(count >> 8);
            _bytes[_count + 1] = (byte)count;
            Array.Copy(buffer, offset, _bytes, _count + 2, count);
            _count += 2 + count;
        }

        /// <summary>Begins the operation; the native side copies what it needs.</summary>
        internal int Begin(int algorithm, int parameter)
        {
            int handle = NativeMethods.Begin(algorithm, parameter, _bytes, 0, _count);
            for (int tries = 0; ContextRoom.IsMade(handle, tries); tries++)
            {
                handle = NativeMethods.Begin(algorithm, parameter, _bytes, 0, _count);
            }

            Array.Clear(_bytes, 0, _bytes.Length);
            return handle;
        }
    }
}

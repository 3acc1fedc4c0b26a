using System;

namespace NfDtls.Samples.SleepyDevice
{
    /// <summary>Stands for such memory in a program that only pretends to sleep.</summary>
    internal sealed class RamState : KeptState
    {
        private byte[] _bytes;

        internal override byte[] Read()
        {
            return _bytes;
        }

        internal override void Write(byte[] bytes, int count)
        {
            _bytes = new byte[count];
            Array.Copy(bytes, 0, _bytes, 0, count);
        }

        internal override void Erase()
        {
            _bytes = null;
        }
    }
}

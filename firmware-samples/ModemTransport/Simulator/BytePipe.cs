using System.Threading;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>Bytes from one thread to another, as many at once as a serial port keeps.</summary>
    internal sealed class BytePipe
    {
        // A reader that does not come loses them, as with a serial port.
        private const int WriteTime = 1000;

        private readonly object _lock = new object();
        private readonly byte[] _bytes;
        private readonly ManualResetEvent _readable = new ManualResetEvent(false);
        private readonly ManualResetEvent _writable = new ManualResetEvent(true);
        private int _first;
        private int _count;

        internal BytePipe(int capacity)
        {
            _bytes = new byte[capacity];
        }

        /// <summary>Takes what there is, and waits so many milliseconds for the first byte.</summary>
        internal int Read(byte[] buffer, int offset, int count, int milliseconds)
        {
            if (!_readable.WaitOne(milliseconds, false))
            {
                return 0;
            }

            lock (_lock)
            {
                int taken = count < _count ? count : _count;
                for (int i = 0; i < taken; i++)
                {
                    buffer[offset + i] = _bytes[_first];
                    _first = (_first + 1) % _bytes.Length;
                }

                _count -= taken;
                Signal();
                return taken;
            }
        }

        internal void Write(byte[] buffer, int offset, int count)
        {
            int end = offset + count;
            while (offset < end && _writable.WaitOne(WriteTime, false))
            {
                lock (_lock)
                {
                    for (; offset < end && _count < _bytes.Length; offset++)
                    {
                        _bytes[(_first + _count) % _bytes.Length] = buffer[offset];
                        _count++;
                    }

                    Signal();
                }
            }
        }

        private void Signal()
        {
            if (_count > 0)
            {
                _readable.Set();
            }
            else
            {
                _readable.Reset();
            }

            if (_count < _bytes.Length)
            {
                _writable.Set();
            }
            else
            {
                _writable.Reset();
            }
        }
    }
}

using System;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>Datagrams on their way to one end.</summary>
    internal sealed class Wire
    {
        private const int Places = 16;

        private readonly byte[][] _datagrams = new byte[Places][];
        private int _first;
        private int _count;

        internal bool IsEmpty
        {
            get { return _count == 0; }
        }

        /// <summary>Takes along all that an engine has to send.</summary>
        internal void Fill(DtlsEngine engine, long now)
        {
            for (Packet packet = engine.PollDatagram(now); packet != null; packet = engine.PollDatagram(now))
            {
                if (_count == Places)
                {
                    throw new InvalidOperationException("The wire is full.");
                }

                byte[] datagram = new byte[packet.Length];
                packet.CopyTo(datagram, 0);
                packet.Return();
                _datagrams[(_first + _count) % Places] = datagram;
                _count++;
            }
        }

        internal byte[] Take()
        {
            byte[] datagram = _datagrams[_first];
            _datagrams[_first] = null;
            _first = (_first + 1) % Places;
            _count--;
            return datagram;
        }
    }
}

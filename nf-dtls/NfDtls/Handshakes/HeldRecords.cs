using System;

namespace NfDtls
{
    /// <summary>
    /// Records of the next epoch that came before its keys, as they came: one of these for each handshake. Nobody has proven
    /// them, so they are few, live no longer than the peer takes to send them again, and give way (<see cref="HeldShare"/>).
    /// </summary>
    internal sealed class HeldRecords
    {
        // A peer with the same timer sends its flight again after one of these, and then after two more.
        private const int Timeouts = 2;

        private readonly Endpoint _endpoint;
        private readonly PacketQueue _records = new PacketQueue();
        private bool _isReleasing;
        private long _expires = Deadline.Never;

        /// <summary>The next epoch can be read: what waited for it may go.</summary>
        internal bool MayGo;

        // Links of the share's list.
        internal HeldRecords Next;
        internal bool IsListed;

        internal HeldRecords(Endpoint endpoint)
        {
            _endpoint = endpoint;
        }

        internal int Count
        {
            get { return _records.Count; }
        }

        /// <summary>When they are dropped, the oldest's time being that of all; never where there are none.</summary>
        internal long Expires
        {
            get { return _expires; }
        }

        /// <summary>Keeps the record in the endpoint's header; false where it has no room.</summary>
        /// <param name="buffer">Holds it.</param>
        /// <param name="received">Records that the association keeps for the application: they share one share of the pool.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal bool Add(byte[] buffer, int received, long now)
        {
            RecordHeader header = _endpoint.Header;
            int length = header.End - header.Offset;
            bool hasRoom = _records.Count < _endpoint.Options.HeldRecords && length <= _endpoint.Pool.PayloadSize + PacketPool.Headroom + PacketPool.Tailroom;
            Packet packet = hasRoom ? _endpoint.HeldShare.RentFor(this, _records.Count + received) : null;
            if (packet == null)
            {
                return false;
            }

            if (_records.Count == 0)
            {
                _expires = Deadline.After(now, Timeouts * _endpoint.Options.RetransmitTimeout);
            }

            Array.Copy(buffer, header.Offset, packet.Buffer, 0, length);
            packet.SetRange(0, length);
            _records.Add(packet);
            return true;
        }

        /// <summary>Hands each record to the association, which may hold it again. The handshake may end meanwhile.</summary>
        internal void Release(HandshakeHost host, long now)
        {
            MayGo = false;
            _isReleasing = true;
            try
            {
                for (int left = _records.Count; left > 0 && _records.Count > 0; left--)
                {
                    HandOver(host, now);
                }
            }
            finally
            {
                _isReleasing = false;
                if (host.Handshake == null)
                {
                    Clear();
                }
            }
        }

        /// <summary>Another needs the packet more.</summary>
        internal void DropOldest()
        {
            Return(_records.Take());
            _endpoint.Drop(DropReason.NoBuffer, 0);
        }

        /// <summary>Drops and counts them all, if what they waited for did not come in time.</summary>
        internal void HandleTimeout(long now)
        {
            if (now < Expires)
            {
                return;
            }

            for (int left = _records.Count; left > 0; left--)
            {
                _endpoint.Drop(DropReason.Epoch, 0);
            }

            Clear();
        }

        /// <summary>Forgets them: the handshake has ended, unless by one of them. Then those behind it are still to be handled.</summary>
        internal void Clear()
        {
            MayGo = false;
            while (!_isReleasing && _records.Count > 0)
            {
                Return(_records.Take());
            }
        }

        private void HandOver(HandshakeHost host, long now)
        {
            Packet packet = _records.Take();
            try
            {
                if (_endpoint.ReadHeader(packet.Buffer, packet.Offset, packet.Length))
                {
                    host.HandleRecord(packet.Buffer, now);
                }
            }
            finally
            {
                Return(packet);
            }
        }

        private void Return(Packet packet)
        {
            packet.Return();
            _endpoint.HeldShare.Returned();
            if (_records.Count == 0)
            {
                _expires = Deadline.Never;
            }
        }
    }
}

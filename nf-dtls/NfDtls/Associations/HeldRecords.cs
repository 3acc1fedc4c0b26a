using System;

namespace NfDtls
{
    /// <summary>
    /// Records that came before their turn, as they came: of the next epoch, before its keys. One for each handshake; what
    /// waits in it ends with that.
    /// </summary>
    internal sealed class HeldRecords
    {
        private readonly DtlsEngine _engine;
        private readonly PacketQueue _records = new PacketQueue();
        private bool _isReleasing;

        internal HeldRecords(DtlsEngine engine)
        {
            _engine = engine;
        }

        /// <summary>Keeps the record in the engine's header; false where it has no room, or no packet is free.</summary>
        internal bool Add(byte[] buffer)
        {
            RecordHeader header = _engine.Header;
            int length = header.End - header.Offset;
            bool hasRoom = _records.Count < _engine.Options.HeldRecords && length <= _engine.Pool.PayloadSize + PacketPool.Headroom + PacketPool.Tailroom;
            Packet packet = hasRoom ? _engine.RentToKeep(_records.Count) : null;
            if (packet == null)
            {
                return false;
            }

            Array.Copy(buffer, header.Offset, packet.Buffer, 0, length);
            packet.SetRange(0, length);
            _records.Add(packet);
            return true;
        }

        /// <summary>Hands each record to the association, which may hold it again. The handshake may end meanwhile.</summary>
        internal void Release(Association association, long now)
        {
            _isReleasing = true;
            try
            {
                for (int left = _records.Count; left > 0; left--)
                {
                    HandOver(association, _records.Take(), now);
                }
            }
            finally
            {
                _isReleasing = false;
                if (association.Handshake == null)
                {
                    _records.ReturnAll();
                }
            }
        }

        /// <summary>Forgets them: the handshake has ended, unless by one of them. Then those behind it are still to be handled.</summary>
        internal void Clear()
        {
            if (!_isReleasing)
            {
                _records.ReturnAll();
            }
        }

        private void HandOver(Association association, Packet packet, long now)
        {
            try
            {
                if (_engine.Codec.Read(packet.Buffer, packet.Offset, packet.Length, _engine.Header))
                {
                    association.HandleRecord(packet.Buffer, now);
                }
            }
            finally
            {
                packet.Return();
            }
        }
    }
}

using System;

namespace NfDtls.Server
{
    /// <summary>Protected records from an address with two associations, the older of which lives until the newer is connected.</summary>
    internal sealed class RecordPairs
    {
        private readonly DtlsServerEngine _engine;

        internal RecordPairs(DtlsServerEngine engine)
        {
            _engine = engine;
        }

        /// <summary>The record is the newer one's, else the older one's. It counts against each whose keys it was tried with.</summary>
        internal void Handle(Association newer, Association older, byte[] buffer, long now)
        {
            RecordHeader header = _engine.Header;
            int offset = header.Offset;
            int length = header.End - offset;
            Packet copy = _engine.HeldShare.Rent();
            if (copy == null || length > copy.Buffer.Length)
            {
                if (copy != null)
                {
                    copy.Return();
                }

                _engine.Drop(DropReason.NoBuffer, header.Type);
                return;
            }

            Array.Copy(buffer, offset, copy.Buffer, 0, length);
            try
            {
                int first = _engine.Receiver.TryRecord(newer, buffer, now);
                if (first != RecordReceiver.Handled)
                {
                    Restore(copy, buffer, offset, length);
                    int second = _engine.Receiver.TryRecord(older, buffer, now);
                    if (second != RecordReceiver.Handled)
                    {
                        Restore(copy, buffer, offset, length);
                        Finish(newer, first, older, second, buffer, now);
                    }
                }
            }
            finally
            {
                copy.Return();
            }
        }

        /// <summary>Opening in place spoils a record: puts back what it was.</summary>
        private void Restore(Packet copy, byte[] buffer, int offset, int length)
        {
            Array.Copy(copy.Buffer, 0, buffer, offset, length);
            _engine.ReadHeader(buffer, offset, length);
        }

        private void Finish(Association newer, int first, Association older, int second, byte[] buffer, long now)
        {
            if (first == RecordReceiver.NotReadable && second == RecordReceiver.NotReadable && older.Handshake != null)
            {
                // Of the handshake within the older one; the newer one's is of the same epoch at most by accident.
                _engine.Receiver.HoldOrDrop(_engine.Header.Epoch == newer.ReadEpoch.Number + 1 ? newer : older, buffer, now);
            }
            else if (first == RecordReceiver.NotReadable)
            {
                // It may be the newer one's, whose keys are still to come.
                _engine.Receiver.HoldOrDrop(newer, buffer, now);
            }
            else
            {
                bool isForged = first == RecordReceiver.Forged || second == RecordReceiver.Forged;
                bool isReplay = first == RecordReceiver.Replayed || second == RecordReceiver.Replayed;
                _engine.Drop(isForged ? DropReason.Forged : isReplay ? DropReason.Replay : DropReason.ContentType, _engine.Header.Type);
            }

            if (first == RecordReceiver.Forged)
            {
                _engine.Receiver.CountForgery(newer);
            }

            if (second == RecordReceiver.Forged)
            {
                _engine.Receiver.CountForgery(older);
            }
        }
    }
}

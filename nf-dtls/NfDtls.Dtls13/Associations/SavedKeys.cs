using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// What a saved association of DTLS 1.3 goes on with: the secrets of its epochs, from which those of the next ones follow, and where
    /// its messages stand. Which numbers may be used in these epochs is its saver's.
    /// </summary>
    internal sealed class SavedKeys
    {
        private const int IsUpdating = 1;
        private const int IsAsking = 2;
        private const long HandshakeEpoch = 2;

        // As long as a server answers a Finished that comes again.
        private const long PastLifetime = 120000;

        private readonly KeyState _state;
        private readonly CipherSuite _suite;
        private readonly Epoch _write;
        private readonly Epoch _read;
        private readonly Epoch _before;
        private readonly int _mostInner;
        private readonly IdSending _ofIds;

        private SavedKeys(WireReader reader, CipherSuite suite, int bits, byte[] mask)
        {
            int size = CryptoAlgorithm.HashSize(suite.Hash);
            _suite = suite;
            _state = new KeyState(size);
            if ((bits & IsUpdating) != 0)
            {
                _state.Want();
                _state.Update.Asks = (bits & IsAsking) != 0;
            }

            _state.NextToSend = reader.ReadUInt16();
            _state.NextToRead = reader.ReadUInt16();
            _state.Saved = new SavedMarks();
            _state.Saved.Stored = _state.NextToRead;
            int numberBefore = reader.ReadUInt16();
            _write = new Epoch(reader.ReadUInt16(), new UnifiedCodec(mask), null);
            _read = new Epoch(reader.ReadUInt16(), new UnifiedCodec(mask), null);
            _mostInner = reader.ReadUInt16();
            Copy(reader, _state.Secrets, size, size);
            Copy(reader, _state.Secrets, 0, size);
            if (numberBefore > 0)
            {
                _state.Before = new EpochBefore(numberBefore, new byte[size], 0, size);
                Copy(reader, _state.Before.Secret, 0, size);
                _before = new Epoch(numberBefore, new UnifiedCodec(mask), null);
            }

            int length = reader.Remaining == 0 ? 0 : reader.ReadUInt16();
            if (length > 0 && length + 2 <= reader.Remaining)
            {
                int sequence = reader.ReadUInt16();
                _state.Ticket = new TicketSending(Piece.Of(reader.Buffer, reader.Skip(length), length), sequence);
                length = reader.Remaining == 0 ? 0 : reader.ReadUInt16();
            }

            if (length == 0 && reader.Remaining > MessageHeader.Length)
            {
                int count = reader.Remaining;
                _ofIds = new IdSending(Piece.Of(reader.Buffer, reader.Skip(count), count));
            }
        }

        /// <summary>Writes what an association has, and behind it the messages that it is not known to have delivered.</summary>
        /// <exception cref="DtlsException">NotConnected: a message has come in part, of which something was acknowledged, and the rest would be nobody's.</exception>
        internal static void Write(Association association, KeyState state, WireWriter writer)
        {
            SessionIds ids = SessionIds.Of(association);
            if (state.HasParts(ids) && association.ReadEpoch.LastReadable == Epoch.LastSequence)
            {
                throw new DtlsException(DtlsError.NotConnected, "A message has come in part: the association can be saved when it is whole.");
            }

            Epoch before = association.ReadEpoch.Before;
            bool hasBefore = before != null && state.Before != null && before.Number == state.Before.Number && before.ReadProtection != null;
            InnerProtection read = (InnerProtection)association.ReadEpoch.ReadProtection;
            writer.WriteUInt8((state.IsUnderWay || state.IsWanted ? IsUpdating : 0) | (state.Update != null && state.Update.Asks ? IsAsking : 0));
            writer.WriteUInt16(association.Suite.Id);
            writer.WriteUInt16(state.NextToSend);
            writer.WriteUInt16(state.NextToRead);
            writer.WriteUInt16(hasBefore ? (int)state.Before.Number : 0);
            writer.WriteUInt16((int)association.WriteEpoch.Number);
            writer.WriteUInt16((int)association.ReadEpoch.Number);
            writer.WriteUInt16(read.MostInner == int.MaxValue ? 0 : read.MostInner);
            writer.WriteBytes(state.Secrets, state.Size, state.Size);
            writer.WriteBytes(state.Secrets, 0, state.Size);
            if (hasBefore)
            {
                writer.WriteBytes(state.Before.Secret, 0, state.Size);
            }

            if (state.Ticket != null)
            {
                writer.WriteUInt16(state.Ticket.Body.Length);
                writer.WriteUInt16(state.Ticket.Sequence);
                writer.WriteBytes(state.Ticket.Body, 0, state.Ticket.Body.Length);
            }

            if (ids != null && ids.Sending != null)
            {
                // Told from a ticket, which is never empty.
                writer.WriteUInt16(0);
                writer.WriteBytes(ids.Sending.Message, 0, ids.Sending.Message.Length);
            }
        }

        /// <summary>Reads what was written, and makes the keys of it; null where it is not that.</summary>
        internal static SavedKeys Read(WireReader reader, AssociationHost engine, SecretTree tree)
        {
            int bits = reader.ReadUInt8();
            CipherSuite suite = engine.Options.Suites.Find(reader.ReadUInt16());
            if (suite == null || (suite.VersionMask & CipherSuite.Version13) == 0 || !suite.IsSupportedBy(engine.Crypto))
            {
                return null;
            }

            SavedKeys saved = new SavedKeys(reader, suite, bits, Associations13.Of(engine).Mask);
            bool isWhole = false;
            try
            {
                isWhole = reader.IsAtEnd && saved.IsPossible;
                if (isWhole)
                {
                    isWhole = false;
                    saved.Protect(engine.Crypto, tree);
                    isWhole = true;
                }
            }
            finally
            {
                if (!isWhole)
                {
                    saved.Clear();
                }
            }

            return isWhole ? saved : null;
        }

        /// <summary>Puts it all into an association; cannot fail.</summary>
        internal KeyState Restore(Association association)
        {
            association.Suite = _suite;
            for (long number = NextAfter(0); number != long.MaxValue; number = NextAfter(number))
            {
                association.Epochs.Add(number, new UnifiedCodec(Associations13.Of(association.Engine).Mask), association.Engine.Options, _suite).IsProven = true;
            }

            association.ReadEpoch = association.Epochs.Find(_read.Number);
            association.WriteEpoch = association.Epochs.Find(_write.Number);
            TakeReading(_read, association.ReadEpoch);
            association.WriteEpoch.WriteProtection = _write.WriteProtection;
            ((UnifiedCodec)association.WriteEpoch.WriteCodec).WriteMask = ((UnifiedCodec)_write.WriteCodec).WriteMask;
            if (_before != null)
            {
                Epoch before = association.Epochs.Find(_before.Number);
                TakeReading(_before, before);
                before.ReadUntil = before.Number == HandshakeEpoch ? Deadline.After(association.LastHeard, PastLifetime) : Deadline.Never;
            }

            if (_state.Ticket != null)
            {
                _state.Ticket.BeginAt(association.LastHeard);
            }

            if (_ofIds != null)
            {
                _ofIds.BeginAt(association.LastHeard);
                SessionIds.Resume(association.ReadEpoch, _ofIds);
            }

            return _state;
        }

        /// <summary>Wipes what found no place.</summary>
        internal void Clear()
        {
            _state.Clear();
            _write.Clear();
            _read.Clear();
            if (_before != null)
            {
                _before.Clear();
            }
        }

        private bool IsPossible
        {
            get
            {
                return _write.Number >= UnifiedCodec.DataEpoch && _read.Number >= UnifiedCodec.DataEpoch
                    && (_before == null || (_before.Number >= HandshakeEpoch && _before.Number < _read.Number));
            }
        }

        private void Protect(CryptoProvider crypto, SecretTree tree)
        {
            tree.Resume(_suite.Hash);
            TrafficKeys.ProtectWriting(crypto, tree, _suite, _state.Secrets, _state.Size, _write);
            TrafficKeys.ProtectReading(crypto, tree, _suite, _state.Secrets, 0, _read);
            if (_before != null)
            {
                TrafficKeys.ProtectReading(crypto, tree, _suite, _state.Before.Secret, 0, _before);
            }

            tree.Clear();
        }

        /// <summary>The lowest number of an epoch above one: they are made in their order.</summary>
        private long NextAfter(long number)
        {
            long next = _write.Number > number ? _write.Number : long.MaxValue;
            next = _read.Number > number && _read.Number < next ? _read.Number : next;
            return _before != null && _before.Number > number && _before.Number < next ? _before.Number : next;
        }

        private void TakeReading(Epoch from, Epoch to)
        {
            InnerProtection protection = (InnerProtection)from.ReadProtection;
            protection.MostInner = _mostInner == 0 ? int.MaxValue : _mostInner;
            to.ReadProtection = protection;
            ((UnifiedCodec)to.ReadCodec).ReadMask = ((UnifiedCodec)from.ReadCodec).ReadMask;
            to.IsReadable = true;
        }

        private static void Copy(WireReader reader, byte[] destination, int offset, int count)
        {
            int at = reader.Skip(count);
            if (!reader.Failed)
            {
                Array.Copy(reader.Buffer, at, destination, offset, count);
            }
        }
    }
}

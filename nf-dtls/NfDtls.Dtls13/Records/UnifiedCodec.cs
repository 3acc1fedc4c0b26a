using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// DTLSCiphertext (RFC 9147 section 4): one byte 001CSLEE that says what follows, a connection ID, 8 or 16 bits of the record
    /// number, hidden by a mask of the ciphertext, and a length unless the record ends its datagram. An epoch has one of its own,
    /// with its masks; a version has one without, which only takes headers apart.
    /// </summary>
    internal sealed class UnifiedCodec : RecordCodec
    {
        internal const int EpochMask = 3;

        /// <summary>The first epoch of data.</summary>
        internal const int DataEpoch = 3;

        private const int FixedMask = 0xE0;
        private const int Fixed = 0x20;
        private const int HasConnectionId = 0x10;
        private const int HasLongNumber = 8;
        private const int HasLength = 4;
        private const int LengthSize = 2;

        /// <summary>Bytes of the connection ID in what comes in, where this is the form alone.</summary>
        internal int ReadIdLength;

        /// <summary>The connection IDs of both directions, or null: all epochs of an association have the same.</summary>
        internal SessionIds Ids;

        /// <summary>An epoch before, whose keys are made when a record of it comes; or null.</summary>
        internal SleepingEpoch Asleep;

        /// <summary>Shows the numbers of what comes in; null in the form alone.</summary>
        internal MaskContext ReadMask;

        /// <summary>Hides those of what goes out.</summary>
        internal MaskContext WriteMask;

        // For the moment of a record: shared by the sessions of an engine.
        private readonly byte[] _mask;

        /// <summary>The form alone, without keys.</summary>
        internal UnifiedCodec()
        {
        }

        /// <param name="scratch">As many bytes as a mask has, not kept from one record to the next.</param>
        internal UnifiedCodec(byte[] scratch)
        {
            _mask = scratch;
        }

        /// <summary>The longest header: with the long number, and a length.</summary>
        public override int HeaderLength
        {
            get { return 1 + IdLength + 2 + LengthSize; }
        }

        internal override byte[] ReadId
        {
            get { return Ids == null || Ids.Own.Length == 0 ? null : Ids.Own.Current; }
        }

        internal override byte[] WriteId
        {
            get { return Ids == null ? null : Ids.Peers.Current; }
        }

        internal override byte[][] ListIds(bool areOwn)
        {
            return Ids == null ? null : Ids.List(areOwn);
        }

        internal override bool TakeIds(Epoch newest, byte[][] own, byte[][] peers, int block)
        {
            SessionIds ids = new SessionIds(own, peers, block);
            ids.Resume(Ids == null ? null : Ids.Sending);
            for (Epoch epoch = newest; epoch != null; epoch = epoch.Before)
            {
                ((UnifiedCodec)epoch.ReadCodec).Ids = ids;
            }

            return true;
        }

        internal override bool SharesDatagrams
        {
            get { return false; }
        }

        /// <summary>Padding; the content's type is the protection's.</summary>
        internal override int MaxTrailerLength
        {
            get { return Ids == null ? 0 : Ids.Block - 1; }
        }

        /// <inheritdoc/>
        public override bool Recognizes(int firstByte)
        {
            return (firstByte & FixedMask) == Fixed;
        }

        /// <summary>Whether it is one without a connection ID.</summary>
        internal bool RecognizesUnnamed(int firstByte)
        {
            return Recognizes(firstByte) && (firstByte & HasConnectionId) == 0;
        }

        /// <summary>
        /// Reads what can be read before the number is <see cref="Reveal"/>ed. The epoch is its last two bits, the type and the number
        /// are unknown.
        /// </summary>
        public override bool Read(byte[] buffer, int offset, int count, RecordHeader header)
        {
            int first = buffer[offset];
            int id = (first & HasConnectionId) == 0 ? 0 : ReadLength;
            int at = 1 + id + NumberSize(first);
            int rest = count - at - ((first & HasLength) == 0 ? 0 : LengthSize);

            // A connection ID where none was agreed on has no length: nothing behind it can be told apart.
            if (rest < 0 || ((first & HasConnectionId) != 0 && id == 0))
            {
                return false;
            }

            int length = rest;
            if ((first & HasLength) != 0)
            {
                length = (buffer[offset + at] << 8) | buffer[offset + at + 1];
                at += LengthSize;
            }

            header.Offset = offset;
            header.Type = ContentType.ApplicationData;
            header.Version = Version13.WireNumber;
            header.Epoch = first & EpochMask;
            header.Sequence = -1;
            header.FragmentOffset = offset + at;
            header.FragmentLength = length;
            header.End = header.FragmentOffset + length;
            return length <= rest;
        }

        /// <inheritdoc/>
        public override bool IsVersionRight(RecordHeader header)
        {
            return true;
        }

        /// <summary>
        /// The newest epoch that can be read of those with the record's two bits; of a plaintext record epoch 0, while it is there. An
        /// alert in the clear is none of a peer's whose protected records have come: it would protect that, too.
        /// </summary>
        internal override Epoch FindEpoch(Epoch newest, RecordHeader header, byte[] buffer)
        {
            bool isPlain = !Recognizes(buffer[header.Offset]);
            if (isPlain && header.Type == ContentType.Alert && HasAuthentic(newest))
            {
                return null;
            }

            for (Epoch epoch = newest; epoch != null; epoch = epoch.Before)
            {
                if (epoch.Window == null || isPlain)
                {
                    if (epoch.Window == null && isPlain && header.Epoch == 0)
                    {
                        return epoch;
                    }
                }
                else if (RecordNumber.IsEpoch(epoch.Number, (int)header.Epoch) && (epoch.IsReadable || epoch == newest))
                {
                    UnifiedCodec codec = (UnifiedCodec)epoch.ReadCodec;
                    if (!codec.HasRightId(buffer, header.Offset))
                    {
                        // The caller sees that it does not match; its bytes stay as they are.
                        return epoch;
                    }

                    return codec.Reveal(header, buffer, epoch.Number, epoch.Window.Highest + 1) ? epoch : null;
                }
            }

            // Whoever sends this has proven nothing: what cannot be a record of the epoch makes no keys.
            bool mayBeAsleep = Asleep != null && !isPlain && RecordNumber.IsEpoch(Asleep.Number, (int)header.Epoch)
                && header.FragmentLength >= MaskContext.SampleLength && HasRightId(buffer, header.Offset);
            return mayBeAsleep && Asleep.Wake(newest) ? FindEpoch(newest, header, buffer) : null;
        }

        /// <summary>
        /// Shows the number of a record of this epoch, in place, as it is authenticated with the rest of the header. False where there
        /// is too little ciphertext for a mask (RFC 9147 section 4.2.3), and so no record.
        /// </summary>
        internal bool Reveal(RecordHeader header, byte[] buffer, long epoch, long expected)
        {
            if (header.FragmentLength < MaskContext.SampleLength)
            {
                return false;
            }

            int first = buffer[header.Offset];
            int size = NumberSize(first);
            int at = header.Offset + 1 + ((first & HasConnectionId) == 0 ? 0 : ReadLength);
            ReadMask.Compute(buffer, header.FragmentOffset, header.Scratch, 0);
            int low = 0;
            for (int i = 0; i < size; i++)
            {
                buffer[at + i] ^= header.Scratch[i];
                low = (low << 8) | buffer[at + i];
            }

            header.Epoch = epoch;
            header.Sequence = RecordNumber.Nearest(expected, low, 8 * size);
            return true;
        }

        /// <summary>Whether a record has one of the connection IDs that were given to the peer, or none where none was.</summary>
        internal override bool Matches(byte[] buffer, RecordHeader header)
        {
            return Recognizes(buffer[header.Offset]) && HasRightId(buffer, header.Offset);
        }

        /// <summary>Bytes of the header of a record: handshake messages share datagrams and so have a length, others end theirs.</summary>
        internal override int LengthOf(int type, long sequence)
        {
            return 1 + IdLength + (sequence < RecordNumber.ShortBelow ? 1 : 2) + (type == ContentType.Handshake ? LengthSize : 0);
        }

        /// <summary>Writes the header before a fragment that is sealed already, whose first bytes hide the number.</summary>
        public override void Write(byte[] buffer, int offset, int type, int version, long epoch, long sequence, int fragmentLength)
        {
            int fragment = offset + WriteHeader(buffer, offset, type, epoch, sequence, fragmentLength);
            int at = offset + 1 + IdLength;
            WriteMask.Compute(buffer, fragment, _mask, 0);
            for (int i = 0; i < NumberSize(buffer[offset]); i++)
            {
                buffer[at + i] ^= _mask[i];
            }
        }

        /// <summary>What is authenticated is the header itself, before its number is hidden.</summary>
        public override int WriteAdditionalData(byte[] destination, int offset, RecordHeader header, int length)
        {
            return WriteHeader(destination, offset, header.Type, header.Epoch, header.Sequence, length);
        }

        /// <summary>Before epoch 3 there are no data: what says so is of a type that nobody knows.</summary>
        internal override bool Unwrap(RecordHeader header, byte[] buffer)
        {
            header.Type = header.Type == ContentType.ApplicationData && header.Epoch < DataEpoch ? 0 : header.Type;
            return true;
        }

        private static bool HasAuthentic(Epoch newest)
        {
            bool has = false;
            for (Epoch epoch = newest; epoch != null && !has; epoch = epoch.Before)
            {
                has = epoch.Window != null && epoch.Window.Highest >= 0;
            }

            return has;
        }

        private int IdLength
        {
            get { return Ids == null || Ids.Peers.Current == null ? 0 : Ids.Peers.Current.Length; }
        }

        private int ReadLength
        {
            get { return Ids == null ? ReadIdLength : Ids.Own.Length; }
        }

        private bool HasRightId(byte[] buffer, int offset)
        {
            bool hasId = (buffer[offset] & HasConnectionId) != 0;
            return ReadLength == 0 ? !hasId : hasId && Ids.Own.Contains(buffer, offset + 1);
        }

        private static int NumberSize(int first)
        {
            return (first & HasLongNumber) == 0 ? 1 : 2;
        }

        private int WriteHeader(byte[] buffer, int offset, int type, long epoch, long sequence, int length)
        {
            bool isLong = sequence >= RecordNumber.ShortBelow;
            bool hasLength = type == ContentType.Handshake;
            int id = IdLength;
            buffer[offset] = (byte)(Fixed | (id > 0 ? HasConnectionId : 0) | (isLong ? HasLongNumber : 0) | (hasLength ? HasLength : 0) | ((int)epoch & EpochMask));
            int at = offset + 1;
            if (id > 0)
            {
                Array.Copy(Ids.Peers.Current, 0, buffer, at, id);
                at += id;
            }

            if (isLong)
            {
                buffer[at] = (byte)(sequence >> 8);
                at++;
            }

            buffer[at] = (byte)sequence;
            at++;
            if (hasLength)
            {
                buffer[at] = (byte)(length >> 8);
                buffer[at + 1] = (byte)length;
                at += LengthSize;
            }

            return at - offset;
        }
    }
}

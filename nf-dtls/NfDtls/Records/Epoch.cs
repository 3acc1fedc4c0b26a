using System;

namespace NfDtls
{
    /// <summary>
    /// One epoch of an association: its number, what it writes with and reads with, its own sequence numbers, replay window
    /// and use limits.
    /// </summary>
    internal sealed class Epoch
    {
        internal const long LastSequence = 0xFFFFFFFFFFFF;

        /// <summary>The most bytes of content that a record may have (RFC 5246 section 6.2.1).</summary>
        internal const int MaxContent = 16384;

        internal readonly long Number;

        /// <summary>The form of the records that come, and of those that go: connection IDs have one of their own for each.</summary>
        internal RecordCodec ReadCodec;
        internal RecordCodec WriteCodec;

        /// <summary>Null in epoch 0: nothing there is authentic, so nothing may move a window.</summary>
        internal readonly ReplayWindow Window;

        /// <summary>The one before it in its association, where that is still known.</summary>
        internal Epoch Before;

        internal RecordProtection WriteProtection;
        internal RecordProtection ReadProtection;
        internal long NextSequence;

        internal long Sealed;
        internal long Forged;
        internal long SealLimit = long.MaxValue;
        internal long ForgeryLimit = long.MaxValue;

        /// <summary>What bounds it; not to be changed here, where others may share them.</summary>
        internal EpochBounds Bounds = EpochBounds.Usual;

        internal Epoch(long number, RecordCodec codec, ReplayWindow window)
        {
            Number = number;
            ReadCodec = codec;
            WriteCodec = codec;
            Window = window;
        }

        /// <summary>The highest number that may be written: less than <see cref="LastSequence"/> where numbers are promised ahead.</summary>
        internal long LastWritable
        {
            get { return Bounds.LastWritable; }
            set { OwnBounds(value != LastWritable).LastWritable = value; }
        }

        /// <summary>The highest number that is taken: what is above it changes nothing before more are promised.</summary>
        internal long LastReadable
        {
            get { return Bounds.LastReadable; }
            set { OwnBounds(value != LastReadable).LastReadable = value; }
        }

        /// <summary>The most bytes of content of a record that is written.</summary>
        internal int WriteLimit
        {
            get { return Bounds.WriteLimit; }
            set { OwnBounds(value != WriteLimit).WriteLimit = value; }
        }

        /// <summary>The most bytes of content of an authentic record that is read, where the ends have agreed on that: a longer one breaks the agreement.</summary>
        internal int ReadLimit
        {
            get { return Bounds.ReadLimit; }
            set { OwnBounds(value != ReadLimit).ReadLimit = value; }
        }

        /// <summary>Set when the peer's change to this epoch was seen.</summary>
        internal bool IsReadable;

        /// <summary>Set when the handshake that brought it has succeeded: what it protects is the peer's without doubt.</summary>
        internal bool IsProven;

        /// <summary>When it is over, once another has followed it.</summary>
        internal long ReadUntil = long.MaxValue;

        /// <summary>Whether one more record may be sealed and still leave one for the alert that ends the association.</summary>
        internal bool MaySeal
        {
            get { return Sealed + 1 < SealLimit && NextSequence < Bounds.LastWritable; }
        }

        /// <summary>Whether the very last record may be sealed.</summary>
        internal bool MaySealLast
        {
            get { return NextSequence <= LastWritable; }
        }

        internal int Overhead
        {
            get { return WriteCodec.HeaderLength + WriteProtection.PrefixLength + WriteCodec.MaxTrailerLength + WriteProtection.MaxSuffixLength; }
        }

        /// <summary>
        /// The most bytes of content of a record that is written. What its form puts behind the content counts, as the receiver may take
        /// both for the content (RFC 8449 section 4), but for padding that is longer than the limit itself.
        /// </summary>
        internal int MostContent
        {
            get
            {
                int limit = Bounds.WriteLimit;
                int trailer = WriteCodec.MaxTrailerLength;
                return trailer == 0 ? limit : limit - (trailer < limit / 2 ? trailer : 1);
            }
        }

        /// <summary>The most bytes of content of a record that goes into a datagram of some size.</summary>
        internal int RoomIn(int size)
        {
            int room = size - Overhead;
            int most = MostContent;
            most = room < most ? room : most;
            return most < 0 ? 0 : most;
        }

        /// <summary>Whether a number is higher than any that came.</summary>
        internal bool IsNewest(long sequence)
        {
            return Window != null && sequence > Window.Highest;
        }

        /// <summary>Bytes that the next record has before its content: its header, and the prefix.</summary>
        internal int BytesBefore(int type)
        {
            return WriteCodec.LengthOf(type, NextSequence) + WriteProtection.PrefixLength;
        }

        /// <summary>
        /// Makes a record of the content at <paramref name="offset"/>, in place: <see cref="BytesBefore"/> go before it. Where the buffer has
        /// less there, the content moves. Returns the record's length; the header used says where it begins.
        /// </summary>
        internal int Seal(RecordHeader scratch, int type, int version, byte[] buffer, int offset, int count)
        {
            long sequence = NextSequence;
            if (sequence > Bounds.LastWritable)
            {
                // Whoever seals asks before; a number that was not promised must not be used whatever happens.
                throw new DtlsException(DtlsError.SequenceExhausted, "There is no number left for a record.");
            }

            RecordCodec codec = WriteCodec;
            RecordProtection protection = WriteProtection;
            int head = codec.LengthOf(type, sequence);
            int before = head + protection.PrefixLength;
            if (offset < before)
            {
                Array.Copy(buffer, offset, buffer, before, count);
                offset = before;
            }

            scratch.Offset = offset - before;
            scratch.Type = type;
            scratch.Version = version;
            scratch.Epoch = Number;
            scratch.Sequence = sequence;
            NextSequence = sequence + 1;
            Sealed++;
            count = codec.Wrap(type, buffer, offset, count);
            int fragment = protection.Seal(codec, scratch, buffer, offset, count);
            codec.WriteSealed(scratch, buffer, fragment);
            return head + fragment;
        }

        /// <summary>Opens a record in place and, if it is authentic, moves the window.</summary>
        internal bool Open(RecordHeader header, byte[] buffer)
        {
            if (!ReadProtection.Open(ReadCodec, header, buffer))
            {
                return false;
            }

            if (Window != null && header.Sequence <= Bounds.LastReadable)
            {
                Window.Accept(header.Sequence);
            }

            return true;
        }

        /// <summary>Nothing more will be written in it.</summary>
        internal void EndWriting()
        {
            RecordProtection protection = WriteProtection;
            WriteProtection = null;
            if (protection != null)
            {
                protection.Clear();
            }
        }

        /// <summary>The bounds, the epoch's own where one is to change.</summary>
        private EpochBounds OwnBounds(bool changes)
        {
            if (changes && Bounds == EpochBounds.Usual)
            {
                Bounds = new EpochBounds();
            }

            return Bounds;
        }

        internal void Clear()
        {
            IsReadable = false;
            try
            {
                EndWriting();
            }
            finally
            {
                if (ReadProtection != null)
                {
                    ReadProtection.Clear();
                }
            }
        }
    }
}

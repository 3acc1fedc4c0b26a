namespace NfDtls.Dtls13
{
    /// <summary>The content of an ACK record (RFC 9147 section 7): the numbers of records that arrived, 16 bytes each.</summary>
    internal static class AckMessage
    {
        /// <summary>Bytes of a record's number.</summary>
        internal const int NumberLength = 16;

        /// <summary>Writes numbers, in ascending order as the RFC has it: the newest, as far as they fit into a content of so many bytes.</summary>
        internal static void Write(WireWriter writer, RecordList records, int most)
        {
            int fitting = (most - 2) / NumberLength;
            int list = writer.BeginVector(2);
            for (int i = records.Count > fitting ? records.Count - fitting : 0; i < records.Count; i++)
            {
                WriteNumber(writer, records.EpochAt(i));
                WriteNumber(writer, records.SequenceAt(i));
            }

            writer.EndVector(list, 2);
        }

        /// <summary>Writes one.</summary>
        internal static void Write(WireWriter writer, long epoch, long sequence)
        {
            writer.WriteUInt16(NumberLength);
            WriteNumber(writer, epoch);
            WriteNumber(writer, sequence);
        }

        /// <summary>Reads the length of the list, of which nothing must be left over; the numbers stay in the reader. None is allowed.</summary>
        /// <returns>How many there are, or -1.</returns>
        internal static int ReadCount(WireReader reader)
        {
            int length = reader.ReadUInt16();
            return reader.Failed || length != reader.Remaining || length % NumberLength != 0 ? -1 : length / NumberLength;
        }

        /// <summary>Reads half of a record's number: an epoch or a sequence number; -1 where it is beyond what can be.</summary>
        internal static long ReadNumber(WireReader reader)
        {
            bool isPossible = reader.ReadUInt16() == 0;
            long number = reader.ReadUInt48();
            return isPossible ? number : -1;
        }

        private static void WriteNumber(WireWriter writer, long number)
        {
            writer.WriteUInt16(0);
            writer.WriteUInt48(number);
        }
    }
}

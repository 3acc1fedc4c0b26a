namespace NfDtls.Dtls13
{
    /// <summary>RequestConnectionId and NewConnectionId (RFC 9147 section 9).</summary>
    internal static class ConnectionIdMessages
    {
        /// <summary>One of the new IDs is to be used from now on.</summary>
        internal const int Immediate = 0;
        /// <summary>They may be used.</summary>
        internal const int Spare = 1;

        /// <summary>Writes a request for a number of IDs, up to 255.</summary>
        internal static void WriteRequest(WireWriter writer, int count)
        {
            writer.WriteUInt8(count);
        }

        /// <summary>Reads for how many IDs the peer asks, or -1.</summary>
        internal static int ReadRequest(WireReader reader)
        {
            int count = reader.ReadUInt8();
            return reader.IsAtEnd ? count : -1;
        }

        /// <summary>Writes new IDs, each of up to 255 bytes, and how they are to be used.</summary>
        internal static void WriteNew(WireWriter writer, byte[][] ids, int usage)
        {
            int list = writer.BeginVector(2);
            for (int i = 0; i < ids.Length; i++)
            {
                writer.WriteUInt8(ids[i].Length);
                writer.WriteBytes(ids[i], 0, ids[i].Length);
            }

            writer.EndVector(list, 2);
            writer.WriteUInt8(usage);
        }

        /// <summary>
        /// Looks over new IDs. Where all is right the reader stands before the first of them, each a byte of length and its bytes, and
        /// <paramref name="end"/> is the index behind the last.
        /// </summary>
        internal static DtlsError ReadNew(WireReader reader, out int end, out int usage)
        {
            byte[] buffer = reader.Buffer;
            int whole = reader.Position;
            int size = reader.Remaining;
            int outer = reader.Enter(reader.ReadUInt16());
            int first = reader.Position;
            while (reader.Remaining > 0)
            {
                reader.Skip(reader.ReadUInt8());
            }

            end = reader.Position;
            reader.Leave(outer);
            usage = reader.ReadUInt8();
            if (!reader.IsAtEnd)
            {
                return DtlsError.DecodeError;
            }

            if (usage > Spare)
            {
                return DtlsError.IllegalParameter;
            }

            reader.Reset(buffer, first, whole + size - first);
            return DtlsError.None;
        }
    }
}

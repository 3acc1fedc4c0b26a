namespace NfDtls.Dtls13
{
    /// <summary>
    /// Certificate (RFC 8446 section 4.4.2): the context of its request, empty but after the handshake, and a list of certificates
    /// (or one raw public key), each with extensions of its own.
    /// </summary>
    internal static class CertificateMessage
    {
        private const int LengthSize = 3;

        /// <summary>Writes certificates, the own one first, without extensions; none says that there is none.</summary>
        internal static void Write(WireWriter writer, byte[][] certificates)
        {
            writer.WriteUInt8(0);
            int list = writer.BeginVector(3);
            for (int i = 0; i < certificates.Length; i++)
            {
                writer.WriteUInt24(certificates[i].Length);
                writer.WriteBytes(certificates[i], 0, certificates[i].Length);
                writer.WriteUInt16(0);
            }

            writer.EndVector(list, 3);
        }

        /// <summary>Reads the context, which must be empty, and the length of the list, which stays in the reader: all that is left of it.</summary>
        internal static DtlsError ReadHead(WireReader reader)
        {
            int context = reader.ReadUInt8();
            if (context != 0)
            {
                return DtlsError.IllegalParameter;
            }

            int length = reader.ReadUInt24();
            return reader.Failed || length != reader.Remaining ? DtlsError.DecodeError : DtlsError.None;
        }

        /// <summary>
        /// Reads the next certificate: where it stands in the reader's buffer, and its length. Its extensions answer what was asked
        /// for, which is none: the block is looked over and has to be empty. What is known here stands in no such message, and is an
        /// illegal_parameter (RFC 8446 section 4.2).
        /// </summary>
        internal static DtlsError ReadEntry(Handshake handshake, WireReader reader, out int offset, out int length)
        {
            length = reader.ReadUInt24();
            offset = reader.Skip(length);
            int extensions = reader.ReadUInt16();
            int outer = reader.Enter(extensions);
            if (reader.Failed || length == 0 || !ExtensionBlock.IsShaped(reader))
            {
                return DtlsError.DecodeError;
            }

            DtlsError error = DtlsError.None;
            while (reader.Remaining > 0)
            {
                bool isKnown = handshake != null && handshake.FindExtension(reader.ReadUInt16()) != null;
                reader.Skip(reader.ReadUInt16());
                error = isKnown || error == DtlsError.IllegalParameter ? DtlsError.IllegalParameter : DtlsError.UnsupportedExtension;
            }

            reader.Leave(outer);
            return error;
        }

        /// <summary>Writes what a message of DTLS 1.2 says: certificates with the length of all, or one raw public key, or neither.</summary>
        internal static void WriteFrom(byte[] earlier, bool isRawKey, WireWriter writer)
        {
            WireReader reader = new WireReader();
            reader.Reset(earlier, 0, earlier.Length);
            if (!isRawKey)
            {
                reader.ReadUInt24();
            }

            writer.WriteUInt8(0);
            int list = writer.BeginVector(3);
            while (reader.Remaining > 0)
            {
                int length = reader.ReadUInt24();
                int at = reader.Skip(length);
                if (length > 0)
                {
                    writer.WriteUInt24(length);
                    writer.WriteBytes(earlier, at, length);
                    writer.WriteUInt16(0);
                }
            }

            writer.EndVector(list, 3);
        }

        /// <summary>
        /// Reads a message and moves what it says together, into the form of DTLS 1.2, in its own place; the reader then reads that. Raw
        /// public keys are one at most (RFC 8446 section 4.4.2).
        /// </summary>
        internal static DtlsError ToEarlier(Handshake handshake, WireReader reader, bool isRawKey)
        {
            byte[] buffer = reader.Buffer;
            int begin = reader.Position;
            DtlsError error = ReadHead(reader);
            int to = begin + (isRawKey ? 0 : LengthSize);
            int entries = 0;
            while (error == DtlsError.None && reader.Remaining > 0)
            {
                int offset;
                int length;
                error = ReadEntry(handshake, reader, out offset, out length);
                if (error != DtlsError.None)
                {
                    return error;
                }

                // With its length before it; what is moved goes to the front.
                for (int i = -LengthSize; i < length; i++)
                {
                    buffer[to] = buffer[offset + i];
                    to++;
                }

                entries++;
                error = isRawKey && entries > 1 ? DtlsError.IllegalParameter : DtlsError.None;
            }

            if (error != DtlsError.None)
            {
                return error;
            }

            if (entries == 0 || !isRawKey)
            {
                int all = entries == 0 ? 0 : to - begin - LengthSize;
                to = begin + LengthSize + all;
                buffer[begin] = (byte)(all >> 16);
                buffer[begin + 1] = (byte)(all >> 8);
                buffer[begin + 2] = (byte)all;
            }

            reader.Reset(buffer, begin, to - begin);
            return DtlsError.None;
        }

        /// <summary>Whether a message in the form of DTLS 1.2 has nothing in it.</summary>
        internal static bool IsEmpty(WireReader reader)
        {
            return reader.Remaining == LengthSize;
        }
    }
}

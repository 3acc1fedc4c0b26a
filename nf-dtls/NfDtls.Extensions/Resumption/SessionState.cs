namespace NfDtls.Extensions
{
    /// <summary>
    /// A session: its master secret (of DTLS 1.3 its resumption_master_secret), and all that must be as it was when it is resumed. Written
    /// into tickets, stores and exported sessions. Only sessions with the extended master secret are kept (RFC 7627 section 5.3).
    /// </summary>
    internal sealed class SessionState
    {
        internal const int MasterLength = 48;

        /// <summary>Bytes of one with an identity of 8, as it is written.</summary>
        internal const int UsualLength = 90;

        /// <summary>Bytes of the longest.</summary>
        internal const int MaxLength = 13 + MasterLength + 1 + (6 * 256) + 4;

        // Of the form, by which the versions are told apart. Whoever changes one takes another number.
        private const int Format = 1;
        private const int Format13 = 2;
        private const int EncryptThenMacBit = 1;
        private const int NameCheckShift = 1;
        private const int NoSession = 0;

        // Seconds that the clocks of servers with common keys may differ by.
        private const int Skew = 60;

        /// <summary>Whether it is of DTLS 1.3: one version never takes the other's.</summary>
        internal bool Is13;

        internal int Suite;
        internal bool EncryptThenMac;
        internal int NameCheck;

        /// <summary>Seconds of its full handshake, and until when it may be resumed.</summary>
        internal long Established;
        internal long Expires;

        internal byte[] Master;

        /// <summary>A digest of what the extensions want to have again: of names, protocols. Empty where they want nothing.</summary>
        internal byte[] Context = new byte[0];

        /// <summary>With a pre-shared key its identity, and what tells whether the key is the same; else null.</summary>
        internal byte[] PskIdentity;
        internal byte[] PskProof;

        /// <summary>SHA-256 of the peer's certificate or raw public key; empty without.</summary>
        internal byte[] CertificateHash = new byte[0];

        /// <summary>The client's address, where its ticket stands for a cookie; else empty.</summary>
        internal byte[] Address = new byte[0];

        /// <summary>Of a ticket of DTLS 1.3 (RFC 8446 section 4.6.1): what hides its age, and what its key is made with.</summary>
        internal long AgeAdd;
        internal byte[] Nonce = new byte[0];

        /// <summary>Whether it was not made in the time to come, and is not over.</summary>
        internal bool IsAlive(long seconds)
        {
            return Established - Skew <= seconds && seconds < Expires;
        }

        internal void Write(WireWriter writer)
        {
            writer.WriteUInt8(Is13 ? Format13 : Format);
            writer.WriteUInt16(Suite);
            writer.WriteUInt8((NameCheck << NameCheckShift) | (EncryptThenMac ? EncryptThenMacBit : 0));
            WriteUInt32(writer, Established);
            WriteUInt32(writer, Expires);
            if (Is13)
            {
                WriteVector(writer, Master);
                WriteUInt32(writer, AgeAdd);
                WriteVector(writer, Nonce);
            }
            else
            {
                writer.WriteBytes(Master, 0, MasterLength);
            }

            WriteVector(writer, Context);
            writer.WriteUInt8(PskProof == null ? 0 : 1);
            if (PskProof != null)
            {
                WriteVector(writer, PskIdentity);
                WriteVector(writer, PskProof);
            }

            WriteVector(writer, CertificateHash);
            WriteVector(writer, Address);
        }

        /// <summary>Reads one; false where it is none, or of another form.</summary>
        internal bool Read(WireReader reader)
        {
            int format = reader.ReadUInt8();
            Is13 = format == Format13;
            Suite = reader.ReadUInt16();
            int flags = reader.ReadUInt8();
            EncryptThenMac = (flags & EncryptThenMacBit) != 0;
            NameCheck = flags >> NameCheckShift;
            Established = ReadUInt32(reader);
            Expires = ReadUInt32(reader);
            int length = Is13 ? reader.ReadUInt8() : MasterLength;
            int master = reader.Skip(length);
            Master = reader.Failed ? null : Bytes.Copy(reader.Buffer, master, length);
            if (Is13)
            {
                AgeAdd = ReadUInt32(reader);
                Nonce = ReadVector(reader);
            }

            Context = ReadVector(reader);
            int hasPsk = reader.ReadUInt8();
            if (hasPsk == 1)
            {
                PskIdentity = ReadVector(reader);
                PskProof = ReadVector(reader);
            }

            CertificateHash = ReadVector(reader);
            Address = ReadVector(reader);
            return !reader.Failed && (format == Format || Is13) && hasPsk <= 1 && Suite != NoSession && Master != null;
        }

        internal SessionState Copy()
        {
            SessionState copy = new SessionState();
            copy.Is13 = Is13;
            copy.AgeAdd = AgeAdd;
            copy.Nonce = Nonce;
            copy.Suite = Suite;
            copy.EncryptThenMac = EncryptThenMac;
            copy.NameCheck = NameCheck;
            copy.Established = Established;
            copy.Expires = Expires;
            copy.Master = Bytes.Copy(Master);
            copy.Context = Context;
            copy.PskIdentity = PskIdentity;
            copy.PskProof = Bytes.Copy(PskProof);
            copy.CertificateHash = CertificateHash;
            copy.Address = Address;
            return copy;
        }

        /// <summary>Zeroes what is secret.</summary>
        internal void Clear()
        {
            Bytes.Clear(Master);
            Bytes.Clear(PskProof);
        }

        internal static void WriteUInt32(WireWriter writer, long value)
        {
            writer.WriteUInt16((int)(value >> 16));
            writer.WriteUInt16((int)value);
        }

        internal static long ReadUInt32(WireReader reader)
        {
            long high = reader.ReadUInt16();
            return (high << 16) | (long)reader.ReadUInt16();
        }

        internal static void WriteVector(WireWriter writer, byte[] bytes)
        {
            writer.WriteUInt8(bytes.Length);
            writer.WriteBytes(bytes, 0, bytes.Length);
        }

        /// <summary>Bytes with their length before them; none where they are not all there.</summary>
        internal static byte[] ReadVector(WireReader reader)
        {
            int length = reader.ReadUInt8();
            int at = reader.Skip(length);
            return reader.Failed ? new byte[0] : Bytes.Copy(reader.Buffer, at, length);
        }
    }
}

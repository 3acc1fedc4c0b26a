namespace NfDtls
{
    /// <summary>ClientHello (RFC 6347 section 4.2.1): where its parts stand in the message's bytes.</summary>
    internal sealed class ClientHello
    {
        internal const int RandomLength = 32;
        internal const int MaxSessionIdLength = 32;

        /// <summary>
        /// The highest message_seq of a ClientHello: one more for each HelloVerifyRequest before it, of which a client sees a
        /// second one only when its server has changed its secret twice, or was started anew.
        /// </summary>
        internal const int MaxMessageSequence = 4;

        internal int Version;
        internal int Random;
        internal int RandomCount;
        internal int SessionId;
        internal int SessionIdLength;
        internal int Cookie;
        internal int CookieLength;
        internal int Suites;
        internal int SuitesLength;

        /// <summary>Writes the body up to the extensions.</summary>
        internal static void Write(WireWriter writer, byte[] random, byte[] sessionId, byte[] cookie, Handshake handshake)
        {
            writer.WriteUInt16(DtlsVersion.Dtls12);
            writer.WriteBytes(random, 0, RandomLength);
            writer.WriteUInt8(sessionId.Length);
            writer.WriteBytes(sessionId, 0, sessionId.Length);
            writer.WriteUInt8(cookie.Length);
            writer.WriteBytes(cookie, 0, cookie.Length);
            int suites = writer.BeginVector(2);
            CipherSuiteTable table = handshake.Options.Suites;
            for (int i = 0; i < table.Count; i++)
            {
                if (handshake.MayUse(table.At(i)))
                {
                    writer.WriteUInt16(table.At(i).Id);
                }
            }

            if (!handshake.IsRenegotiation)
            {
                writer.WriteUInt16(RenegotiationInfo.Scsv);
            }

            writer.EndVector(suites, 2);
            writer.WriteUInt8(1);
            writer.WriteUInt8(0);
            ExtensionBlock.Write(handshake, HandshakeType.ClientHello, writer);
        }

        /// <summary>
        /// Reads version, random, session id and cookie: all that a cookie's check needs. False where they are not there whole;
        /// <see cref="RandomCount"/> says how much of the random is.
        /// </summary>
        internal bool ReadUpToCookie(WireReader reader)
        {
            Version = reader.ReadUInt16();
            Random = reader.Position;
            RandomCount = reader.Remaining < RandomLength ? reader.Remaining : RandomLength;
            reader.Skip(RandomLength);
            SessionIdLength = reader.ReadUInt8();
            SessionId = reader.Skip(SessionIdLength);
            CookieLength = reader.ReadUInt8();
            Cookie = reader.Skip(CookieLength);
            return !reader.Failed && SessionIdLength <= MaxSessionIdLength;
        }

        /// <summary>Reads all up to the extension block, which stays in the reader.</summary>
        internal DtlsError Read(WireReader reader)
        {
            bool whole = ReadUpToCookie(reader);
            SuitesLength = reader.ReadUInt16();
            Suites = reader.Skip(SuitesLength);
            int methods = reader.ReadUInt8();
            int method = reader.Skip(methods);
            if (!whole || reader.Failed || SuitesLength < 2 || (SuitesLength & 1) != 0 || methods == 0)
            {
                return DtlsError.DecodeError;
            }

            for (int i = 0; i < methods; i++)
            {
                if (reader.Buffer[method + i] == 0)
                {
                    return DtlsError.None;
                }
            }

            return DtlsError.IllegalParameter;
        }

        /// <summary>Whether the list of suites has one.</summary>
        internal bool Offers(byte[] buffer, int suite)
        {
            for (int at = Suites; at < Suites + SuitesLength; at += 2)
            {
                if (((buffer[at] << 8) | buffer[at + 1]) == suite)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

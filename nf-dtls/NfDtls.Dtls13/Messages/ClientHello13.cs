namespace NfDtls.Dtls13
{
    /// <summary>ClientHello (RFC 9147 section 5.3): what DTLS 1.2 had stays empty, and what matters is in extensions.</summary>
    internal static class ClientHello13
    {
        /// <summary>Writes the body, with the suites of this version that a key goes with, and those of 1.2 where that is offered as well.</summary>
        /// <param name="writer">Where to.</param>
        /// <param name="handshake">What is offered.</param>
        /// <param name="earlier">The client of DTLS 1.2, or null where that is not offered.</param>
        internal static void Write(WireWriter writer, Handshake handshake, Dtls12Client earlier)
        {
            byte[] nothing = new byte[0];
            byte[] session = earlier == null ? nothing : earlier.SessionId;
            byte[] cookie = earlier == null ? nothing : earlier.HelloCookie;
            writer.WriteUInt16(DtlsVersion.Dtls12);
            writer.WriteBytes(handshake.ClientRandom, 0, ClientHello.RandomLength);
            writer.WriteUInt8(session.Length);
            writer.WriteBytes(session, 0, session.Length);
            writer.WriteUInt8(cookie.Length);
            writer.WriteBytes(cookie, 0, cookie.Length);
            handshake.WrittenFor = earlier == null ? 0 : HelloOfBoth.Mask;
            int suites = writer.BeginVector(2);
            CipherSuiteTable table = handshake.Options.Suites;
            for (int i = 0; i < table.Count; i++)
            {
                CipherSuite suite = table.At(i);
                bool hasKey = (suite.VersionMask & CipherSuite.Version13) == 0 || handshake.Authenticator != null || ((Role13)handshake.Role).Offered.Has(suite.Hash);
                if (hasKey && handshake.MayUse(suite))
                {
                    writer.WriteUInt16(suite.Id);
                }
            }

            handshake.WrittenFor = 0;
            if (earlier != null)
            {
                writer.WriteUInt16(RenegotiationInfo.Scsv);
            }

            writer.EndVector(suites, 2);
            writer.WriteUInt8(1);
            writer.WriteUInt8(0);
            if (earlier != null)
            {
                HelloOfBoth.WriteExtensions(handshake, writer);
            }
            else
            {
                ExtensionBlock.Write(handshake, HandshakeType.ClientHello, writer);
            }
        }

        /// <summary>Reads all up to the extension block, and refuses what this version has no use for.</summary>
        internal static DtlsError Read(WireReader reader, ClientHello hello)
        {
            DtlsError error = hello.Read(reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            // One compression method, which hello.Read has found to be none.
            bool isOne = reader.Buffer[hello.Suites + hello.SuitesLength] == 1;
            return isOne && hello.CookieLength == 0 ? DtlsError.None : DtlsError.IllegalParameter;
        }
    }
}

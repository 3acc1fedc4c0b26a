namespace NfDtls.Dtls13
{
    /// <summary>ClientHello (RFC 9147 section 5.3): what DTLS 1.2 had stays empty, and what matters is in extensions.</summary>
    internal static class ClientHello13
    {
        /// <summary>Writes the body, with the suites of this version.</summary>
        internal static void Write(WireWriter writer, Handshake handshake)
        {
            writer.WriteUInt16(DtlsVersion.Dtls12);
            writer.WriteBytes(handshake.ClientRandom, 0, ClientHello.RandomLength);
            writer.WriteUInt8(0);
            writer.WriteUInt8(0);
            int suites = writer.BeginVector(2);
            CipherSuiteTable table = handshake.Options.Suites;
            for (int i = 0; i < table.Count; i++)
            {
                if (handshake.MayUse(table.At(i)))
                {
                    writer.WriteUInt16(table.At(i).Id);
                }
            }

            writer.EndVector(suites, 2);
            writer.WriteUInt8(1);
            writer.WriteUInt8(0);
            ExtensionBlock.Write(handshake, HandshakeType.ClientHello, writer);
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

namespace NfDtls.Dtls13
{
    /// <summary>
    /// CertificateRequest (RFC 8446 section 4.3.2): a context, empty but after the handshake, and extensions. In DTLS 1.2 it is kinds of
    /// keys, schemes and authorities, each a list with its length.
    /// </summary>
    internal static class CertificateRequest13
    {
        private const int SignatureAlgorithms = 13;
        private const int CertificateAuthorities = 47;
        private const int SignatureAlgorithmsCert = 50;

        // rsa_sign and ecdsa_sign: the schemes say what of them is meant.
        private const int RsaSign = 1;
        private const int EcdsaSign = 64;

        /// <summary>Writes what a message of DTLS 1.2 says.</summary>
        internal static void Write(Handshake handshake, byte[] earlier, WireWriter writer)
        {
            WireReader reader = new WireReader();
            reader.Reset(earlier, 0, earlier.Length);
            reader.Skip(reader.ReadUInt8());
            writer.WriteUInt8(0);
            int block = writer.BeginVector(2);
            int length = reader.ReadUInt16();
            WriteList(writer, SignatureAlgorithms, earlier, reader.Skip(length), length);
            length = reader.ReadUInt16();
            if (length > 0)
            {
                WriteList(writer, CertificateAuthorities, earlier, reader.Skip(length), length);
            }

            HelloExtension certificates = handshake.FindExtension(SignatureAlgorithmsCert);
            if (certificates != null && certificates.Writes(handshake, HandshakeType.CertificateRequest))
            {
                writer.WriteUInt16(SignatureAlgorithmsCert);
                int content = writer.BeginVector(2);
                certificates.Write(handshake, HandshakeType.CertificateRequest, writer);
                writer.EndVector(content, 2);
            }

            writer.EndVector(block, 2);
        }

        /// <summary>Reads a message; the reader then reads what it says in the form of DTLS 1.2.</summary>
        internal static DtlsError ToEarlier(Handshake handshake, WireReader reader)
        {
            if (reader.ReadUInt8() != 0)
            {
                return DtlsError.IllegalParameter;
            }

            byte[] buffer = reader.Buffer;
            int length = reader.ReadUInt16();
            if (reader.Failed || length != reader.Remaining || !ExtensionBlock.IsShaped(reader))
            {
                return DtlsError.DecodeError;
            }

            int schemes = 0;
            int schemesLength = 0;
            int authorities = 0;
            int authoritiesLength = 0;
            while (reader.Remaining > 0)
            {
                int type = reader.ReadUInt16();
                length = reader.ReadUInt16();
                int at = reader.Skip(length);
                HelloExtension known = handshake.FindExtension(type);
                if (type == SignatureAlgorithms)
                {
                    schemes = at;
                    schemesLength = length;
                }
                else if (type == CertificateAuthorities)
                {
                    authorities = at;
                    authoritiesLength = length;
                }
                else if (known != null && type != SignatureAlgorithmsCert)
                {
                    return DtlsError.IllegalParameter;
                }
                else if (known != null)
                {
                    WireReader content = new WireReader();
                    content.Reset(buffer, at, length);
                    DtlsError error = known.Read(handshake, HandshakeType.CertificateRequest, content);
                    if (error != DtlsError.None || !content.IsAtEnd)
                    {
                        return DtlsError.DecodeError;
                    }
                }
            }

            if (schemesLength == 0)
            {
                return schemes == 0 ? DtlsError.MissingExtension : DtlsError.DecodeError;
            }

            // Each list fills its extension, and one of authorities names one at least.
            if (!IsList(buffer, schemes, schemesLength) || (authorities != 0 && (authoritiesLength < 5 || !IsList(buffer, authorities, authoritiesLength))))
            {
                return DtlsError.DecodeError;
            }

            WireWriter writer = new WireWriter();
            byte[] earlier = new byte[3 + schemesLength + (authorities == 0 ? 2 : authoritiesLength)];
            writer.Reset(earlier, 0, earlier.Length);
            writer.WriteUInt8(2);
            writer.WriteUInt8(RsaSign);
            writer.WriteUInt8(EcdsaSign);
            writer.WriteBytes(buffer, schemes, schemesLength);
            if (authorities == 0)
            {
                writer.WriteUInt16(0);
            }
            else
            {
                writer.WriteBytes(buffer, authorities, authoritiesLength);
            }

            reader.Reset(earlier, 0, earlier.Length);
            return DtlsError.None;
        }

        private static bool IsList(byte[] buffer, int at, int length)
        {
            return length >= 2 && ((buffer[at] << 8) | buffer[at + 1]) == length - 2;
        }

        private static void WriteList(WireWriter writer, int type, byte[] list, int at, int length)
        {
            writer.WriteUInt16(type);
            writer.WriteUInt16(2 + length);
            writer.WriteUInt16(length);
            writer.WriteBytes(list, at, length);
        }
    }
}

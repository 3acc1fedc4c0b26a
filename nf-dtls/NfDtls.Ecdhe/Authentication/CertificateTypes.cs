namespace NfDtls.Ecdhe
{
    /// <summary>
    /// client_certificate_type and server_certificate_type (RFC 7250): a client lists what it has or takes, the server names
    /// one. Without them it is X.509.
    /// </summary>
    /// <remarks>
    /// A client that has nothing to show lists as its types those that it takes. RFC 7250 section 4.1 has it leave the extension
    /// out, but tinydtls, and so libcoap over it, refuses a hello without, and other servers do not mind: a list is no promise.
    /// </remarks>
    internal sealed class CertificateTypes : HelloExtension
    {
        internal const int OfClient = 19;
        internal const int OfServer = 20;

        private readonly int _type;

        internal CertificateTypes(int type)
        {
            _type = type;
        }

        public override int Type
        {
            get { return _type; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version12 | CipherSuite.Version13; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            CredentialAuthenticator authenticator = handshake.Authenticator as CredentialAuthenticator;
            if (authenticator == null || (handshake.Flags & HandshakeFlags.Abbreviated) != 0)
            {
                return false;
            }

            if (handshake.IsServer)
            {
                return _type == OfServer || (handshake.Flags & HandshakeFlags.ClientCertificateRequested) != 0;
            }

            // A list of X.509 alone says nothing new.
            CredentialSource[] sources = authenticator.Sources;
            for (int i = 0; i < sources.Length; i++)
            {
                if (sources[i].CertificateType != CertificateType.X509 && Offers(authenticator, sources[i]))
                {
                    return true;
                }
            }

            return false;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            CredentialAuthenticator authenticator = (CredentialAuthenticator)handshake.Authenticator;
            if (handshake.IsServer)
            {
                writer.WriteUInt8(_type == OfServer ? authenticator.OwnType : authenticator.PeerType);
                return;
            }

            int list = writer.BeginVector(1);
            CredentialSource[] sources = authenticator.Sources;
            for (int i = 0; i < sources.Length; i++)
            {
                if (Offers(authenticator, sources[i]))
                {
                    writer.WriteUInt8(sources[i].CertificateType);
                }
            }

            writer.EndVector(list, 1);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            return handshake.IsServer ? ReadList(handshake, reader) : ReadChoice(handshake, reader);
        }

        /// <summary>The types that a client listed, in its order; null where it listed none.</summary>
        internal byte[] OfPeer(Handshake handshake)
        {
            return (byte[])handshake.GetState(this);
        }

        private bool Offers(CredentialAuthenticator authenticator, CredentialSource source)
        {
            bool takes = _type == OfServer || !authenticator.HasCredentials;
            return takes ? source.HasTrust : source.Credentials.Length > 0;
        }

        private DtlsError ReadList(Handshake handshake, WireReader reader)
        {
            int count = reader.ReadUInt8();
            int at = reader.Skip(count);
            if (reader.Failed || count == 0)
            {
                return DtlsError.DecodeError;
            }

            byte[] types = new byte[count];
            for (int i = 0; i < count; i++)
            {
                types[i] = reader.Buffer[at + i];
            }

            handshake.SetState(this, types);
            return DtlsError.None;
        }

        private DtlsError ReadChoice(Handshake handshake, WireReader reader)
        {
            int type = reader.ReadUInt8();
            CredentialAuthenticator authenticator = handshake.Authenticator as CredentialAuthenticator;
            if (reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            CredentialSource source = authenticator == null ? null : authenticator.SourceOf(type);
            if (source == null || !Offers(authenticator, source))
            {
                return DtlsError.IllegalParameter;
            }

            if (_type == OfServer)
            {
                authenticator.PeerType = type;
            }
            else
            {
                authenticator.OwnType = type;
            }

            return DtlsError.None;
        }
    }
}

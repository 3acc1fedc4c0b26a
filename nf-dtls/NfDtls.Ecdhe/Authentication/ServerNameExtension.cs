namespace NfDtls.Ecdhe
{
    /// <summary>server_name (RFC 6066 section 3): a DNS name, never an address; the server answers it empty where a certificate matched.</summary>
    internal sealed class ServerNameExtension : HelloExtension
    {
        internal const int ExtensionType = 0;

        private const int HostName = 0;
        private const int MaxLength = 255;

        public override int Type
        {
            get { return ExtensionType; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            if (handshake.IsServer)
            {
                CredentialAuthenticator authenticator = handshake.Authenticator as CredentialAuthenticator;
                return authenticator != null && authenticator.MatchedServerName;
            }

            return IsDnsName(handshake.Options.ServerName);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            if (handshake.IsServer)
            {
                return;
            }

            string name = handshake.Options.ServerName;
            int list = writer.BeginVector(2);
            writer.WriteUInt8(HostName);
            int text = writer.BeginVector(2);
            for (int i = 0; i < name.Length; i++)
            {
                writer.WriteUInt8(name[i]);
            }

            writer.EndVector(text, 2);
            writer.EndVector(list, 2);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            if (!handshake.IsServer)
            {
                return DtlsError.None;
            }

            int list = reader.Enter(reader.ReadUInt16());
            if (reader.Remaining == 0)
            {
                return DtlsError.DecodeError;
            }

            string found = null;
            while (reader.Remaining > 0)
            {
                int type = reader.ReadUInt8();
                int length = reader.ReadUInt16();
                int at = reader.Skip(length);
                if (reader.Failed || length == 0 || (type == HostName && found != null))
                {
                    return DtlsError.DecodeError;
                }

                if (type == HostName)
                {
                    found = ReadName(reader.Buffer, at, length);
                }
            }

            reader.Leave(list);
            handshake.SetState(this, found);
            return DtlsError.None;
        }

        /// <summary>The name that the client asked for, or null.</summary>
        internal string OfPeer(Handshake handshake)
        {
            return (string)handshake.GetState(this);
        }

        /// <summary>Text of ASCII letters, digits, hyphens and dots that is no IPv4 address; IPv6 has colons.</summary>
        internal static bool IsDnsName(string name)
        {
            if (name == null || name.Length == 0 || name.Length > MaxLength)
            {
                return false;
            }

            bool isNumeric = true;
            for (int i = 0; i < name.Length; i++)
            {
                char c = name[i];
                bool isDigit = c >= '0' && c <= '9';
                if (!isDigit && c != '.')
                {
                    isNumeric = false;
                }

                if (!isDigit && c != '.' && c != '-' && c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'))
                {
                    return false;
                }
            }

            return !isNumeric;
        }

        /// <summary>A name as text, or the empty string (which no certificate matches) where it is none.</summary>
        private static string ReadName(byte[] buffer, int offset, int count)
        {
            char[] text = new char[count > MaxLength ? 0 : count];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)buffer[offset + i];
            }

            string name = new string(text);
            return IsDnsName(name) ? name : string.Empty;
        }
    }
}

namespace NfDtls
{
    /// <summary>server_name (RFC 6066 section 3): a DNS name, never an address; the server answers it empty where it knows it.</summary>
    public class ServerNameExtension : HelloExtension
    {
        /// <summary>Its number in the registry.</summary>
        public const int ExtensionType = 0;

        private const int HostName = 0;
        private const int MaxLength = 253;
        private const int MaxLabel = 63;

        private const int Hexadecimal = 1;
        private const int NoNumber = 2;

        /// <inheritdoc/>
        public override int Type
        {
            get { return ExtensionType; }
        }

        /// <inheritdoc/>
        public override int VersionMask
        {
            get { return CipherSuite.Version12 | CipherSuite.Version13; }
        }

        /// <inheritdoc/>
        public override bool Writes(Handshake handshake, int messageType)
        {
            if (handshake.IsServer)
            {
                AskedServer asked = handshake.Asked;
                bool isKnown = asked != null && (asked.IsListed || (asked.IsMatched && handshake.Authenticator != null));
                return isKnown && (handshake.Flags & HandshakeFlags.Abbreviated) == 0;
            }

            return LengthOf(handshake.Options.ServerName) > 0;
        }

        /// <inheritdoc/>
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
            int length = LengthOf(name);
            for (int i = 0; i < length; i++)
            {
                writer.WriteUInt8(name[i]);
            }

            writer.EndVector(text, 2);
            writer.EndVector(list, 2);
        }

        /// <inheritdoc/>
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
                if (reader.Failed)
                {
                    return DtlsError.DecodeError;
                }

                // Names of other types are passed over: each begins with its length. Of one type there is one name.
                if (type == HostName)
                {
                    if (length == 0 || found != null)
                    {
                        return DtlsError.DecodeError;
                    }

                    found = ReadName(reader.Buffer, at, length);
                }
            }

            reader.Leave(list);
            if (!reader.Failed && found != null)
            {
                handshake.Asked = new AskedServer(found);
                OnAsked(handshake.Asked);
            }

            return DtlsError.None;
        }

        /// <summary>The name in any form: of an address, too, nothing is sent, and yet the server is that one.</summary>
        public override byte[]? SessionContext(Handshake handshake)
        {
            string name = handshake.IsServer ? OfPeer(handshake) : handshake.Options.ServerName;
            byte[] bytes = new byte[name == null ? 0 : name.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)name[i];
            }

            return bytes.Length == 0 ? null : bytes;
        }

        /// <summary>The name that the client asked for, or null.</summary>
        public static string? OfPeer(Handshake handshake)
        {
            return handshake.Asked == null ? null : handshake.Asked.Name;
        }

        /// <summary>Tells whether what a server has chosen to prove itself with is for the name.</summary>
        public static void SetMatched(Handshake handshake, bool isMatched)
        {
            if (handshake.Asked != null)
            {
                handshake.Asked.IsMatched = isMatched;
            }
        }

        /// <summary>A client asks for a server by its name.</summary>
        internal virtual void OnAsked(AskedServer asked)
        {
        }

        /// <summary>
        /// Characters of a DNS name without the dot that may end it (RFC 6066 section 3); 0 where it is none: another character than
        /// letters, digits, hyphens and underscores, a label of none or more than 63, more than 253 in all, or an IPv4 address, whose
        /// last label is a number. IPv6 has colons.
        /// </summary>
        internal static int LengthOf(string name)
        {
            int length = name == null ? 0 : name.Length;
            if (length > 0 && name[length - 1] == '.')
            {
                length--;
            }

            int label = 0;
            int number = 0;
            for (int i = 0; i < length; i++)
            {
                char c = name[i];
                if (c == '.' && label > 0)
                {
                    label = 0;
                    number = 0;
                    continue;
                }

                bool isDigit = c >= '0' && c <= '9';
                bool isHex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
                bool isX = (c == 'x' || c == 'X') && label == 1 && name[i - 1] == '0';
                label++;
                if (label > MaxLabel || (!isDigit && c != '-' && c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')))
                {
                    return 0;
                }

                // Decimal until something else comes, then hexadecimal behind 0x, else no number.
                number = number == NoNumber || isDigit ? number : isX ? Hexadecimal : isHex && number == Hexadecimal ? number : NoNumber;
            }

            return label == 0 || number != NoNumber || length > MaxLength ? 0 : length;
        }

        /// <summary>A name as text, or the empty string (which no certificate matches) where it is none.</summary>
        private static string ReadName(byte[] buffer, int offset, int count)
        {
            char[] text = new char[count > MaxLength + 1 ? 0 : count];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)buffer[offset + i];
            }

            string name = new string(text);
            return name.Substring(0, LengthOf(name));
        }
    }
}

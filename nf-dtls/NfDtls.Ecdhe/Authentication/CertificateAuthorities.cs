using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// certificate_authorities of a ClientHello (RFC 8446 section 4.2.4): names of authorities that the client trusts, by which a server
    /// chooses among its chains. In a request of the server's the list stands as DTLS 1.2 has it.
    /// </summary>
    internal sealed class CertificateAuthorities : HelloExtension
    {
        internal const int ExtensionType = 47;

        // A longer list a source does not write; and the length of the list.
        private const int LongestList = 256;
        private const int LengthSize = 2;

        private readonly CredentialAuthenticator _owner;

        /// <param name="owner">Knows whether a client sends it.</param>
        internal CertificateAuthorities(CredentialAuthenticator owner)
        {
            _owner = owner;
        }

        public override int Type
        {
            get { return ExtensionType; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version13; }
        }

        /// <summary>A client that names its authorities has one at least.</summary>
        public override bool Writes(Handshake handshake, int messageType)
        {
            if (handshake.IsServer || !_owner.NamesAuthorities)
            {
                return false;
            }

            WireWriter writer = new WireWriter();
            writer.Reset(new byte[LengthSize + LongestList], 0, LengthSize + LongestList);
            Write(handshake, messageType, writer);
            return writer.Length > LengthSize;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            int list = writer.BeginVector(LengthSize);
            for (int i = 0; i < _owner.Sources.Length; i++)
            {
                _owner.Sources[i].WriteAuthorities(writer);
            }

            writer.EndVector(list, LengthSize);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int length = reader.ReadUInt16();
            int at = reader.Skip(length);
            if (reader.Failed || length == 0 || !AreNames(reader.Buffer, at, at + length))
            {
                return DtlsError.DecodeError;
            }

            byte[] names = new byte[length];
            Array.Copy(reader.Buffer, at, names, 0, length);
            handshake.SetState(this, names);
            return DtlsError.None;
        }

        /// <summary>The names that a client has sent, each with its length, or null.</summary>
        internal static byte[] OfPeer(Handshake handshake)
        {
            CertificateAuthorities extension = handshake.FindExtension(ExtensionType) as CertificateAuthorities;
            return extension == null ? null : (byte[])handshake.GetState(extension);
        }

        /// <summary>Whether a list is of names with their lengths, none of which is empty.</summary>
        internal static bool AreNames(byte[] buffer, int at, int end)
        {
            while (end - at > 2)
            {
                int length = (buffer[at] << 8) | buffer[at + 1];
                at += 2 + length;
                if (length == 0)
                {
                    return false;
                }
            }

            return at == end;
        }
    }
}

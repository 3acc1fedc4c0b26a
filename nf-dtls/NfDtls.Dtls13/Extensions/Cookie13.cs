using System;

namespace NfDtls.Dtls13
{
    /// <summary>cookie (RFC 8446 section 4.2.2): what a HelloRetryRequest brought comes back in the next ClientHello.</summary>
    internal sealed class Cookie13 : Extension13
    {
        internal const int Number = 44;

        public override int Type
        {
            get { return Number; }
        }

        internal override bool Writes(Role13 role, int messageType)
        {
            return messageType == HandshakeType.ClientHello && role.Cookie != null;
        }

        internal override void Write(Role13 role, int messageType, WireWriter writer)
        {
            writer.WriteUInt16(role.Cookie.Length);
            writer.WriteBytes(role.Cookie, 0, role.Cookie.Length);
        }

        internal override DtlsError Read(Role13 role, int messageType, WireReader reader)
        {
            int length = reader.ReadUInt16();
            int cookie = reader.Skip(length);
            if (reader.Failed || length == 0)
            {
                return DtlsError.DecodeError;
            }

            if (messageType != HandshakeType.ClientHello && !role.IsReadingRetry)
            {
                return DtlsError.IllegalParameter;
            }

            role.Cookie = new byte[length];
            Array.Copy(reader.Buffer, cookie, role.Cookie, 0, length);
            return DtlsError.None;
        }
    }
}

using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// pre_shared_key (RFC 8446 section 4.2.11): identities, and a binder for each, over the hello up to them. It is the last extension
    /// of a ClientHello. This end offers one identity, and takes the first of several that it knows.
    /// </summary>
    internal sealed class PreSharedKey : Extension13
    {
        /// <summary>Bytes of a binder: external keys are of SHA-256.</summary>
        internal const int BinderLength = 32;

        /// <summary>Bytes of the binders that this end writes, with their lengths.</summary>
        internal const int BindersLength = 2 + 1 + BinderLength;

        private const int AgeLength = 4;

        public override int Type
        {
            get { return ExtensionBlock.LastType; }
        }

        internal override bool Writes(Role13 role, int messageType)
        {
            return messageType == HandshakeType.ClientHello || messageType == HandshakeType.ServerHello;
        }

        internal override void Write(Role13 role, int messageType, WireWriter writer)
        {
            if (messageType == HandshakeType.ServerHello)
            {
                writer.WriteUInt16(role.ChosenIdentity);
                return;
            }

            byte[] identity = role.OwnIdentity;
            int list = writer.BeginVector(2);
            writer.WriteUInt16(identity.Length);
            writer.WriteBytes(identity, 0, identity.Length);
            writer.WriteUInt16(0);
            writer.WriteUInt16(0);
            writer.EndVector(list, 2);

            // The binder is filled in when all that it covers is there.
            writer.WriteUInt16(1 + BinderLength);
            writer.WriteUInt8(BinderLength);
            writer.Skip(BinderLength);
        }

        internal override DtlsError Read(Role13 role, int messageType, WireReader reader)
        {
            if (messageType == HandshakeType.ServerHello && !role.IsReadingRetry)
            {
                int chosen = reader.ReadUInt16();
                role.IsKeyChosen = true;
                return chosen == 0 ? DtlsError.None : DtlsError.IllegalParameter;
            }

            return messageType == HandshakeType.ClientHello ? ReadOffer(role, reader) : DtlsError.IllegalParameter;
        }

        private static DtlsError ReadOffer(Role13 role, WireReader reader)
        {
            int outer = reader.Enter(reader.ReadUInt16());
            int identities = 0;
            while (reader.Remaining > 0)
            {
                int length = reader.ReadUInt16();
                int identity = reader.Skip(length);
                reader.Skip(AgeLength);
                if (reader.Failed || length == 0)
                {
                    return DtlsError.DecodeError;
                }

                role.OnIdentity(identities, reader.Buffer, identity, length);
                identities++;
            }

            reader.Leave(outer);
            role.BindersAt = reader.Position;
            outer = reader.Enter(reader.ReadUInt16());
            int binders = 0;
            while (reader.Remaining > 0)
            {
                int length = reader.ReadUInt8();
                int binder = reader.Skip(length);
                if (reader.Failed || length < BinderLength)
                {
                    return DtlsError.DecodeError;
                }

                if (binders == role.ChosenIdentity && length == BinderLength)
                {
                    role.Binder = new byte[BinderLength];
                    Array.Copy(reader.Buffer, binder, role.Binder, 0, BinderLength);
                }

                binders++;
            }

            reader.Leave(outer);
            role.OfferEnd = reader.Position;
            return identities == 0 || identities != binders ? DtlsError.IllegalParameter : DtlsError.None;
        }
    }
}

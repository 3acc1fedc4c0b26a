using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// pre_shared_key (RFC 8446 section 4.2.11): identities, and a binder for each, over the hello up to them. It is the last extension
    /// of a ClientHello. A client offers the session that it has, and the application's key; a server takes the first that it knows.
    /// </summary>
    internal sealed class PreSharedKey : Extension13
    {
        // Of SHA-256.
        private const int ShortestBinder = 32;

        public override int Type
        {
            get { return ExtensionBlock.LastType; }
        }

        internal override bool Writes(Role13 role, int messageType)
        {
            return messageType == HandshakeType.ClientHello ? role.Offered.Count > 0 : messageType == HandshakeType.ServerHello && role.IsKeyChosen;
        }

        internal override void Write(Role13 role, int messageType, WireWriter writer)
        {
            if (messageType == HandshakeType.ServerHello)
            {
                writer.WriteUInt16(role.ChosenIdentity);
                return;
            }

            OfferedKeys keys = role.Offered;
            int list = writer.BeginVector(2);
            for (int i = 0; i < keys.Count; i++)
            {
                OfferedKey key = keys.At(i);
                writer.WriteUInt16(key.Identity.Length);
                writer.WriteBytes(key.Identity, 0, key.Identity.Length);
                writer.WriteUInt16((int)(key.Age >> 16));
                writer.WriteUInt16((int)key.Age & 0xFFFF);
            }

            writer.EndVector(list, 2);

            // The binders are filled in when all that they cover is there.
            list = writer.BeginVector(2);
            for (int i = 0; i < keys.Count; i++)
            {
                int size = CryptoAlgorithm.HashSize(keys.At(i).Hash);
                writer.WriteUInt8(size);
                writer.Skip(size);
            }

            writer.EndVector(list, 2);
        }

        internal override DtlsError Read(Role13 role, int messageType, WireReader reader)
        {
            if (messageType == HandshakeType.ServerHello && !role.IsReadingRetry)
            {
                role.ChosenIdentity = reader.ReadUInt16();
                role.IsKeyChosen = true;
                return role.ChosenIdentity < role.Offered.Count ? DtlsError.None : DtlsError.IllegalParameter;
            }

            return messageType == HandshakeType.ClientHello ? ReadOffer(role, reader) : DtlsError.IllegalParameter;
        }

        /// <summary>Reads identities and binders: the role says which it takes, and has the binder of that.</summary>
        internal static DtlsError ReadOffer(Role13 role, WireReader reader)
        {
            role.OfferAt = reader.Position;
            int outer = reader.Enter(reader.ReadUInt16());
            int identities = 0;
            while (reader.Remaining > 0)
            {
                int length = reader.ReadUInt16();
                int identity = reader.Skip(length);
                long age = reader.ReadUInt16();
                age = (age << 16) | (uint)reader.ReadUInt16();
                if (reader.Failed || length == 0)
                {
                    return DtlsError.DecodeError;
                }

                role.OnIdentity(identities, reader.Buffer, identity, length, age);
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
                if (reader.Failed || length < ShortestBinder)
                {
                    return DtlsError.DecodeError;
                }

                if (binders == role.ChosenIdentity)
                {
                    role.Binder = new byte[length];
                    Array.Copy(reader.Buffer, binder, role.Binder, 0, length);
                }

                binders++;
            }

            reader.Leave(outer);
            role.OfferEnd = reader.Position;
            return identities == 0 || identities != binders ? DtlsError.IllegalParameter : DtlsError.None;
        }
    }
}

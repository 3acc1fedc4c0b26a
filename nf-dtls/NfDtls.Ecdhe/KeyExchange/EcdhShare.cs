using System;

namespace NfDtls.Ecdhe
{
    /// <summary>One handshake's key agreement: the group, the two public keys, and what comes of them.</summary>
    internal sealed class EcdhShare
    {
        private const int NamedCurve = 3;

        private int _group;
        private byte[] _private;
        private byte[] _public;
        private byte[] _peer;
        private byte[] _secret;

        /// <summary>The shared secret, once agreed on; else null.</summary>
        internal byte[] Secret
        {
            get { return _secret; }
        }

        /// <summary>Whether this end has made its key pair.</summary>
        internal bool HasKey
        {
            get { return _private != null; }
        }

        /// <summary>A server's choice of a group, from the client's list; false where there is none in common.</summary>
        internal bool ChooseGroup(Handshake handshake)
        {
            _group = SupportedGroups.Of(handshake).Choose(handshake);
            return _group != 0;
        }

        /// <summary>Whether a client's list has the curve of a server's key (RFC 8422 section 5.3); 0 is a key without one.</summary>
        internal static bool Offers(Handshake handshake, int group)
        {
            return group == 0 || TableOf(handshake).Contains(group);
        }

        /// <summary>Makes this end's key pair.</summary>
        internal CryptoOperation Generate(Handshake handshake)
        {
            _private = new byte[NamedGroup.SecretLength(_group)];
            _public = new byte[NamedGroup.PublicKeyLength(_group)];
            return handshake.Crypto.GenerateKey(_group, _private, 0, _public, 0);
        }

        /// <summary>Computes the secret from this end's private and the peer's public key.</summary>
        internal CryptoOperation Agree(Handshake handshake)
        {
            _secret = new byte[NamedGroup.SecretLength(_group)];
            return handshake.Crypto.Agree(_group, _private, 0, _peer, 0, _peer.Length, _secret, 0);
        }

        /// <summary>Writes ServerECDHParams (RFC 8422 section 5.4).</summary>
        internal void WriteParameters(WireWriter writer)
        {
            writer.WriteUInt8(NamedCurve);
            writer.WriteUInt16(_group);
            WritePoint(writer);
        }

        /// <summary>Reads ServerECDHParams; the group must be one that was offered.</summary>
        internal DtlsError ReadParameters(Handshake handshake, WireReader reader)
        {
            int type = reader.ReadUInt8();
            _group = reader.ReadUInt16();
            if (reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            if (type != NamedCurve || !TableOf(handshake).Contains(_group) || !handshake.Crypto.Supports(CryptoAlgorithm.Agree + _group))
            {
                return DtlsError.IllegalParameter;
            }

            return ReadPoint(reader);
        }

        /// <summary>Writes this end's public key: the whole of ClientECDiffieHellmanPublic.</summary>
        internal void WritePoint(WireWriter writer)
        {
            writer.WriteUInt8(_public.Length);
            writer.WriteBytes(_public, 0, _public.Length);
        }

        /// <summary>Reads the peer's public key. Whether it is a point of the curve comes out in the agreement.</summary>
        internal DtlsError ReadPoint(WireReader reader)
        {
            int length = reader.ReadUInt8();
            int at = reader.Skip(length);
            if (reader.Failed || length == 0)
            {
                return DtlsError.DecodeError;
            }

            if (length != NamedGroup.PublicKeyLength(_group))
            {
                return DtlsError.IllegalParameter;
            }

            _peer = new byte[length];
            Array.Copy(reader.Buffer, at, _peer, 0, length);
            return DtlsError.None;
        }

        internal void Clear()
        {
            Wipe(_private);
            Wipe(_secret);
            _private = null;
            _secret = null;
        }

        private static GroupTable TableOf(Handshake handshake)
        {
            return SupportedGroups.Of(handshake).Table;
        }

        private static void Wipe(byte[] secret)
        {
            if (secret != null)
            {
                Array.Clear(secret, 0, secret.Length);
            }
        }
    }
}

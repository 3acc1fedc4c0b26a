using System;

namespace NfDtls.X509
{
    /// <summary>
    /// The RSA key exchange (RFC 5246 section 7.4.7.1): the client encrypts the premaster secret to the key of the server's
    /// certificate. A server goes on with random bytes whatever comes out wrong, so that nothing but the Finished tells
    /// (Bleichenbacher).
    /// </summary>
    internal sealed class RsaKeyExchange : KeyExchange
    {
        private const int PremasterLength = 48;

        private readonly byte[] _premaster = new byte[PremasterLength];
        private readonly byte[] _decoy = new byte[PremasterLength];
        private byte[] _cipher;
        private int _version;

        public override int Flags
        {
            get { return HandshakeFlags.ServerCertificate; }
        }

        public override CryptoOperation? BeforeWriting(Handshake handshake, int messageType)
        {
            if (messageType != HandshakeType.ClientKeyExchange)
            {
                return null;
            }

            PublicKey key = handshake.Authenticator.PeerKey;
            if (key.Kind != KeyKind.Rsa)
            {
                return new CompletedOperation(DtlsError.IllegalParameter);
            }

            if (!handshake.TryRandom(_premaster, 0, PremasterLength))
            {
                return new CompletedOperation(DtlsError.NoEntropy);
            }

            _version = handshake.OfferedVersion;
            _premaster[0] = (byte)(_version >> 8);
            _premaster[1] = (byte)_version;
            _cipher = new byte[key.Count];
            return handshake.Crypto.RsaEncrypt(key, _premaster, 0, PremasterLength, _cipher, 0);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            writer.WriteUInt16(_cipher.Length);
            writer.WriteBytes(_cipher, 0, _cipher.Length);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int length = reader.ReadUInt16();
            int at = reader.Skip(length);
            if (messageType != HandshakeType.ClientKeyExchange || reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            _cipher = new byte[length];
            Array.Copy(reader.Buffer, at, _cipher, 0, length);
            return DtlsError.None;
        }

        public override CryptoOperation? AfterReading(Handshake handshake, int messageType)
        {
            _version = handshake.OfferedVersion;
            if (!handshake.TryRandom(_decoy, 0, PremasterLength))
            {
                return new CompletedOperation(DtlsError.NoEntropy);
            }

            return handshake.Authenticator.OwnKey.Decrypt(handshake.Crypto, _cipher, 0, _cipher.Length, _premaster, 0, PremasterLength);
        }

        public override int WritePremasterSecret(byte[] destination, int offset, int count)
        {
            if (count < PremasterLength)
            {
                return -1;
            }

            // A client begins the secret with the version that it offered. Wrong ones are replaced without a branch; our own
            // client's is never wrong.
            int wrong = (_premaster[0] ^ (_version >> 8)) | (_premaster[1] ^ (_version & 0xFF));
            int mask = (-wrong) >> 31;
            for (int i = 0; i < PremasterLength; i++)
            {
                destination[offset + i] = (byte)((_premaster[i] & ~mask) | (_decoy[i] & mask));
            }

            return PremasterLength;
        }

        public override void Clear()
        {
            Array.Clear(_premaster, 0, PremasterLength);
            Array.Clear(_decoy, 0, PremasterLength);
        }
    }
}

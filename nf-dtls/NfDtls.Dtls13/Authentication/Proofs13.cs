using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// Certificate, CertificateRequest and CertificateVerify of DTLS 1.3, by an <see cref="Authenticator"/> that knows them in the form of
    /// 1.2: what is read is put into that form, in its place, and what it writes into this one.
    /// </summary>
    internal sealed class Proofs13 : HandshakePart
    {
        private const int RawPublicKey = 2;

        public override CryptoOperation? BeforeWriting(Handshake handshake, int messageType)
        {
            SetSigner(handshake, handshake.IsServer);
            return handshake.Authenticator.BeforeWriting(handshake, messageType);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            if (messageType == HandshakeType.CertificateVerify)
            {
                handshake.Authenticator.Write(handshake, messageType, writer);
                return;
            }

            // The form of 1.2 first; what comes of it is longer.
            int begin = writer.Position;
            handshake.Authenticator.Write(handshake, messageType, writer);
            if (writer.Failed)
            {
                return;
            }

            byte[] earlier = new byte[writer.Position - begin];
            Array.Copy(writer.Buffer, begin, earlier, 0, earlier.Length);
            writer.Back(earlier.Length);
            if (messageType == HandshakeType.CertificateRequest)
            {
                CertificateRequest13.Write(handshake, earlier, writer);
            }
            else
            {
                CertificateMessage.WriteFrom(earlier, handshake.Authenticator.OwnCertificateType == RawPublicKey, writer);
            }
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            DtlsError error = DtlsError.None;
            switch (messageType)
            {
                case HandshakeType.Certificate:
                    error = CertificateMessage.ToEarlier(handshake, reader, handshake.Authenticator.PeerCertificateType == RawPublicKey);
                    if (error == DtlsError.None && !handshake.IsServer && CertificateMessage.IsEmpty(reader))
                    {
                        // A server has to send one (RFC 8446 section 4.4.2.4).
                        error = DtlsError.DecodeError;
                    }

                    break;
                case HandshakeType.CertificateRequest:
                    error = CertificateRequest13.ToEarlier(handshake, reader);
                    break;
                default:
                    SetSigner(handshake, !handshake.IsServer);
                    break;
            }

            return error != DtlsError.None ? error : handshake.Authenticator.Read(handshake, messageType, reader);
        }

        public override CryptoOperation? AfterReading(Handshake handshake, int messageType)
        {
            return handshake.Authenticator.AfterReading(handshake, messageType);
        }

        private static void SetSigner(Handshake handshake, bool isServer)
        {
            ((Transcript13)handshake.Role.Transcript).IsSignedByServer = isServer;
        }
    }
}

using System;
using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>A peer's chain of certificates (RFC 5246 section 7.4.2).</summary>
    internal sealed class CertificateProof : PeerProof
    {
        private readonly ChainVerifier _verifier;
        private bool _isEmpty;

        internal CertificateProof(ChainVerifier verifier)
        {
            _verifier = verifier;
        }

        public override bool IsEmpty
        {
            get { return _isEmpty; }
        }

        public override PublicKey Key
        {
            get { return _verifier.Leaf.PublicKey; }
        }

        public override DtlsError Read(Handshake handshake, WireReader reader)
        {
            int length = reader.ReadUInt24();
            int at = reader.Skip(length);
            if (reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            EndpointOptions options = handshake.Options;
            _isEmpty = length == 0;
            if (_isEmpty)
            {
                return DtlsError.None;
            }

            // The list has three bytes of length for each certificate.
            if (length > options.MaxChainBytes + (3 * options.MaxChainLength))
            {
                return DtlsError.CertificateChainTooLarge;
            }

            // A server does not compare its clients' names: who they are is for the application to say.
            bool ofServer = !handshake.IsServer;
            return _verifier.Begin(
                reader.Buffer, at, length, ofServer, ofServer ? options.ServerName : null, ofServer ? options.NameCheck : NameCheck.None, SchemeChoice.OfCertificates(handshake));
        }

        public override CryptoOperation? Verify(Handshake handshake)
        {
            return _verifier;
        }

        public override bool Allows(bool encrypts)
        {
            return _verifier.Leaf.Allows(encrypts ? KeyUsages.KeyEncipherment : KeyUsages.DigitalSignature);
        }

        public override byte[][] CopyCertificates()
        {
            byte[][] copies = new byte[_verifier.Count][];
            for (int i = 0; i < copies.Length; i++)
            {
                DtlsCertificate certificate = _verifier.At(i);
                copies[i] = new byte[certificate.Count];
                Array.Copy(certificate.Buffer, certificate.Offset, copies[i], 0, certificate.Count);
            }

            return copies;
        }

        public override void Clear()
        {
            _verifier.Clear();
            _isEmpty = false;
        }
    }
}

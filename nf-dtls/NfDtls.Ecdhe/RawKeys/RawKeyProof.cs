using System;

namespace NfDtls.Ecdhe
{
    /// <summary>A peer's raw public key (RFC 7250 section 3): its Certificate message is one SubjectPublicKeyInfo.</summary>
    internal sealed class RawKeyProof : PeerProof
    {
        private readonly RawKeyStore _store;
        private readonly PublicKey _key = new PublicKey();
        private byte[] _buffer;
        private int _offset;
        private int _count;

        internal RawKeyProof(RawKeyStore store)
        {
            _store = store;
        }

        public override bool IsEmpty
        {
            get { return _count == 0; }
        }

        public override PublicKey Key
        {
            get { return _key; }
        }

        public override DtlsError Read(Handshake handshake, WireReader reader)
        {
            _count = reader.ReadUInt24();
            _offset = reader.Skip(_count);
            _buffer = reader.Buffer;
            if (reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            if (_count == 0)
            {
                return DtlsError.None;
            }

            if (!SubjectPublicKeyInfo.TryRead(_buffer, _offset, _count, _key))
            {
                return DtlsError.UnsupportedCertificate;
            }

            return _store.Trusts(_buffer, _offset, _count) ? DtlsError.None : DtlsError.UnknownCa;
        }

        public override CryptoOperation? Verify(Handshake handshake)
        {
            return null;
        }

        public override byte[][] CopyCertificates()
        {
            byte[] copy = new byte[_count];
            Array.Copy(_buffer, _offset, copy, 0, _count);
            return new byte[][] { copy };
        }

        public override void Clear()
        {
            _key.Clear();
            _buffer = null;
            _count = 0;
        }
    }
}

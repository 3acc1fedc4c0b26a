namespace NfDtls.X509
{
    /// <summary>
    /// What a verifier asks a <see cref="SignatureMemory"/>, and tells it once a chain is trusted. A signature is known by the SHA-256
    /// hash of its issuer's SubjectPublicKeyInfo and, behind it, the whole certificate: TBSCertificate, signatureAlgorithm with its
    /// parameters, signatureValue (RFC 5280 section 4.1). Both are DER with definite lengths, so each says where it ends, and no other
    /// two have the same bytes one behind the other. Whether the signature is right depends on these bytes and on nothing else; time,
    /// names, uses, pins, lists and which algorithms are accepted are not asked here. Hashes a piece a step.
    /// </summary>
    internal sealed class SignatureRecall
    {
        private readonly HashContext _sha256;
        private readonly VerifiedChain _chain;
        private readonly byte[] _hashes;
        private SignatureMemory _memory;
        private DtlsCertificate _issuer;
        private DtlsCertificate _hashed;
        private int _at;
        private int _end;

        /// <param name="sha256">The hash, which others may use between; null where the provider has none, and nothing is remembered then.</param>
        /// <param name="chain">The path: each of its certificates but the last has a place for its signature's hash.</param>
        internal SignatureRecall(HashContext sha256, VerifiedChain chain)
        {
            _sha256 = sha256;
            _chain = chain;
            _hashes = new byte[(chain.Capacity - 1) * SignatureMemory.EntryLength];
        }

        /// <summary>Whether there is anything to ask.</summary>
        internal bool IsOn
        {
            get { return _memory != null && _sha256 != null; }
        }

        /// <summary>Whether the signature that was hashed last is known to be right.</summary>
        internal bool IsKnown
        {
            get { return _memory.Has(_hashes, PlaceOf(_chain.Count - 1)); }
        }

        /// <summary>Begins a run, and forgets the certificates of the one before; null: without a memory.</summary>
        internal void Begin(SignatureMemory memory)
        {
            _memory = memory;
            _issuer = null;
            _hashed = null;
        }

        /// <summary>Takes up the signature of the chain's last certificate by an issuer's key.</summary>
        internal void BeginSignature(DtlsCertificate issuer)
        {
            _issuer = issuer;
            _sha256.Reset();
            BeginPart(issuer, issuer.KeyInfoOffset, issuer.KeyInfoCount);
        }

        /// <summary>Works on: a turn hashes a byte. True at the end.</summary>
        internal bool Step(ref int turns)
        {
            while (turns > 0)
            {
                int count = turns < _end - _at ? turns : _end - _at;
                _sha256.Update(_hashed.Buffer, _at, count);
                _at += count;
                turns -= count;
                if (_at == _end && _issuer == null)
                {
                    _sha256.Peek(_hashes, PlaceOf(_chain.Count - 1));
                    return true;
                }

                if (_at == _end)
                {
                    _issuer = null;
                    BeginPart(_chain.Last, _chain.Last.Offset, _chain.Last.Count);
                }
            }

            return false;
        }

        /// <summary>
        /// The chain is trusted: its signatures are remembered, the authorities' last, so that what many peers share stays longest.
        /// </summary>
        internal void Keep()
        {
            for (int i = 0; IsOn && i < _chain.Count - 1; i++)
            {
                _memory.Put(_hashes, PlaceOf(i));
            }
        }

        private void BeginPart(DtlsCertificate certificate, int offset, int count)
        {
            _hashed = certificate;
            _at = offset;
            _end = offset + count;
        }

        private static int PlaceOf(int depth)
        {
            return depth * SignatureMemory.EntryLength;
        }
    }
}

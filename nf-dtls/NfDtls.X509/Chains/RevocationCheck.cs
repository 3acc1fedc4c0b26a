namespace NfDtls.X509
{
    /// <summary>
    /// Looks each certificate of a path but the last up in the revocation lists of its issuer, a few entries a step. A list that
    /// names a certificate counts once its signature is the issuer's.
    /// </summary>
    internal sealed class RevocationCheck
    {
        private readonly SignatureCheck _signature;
        private readonly VerifiedChain _chain;
        private StoreEntry[] _entries;
        private int _depth;
        private int _entry;
        private int _at;
        private bool _isVerifying;

        internal RevocationCheck(SignatureCheck signature, VerifiedChain chain)
        {
            _signature = signature;
            _chain = chain;
        }

        /// <summary>Verifications begun since <see cref="Begin"/>.</summary>
        internal int Verifications { get; private set; }

        internal void Begin(StoreEntry[] entries)
        {
            _entries = entries;
            _depth = 0;
            _entry = 0;
            _at = 0;
            _isVerifying = false;
            Verifications = 0;
        }

        /// <summary>Works on; true at the end, with the outcome.</summary>
        /// <param name="budget">For the provider.</param>
        /// <param name="turns">One for each entry of a list that is looked at.</param>
        /// <param name="verifications">How many signatures may still be verified; where there are none left, a list that names a certificate counts unseen.</param>
        /// <param name="error">The outcome: CertificateRevoked, or why a list cannot be verified.</param>
        internal bool Step(int budget, ref int turns, int verifications, out DtlsError error)
        {
            if (_isVerifying)
            {
                turns = 0;
                return StepSignature(budget, out error);
            }

            error = DtlsError.None;
            while (_depth < _chain.Count - 1)
            {
                if (turns <= 0)
                {
                    return false;
                }

                turns--;
                DtlsCertificate certificate = _chain.At(_depth);
                RevocationList list = _entries[_entry].RevocationList;
                if (_at == 0 && list != null)
                {
                    _at = list.IsAbout(certificate, ref turns) ? list.FirstEntry : 0;
                }

                if (_at > 0)
                {
                    _at = list.Search(certificate, _at, ref turns);
                }

                if (_at < 0)
                {
                    return BeginSignature(list, _chain.At(_depth + 1), verifications, out error);
                }

                if (_at == 0)
                {
                    MoveOn();
                }
            }

            return true;
        }

        private bool BeginSignature(RevocationList list, DtlsCertificate issuer, int verifications, out DtlsError error)
        {
            error = issuer.Allows(KeyUsages.CrlSign)
                ? _signature.Begin(
                    list.SignatureAlgorithm, issuer.PublicKey, list.Buffer, list.TbsOffset, list.TbsCount, list.SignatureOffset, list.SignatureCount)
                : DtlsError.BadCertificate;
            if (error == DtlsError.BadCertificate)
            {
                // Another authority of the same name made the list.
                error = DtlsError.None;
                MoveOn();
                return false;
            }

            if (error != DtlsError.None)
            {
                return true;
            }

            if (verifications <= 0)
            {
                error = DtlsError.CertificateRevoked;
                return true;
            }

            Verifications++;
            _isVerifying = true;
            return false;
        }

        private bool StepSignature(int budget, out DtlsError error)
        {
            if (!_signature.Step(budget, out error))
            {
                return false;
            }

            _isVerifying = false;
            if (error == DtlsError.BadCertificate)
            {
                error = DtlsError.None;
                MoveOn();
                return false;
            }

            error = error == DtlsError.None ? DtlsError.CertificateRevoked : error;
            return true;
        }

        /// <summary>To the next list, or to the first one for the next certificate.</summary>
        private void MoveOn()
        {
            _at = 0;
            _entry++;
            if (_entry >= _entries.Length)
            {
                _entry = 0;
                _depth++;
            }
        }
    }
}

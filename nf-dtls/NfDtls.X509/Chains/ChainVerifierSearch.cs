using System;

namespace NfDtls.X509
{
    // The search for a path, and what is asked of a path that was found.
    internal sealed partial class ChainVerifier
    {
        // Of several errors the one is told that says most: an issuer that was refused more than none that was found.
        private const int RankSignature = 1;
        private const int RankRule = 2;
        private const int RankRevoked = 3;
        private const int EntriesAStep = 64;

        private int _revocationDepth;
        private int _revocationEntry;
        private int _revocationAt;

        /// <summary>Goes on until there is a signature to verify, or an end.</summary>
        private void Search()
        {
            if (_chain.Count == 1 && _next[0] == 0 && IsTrustedItself(_chain.Leaf))
            {
                Accept();
                return;
            }

            while (_chain.Count > 0)
            {
                DtlsCertificate child = _chain.Last;
                if (!NextCandidate(child, _chain.Count - 1))
                {
                    _chain.Pop();
                    continue;
                }

                DtlsError error = CheckCandidate();
                if (error == DtlsError.None && _verifications == MaxVerifications)
                {
                    break;
                }

                if (error == DtlsError.None)
                {
                    error = _signature.Begin(
                        child.SignatureAlgorithm, _candidate.PublicKey, child.Buffer, child.TbsOffset, child.TbsCount, child.SignatureOffset, child.SignatureCount);
                }

                if (error == DtlsError.None)
                {
                    _verifications++;
                    _state = Verifying;
                    return;
                }

                Note(error, RankRule);
            }

            _chain.Clear();
            Finish(_best);
        }

        /// <summary>Finds the next certificate that may have issued the child: trusted ones first, then those of the store, then those received.</summary>
        private bool NextCandidate(DtlsCertificate child, int depth)
        {
            int known = _entries.Length;
            while (_next[depth] < 2 * known + _receivedCount)
            {
                int index = _next[depth]++;
                DtlsCertificate candidate;
                if (index < 2 * known)
                {
                    StoreEntry entry = _entries[index % known];
                    _isCandidateTrusted = index < known;
                    candidate = entry.Kind == (_isCandidateTrusted ? EntryKind.Trusted : EntryKind.Intermediate) ? entry.Certificate : null;
                }
                else
                {
                    _isCandidateTrusted = false;
                    candidate = _received[index - 2 * known];
                }

                if (candidate != null && child.NamesAsIssuer(candidate) && (_isCandidateTrusted || !_chain.Has(candidate)))
                {
                    _candidate = candidate;
                    return true;
                }
            }

            return false;
        }

        private DtlsError CheckCandidate()
        {
            if (!_isCandidateTrusted && _chain.Count == _received.Length)
            {
                return DtlsError.CertificateChainTooLarge;
            }

            DtlsError error = CertificateRules.CheckIssuer(_candidate, _isCandidateTrusted, _chain, _ofServer, _timeCheck, _now);
            if (error != DtlsError.None || _candidate.NameConstraintsCount == 0)
            {
                return error;
            }

            for (int i = 0; i < _chain.Count; i++)
            {
                DtlsCertificate certificate = _chain.At(i);
                bool isExempt = i > 0 && certificate.IsSelfIssued;
                if (!isExempt && !NameConstraints.Allow(_reader, _names, _candidate, certificate, i == 0 && _allowCommonName))
                {
                    return DtlsError.CertificateNameConstraint;
                }
            }

            return DtlsError.None;
        }

        private void StepSignature(int budget)
        {
            if (!_signature.Step(budget, out DtlsError error))
            {
                return;
            }

            if (error == DtlsError.InternalError)
            {
                Finish(error);
                return;
            }

            _state = Searching;
            if (error != DtlsError.None)
            {
                Note(error, RankSignature);
                return;
            }

            _chain.Push(_candidate);
            if (!_isCandidateTrusted)
            {
                _next[_chain.Count - 1] = 0;
                return;
            }

            _chain.Anchor = _candidate;
            _revocationDepth = 0;
            _revocationEntry = 0;
            _revocationAt = 0;
            _state = Revoking;
        }

        /// <summary>Looks a certificate after the other up in the lists of its issuer; a list counts once its signature is the issuer's.</summary>
        private void StepRevocation(int budget)
        {
            if (_revocationAt < 0)
            {
                StepListSignature(budget);
                return;
            }

            int entries = budget < 1 ? EntriesAStep : budget > 1024 ? 1024 * EntriesAStep : budget * EntriesAStep;
            for (; _revocationDepth < _chain.Count - 1; _revocationDepth++)
            {
                DtlsCertificate certificate = _chain.At(_revocationDepth);
                for (; _revocationEntry < _entries.Length; _revocationEntry++)
                {
                    RevocationList list = _entries[_revocationEntry].RevocationList;
                    if (list == null || !list.IsAbout(certificate))
                    {
                        continue;
                    }

                    int at = _revocationAt == 0 ? list.FirstEntry : _revocationAt;
                    _revocationAt = list.Search(certificate, at, entries);
                    if (_revocationAt < 0)
                    {
                        BeginListSignature(list, _chain.At(_revocationDepth + 1));
                        return;
                    }

                    if (_revocationAt > 0)
                    {
                        return;
                    }
                }

                _revocationEntry = 0;
            }

            if (_hasPins && !HasPinned())
            {
                Reject(DtlsError.UnknownCa, RankSignature);
                return;
            }

            Accept();
        }

        private void BeginListSignature(RevocationList list, DtlsCertificate issuer)
        {
            DtlsError error = issuer.Allows(KeyUsages.CrlSign)
                ? _signature.Begin(
                    list.SignatureAlgorithm, issuer.PublicKey, list.Buffer, list.TbsOffset, list.TbsCount, list.SignatureOffset, list.SignatureCount)
                : DtlsError.BadCertificate;
            if (error == DtlsError.BadCertificate)
            {
                // Another authority of the same name made the list.
                _revocationAt = 0;
                _revocationEntry++;
            }
            else if (error != DtlsError.None)
            {
                Reject(error, RankRule);
            }
            else if (_verifications++ >= MaxVerifications)
            {
                Reject(DtlsError.CertificateRevoked, RankRevoked);
            }
        }

        private void StepListSignature(int budget)
        {
            if (!_signature.Step(budget, out DtlsError error))
            {
                return;
            }

            if (error == DtlsError.InternalError)
            {
                Finish(error);
            }
            else if (error == DtlsError.None)
            {
                Reject(DtlsError.CertificateRevoked, RankRevoked);
            }
            else
            {
                _revocationAt = 0;
                _revocationEntry++;
            }
        }

        /// <summary>Gives a path up that reached a trusted certificate, and goes on to search.</summary>
        private void Reject(DtlsError error, int rank)
        {
            Note(error, rank);
            _chain.Anchor = null;
            _chain.Pop();
            _state = Searching;
        }

        private void Accept()
        {
            DtlsError error = DtlsError.None;
            if (_check != null)
            {
                try
                {
                    error = _check.Check(_chain, _ofServer, _expectedName);
                }
                catch (Exception)
                {
                    error = DtlsError.CertificateRefused;
                }
            }

            if (error != DtlsError.None)
            {
                _chain.Clear();
            }

            Finish(error);
        }

        private void Note(DtlsError error, int rank)
        {
            if (rank > _bestRank)
            {
                _best = error;
                _bestRank = rank;
            }
        }

        /// <summary>Whether the peer's own certificate needs nobody behind it: it is pinned, or it is trusted and no pins demand more.</summary>
        private bool IsTrustedItself(DtlsCertificate leaf)
        {
            if (_hasPins)
            {
                return IsPinned(leaf);
            }

            for (int i = 0; i < _entries.Length; i++)
            {
                if (_entries[i].Kind == EntryKind.Trusted && _entries[i].Certificate.Matches(leaf))
                {
                    _chain.Anchor = leaf;
                    return true;
                }
            }

            return false;
        }

        private bool HasPins()
        {
            for (int i = 0; i < _entries.Length; i++)
            {
                if (_entries[i].Pin != null)
                {
                    return true;
                }
            }

            return false;
        }

        private bool HasPinned()
        {
            for (int i = 0; i < _chain.Count; i++)
            {
                if (IsPinned(_chain.At(i)))
                {
                    return true;
                }
            }

            return false;
        }

        private bool IsPinned(DtlsCertificate certificate)
        {
            return HasPin(certificate.Buffer, certificate.KeyInfoOffset, certificate.KeyInfoCount)
                || HasPin(certificate.Buffer, certificate.Offset, certificate.Count);
        }

        private bool HasPin(byte[] buffer, int offset, int count)
        {
            HashContext hash = _signature.Sha256;
            if (hash == null)
            {
                return false;
            }

            hash.Reset();
            hash.Update(buffer, offset, count);
            hash.Peek(_scratch, 0);
            for (int i = 0; i < _entries.Length; i++)
            {
                byte[] pin = _entries[i].Pin;
                if (pin != null && ConstantTime.AreEqual(pin, 0, _scratch, 0, pin.Length))
                {
                    return true;
                }
            }

            return false;
        }
    }
}

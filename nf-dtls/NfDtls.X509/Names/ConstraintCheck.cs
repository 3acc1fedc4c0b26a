namespace NfDtls.X509
{
    /// <summary>
    /// The names of a path's certificates against the name constraints of the authorities above them (RFC 5280 section 6.1.4,
    /// b and c), a few comparisons a step. To be begun when every signature of the path is known to be good: nobody but a
    /// trusted authority then asks for this work, and even it cannot ask for more than <see cref="MaxTurns"/>.
    /// </summary>
    internal sealed class ConstraintCheck
    {
        /// <summary>The most comparisons of one run. A path that would take more is refused.</summary>
        internal const int MaxTurns = 65536;

        // Where the names of a certificate stand, in the order in which they are compared.
        private const int InSubject = 0;
        private const int InAltNames = 1;
        private const int InMailAddresses = 2;
        private const int InCommonName = 3;

        private readonly VerifiedChain _chain;
        private bool _withCommonName;
        private int _turns;
        private int _upper;
        private int _lower;

        // The name that is compared now, and where the next one is looked for.
        private int _form;
        private int _offset;
        private int _count;
        private int _place;
        private int _next;
        private bool _hasHost;

        // How far it has come.
        private int _list;
        private int _subtree;
        private bool _mustBeIn;
        private bool _isIn;

        internal ConstraintCheck(VerifiedChain chain)
        {
            _chain = chain;
        }

        /// <summary>Comparisons since the beginning.</summary>
        internal int Turns
        {
            get { return _turns; }
        }

        /// <summary>Begins with the path as it is.</summary>
        /// <param name="withCommonName">Whether the common name of the peer's own certificate stands in for a host name where there is none.</param>
        internal void Begin(bool withCommonName)
        {
            _withCommonName = withCommonName;
            _turns = 0;
            _upper = 1;
            _lower = 0;
            BeginCertificate();
        }

        /// <summary>Works on as long as there are turns. True at the end, with the outcome.</summary>
        internal bool Step(ref int turns, out DtlsError error)
        {
            error = DtlsError.None;
            while (_upper < _chain.Count)
            {
                if (turns <= 0)
                {
                    return false;
                }

                if (_turns >= MaxTurns)
                {
                    error = DtlsError.UnsupportedCertificate;
                    return true;
                }

                int before = turns--;
                error = Turn(ref turns);
                _turns += before - turns;
                if (error != DtlsError.None)
                {
                    return true;
                }
            }

            return true;
        }

        /// <summary>One comparison, or one move to what is compared next.</summary>
        private DtlsError Turn(ref int turns)
        {
            DtlsCertificate authority = _chain.At(_upper);
            if (_lower == _upper || !authority.HasNameConstraints)
            {
                _upper++;
                _lower = 0;
                return DtlsError.None;
            }

            DtlsCertificate certificate = _chain.At(_lower);
            if (_list > DtlsCertificate.ExcludedList)
            {
                if (_mustBeIn && !_isIn)
                {
                    return DtlsError.CertificateNameConstraint;
                }

                // An authority that renews itself is exempt.
                if ((_lower > 0 && certificate.IsSelfIssued) || !MoveOn(certificate))
                {
                    _lower++;
                    BeginCertificate();
                }

                return DtlsError.None;
            }

            int end = authority.ListEnd(_list);
            if (_subtree == 0)
            {
                _subtree = authority.ListOffset(_list);
            }

            if (_subtree >= end)
            {
                _list++;
                _subtree = 0;
                return DtlsError.None;
            }

            int subtree = DerReader.ContentOf(authority.Buffer, _subtree);
            _subtree = DerReader.EndOf(authority.Buffer, _subtree);
            return authority.Buffer[subtree] == _form ? Compare(authority.Buffer, subtree, certificate.Buffer, ref turns) : DtlsError.None;
        }

        private DtlsError Compare(byte[] subtrees, int subtree, byte[] buffer, ref int turns)
        {
            bool isExcluded = _list == DtlsCertificate.ExcludedList;
            int at = DerReader.ContentOf(subtrees, subtree);
            int end = DerReader.EndOf(subtrees, subtree);
            if (!NameConstraints.IsKnown(_form))
            {
                return DtlsError.UnsupportedCertificate;
            }

            if (NameConstraints.IsWithin(_form, buffer, _offset, _count, subtrees, at, end - at, isExcluded, ref turns))
            {
                _isIn |= !isExcluded;
                return isExcluded ? DtlsError.CertificateNameConstraint : DtlsError.None;
            }

            _mustBeIn |= !isExcluded;
            return DtlsError.None;
        }

        /// <summary>Before the first name of a certificate.</summary>
        private void BeginCertificate()
        {
            _place = InSubject;
            _hasHost = false;
            _mustBeIn = false;
            _list = DtlsCertificate.ExcludedList + 1;
        }

        /// <summary>Goes to the next name; false where there is none.</summary>
        private bool MoveOn(DtlsCertificate certificate)
        {
            byte[] buffer = certificate.Buffer;
            if (_place == InSubject)
            {
                _place = InAltNames;
                _next = certificate.ListOffset(DtlsCertificate.AltNameList);
                if (certificate.SubjectCount > 2)
                {
                    return Take(GeneralNames.Directory, certificate.SubjectOffset, certificate.SubjectCount);
                }
            }

            if (_place == InAltNames)
            {
                if (_next < certificate.ListEnd(DtlsCertificate.AltNameList))
                {
                    int form = buffer[_next];
                    int content = DerReader.ContentOf(buffer, _next);
                    _next = DerReader.EndOf(buffer, _next);
                    _hasHost |= form == GeneralNames.Dns || form == GeneralNames.Ip;
                    return Take(form, content, _next - content);
                }

                _place = InMailAddresses;
                _next = DerReader.ContentOf(buffer, certificate.SubjectOffset);
            }

            // The subject's mail addresses are constrained as well, and they come before the common name.
            while (_place == InMailAddresses)
            {
                if (_next >= certificate.SubjectOffset + certificate.SubjectCount)
                {
                    _place = InCommonName;
                }
                else if (buffer[_next] == DerTag.Set)
                {
                    _next = DerReader.ContentOf(buffer, _next);
                }
                else
                {
                    int oid = DerReader.ContentOf(buffer, _next);
                    int value = DerReader.EndOf(buffer, oid);
                    _next = DerReader.EndOf(buffer, _next);
                    oid = DerReader.ContentOf(buffer, oid);
                    if (Oid.Number(buffer, oid, value - oid) == Oid.EmailAddress)
                    {
                        value = DerReader.ContentOf(buffer, value);
                        return Take(GeneralNames.Email, value, _next - value);
                    }
                }
            }

            bool standsIn = _place == InCommonName && _lower == 0 && _withCommonName && !_hasHost && certificate.CommonNameOffset >= 0;
            _place = InCommonName + 1;
            return standsIn && Take(GeneralNames.Dns, certificate.CommonNameOffset, certificate.CommonNameCount);
        }

        private bool Take(int form, int offset, int count)
        {
            _form = form;
            _offset = offset;
            _count = count;
            _mustBeIn = false;
            _isIn = false;
            _list = DtlsCertificate.PermittedList;
            _subtree = 0;
            return true;
        }
    }
}

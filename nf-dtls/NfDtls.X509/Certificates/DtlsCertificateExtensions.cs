namespace NfDtls.X509
{
    // RFC 5280 section 4.2: what is read of the extensions.
    public sealed partial class DtlsCertificate
    {
        /// <summary>The names of subjectAltName.</summary>
        internal const int AltNameList = 0;
        /// <summary>The subtrees that nameConstraints permits.</summary>
        internal const int PermittedList = 1;
        /// <summary>Those that it excludes; the last list.</summary>
        internal const int ExcludedList = 2;

        private const int MaxExtensions = 40;
        private const int MaxPurposes = 64;
        private const int MaxPathLength = 0xFFFF;

        private bool _isAuthority;
        private int _pathLength;
        private int _keyUsage;
        private int _extendedKeyUsage;
        private int _altNamesOffset;
        private int _altNamesCount;
        private int _permittedOffset;
        private int _permittedCount;
        private int _excludedOffset;
        private int _excludedCount;
        private int _subjectKeyIdOffset;
        private int _subjectKeyIdCount;
        private int _authorityKeyIdOffset;
        private int _authorityKeyIdCount;

        /// <summary>Whether basicConstraints says that this is an authority, which may sign certificates.</summary>
        public bool IsAuthority
        {
            get { return _isAuthority; }
        }

        /// <summary>How many authorities may stand between this one and the end of a chain; -1: any number.</summary>
        public int PathLength
        {
            get { return _pathLength; }
        }

        /// <summary>The bits of <see cref="KeyUsages"/>, or -1 where the certificate does not limit its use.</summary>
        public int KeyUsage
        {
            get { return _keyUsage; }
        }

        /// <summary>The bits of <see cref="ExtendedKeyUsages"/>, or -1 where the certificate does not limit its purpose.</summary>
        public int ExtendedKeyUsage
        {
            get { return _extendedKeyUsage; }
        }

        internal bool HasNameConstraints
        {
            get { return _permittedCount + _excludedCount > 0; }
        }

        /// <summary>Where the content of a list of names begins.</summary>
        internal int ListOffset(int list)
        {
            return list == AltNameList ? _altNamesOffset : list == PermittedList ? _permittedOffset : _excludedOffset;
        }

        /// <summary>Where it ends: where it begins, if there is none.</summary>
        internal int ListEnd(int list)
        {
            return ListOffset(list) + (list == AltNameList ? _altNamesCount : list == PermittedList ? _permittedCount : _excludedCount);
        }

        /// <summary>
        /// Goes on to look at the form of the lists of names; false where it is wrong. All was seen when the list is behind
        /// <see cref="ExcludedList"/>.
        /// </summary>
        /// <param name="reader">Scratch.</param>
        /// <param name="list">Where it is: <see cref="AltNameList"/> to begin with.</param>
        /// <param name="at">Where in the list: 0 to begin with.</param>
        /// <param name="turns">What is left of them.</param>
        internal bool CheckLists(DerReader reader, ref int list, ref int at, ref int turns)
        {
            while (list <= ExcludedList && turns > 0)
            {
                int end = ListEnd(list);
                at = GeneralNames.Check(reader, _buffer, at == 0 ? ListOffset(list) : at, end, list != AltNameList, ref turns);
                if (at == GeneralNames.Malformed)
                {
                    return false;
                }

                if (at == GeneralNames.Limited)
                {
                    _flaw = DtlsError.UnsupportedCertificate;
                    list = ExcludedList;
                    at = end;
                }

                if (at == end)
                {
                    list++;
                    at = 0;
                }
            }

            return true;
        }

        /// <summary>
        /// A name of subjectAltName as text: the index-th of a kind of <see cref="AltNameKind"/>, null where there are not so
        /// many. An IP address comes as text, too.
        /// </summary>
        public string? AltNameAt(int kind, int index)
        {
            DerReader reader = new DerReader();
            reader.Reset(_buffer, _altNamesOffset, _altNamesCount);
            while (!reader.IsAtEnd)
            {
                bool isKind = reader.Tag == DerTag.Context + kind;
                reader.ReadAny();
                if (isKind && index-- == 0)
                {
                    return kind == AltNameKind.Ip
                        ? IpAddress.Text(_buffer, reader.Offset, reader.Length)
                        : NameReader.Text(DerTag.Utf8String, _buffer, reader.Offset, reader.Length);
                }
            }

            return null;
        }

        /// <summary>Whether the certificate allows a use: any bit of these, or no limit at all.</summary>
        /// <param name="uses">Bits of <see cref="KeyUsages"/>.</param>
        public bool Allows(int uses)
        {
            return _keyUsage < 0 || (_keyUsage & uses) != 0;
        }

        /// <summary>Whether the certificate allows a purpose, by name or as any purpose, or does not limit it.</summary>
        /// <param name="purposes">Bits of <see cref="ExtendedKeyUsages"/>.</param>
        public bool AllowsPurpose(int purposes)
        {
            return _extendedKeyUsage < 0 || (_extendedKeyUsage & (purposes | ExtendedKeyUsages.Any)) != 0;
        }

        /// <summary>Whether this certificate's issuer may be the subject of the other: key identifiers that do not differ, and equal names.</summary>
        internal bool NamesAsIssuer(DtlsCertificate issuer, ref int turns)
        {
            return (_authorityKeyIdCount == 0 || issuer._subjectKeyIdCount == 0 || Bytes.AreEqual(
                    _buffer, _authorityKeyIdOffset, _authorityKeyIdCount, issuer._buffer, issuer._subjectKeyIdOffset, issuer._subjectKeyIdCount))
                && DirectoryName.AreEqual(_buffer, _issuerOffset, _issuerCount, issuer._buffer, issuer._subjectOffset, issuer._subjectCount, ref turns);
        }

        /// <summary>Whether both have the same name and the same key, so that one adds nothing behind the other.</summary>
        internal bool IsSameSubject(DtlsCertificate other, ref int turns)
        {
            return Bytes.AreEqual(_buffer, _keyInfoOffset, _keyInfoCount, other._buffer, other._keyInfoOffset, other._keyInfoCount)
                && DirectoryName.AreEqual(_buffer, _subjectOffset, _subjectCount, other._buffer, other._subjectOffset, other._subjectCount, ref turns);
        }

        private void ClearExtensions()
        {
            _isAuthority = false;
            _pathLength = -1;
            _keyUsage = -1;
            _extendedKeyUsage = -1;
            _altNamesCount = 0;
            _permittedCount = 0;
            _excludedCount = 0;
            _subjectKeyIdCount = 0;
            _authorityKeyIdCount = 0;
        }

        private void ReadExtensions(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            int first = reader.Position;
            int count = 0;
            do
            {
                reader.Enter(DerTag.Sequence);
                int oid = reader.Position;
                long number = reader.ReadOid();
                int oidCount = reader.Position - oid;
                if (++count > MaxExtensions || IsRepeated(reader.Buffer, first, count - 1, oid, oidCount))
                {
                    reader.Fail();
                }

                bool isCritical = reader.Tag == DerTag.Boolean && reader.ReadBoolean();
                reader.Enter(DerTag.OctetString);
                if (!ReadExtension(reader, number, isCritical))
                {
                    reader.SkipRest();
                    if (isCritical)
                    {
                        _flaw = DtlsError.UnsupportedCertificate;
                    }
                }

                reader.Leave();
                reader.Leave();
            }
            while (!reader.IsAtEnd);
            reader.Leave();
        }

        /// <summary>Whether one of the extensions before has this identifier. They were read, so their form is right.</summary>
        private static bool IsRepeated(byte[] buffer, int first, int count, int oid, int oidCount)
        {
            int at = first;
            for (int i = 0; i < count; i++)
            {
                int content = DerReader.ContentOf(buffer, at);
                if (Bytes.AreEqual(buffer, content, oidCount, buffer, oid, oidCount))
                {
                    return true;
                }

                at = DerReader.EndOf(buffer, at);
            }

            return false;
        }

        /// <summary>Reads an extension's value; false where the extension is not known, or holds what we do not honour.</summary>
        private bool ReadExtension(DerReader reader, long oid, bool isCritical)
        {
            switch (oid)
            {
                case Oid.BasicConstraints: ReadBasicConstraints(reader); return true;
                case Oid.KeyUsage: ReadKeyUsage(reader); return true;
                case Oid.ExtendedKeyUsage: ReadExtendedKeyUsage(reader); return true;
                case Oid.SubjectAltName:
                    if (reader.Read(DerTag.Sequence) && reader.Length == 0)
                    {
                        reader.Fail();
                    }

                    _altNamesOffset = reader.Offset;
                    _altNamesCount = reader.Length;
                    return true;
                case Oid.NameConstraints: ReadNameConstraints(reader); return true;
                case Oid.SubjectKeyIdentifier:
                    reader.Read(DerTag.OctetString);
                    _subjectKeyIdOffset = reader.Offset;
                    _subjectKeyIdCount = reader.Length;
                    return true;
                case Oid.AuthorityKeyIdentifier:
                    _authorityKeyIdOffset = ReadAuthorityKeyId(reader, out _authorityKeyIdCount);
                    return true;
                case Oid.CertificatePolicies:
                case Oid.PolicyMappings:
                case Oid.InhibitAnyPolicy:
                    // Any policy will do for us, so nothing in these could make us refuse; policyConstraints could.
                    reader.ReadAny();
                    return true;
                default: return false;
            }
        }

        /// <summary>Where the key identifier of an authorityKeyIdentifier begins; its count is 0 where there is none.</summary>
        internal static int ReadAuthorityKeyId(DerReader reader, out int count)
        {
            int offset = 0;
            count = 0;
            reader.Enter(DerTag.Sequence);
            if (reader.Tag == DerTag.Context)
            {
                reader.ReadAny();
                offset = reader.Offset;
                count = reader.Length;
            }

            // The issuer's issuer and serial number: names are matched already.
            for (int i = 0; i < 2 && !reader.IsAtEnd; i++)
            {
                reader.ReadAny();
            }

            reader.Leave();
            return offset;
        }

        private void ReadBasicConstraints(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            _isAuthority = reader.Tag == DerTag.Boolean && reader.ReadBoolean();
            if (!reader.IsAtEnd)
            {
                _pathLength = reader.ReadSmall();
                if (_pathLength == MaxPathLength)
                {
                    _pathLength = -1;
                }
            }

            reader.Leave();
        }

        private void ReadKeyUsage(DerReader reader)
        {
            reader.Read(DerTag.BitString);
            int unused = reader.Length > 1 ? reader.Buffer[reader.Offset] : -1;
            if (unused < 0 || unused > 7 || reader.Length > 3 || (reader.Buffer[reader.Offset + reader.Length - 1] & ((1 << unused) - 1)) != 0)
            {
                reader.Fail();
                return;
            }

            // The highest bit of the first byte is bit 0.
            _keyUsage = 0;
            int value = reader.Buffer[reader.Offset + 1];
            for (int bit = 0; bit < 8; bit++)
            {
                _keyUsage |= ((value >> (7 - bit)) & 1) << bit;
            }
        }

        private void ReadExtendedKeyUsage(DerReader reader)
        {
            _extendedKeyUsage = 0;
            int count = 0;
            reader.Enter(DerTag.Sequence);
            do
            {
                if (++count > MaxPurposes)
                {
                    reader.Fail();
                }

                switch (reader.ReadOid())
                {
                    case Oid.ServerAuth: _extendedKeyUsage |= ExtendedKeyUsages.ServerAuth; break;
                    case Oid.ClientAuth: _extendedKeyUsage |= ExtendedKeyUsages.ClientAuth; break;
                    case Oid.AnyExtendedKeyUsage: _extendedKeyUsage |= ExtendedKeyUsages.Any; break;
                    default: _extendedKeyUsage |= ExtendedKeyUsages.Other; break;
                }
            }
            while (!reader.IsAtEnd);
            reader.Leave();
        }

        /// <summary>Where the subtrees stand; their form is looked at later.</summary>
        private void ReadNameConstraints(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            bool isEmpty = reader.IsAtEnd;
            if (reader.Tag == DerTag.ContextConstructed)
            {
                reader.ReadAny();
                _permittedOffset = reader.Offset;
                _permittedCount = reader.Length;
                isEmpty |= reader.Length == 0;
            }

            if (reader.Tag == DerTag.ContextConstructed + 1)
            {
                reader.ReadAny();
                _excludedOffset = reader.Offset;
                _excludedCount = reader.Length;
                isEmpty |= reader.Length == 0;
            }

            if (isEmpty)
            {
                reader.Fail();
            }

            reader.Leave();
        }
    }
}

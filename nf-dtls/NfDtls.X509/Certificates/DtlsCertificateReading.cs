namespace NfDtls.X509
{
    // RFC 5280 section 4.1: Certificate and TBSCertificate, in the order of their fields.
    public sealed partial class DtlsCertificate
    {
        private const int MaxSerialBytes = 21;

        private int _version;
        private int _tbsOffset;
        private int _tbsCount;
        private int _serialOffset;
        private int _serialCount;
        private int _issuerOffset;
        private int _issuerCount;
        private int _subjectOffset;
        private int _subjectCount;
        private int _commonName;
        private bool _isSelfIssued;
        private long _notBefore;
        private long _notAfter;
        private int _keyInfoOffset;
        private int _keyInfoCount;
        private int _scheme;
        private int _signatureOffset;
        private int _signatureCount;

        /// <summary>What makes the certificate unusable in any chain: its key or an extension.</summary>
        private DtlsError _flaw;

        /// <summary>1, 2 or 3.</summary>
        public int Version
        {
            get { return _version; }
        }

        /// <summary>Where the signed part (TBSCertificate) begins in <see cref="Buffer"/>.</summary>
        public int TbsOffset
        {
            get { return _tbsOffset; }
        }

        /// <summary>Bytes of the signed part.</summary>
        public int TbsCount
        {
            get { return _tbsCount; }
        }

        /// <summary>Where the serial number (a big-endian integer) begins in <see cref="Buffer"/>.</summary>
        public int SerialOffset
        {
            get { return _serialOffset; }
        }

        /// <summary>Bytes of the serial number.</summary>
        public int SerialCount
        {
            get { return _serialCount; }
        }

        /// <summary>Where the issuer's name (the DER of a Name) begins in <see cref="Buffer"/>.</summary>
        public int IssuerOffset
        {
            get { return _issuerOffset; }
        }

        /// <summary>Bytes of the issuer's name.</summary>
        public int IssuerCount
        {
            get { return _issuerCount; }
        }

        /// <summary>Where the subject's name (the DER of a Name) begins in <see cref="Buffer"/>.</summary>
        public int SubjectOffset
        {
            get { return _subjectOffset; }
        }

        /// <summary>Bytes of the subject's name; 2 where it is empty.</summary>
        public int SubjectCount
        {
            get { return _subjectCount; }
        }

        /// <summary>The subject's common name as text of at most 64 characters, null where it has none. For people to read: control characters and unknown bytes are ?.</summary>
        public string? CommonName
        {
            get { return _commonName < 0 ? null : NameReader.Text(_buffer[_commonName], _buffer, CommonNameOffset, CommonNameCount); }
        }

        /// <summary>Where the common name's content begins; -1 where there is none.</summary>
        internal int CommonNameOffset
        {
            get { return _commonName < 0 ? -1 : DerReader.ContentOf(_buffer, _commonName); }
        }

        internal int CommonNameCount
        {
            get { return DerReader.EndOf(_buffer, _commonName) - CommonNameOffset; }
        }

        /// <summary>The first second at which the certificate is valid: seconds since 1970 in UTC.</summary>
        public long NotBefore
        {
            get { return _notBefore; }
        }

        /// <summary>The last second at which it is valid: seconds since 1970 in UTC.</summary>
        public long NotAfter
        {
            get { return _notAfter; }
        }

        /// <summary>Where the SubjectPublicKeyInfo begins in <see cref="Buffer"/>: what a pin's hash is made of.</summary>
        public int KeyInfoOffset
        {
            get { return _keyInfoOffset; }
        }

        /// <summary>Bytes of the SubjectPublicKeyInfo.</summary>
        public int KeyInfoCount
        {
            get { return _keyInfoCount; }
        }

        /// <summary>The algorithm of the issuer's signature: a number of <see cref="SignatureScheme"/>; 0 for an unknown one, -1 for one that is too weak (SHA-1, MD5).</summary>
        public int SignatureAlgorithm
        {
            get { return _scheme; }
        }

        /// <summary>Where the issuer's signature begins in <see cref="Buffer"/>.</summary>
        public int SignatureOffset
        {
            get { return _signatureOffset; }
        }

        /// <summary>Bytes of the issuer's signature.</summary>
        public int SignatureCount
        {
            get { return _signatureCount; }
        }

        /// <summary>Whether issuer and subject have the same name.</summary>
        public bool IsSelfIssued
        {
            get { return _isSelfIssued; }
        }

        /// <summary>
        /// Why no chain can hold this certificate: UnsupportedCertificate (key, or critical extension) or CertificateTooWeak
        /// (an RSA key below 2048 bits); else None.
        /// </summary>
        public DtlsError Flaw
        {
            get { return _flaw; }
        }

        /// <summary>
        /// Points at a certificate and reads it; BadCertificate where it is malformed, and the object must not be used then.
        /// Never throws, whatever the bytes. The range must lie within the array.
        /// </summary>
        internal DtlsError Read(byte[] der, int offset, int count)
        {
            return ReadWhole(new DerReader(), der, offset, count);
        }

        /// <summary>
        /// The same but for the lists of names, which may be long: their form is for <see cref="CheckLists"/> to see before
        /// anything else is done with them. So much costs little, whatever the bytes.
        /// </summary>
        internal DtlsError Read(DerReader reader, byte[] der, int offset, int count)
        {
            Clear();
            _buffer = der;
            _offset = offset;
            _count = count;
            reader.Reset(der, offset, count);
            reader.Enter(DerTag.Sequence);
            int tbs = reader.Position;
            reader.Enter(DerTag.Sequence);
            int inner = ReadBody(reader, out int innerCount);
            reader.Leave();
            _tbsOffset = tbs;
            _tbsCount = reader.Position - tbs;

            int outer = reader.Position;
            AlgorithmReader.Read(reader);
            if (!Bytes.AreEqual(der, inner, innerCount, der, outer, reader.Position - outer))
            {
                reader.Fail();
            }

            reader.ReadBits();
            _signatureOffset = reader.Offset;
            _signatureCount = reader.Length;
            reader.Leave();
            if (reader.Failed || !reader.IsAtEnd)
            {
                Clear();
                return DtlsError.BadCertificate;
            }

            _isSelfIssued = DirectoryName.AreEqual(der, _issuerOffset, _issuerCount, der, _subjectOffset, _subjectCount);
            return DtlsError.None;
        }

        private DtlsError ReadWhole(DerReader reader, byte[] der, int offset, int count)
        {
            int list = AltNameList;
            int at = 0;
            int turns = int.MaxValue;
            DtlsError error = Read(reader, der, offset, count);
            if (error == DtlsError.None && !CheckLists(reader, ref list, ref at, ref turns))
            {
                Clear();
                return DtlsError.BadCertificate;
            }

            return error;
        }

        /// <summary>Forgets the buffer.</summary>
        internal void Clear()
        {
            _key.Clear();
            _buffer = null;
            _flaw = DtlsError.None;
            ClearExtensions();
        }

        /// <summary>Reads what stands in the TBSCertificate; the result is where its AlgorithmIdentifier begins.</summary>
        private int ReadBody(DerReader reader, out int algorithmCount)
        {
            _version = 1;
            if (reader.Tag == DerTag.ContextConstructed)
            {
                reader.Enter(DerTag.ContextConstructed);
                int value = reader.ReadSmall();
                reader.Leave();
                _version = value + 1;
                if (value < 1 || value > 2)   // version 1 is the default, which DER leaves out
                {
                    reader.Fail();
                }
            }

            if (reader.ReadInteger() && reader.Length > MaxSerialBytes)
            {
                reader.Fail();
            }

            _serialOffset = reader.Offset;
            _serialCount = reader.Length;
            int algorithm = reader.Position;
            _scheme = AlgorithmReader.Read(reader);
            algorithmCount = reader.Position - algorithm;

            _issuerOffset = reader.Position;
            NameReader.Read(reader);
            _issuerCount = reader.Position - _issuerOffset;
            if (_issuerCount == 2)
            {
                reader.Fail();
            }

            reader.Enter(DerTag.Sequence);
            _notBefore = DerTime.Read(reader);
            _notAfter = DerTime.Read(reader);
            reader.Leave();

            _subjectOffset = reader.Position;
            _commonName = NameReader.Read(reader);
            _subjectCount = reader.Position - _subjectOffset;

            _keyInfoOffset = reader.Position;
            _flaw = SubjectKeyReader.Read(reader, _key);
            _keyInfoCount = reader.Position - _keyInfoOffset;

            // issuerUniqueID and subjectUniqueID: bit strings that nobody uses.
            for (int i = 1; i <= 2; i++)
            {
                if (_version > 1 && reader.Tag == DerTag.Context + i)
                {
                    reader.Read(DerTag.Context + i);
                }
            }

            if (_version == 3 && reader.Tag == DerTag.ContextConstructed + 3)
            {
                reader.Enter(DerTag.ContextConstructed + 3);
                ReadExtensions(reader);
                reader.Leave();
            }

            return algorithm;
        }
    }
}

using System;

namespace NfDtls.X509
{
    /// <summary>
    /// A certificate revocation list (RFC 5280 section 5) inside the caller's array: it is read in place and never copied. Only
    /// complete lists that an authority makes of its own certificates: no deltas, no indirect lists, no distribution points.
    /// </summary>
    public sealed class RevocationList
    {
        private readonly byte[] _buffer;
        private int _tbsOffset;
        private int _tbsCount;
        private int _scheme;
        private int _issuerOffset;
        private int _issuerCount;
        private long _thisUpdate;
        private long _nextUpdate = -1;
        private int _entriesOffset;
        private int _entriesEnd;
        private int _signatureOffset;
        private int _signatureCount;

        /// <summary>Reads a list of an array that holds nothing else, in DER, which is used in place, or in PEM, which is decoded once.</summary>
        /// <exception cref="ArgumentException">It is malformed, or of a kind that is not supported.</exception>
        public RevocationList(byte[] derOrPem)
        {
            if (derOrPem == null)
            {
                throw new ArgumentNullException("derOrPem");
            }

            _buffer = derOrPem;
            if (Pem.IsText(derOrPem))
            {
                Pem pem = new Pem(derOrPem);
                _buffer = null;
                while (_buffer == null && pem.Next())
                {
                    _buffer = pem.Is("X509 CRL") ? pem.Decode() : null;
                }
            }

            DerReader reader = new DerReader();
            if (_buffer == null || !Read(reader))
            {
                throw new ArgumentException("This is no well-formed revocation list that a certificate authority makes of its own certificates.", "derOrPem");
            }

            if (_scheme <= 0)
            {
                throw new ArgumentException("The revocation list is signed with an algorithm that is unknown or too weak.", "derOrPem");
            }
        }

        /// <summary>When the list was made: seconds since 1970 in UTC.</summary>
        public long ThisUpdate
        {
            get { return _thisUpdate; }
        }

        /// <summary>When the next one is due: seconds since 1970 in UTC; -1 where it does not say.</summary>
        public long NextUpdate
        {
            get { return _nextUpdate; }
        }

        internal byte[] Buffer
        {
            get { return _buffer; }
        }

        internal int TbsOffset
        {
            get { return _tbsOffset; }
        }

        internal int TbsCount
        {
            get { return _tbsCount; }
        }

        internal int SignatureAlgorithm
        {
            get { return _scheme; }
        }

        internal int SignatureOffset
        {
            get { return _signatureOffset; }
        }

        internal int SignatureCount
        {
            get { return _signatureCount; }
        }

        /// <summary>Where a search begins.</summary>
        internal int FirstEntry
        {
            get { return _entriesOffset; }
        }

        /// <summary>Whether this list is of the authority that issued the certificate, by its name.</summary>
        internal bool IsAbout(DtlsCertificate certificate, ref int turns)
        {
            return DirectoryName.AreEqual(_buffer, _issuerOffset, _issuerCount, certificate.Buffer, certificate.IssuerOffset, certificate.IssuerCount, ref turns);
        }

        /// <summary>
        /// Looks at entries from a place on, one a turn. The result is where to go on, -1 when the serial number was found, 0
        /// when the list is over.
        /// </summary>
        internal int Search(DtlsCertificate certificate, int at, ref int turns)
        {
            while (at < _entriesEnd)
            {
                if (turns <= 0)
                {
                    return at;
                }

                turns--;

                int serial = DerReader.ContentOf(_buffer, at);
                int content = DerReader.ContentOf(_buffer, serial);
                int count = DerReader.EndOf(_buffer, serial) - content;
                if (Bytes.AreEqual(_buffer, content, count, certificate.Buffer, certificate.SerialOffset, certificate.SerialCount))
                {
                    return -1;
                }

                at = DerReader.EndOf(_buffer, at);
            }

            return 0;
        }

        private bool Read(DerReader reader)
        {
            reader.Reset(_buffer, 0, _buffer.Length);
            reader.Enter(DerTag.Sequence);
            _tbsOffset = reader.Position;
            reader.Enter(DerTag.Sequence);
            bool hasVersion = reader.Tag == DerTag.Integer;
            if (hasVersion && reader.ReadSmall() != 1)
            {
                reader.Fail();
            }

            int inner = reader.Position;
            _scheme = AlgorithmReader.Read(reader);
            int innerCount = reader.Position - inner;
            _issuerOffset = reader.Position;
            NameReader.Read(reader);
            _issuerCount = reader.Position - _issuerOffset;
            _thisUpdate = DerTime.Read(reader);
            if (reader.Tag == DerTag.UtcTime || reader.Tag == DerTag.GeneralizedTime)
            {
                _nextUpdate = DerTime.Read(reader);
            }

            if (reader.Tag == DerTag.Sequence)
            {
                ReadEntries(reader);
            }

            if (hasVersion && reader.Tag == DerTag.ContextConstructed)
            {
                reader.Enter(DerTag.ContextConstructed);
                ReadExtensions(reader);
                reader.Leave();
            }

            reader.Leave();
            _tbsCount = reader.Position - _tbsOffset;
            int outer = reader.Position;
            AlgorithmReader.Read(reader);
            if (!Bytes.AreEqual(_buffer, inner, innerCount, _buffer, outer, reader.Position - outer))
            {
                reader.Fail();
            }

            reader.ReadBits();
            _signatureOffset = reader.Offset;
            _signatureCount = reader.Length;
            reader.Leave();
            return !reader.Failed && reader.IsAtEnd;
        }

        private void ReadEntries(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            _entriesOffset = reader.Position;
            while (!reader.IsAtEnd)
            {
                reader.Enter(DerTag.Sequence);
                reader.ReadInteger();
                DerTime.Read(reader);
                if (!reader.IsAtEnd)
                {
                    ReadExtensions(reader);
                }

                reader.Leave();
            }

            _entriesEnd = reader.Position;
            reader.Leave();
        }

        /// <summary>Extensions of the list or of an entry: none that is critical is supported, nor any that makes the list a part of something.</summary>
        private static void ReadExtensions(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            do
            {
                reader.Enter(DerTag.Sequence);
                long oid = reader.ReadOid();
                bool isCritical = reader.Tag == DerTag.Boolean && reader.ReadBoolean();
                reader.Read(DerTag.OctetString);
                reader.Leave();
                if (isCritical || oid == Oid.DeltaCrlIndicator || oid == Oid.IssuingDistributionPoint)
                {
                    reader.Fail();
                }
            }
            while (!reader.IsAtEnd);
            reader.Leave();
        }
    }
}

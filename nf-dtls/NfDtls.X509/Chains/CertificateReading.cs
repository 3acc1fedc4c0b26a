namespace NfDtls.X509
{
    /// <summary>Reads the certificates of a list one after the other, a part a step: however long their lists of names are, no step is.</summary>
    internal sealed class CertificateReading
    {
        // A certificate without its lists of names costs about as much as so many names.
        private const int TurnsACertificate = 64;

        private readonly DtlsCertificate[] _received;
        private readonly DerReader _reader = new DerReader();
        private byte[] _buffer;
        private int _at;
        private int _end;
        private int _count;
        private int _list;
        private int _name;

        internal CertificateReading(DtlsCertificate[] received)
        {
            _received = received;
        }

        /// <summary>How many certificates there are, of which the last one may be read in part.</summary>
        internal int Count
        {
            get { return _count; }
        }

        /// <summary>Takes a certificate_list (RFC 5246 section 7.4.2) without its own length, and looks at the lengths in it. To be cleared before.</summary>
        internal DtlsError Begin(WireReader wire, byte[] buffer, int offset, int count)
        {
            if (count == 0)
            {
                return DtlsError.CertificateMissing;
            }

            int certificates = 0;
            wire.Reset(buffer, offset, count);
            while (!wire.IsAtEnd)
            {
                int length = wire.ReadUInt24();
                wire.Skip(length);
                if (wire.Failed || length == 0)
                {
                    return DtlsError.DecodeError;
                }

                if (++certificates > _received.Length)
                {
                    return DtlsError.CertificateChainTooLarge;
                }
            }

            _buffer = buffer;
            _at = offset;
            _end = offset + count;
            return DtlsError.None;
        }

        /// <summary>Works on as long as there are turns; true at the end, with the outcome.</summary>
        internal bool Step(ref int turns, out DtlsError error)
        {
            error = DtlsError.None;
            while (turns > 0 && error == DtlsError.None)
            {
                if (_list <= DtlsCertificate.ExcludedList)
                {
                    bool isGood = _received[_count - 1].CheckLists(_reader, ref _list, ref _name, ref turns);
                    error = isGood ? DtlsError.None : DtlsError.BadCertificate;
                }
                else if (_at < _end)
                {
                    int length = (_buffer[_at] << 16) | (_buffer[_at + 1] << 8) | _buffer[_at + 2];
                    error = _received[_count++].Read(_reader, _buffer, _at + 3, length);
                    _at += 3 + length;
                    _list = DtlsCertificate.AltNameList;
                    _name = 0;
                    turns -= TurnsACertificate;
                }
                else
                {
                    return true;
                }
            }

            return error != DtlsError.None;
        }

        /// <summary>Forgets the peer's bytes.</summary>
        internal void Clear()
        {
            while (_count > 0)
            {
                _received[--_count].Clear();
            }

            _buffer = null;
            _at = 0;
            _end = 0;
            _list = DtlsCertificate.ExcludedList + 1;
        }
    }
}

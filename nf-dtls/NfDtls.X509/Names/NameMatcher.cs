namespace NfDtls.X509
{
    /// <summary>Whether a certificate is for a host name or an IP address (RFC 9525), a few of its names a step.</summary>
    internal sealed class NameMatcher
    {
        private readonly byte[] _address = new byte[IpAddress.MaxLength];
        private DtlsCertificate _certificate;
        private string _expected;
        private int _length;
        private int _addressCount;
        private bool _allowCommonName;
        private bool _hasNames;
        private int _at;

        /// <summary>Whether the name was found.</summary>
        internal bool IsMatch { get; private set; }

        /// <summary>
        /// Begins to compare the expected name with subjectAltName: an IP address with those of type iPAddress, anything else
        /// with those of type dNSName. The subject's common name counts only where that is allowed, the expected name is no IP
        /// address and subjectAltName holds no dNSName and no iPAddress.
        /// </summary>
        /// <param name="certificate">The certificate, whose names were read.</param>
        /// <param name="expected">The name, in ASCII (an internationalised one as A-labels).</param>
        /// <param name="allowCommonName">Whether the common name may stand in.</param>
        internal void Begin(DtlsCertificate certificate, string expected, bool allowCommonName)
        {
            _certificate = certificate;
            _expected = expected;
            _length = LengthOf(expected);
            _addressCount = IpAddress.Parse(expected, _address);
            _allowCommonName = allowCommonName && _addressCount == 0;
            _hasNames = false;
            _at = certificate.ListOffset(DtlsCertificate.AltNameList);
            IsMatch = false;
            if (_addressCount == 0 && IsNumeric(expected, _length))
            {
                _length = 0;
            }
        }

        /// <summary>Works on as long as there are turns; true at the end.</summary>
        internal bool Step(ref int turns)
        {
            byte[] buffer = _certificate.Buffer;
            int end = _length == 0 ? 0 : _certificate.ListEnd(DtlsCertificate.AltNameList);
            while (_at < end)
            {
                if (turns <= 0)
                {
                    return false;
                }

                int form = buffer[_at];
                int content = DerReader.ContentOf(buffer, _at);
                _at = DerReader.EndOf(buffer, _at);
                int count = _at - content;
                turns--;
                _hasNames |= form == GeneralNames.Dns || form == GeneralNames.Ip;
                bool isHost = form == GeneralNames.Dns && _addressCount == 0;
                bool isAddress = form == GeneralNames.Ip && _addressCount > 0;
                if ((isHost && MatchesHost(buffer, content, count, ref turns)) || (isAddress && Bytes.AreEqual(buffer, content, count, _address, 0, _addressCount)))
                {
                    IsMatch = true;
                    return true;
                }
            }

            IsMatch = _allowCommonName && !_hasNames && _length > 0 && _certificate.CommonNameOffset >= 0
                && MatchesHost(buffer, _certificate.CommonNameOffset, _certificate.CommonNameCount, ref turns);
            return true;
        }

        /// <summary>All of it at once, for a certificate of the application's.</summary>
        internal static bool Matches(DtlsCertificate certificate, string expected, bool allowCommonName)
        {
            NameMatcher matcher = new NameMatcher();
            int turns = int.MaxValue;
            matcher.Begin(certificate, expected, allowCommonName);
            matcher.Step(ref turns);
            return matcher.IsMatch;
        }

        /// <summary>The length without the dot of a fully qualified name.</summary>
        private static int LengthOf(string name)
        {
            int length = name.Length;
            return length > 1 && name[length - 1] == '.' ? length - 1 : length;
        }

        /// <summary>Whether the last label has digits alone: some way to write an address, and no host name (RFC 1123 section 2.1).</summary>
        private static bool IsNumeric(string name, int length)
        {
            int at = length;
            while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
            {
                at--;
            }

            return at < length && (at == 0 || name[at - 1] == '.');
        }

        /// <summary>Without regard to case; a pattern of *. and at least two labels stands for any one label before them.</summary>
        private bool MatchesHost(byte[] buffer, int offset, int count, ref int turns)
        {
            int from = 0;
            if (count > 2 && buffer[offset] == '*' && buffer[offset + 1] == '.')
            {
                offset++;
                count--;
                while (from < _length && _expected[from] != '.')
                {
                    from++;
                }

                if (from == 0 || count != _length - from || !HasTwoLabels(buffer, offset, count))
                {
                    return false;
                }
            }

            if (count != _length - from)
            {
                return false;
            }

            turns -= count >> 3;
            for (int i = 0; i < count; i++)
            {
                int wanted = _expected[from + i];
                if (Bytes.Lower(buffer[offset + i]) != Bytes.Lower(wanted) || !IsHostCharacter(wanted))
                {
                    return false;
                }
            }

            return true;
        }

        private static bool HasTwoLabels(byte[] buffer, int offset, int count)
        {
            for (int i = 2; i < count - 1; i++)
            {
                if (buffer[offset + i] == '.')
                {
                    return true;
                }
            }

            return false;
        }

        private static bool IsHostCharacter(int value)
        {
            int lower = Bytes.Lower(value);
            return (lower >= 'a' && lower <= 'z') || (value >= '0' && value <= '9') || value == '-' || value == '.' || value == '_';
        }
    }
}

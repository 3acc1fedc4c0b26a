namespace NfDtls.X509
{
    /// <summary>Whether a certificate is for a host name or an IP address (RFC 9525).</summary>
    internal static class NameMatcher
    {
        /// <summary>
        /// Compares the expected name with subjectAltName: an IP address with those of type iPAddress, anything else with those
        /// of type dNSName. The subject's common name counts only where that is allowed, the expected name is no IP address and
        /// subjectAltName holds no dNSName and no iPAddress.
        /// </summary>
        /// <param name="reader">Scratch.</param>
        /// <param name="address">Scratch of <see cref="IpAddress.MaxLength"/> bytes.</param>
        /// <param name="certificate">The certificate.</param>
        /// <param name="expected">The name, in ASCII (an internationalised one as A-labels).</param>
        /// <param name="allowCommonName">Whether the common name may stand in.</param>
        internal static bool Matches(DerReader reader, byte[] address, DtlsCertificate certificate, string expected, bool allowCommonName)
        {
            int length = LengthOf(expected);
            if (length == 0)
            {
                return false;
            }

            byte[] buffer = certificate.Buffer;
            int addressCount = IpAddress.Parse(expected, address);
            bool hasNames = false;
            reader.Reset(buffer, certificate.AltNamesOffset, certificate.AltNamesCount);
            while (!reader.IsAtEnd)
            {
                int kind = reader.Tag - DerTag.Context;
                reader.ReadAny();
                hasNames |= kind == AltNameKind.Dns || kind == AltNameKind.Ip;
                if (addressCount > 0)
                {
                    if (kind == AltNameKind.Ip && Bytes.AreEqual(buffer, reader.Offset, reader.Length, address, 0, addressCount))
                    {
                        return true;
                    }
                }
                else if (kind == AltNameKind.Dns && MatchesHost(buffer, reader.Offset, reader.Length, expected, length))
                {
                    return true;
                }
            }

            return allowCommonName && !hasNames && addressCount == 0 && certificate.CommonNameOffset >= 0
                && MatchesHost(buffer, certificate.CommonNameOffset, certificate.CommonNameCount, expected, length);
        }

        /// <summary>The length without the dot of a fully qualified name.</summary>
        private static int LengthOf(string name)
        {
            int length = name.Length;
            return length > 1 && name[length - 1] == '.' ? length - 1 : length;
        }

        /// <summary>Without regard to case; a pattern of *. and at least two labels stands for any one label before them.</summary>
        private static bool MatchesHost(byte[] buffer, int offset, int count, string expected, int length)
        {
            int from = 0;
            if (count > 2 && buffer[offset] == '*' && buffer[offset + 1] == '.')
            {
                offset++;
                count--;
                while (from < length && expected[from] != '.')
                {
                    from++;
                }

                if (from == 0 || !HasTwoLabels(buffer, offset, count))
                {
                    return false;
                }
            }

            if (count != length - from)
            {
                return false;
            }

            for (int i = 0; i < count; i++)
            {
                int wanted = expected[from + i];
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

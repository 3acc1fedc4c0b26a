namespace NfDtls.X509
{
    /// <summary>
    /// The nameConstraints extension (RFC 5280 section 4.2.1.10). Honoured: host names, IP addresses, and permitted directory
    /// names, byte by byte. An excluded directory name is not: a name written in another way would get past it.
    /// </summary>
    internal static class NameConstraints
    {
        private const int Permitted = DerTag.ContextConstructed;
        private const int Excluded = DerTag.ContextConstructed + 1;
        private const int Dns = DerTag.Context + AltNameKind.Dns;
        private const int Ip = DerTag.Context + AltNameKind.Ip;
        private const int Directory = DerTag.ContextConstructed + 4;

        /// <summary>Goes over the extension's value; false where it holds what we do not honour.</summary>
        internal static bool Read(DerReader reader)
        {
            bool isHonoured = true;
            reader.Enter(DerTag.Sequence);
            do
            {
                int list = reader.Tag;
                if (list != Permitted && list != Excluded)
                {
                    reader.Fail();
                }

                reader.Enter(list);
                do
                {
                    reader.Enter(DerTag.Sequence);
                    isHonoured &= ReadForm(reader, list);
                    if (!reader.IsAtEnd)
                    {
                        isHonoured = false;   // minimum or maximum
                        reader.SkipRest();
                    }

                    reader.Leave();
                }
                while (!reader.IsAtEnd);
                reader.Leave();
            }
            while (!reader.IsAtEnd);
            reader.Leave();
            return isHonoured;
        }

        /// <summary>Whether a certificate's names obey what an authority's certificate demands. Both were read.</summary>
        /// <param name="reader">Scratch.</param>
        /// <param name="names">More scratch.</param>
        /// <param name="authority">The certificate with the constraints.</param>
        /// <param name="certificate">The certificate whose names are looked at.</param>
        /// <param name="withCommonName">Whether the common name stands in for a host name where there is none.</param>
        internal static bool Allow(DerReader reader, DerReader names, DtlsCertificate authority, DtlsCertificate certificate, bool withCommonName)
        {
            byte[] buffer = certificate.Buffer;
            if (certificate.SubjectCount > 2
                && !AllowsName(reader, authority, Directory, buffer, certificate.SubjectOffset, certificate.SubjectCount))
            {
                return false;
            }

            bool hasHost = false;
            names.Reset(buffer, certificate.AltNamesOffset, certificate.AltNamesCount);
            while (!names.IsAtEnd)
            {
                int form = names.Tag;
                names.ReadAny();
                hasHost |= form == Dns || form == Ip;
                if (!AllowsName(reader, authority, form, buffer, names.Offset, names.Length))
                {
                    return false;
                }
            }

            return hasHost || !withCommonName || certificate.CommonNameOffset < 0
                || AllowsName(reader, authority, Dns, buffer, certificate.CommonNameOffset, certificate.CommonNameCount);
        }

        private static bool ReadForm(DerReader reader, int list)
        {
            int form = reader.Tag;
            if (form == Directory)
            {
                reader.Enter(Directory);
                NameReader.Read(reader, out _);
                reader.Leave();
                return list == Permitted;
            }

            reader.ReadAny();
            if (form == Ip && reader.Length != 8 && reader.Length != 32)
            {
                reader.Fail();
            }

            return form == Dns || form == Ip;
        }

        /// <summary>Whether a name is in none of the excluded subtrees of its form, and in one of the permitted where there are any.</summary>
        private static bool AllowsName(DerReader reader, DtlsCertificate authority, int form, byte[] buffer, int offset, int count)
        {
            bool mustBeIn = false;
            bool isIn = false;
            byte[] constraints = authority.Buffer;
            reader.Reset(constraints, authority.NameConstraintsOffset, authority.NameConstraintsCount);
            reader.Enter(DerTag.Sequence);
            while (!reader.IsAtEnd)
            {
                bool isPermitted = reader.Tag == Permitted;
                reader.Enter(reader.Tag);
                while (!reader.IsAtEnd)
                {
                    reader.Enter(DerTag.Sequence);
                    int tag = reader.Tag;
                    reader.ReadAny();
                    int at = reader.Offset;
                    int length = reader.Length;
                    reader.SkipRest();
                    reader.Leave();
                    if (tag != form)
                    {
                        continue;
                    }

                    if (isPermitted)
                    {
                        mustBeIn = true;
                        isIn |= IsWithin(form, buffer, offset, count, constraints, at, length, false);
                    }
                    else if (IsWithin(form, buffer, offset, count, constraints, at, length, true))
                    {
                        return false;
                    }
                }

                reader.Leave();
            }

            return isIn || !mustBeIn;
        }

        private static bool IsWithin(int form, byte[] buffer, int offset, int count, byte[] constraints, int at, int length, bool isExcluded)
        {
            if (form == Ip)
            {
                return IsInNetwork(buffer, offset, count, constraints, at, length);
            }

            if (form == Dns)
            {
                // What a wildcard stands for may be the excluded name itself, or below it.
                bool isWildcard = isExcluded && count > 2 && buffer[offset] == '*' && buffer[offset + 1] == '.';
                return IsInDomain(buffer, offset, count, constraints, at, length)
                    || (isWildcard && IsInDomain(constraints, at, length, buffer, offset + 2, count - 2));
            }

            if (form != Directory)
            {
                return false;   // never asked: Read said that such a form is not honoured
            }

            // The content of a sequence of sets: a beginning that is equal ends where a set ends.
            int name = DerReader.ContentOf(buffer, offset);
            int wanted = DerReader.ContentOf(constraints, at);
            return Bytes.StartsWith(buffer, name, offset + count - name, constraints, wanted, at + length - wanted);
        }

        /// <summary>A domain holds itself and what is below it; one that begins with a dot, only what is below; an empty one, everything.</summary>
        private static bool IsInDomain(byte[] buffer, int offset, int count, byte[] domain, int at, int length)
        {
            int more = count - length;
            if (length == 0 || more < 0)
            {
                return length == 0;
            }

            for (int i = 0; i < length; i++)
            {
                if (Bytes.Lower(buffer[offset + more + i]) != Bytes.Lower(domain[at + i]))
                {
                    return false;
                }
            }

            return domain[at] == '.' ? more > 0 : more == 0 || buffer[offset + more - 1] == '.';
        }

        private static bool IsInNetwork(byte[] buffer, int offset, int count, byte[] network, int at, int length)
        {
            if (length != 2 * count)
            {
                return false;
            }

            for (int i = 0; i < count; i++)
            {
                if (((buffer[offset + i] ^ network[at + i]) & network[at + count + i]) != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

namespace NfDtls.X509
{
    /// <summary>
    /// Whether a name lies within a subtree of nameConstraints (RFC 5280 section 4.2.1.10), by the rules of its form: host names,
    /// IP addresses, directory names, mail addresses and URIs. Both were read.
    /// </summary>
    internal static class NameConstraints
    {
        /// <summary>Whether the rules of a form of names are known; a certificate with a name of another, constrained form is refused.</summary>
        internal static bool IsKnown(int form)
        {
            return form == GeneralNames.Dns || form == GeneralNames.Ip || form == GeneralNames.Directory || form == GeneralNames.Email || form == GeneralNames.Uri;
        }

        /// <summary>Whether a name is within a subtree. What cannot be told counts as within an excluded one and outside of a permitted one.</summary>
        /// <param name="form">The form of both: a tag of <see cref="GeneralNames"/>.</param>
        /// <param name="buffer">Holds the name.</param>
        /// <param name="offset">Where its content begins.</param>
        /// <param name="count">Bytes of it.</param>
        /// <param name="subtrees">Holds the subtree.</param>
        /// <param name="at">Where its content begins.</param>
        /// <param name="length">Bytes of it.</param>
        /// <param name="isExcluded">Whether it is an excluded one.</param>
        /// <param name="turns">What was looked at is taken from it.</param>
        internal static bool IsWithin(int form, byte[] buffer, int offset, int count, byte[] subtrees, int at, int length, bool isExcluded, ref int turns)
        {
            turns -= length >> 3;
            switch (form)
            {
                case GeneralNames.Ip:
                    return IsInNetwork(buffer, offset, count, subtrees, at, length);
                case GeneralNames.Directory:
                    return DirectoryName.IsWithin(buffer, offset, offset + count, subtrees, at, at + length, isExcluded, ref turns);
                case GeneralNames.Dns:
                    // What a wildcard stands for may be the excluded name itself, or below it.
                    bool isWildcard = isExcluded && count > 2 && buffer[offset] == '*' && buffer[offset + 1] == '.';
                    return IsInDomain(buffer, offset, count, subtrees, at, length, true)
                        || (isWildcard && IsInDomain(subtrees, at, length, buffer, offset + 2, count - 2, true));
                case GeneralNames.Email:
                    return IsInMailbox(buffer, offset, count, subtrees, at, length, isExcluded);
                default:
                    return IsOnHost(buffer, offset, count, subtrees, at, length, isExcluded);
            }
        }

        /// <summary>
        /// A domain holds itself and, where that is asked for, what is below it; one that begins with a dot, only what is below;
        /// an empty one, everything.
        /// </summary>
        private static bool IsInDomain(byte[] buffer, int offset, int count, byte[] domain, int at, int length, bool andBelow)
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

            return domain[at] == '.' ? more > 0 : more == 0 || (andBelow && buffer[offset + more - 1] == '.');
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

        /// <summary>A mail address is one mailbox, or on a host, or on any host below a domain with a dot before it.</summary>
        private static bool IsInMailbox(byte[] buffer, int offset, int count, byte[] subtree, int at, int length, bool isExcluded)
        {
            int local = LastOf(buffer, offset, count, '@');
            if (local < 0)
            {
                return isExcluded;
            }

            int wanted = LastOf(subtree, at, length, '@');
            if (wanted >= 0 && !Bytes.AreEqual(buffer, offset, local, subtree, at, wanted))
            {
                return false;   // what stands before the @ may mind its case
            }

            return IsInDomain(buffer, offset + local + 1, count - local - 1, subtree, at + wanted + 1, length - wanted - 1, false);
        }

        /// <summary>A URI is on its host; one without, or with an address for one, is nowhere.</summary>
        private static bool IsOnHost(byte[] buffer, int offset, int count, byte[] subtree, int at, int length, bool isExcluded)
        {
            int end = offset + count;
            while (offset < end - 2 && (buffer[offset] != ':' || buffer[offset + 1] != '/' || buffer[offset + 2] != '/'))
            {
                offset++;
            }

            int begin = offset + 3;
            int behind = begin;
            bool isName = false;
            for (; behind < end && buffer[behind] != '/' && buffer[behind] != '?' && buffer[behind] != '#'; behind++)
            {
                if (buffer[behind] == '@')
                {
                    begin = behind + 1;   // that was a user's name
                }
            }

            offset = begin;
            while (offset < behind && buffer[offset] != ':')
            {
                isName |= Bytes.Lower(buffer[offset]) >= 'a';
                offset++;
            }

            return !isName || buffer[begin] == '[' ? isExcluded : IsInDomain(buffer, begin, offset - begin, subtree, at, length, false);
        }

        private static int LastOf(byte[] buffer, int offset, int count, int value)
        {
            int index = count - 1;
            while (index >= 0 && buffer[offset + index] != value)
            {
                index--;
            }

            return index;
        }
    }
}

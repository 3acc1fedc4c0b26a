namespace NfDtls.Samples.Provisioning
{
    /// <summary>The address of a CoAPs server (RFC 7252 section 6.2): coaps://HOST, with a port or without, and nothing behind it but a slash.</summary>
    internal sealed class ServerUri
    {
        /// <summary>Bytes of the longest one (LwM2M's Security object, resource 0).</summary>
        internal const int MaxLength = 255;

        private const string Scheme = "coaps://";
        private const int UsualPort = 5684;
        private const int MaxPort = 65535;

        internal string Host;
        internal int Port;

        /// <summary>Reads so many bytes; false where they are none.</summary>
        internal bool Read(byte[] bytes, int offset, int count)
        {
            int position = offset + Scheme.Length;
            int end = offset + count;
            if (count > MaxLength || count <= Scheme.Length || !HasScheme(bytes, offset))
            {
                return false;
            }

            if (bytes[end - 1] == '/')
            {
                end--;
            }

            bool isBracketed = bytes[position] == '[';
            int start = isBracketed ? position + 1 : position;
            position = start;
            while (position < end && (isBracketed ? bytes[position] != ']' : bytes[position] != ':'))
            {
                if (!IsOfHost(bytes[position], isBracketed))
                {
                    return false;
                }

                position++;
            }

            int length = position - start;
            if (length == 0 || length > Credentials.MaxHost || (isBracketed && position == end))
            {
                return false;
            }

            Host = TextOf(bytes, start, length);
            return ReadPort(bytes, isBracketed ? position + 1 : position, end);
        }

        private bool ReadPort(byte[] bytes, int position, int end)
        {
            Port = UsualPort;
            if (position == end)
            {
                return true;
            }

            if (bytes[position] != ':' || position + 1 == end || end - position > 6)
            {
                return false;
            }

            int port = 0;
            for (position++; position < end; position++)
            {
                if (bytes[position] < '0' || bytes[position] > '9')
                {
                    return false;
                }

                port = (port * 10) + bytes[position] - '0';
            }

            Port = port;
            return port > 0 && port <= MaxPort;
        }

        // Letters are the same in both cases in a scheme.
        private static bool HasScheme(byte[] bytes, int offset)
        {
            for (int i = 0; i < Scheme.Length; i++)
            {
                int letter = bytes[offset + i] >= 'A' && bytes[offset + i] <= 'Z' ? bytes[offset + i] | 0x20 : bytes[offset + i];
                if (letter != Scheme[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>A name's letters, digits, dots and hyphens, which IPv4's addresses are made of, too; or an address of IPv6.</summary>
        private static bool IsOfHost(byte letter, bool isIpv6)
        {
            bool isDigit = (letter >= '0' && letter <= '9') || letter == '.';
            int small = letter | 0x20;
            return isDigit || (isIpv6 ? letter == ':' || (small >= 'a' && small <= 'f') : letter == '-' || letter == '_' || (letter != '@' && small >= 'a' && small <= 'z'));
        }

        private static string TextOf(byte[] bytes, int offset, int count)
        {
            char[] letters = new char[count];
            for (int i = 0; i < count; i++)
            {
                letters[i] = (char)bytes[offset + i];
            }

            return new string(letters);
        }
    }
}

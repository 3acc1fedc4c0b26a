namespace NfDtls.Samples.CertificateClient
{
    /// <summary>
    /// Addresses that have asked not to be asked again (RFC 4330 section 8), each for a day. Not the name: behind that of a pool stand
    /// thousands, and one of them does not speak for the others. And not for good: nobody signs a denial either, and a device that believed
    /// one for life could be silenced by a datagram.
    /// </summary>
    internal sealed class Denials
    {
        private const long Day = 24L * 3600 * 1000;
        private const int Most = 4;

        private readonly string[] _addresses = new string[Most];
        private readonly long[] _ends = new long[Most];
        private int _next;

        internal Denials()
        {
            for (int i = 0; i < Most; i++)
            {
                // On nanoCLR an element that nobody set is not null, and comparing it ends the program.
                _addresses[i] = null;
            }
        }

        /// <summary>An address denies. The fifth takes the first one's place.</summary>
        internal void Add(string address, long now)
        {
            _addresses[_next] = address;
            _ends[_next] = now + Day;
            _next = (_next + 1) % Most;
        }

        /// <summary>Whether an address is to be left alone still.</summary>
        internal bool Hold(string address, long now)
        {
            for (int i = 0; i < Most; i++)
            {
                if (_addresses[i] == address && now < _ends[i])
                {
                    return true;
                }
            }

            return false;
        }
    }
}

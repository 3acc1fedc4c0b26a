namespace NfDtls.X509
{
    /// <summary>
    /// Looks, depth first, for the certificates that may have issued the last one of a chain: trusted ones first, then those of
    /// the store, then those received. Each look costs turns, so that many authorities, or many of one name, take many steps.
    /// </summary>
    internal sealed class PathSearch
    {
        private readonly VerifiedChain _chain;
        private readonly DtlsCertificate[] _received;
        private readonly int[] _next;
        private StoreEntry[] _entries;
        private int _receivedCount;

        internal PathSearch(VerifiedChain chain, DtlsCertificate[] received)
        {
            _chain = chain;
            _received = received;
            _next = new int[chain.Capacity];
        }

        /// <summary>What was found last.</summary>
        internal DtlsCertificate Candidate { get; private set; }

        /// <summary>Whether that is a trusted one.</summary>
        internal bool IsTrusted { get; private set; }

        /// <summary>Begins with the peer's own certificate.</summary>
        internal void Begin(StoreEntry[] entries, int receivedCount)
        {
            _entries = entries;
            _receivedCount = receivedCount;
            _chain.Push(_received[0]);
            _next[0] = 0;
        }

        /// <summary>The candidate is the issuer, and its own is looked for next.</summary>
        internal void Descend()
        {
            _chain.Push(Candidate);
            _next[_chain.Count - 1] = 0;
        }

        /// <summary>
        /// Finds the next candidate for the chain's last certificate; where there is none any more, that certificate is taken
        /// away. False as well where the turns are used up, or the chain.
        /// </summary>
        internal bool Next(ref int turns)
        {
            while (turns > 0 && _chain.Count > 0)
            {
                int depth = _chain.Count - 1;
                if (_next[depth] == (2 * _entries.Length) + _receivedCount)
                {
                    _chain.Pop();
                    continue;
                }

                turns--;
                if (Take(_next[depth]++) && _chain.Last.NamesAsIssuer(Candidate, ref turns) && (IsTrusted || !_chain.Has(Candidate, ref turns)))
                {
                    return true;
                }
            }

            return false;
        }

        internal void Clear()
        {
            _entries = null;
            Candidate = null;
        }

        /// <summary>Whether there is a certificate at a place of the row.</summary>
        private bool Take(int index)
        {
            int known = _entries.Length;
            IsTrusted = index < known;
            if (index >= 2 * known)
            {
                Candidate = _received[index - (2 * known)];
                return true;
            }

            StoreEntry entry = _entries[index % known];
            Candidate = entry.Certificate;
            return entry.Kind == (IsTrusted ? EntryKind.Trusted : EntryKind.Intermediate);
        }
    }
}

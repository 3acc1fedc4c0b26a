namespace NfDtls.X509
{
    /// <summary>
    /// A peer's certificates after they were verified: from its own to the trusted one. They lie in the handshake's buffer, and so
    /// does this object in the handshake: what shall be kept must be copied (<see cref="DtlsCertificate.Copy"/>).
    /// </summary>
    public sealed class VerifiedChain
    {
        private readonly DtlsCertificate[] _path;
        private int _count;

        internal VerifiedChain(int capacity)
        {
            _path = new DtlsCertificate[capacity];
        }

        /// <summary>How many certificates there are; 1 where the peer's own is pinned or trusted itself.</summary>
        public int Count
        {
            get { return _count; }
        }

        /// <summary>The peer's own certificate; null before there is one.</summary>
        public DtlsCertificate? Leaf
        {
            get { return _count == 0 ? null : _path[0]; }
        }

        /// <summary>The trusted certificate at the end; null where a pin took its place.</summary>
        public DtlsCertificate? Anchor { get; internal set; }

        /// <summary>A certificate, the peer's own at 0; each was issued by the next.</summary>
        public DtlsCertificate? At(int index)
        {
            return index >= 0 && index < _count ? _path[index] : null;
        }

        internal int Capacity
        {
            get { return _path.Length; }
        }

        internal DtlsCertificate Last
        {
            get { return _path[_count - 1]; }
        }

        internal void Push(DtlsCertificate certificate)
        {
            _path[_count++] = certificate;
        }

        internal void Pop()
        {
            _path[--_count] = null;
        }

        internal void Clear()
        {
            Anchor = null;
            while (_count > 0)
            {
                Pop();
            }
        }

        /// <summary>Whether the chain has a certificate of this name and key: another such only leads round in circles.</summary>
        internal bool Has(DtlsCertificate certificate, ref int turns)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_path[i].IsSameSubject(certificate, ref turns))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>How many authorities there are that count against a path length: not the peer's own, not the self-issued.</summary>
        internal int CountedAuthorities
        {
            get
            {
                int counted = 0;
                for (int i = 1; i < _count; i++)
                {
                    counted += _path[i].IsSelfIssued ? 0 : 1;
                }

                return counted;
            }
        }
    }
}

namespace NfDtls.Dtls13.Server
{
    /// <summary>
    /// What a server has to know of a ClientHello before it keeps anything of it: it walks what is there of the hello, a first
    /// fragment perhaps, and changes nothing.
    /// </summary>
    internal sealed class HelloScan
    {
        private const int KeyShare = 51;
        private const int SupportedGroups = 10;
        private const int PskModes = 45;
        private const int SignatureAlgorithms = 13;

        /// <summary>Whether this version is offered.</summary>
        internal bool IsOffered;

        /// <summary>Whether its extensions do not end here.</summary>
        internal bool IsCut;

        /// <summary>Where the cookie begins, and its length; 0 without one.</summary>
        internal int Cookie;
        internal int CookieLength;

        /// <summary>Where the list of suites begins, and its length.</summary>
        internal int Suites;
        internal int SuitesLength;

        /// <summary>Where pre_shared_key begins, and its length; 0 without it.</summary>
        internal int Keys;
        internal int KeysLength;

        /// <summary>Whether it names signatures, and so takes a certificate.</summary>
        internal bool HasSignatures;

        private readonly WireReader _reader = new WireReader();
        private int _shares;
        private int _sharesLength;
        private int _groups;
        private int _groupsLength;
        private int _modes;
        private int _modesLength;

        /// <summary>Walks what stands behind the hello's own cookie.</summary>
        internal void Read(WireReader rest)
        {
            IsOffered = false;
            CookieLength = 0;
            _sharesLength = 0;
            _groupsLength = 0;
            _modesLength = 0;
            KeysLength = 0;
            HasSignatures = false;
            SuitesLength = rest.ReadUInt16();
            Suites = rest.Skip(SuitesLength);
            rest.Skip(rest.ReadUInt8());
            int block = rest.ReadUInt16();
            IsCut = rest.Failed || block > rest.Remaining;
            while (!rest.Failed && rest.Remaining > 0)
            {
                int type = rest.ReadUInt16();
                int length = rest.ReadUInt16();
                int at = rest.Skip(length);
                if (!rest.Failed)
                {
                    Note(rest.Buffer, type, at, length);
                }
            }
        }

        /// <summary>
        /// The group that a server would have of the client: one that it has sent a key of is best, else the first of ours that it
        /// knows. 0 where there is none.
        /// </summary>
        /// <param name="version">Knows our groups.</param>
        /// <param name="supports">Asked whether a group can be used here.</param>
        /// <param name="buffer">Holds the hello.</param>
        /// <param name="forCertificate">Whether a certificate may be taken, which needs a key agreement whatever the modes say.</param>
        /// <param name="hasShare">Whether the client has sent a key of it.</param>
        internal int ChooseGroup(Version13 version, CryptoProvider supports, byte[] buffer, bool forCertificate, out bool hasShare)
        {
            hasShare = false;
            int known = 0;
            for (int i = 0; i < version.Groups.Length; i++)
            {
                int group = version.Groups[i];
                if (!Share.IsSupportedBy(supports, group) || (!forCertificate && !Offers(_modes + 1, _modesLength - 1, 1, buffer, 1)))
                {
                    continue;
                }

                if (HasShare(buffer, group))
                {
                    hasShare = true;
                    return group;
                }

                if (known == 0 && Offers(_groups + 2, _groupsLength - 2, 2, buffer, group))
                {
                    known = group;
                }
            }

            return known;
        }

        /// <summary>
        /// Whether it has the extensions that belong together (RFC 8446 sections 4.2.9 and 9.2): groups and keys of some, modes with pre-shared
        /// keys, and without those signatures and groups.
        /// </summary>
        internal bool IsComplete
        {
            get { return (_groupsLength > 0) == (_sharesLength > 0) && (KeysLength > 0 ? _modesLength > 0 : HasSignatures && _groupsLength > 0); }
        }

        /// <summary>Whether the client would do without a key agreement.</summary>
        internal bool OffersPskAlone(byte[] buffer)
        {
            return Offers(_modes + 1, _modesLength - 1, 1, buffer, 0);
        }

        private void Note(byte[] buffer, int type, int at, int length)
        {
            switch (type)
            {
                case SupportedVersions.Number:
                    _reader.Reset(buffer, at, length);
                    IsOffered = SupportedVersions.Offers(_reader);
                    break;
                case Cookie13.Number:
                    // With its length before it.
                    Cookie = at + 2;
                    CookieLength = length < 2 ? 0 : length - 2;
                    break;
                case KeyShare:
                    _shares = at;
                    _sharesLength = length;
                    break;
                case SupportedGroups:
                    _groups = at;
                    _groupsLength = length;
                    break;
                case SignatureAlgorithms:
                    HasSignatures = true;
                    break;
                case PskModes:
                    _modes = at;
                    _modesLength = length;
                    break;
                case ExtensionBlock.LastType:
                    Keys = at;
                    KeysLength = length;
                    break;
                default:
                    break;
            }
        }

        private bool HasShare(byte[] buffer, int group)
        {
            _reader.Reset(buffer, _shares, _sharesLength);
            _reader.ReadUInt16();
            bool has = false;
            while (!_reader.Failed && _reader.Remaining > 0)
            {
                int of = _reader.ReadUInt16();
                _reader.Skip(_reader.ReadUInt16());
                has |= of == group && !_reader.Failed;
            }

            return has;
        }

        private static bool Offers(int at, int length, int size, byte[] buffer, int value)
        {
            for (int i = 0; i + size <= length; i += size)
            {
                int offered = size == 1 ? buffer[at + i] : (buffer[at + i] << 8) | buffer[at + i + 1];
                if (offered == value)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

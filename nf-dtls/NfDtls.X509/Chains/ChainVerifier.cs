using System;

namespace NfDtls.X509
{
    /// <summary>
    /// Verifies the certificates that a peer sent: first what costs nothing about its own, then a search, depth first, for a
    /// path to a trusted one, with one signature at a time, then revocation, pins and the application's check. Made once for a
    /// handshake slot: whatever the peer sends, it allocates nothing (but for what the provider's operations do), does not
    /// throw, and makes a bounded number of verifications.
    /// </summary>
    internal sealed partial class ChainVerifier : CryptoOperation
    {
        private const int Ended = 0;
        private const int Searching = 1;
        private const int Verifying = 2;
        private const int Revoking = 3;

        private readonly CertificateStore _store;
        private readonly DtlsCertificate[] _received;
        private readonly VerifiedChain _chain;
        private readonly int[] _next;
        private readonly SignatureCheck _signature;
        private readonly DerReader _reader = new DerReader();
        private readonly DerReader _names = new DerReader();
        private readonly WireReader _wire = new WireReader();
        private readonly byte[] _scratch = new byte[32];
        private int _receivedCount;
        private int _state;
        private int _verifications;
        private DtlsCertificate _candidate;
        private bool _isCandidateTrusted;
        private DtlsError _best;
        private int _bestRank;

        // What holds for this run.
        private StoreEntry[] _entries;
        private bool _hasPins;
        private TimeCheck _timeCheck;
        private long _now;
        private bool _ofServer;
        private string _expectedName;
        private bool _allowCommonName;
        private CertificateCheck _check;

        /// <summary>A verifier for one handshake at a time.</summary>
        /// <param name="store">What is trusted.</param>
        /// <param name="crypto">Verifies.</param>
        /// <param name="maxChainLength">The most certificates a peer may send, and the most before the trusted one.</param>
        internal ChainVerifier(CertificateStore store, CryptoProvider crypto, int maxChainLength)
        {
            _store = store;
            _received = new DtlsCertificate[maxChainLength];
            for (int i = 0; i < maxChainLength; i++)
            {
                _received[i] = new DtlsCertificate();
            }

            _chain = new VerifiedChain(maxChainLength + 1);
            _next = new int[maxChainLength + 1];
            _signature = new SignatureCheck(crypto);
            Clear();
        }

        /// <summary>The most signatures that one run verifies.</summary>
        internal int MaxVerifications
        {
            get { return 8 + 2 * _received.Length; }
        }

        /// <summary>How many this run has begun to verify.</summary>
        internal int Verifications
        {
            get { return _verifications; }
        }

        /// <summary>The peer's own certificate, from Begin on, verified or not; null before.</summary>
        internal DtlsCertificate Leaf
        {
            get { return _receivedCount == 0 ? null : _received[0]; }
        }

        /// <summary>The trusted certificate at the end, after a success without a pin; else null.</summary>
        internal DtlsCertificate Anchor
        {
            get { return _chain.Anchor; }
        }

        /// <summary>The path from the peer's own to the trusted one; whole only after a success.</summary>
        internal VerifiedChain Chain
        {
            get { return _chain; }
        }

        /// <summary>How many certificates the path has.</summary>
        internal int Count
        {
            get { return _chain.Count; }
        }

        /// <summary>A certificate of the path, the peer's own at 0.</summary>
        internal DtlsCertificate At(int index)
        {
            return _chain.At(index);
        }

        /// <summary>
        /// Takes the certificates and checks what can be checked at once. None: go on with Step. The bytes must stay until the
        /// verifier is cleared.
        /// </summary>
        /// <param name="buffer">Holds the certificate_list (RFC 5246 section 7.4.2) without its own length: for each a length of three bytes, then DER.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        /// <param name="ofServer">Whether a server sent them, else a client.</param>
        /// <param name="expectedName">The name that the certificate must be for; null where there is none.</param>
        /// <param name="nameCheck">How it is compared.</param>
        internal DtlsError Begin(byte[] buffer, int offset, int count, bool ofServer, string expectedName, NameCheck nameCheck)
        {
            Clear();
            DtlsError error = ReadList(buffer, offset, count);
            if (error != DtlsError.None)
            {
                Clear();
                return Finish(error);
            }

            _entries = _store.Snapshot();
            _hasPins = HasPins();
            _timeCheck = _store.TimeCheck;
            _check = _store.Check;
            CertificateClock clock = _store.Clock;
            _now = clock == null ? -1 : clock.UtcSeconds;
            _ofServer = ofServer;
            _expectedName = expectedName;
            _allowCommonName = nameCheck == NameCheck.AllowCommonName;
            DtlsCertificate leaf = _received[0];
            error = CertificateRules.CheckEnd(leaf, ofServer, _timeCheck, _now);
            if (error == DtlsError.None && nameCheck != NameCheck.None && !IsExpected(leaf))
            {
                error = DtlsError.CertificateNameMismatch;
            }

            if (error != DtlsError.None)
            {
                return Finish(error);
            }

            _chain.Push(leaf);
            _state = Searching;
            return DtlsError.None;
        }

        /// <inheritdoc/>
        public override bool Step(int budget)
        {
            switch (_state)
            {
                case Searching: Search(); break;
                case Verifying: StepSignature(budget); break;
                case Revoking: StepRevocation(budget); break;
            }

            return _state == Ended;
        }

        /// <inheritdoc/>
        public override void Cancel()
        {
            _signature.Cancel();
            _state = Ended;
            Error = DtlsError.InternalError;   // what did not come to its end must not look like a success
        }

        /// <summary>Ends a run and forgets the peer's bytes.</summary>
        internal void Clear()
        {
            Cancel();
            _chain.Clear();
            for (int i = 0; i < _receivedCount; i++)
            {
                _received[i].Clear();
            }

            _receivedCount = 0;
            _verifications = 0;
            _candidate = null;
            _entries = null;
            _expectedName = null;
            _check = null;
            _best = DtlsError.UnknownCa;
            _bestRank = 0;
            _next[0] = 0;
        }

        private DtlsError ReadList(byte[] buffer, int offset, int count)
        {
            if (count == 0)
            {
                return DtlsError.CertificateMissing;
            }

            _wire.Reset(buffer, offset, count);
            while (!_wire.IsAtEnd)
            {
                int length = _wire.ReadUInt24();
                int at = _wire.Skip(length);
                if (_wire.Failed || length == 0)
                {
                    return DtlsError.DecodeError;
                }

                if (_receivedCount == _received.Length)
                {
                    return DtlsError.CertificateChainTooLarge;
                }

                DtlsError error = _received[_receivedCount++].Read(_reader, buffer, at, length);
                if (error != DtlsError.None)
                {
                    return error;
                }
            }

            return DtlsError.None;
        }

        /// <summary>Whether the name is the expected one. A pinned certificate needs no name; any other does.</summary>
        private bool IsExpected(DtlsCertificate leaf)
        {
            if (_expectedName == null || _expectedName.Length == 0)
            {
                return !_ofServer || (_hasPins && IsPinned(leaf));
            }

            return NameMatcher.Matches(_reader, _scratch, leaf, _expectedName, _allowCommonName);
        }

        private DtlsError Finish(DtlsError error)
        {
            Error = error;
            _state = Ended;
            return error;
        }
    }
}

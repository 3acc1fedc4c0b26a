using System;
using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>
    /// Verifies the certificates that a peer sent: reads them, checks what costs little about its own, then searches, depth
    /// first, for a path to a trusted one, with one signature at a time. Only a path whose every signature is good is looked
    /// at further: name constraints, revocation, pins, the application's check. Made once for a handshake slot: whatever the
    /// peer sends, it allocates nothing (but for what the provider's operations do), does not throw, makes a bounded number of
    /// verifications, and no step does more than its budget allows.
    /// </summary>
    internal sealed class ChainVerifier : CryptoOperation
    {
        // A turn is a look at a candidate, a name, an entry or a byte to hash; a unit of the budget is so many.
        private const int TurnsAUnit = 64;
        private const int MaxUnits = 1024;

        // What comes next, in the order of a run.
        private const int Ended = 0;
        private const int Reading = 1;
        private const int Naming = 2;
        private const int PinningOwn = 3;
        private const int Searching = 4;
        private const int Recalling = 5;
        private const int Verifying = 6;
        private const int Constraining = 7;
        private const int Revoking = 8;
        private const int PinningPath = 9;

        // Of several errors the one is told that says most: an issuer that was refused more than none that was found.
        private const int RankSignature = 1;
        private const int RankRule = 2;
        private const int RankRevoked = 3;

        private readonly CertificateStore _store;
        private readonly DtlsCertificate[] _received;
        private readonly VerifiedChain _chain;
        private readonly CertificateReading _reading;
        private readonly NameMatcher _names = new NameMatcher();
        private readonly PathSearch _search;
        private readonly SignatureCheck _signature;
        private readonly SignatureRecall _recall;
        private readonly ConstraintCheck _constraints;
        private readonly RevocationCheck _revocation;
        private readonly PinCheck _pins;
        private readonly WireReader _wire = new WireReader();
        private int _state;
        private int _verifications;
        private DtlsError _best;
        private int _bestRank;

        // What holds for this run.
        private StoreEntry[] _entries;
        private bool _hasPins;
        private TimeCheck _timeCheck;
        private long _now;
        private bool _ofServer;
        private string _expectedName;
        private NameCheck _nameCheck;
        private int[] _offered;
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
            _reading = new CertificateReading(_received);
            _search = new PathSearch(_chain, _received);
            _signature = new SignatureCheck(crypto);
            _recall = new SignatureRecall(_signature.Sha256, _chain);
            _constraints = new ConstraintCheck(_chain);
            _revocation = new RevocationCheck(_signature, _chain);
            _pins = new PinCheck(_signature.Sha256);
            Clear();
        }

        /// <summary>
        /// The most signatures that one run verifies. Those that are remembered count as well, so that what was seen before changes how
        /// long a run takes and never how it ends.
        /// </summary>
        internal int MaxVerifications
        {
            get { return 8 + 2 * _received.Length; }
        }

        /// <summary>How many this run has begun to verify, or found among the remembered.</summary>
        internal int Verifications
        {
            get { return _verifications; }
        }

        /// <summary>How many names and subtrees of constraints this run has compared.</summary>
        internal int Comparisons
        {
            get { return _constraints.Turns; }
        }

        /// <summary>The peer's own certificate once it was read, verified or not; null before.</summary>
        internal DtlsCertificate Leaf
        {
            get { return _reading.Count == 0 ? null : _received[0]; }
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
        /// Takes the certificates and looks at their lengths. None: go on with Step. The bytes must stay until the verifier is
        /// cleared.
        /// </summary>
        /// <param name="buffer">Holds the certificate_list (RFC 5246 section 7.4.2) without its own length: for each a length of three bytes, then DER.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        /// <param name="ofServer">Whether a server sent them, else a client.</param>
        /// <param name="expectedName">The name that the certificate must be for; null where there is none.</param>
        /// <param name="nameCheck">How it is compared.</param>
        /// <param name="offered">The signature schemes that the peer was told; what it sent must be signed by these. Null: by any that is known.</param>
        internal DtlsError Begin(byte[] buffer, int offset, int count, bool ofServer, string expectedName, NameCheck nameCheck, int[] offered = null)
        {
            Clear();
            DtlsError error = _reading.Begin(_wire, buffer, offset, count);
            if (error != DtlsError.None)
            {
                Finish(error);
                return error;
            }

            _entries = _store.Snapshot();
            _hasPins = PinCheck.HasPins(_entries);
            _timeCheck = _store.TimeCheck;
            _check = _store.Check;
            _recall.Begin(_store.Memory);
            CertificateClock clock = _store.Clock;
            _now = clock == null ? -1 : clock.UtcSeconds;
            _ofServer = ofServer;
            _expectedName = expectedName;
            _nameCheck = nameCheck;
            _offered = offered;
            _state = Reading;
            return DtlsError.None;
        }

        /// <inheritdoc/>
        public override bool Step(int budget)
        {
            int turns = TurnsAUnit * (budget < 1 ? 1 : budget > MaxUnits ? MaxUnits : budget);
            while (_state != Ended && turns > 0)
            {
                switch (_state)
                {
                    case Reading: StepReading(ref turns); break;
                    case Naming: StepNaming(ref turns); break;
                    case PinningOwn: StepOwnPin(ref turns); break;
                    case Searching: Search(ref turns); break;
                    case Recalling: StepRecall(ref turns); break;
                    case Verifying: StepSignature(budget, ref turns); break;
                    case Constraining: StepConstraints(ref turns); break;
                    case Revoking: StepRevocation(budget, ref turns); break;
                    default: StepPathPins(ref turns); break;
                }
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

        /// <summary>Ends a run and forgets the peer's bytes, and what the store held: a list that was replaced is large.</summary>
        internal void Clear()
        {
            Cancel();
            _chain.Clear();
            _reading.Clear();
            _search.Clear();
            _recall.Begin(null);
            _constraints.Begin(false);
            _revocation.Begin(null);
            _pins.Begin(null, _chain, 0);
            _verifications = 0;
            _entries = null;
            _expectedName = null;
            _offered = null;
            _check = null;
            _best = DtlsError.UnknownCa;
            _bestRank = 0;
        }

        private void StepReading(ref int turns)
        {
            if (!_reading.Step(ref turns, out DtlsError error))
            {
                return;
            }

            if (error != DtlsError.None)
            {
                _reading.Clear();
                Finish(error);
                return;
            }

            error = CertificateRules.CheckEnd(Leaf, _ofServer, _timeCheck, _now);
            _search.Begin(_entries, _reading.Count);
            if (error != DtlsError.None)
            {
                Refuse(error);
            }
            else if (_nameCheck == NameCheck.None || (!HasName && !_ofServer))
            {
                BeginSearch();
            }
            else if (HasName)
            {
                _names.Begin(Leaf, _expectedName, _nameCheck == NameCheck.AllowCommonName);
                _state = Naming;
            }
            else if (_hasPins)
            {
                BeginSearch();   // a server that is pinned needs no name; it must be pinned then
            }
            else
            {
                Refuse(DtlsError.CertificateNameMismatch);
            }
        }

        private bool HasName
        {
            get { return _expectedName != null && _expectedName.Length > 0; }
        }

        private void StepNaming(ref int turns)
        {
            if (!_names.Step(ref turns))
            {
                return;
            }

            if (_names.IsMatch)
            {
                BeginSearch();
            }
            else
            {
                Refuse(DtlsError.CertificateNameMismatch);
            }
        }

        /// <summary>The peer's own certificate needs nobody behind it if it is pinned, or if it is trusted and no pins demand more.</summary>
        private void BeginSearch()
        {
            _state = Searching;
            if (_hasPins)
            {
                _pins.Begin(_entries, _chain, 0);
                _state = PinningOwn;
                return;
            }

            for (int i = 0; i < _entries.Length; i++)
            {
                if (_entries[i].Kind == EntryKind.Trusted && _entries[i].Certificate.Matches(Leaf))
                {
                    _chain.Anchor = Leaf;
                    Accept();
                    return;
                }
            }
        }

        private void StepOwnPin(ref int turns)
        {
            if (!_pins.Step(ref turns))
            {
                return;
            }

            if (_pins.IsPinned)
            {
                Accept();
            }
            else if (_ofServer && !HasName && _nameCheck != NameCheck.None)
            {
                Refuse(DtlsError.CertificateNameMismatch);
            }
            else
            {
                _state = Searching;
            }
        }

        /// <summary>Goes on until there is a signature to verify, or an end.</summary>
        private void Search(ref int turns)
        {
            if (!_search.Next(ref turns))
            {
                if (_chain.Count == 0)
                {
                    Finish(_best);
                }

                return;
            }

            DtlsError error = CheckCandidate();
            if (error == DtlsError.None && _verifications == MaxVerifications)
            {
                Refuse(_best);
            }
            else if (error == DtlsError.None)
            {
                _verifications++;
                _state = Verifying;
                if (_recall.IsOn)
                {
                    _recall.BeginSignature(_search.Candidate);
                    _state = Recalling;
                }
            }
            else
            {
                Note(error, RankRule);
            }
        }

        /// <summary>Whether the candidate may have issued the chain's last certificate; sets the verification of that up.</summary>
        private DtlsError CheckCandidate()
        {
            DtlsCertificate child = _chain.Last;
            DtlsCertificate issuer = _search.Candidate;
            if (!_search.IsTrusted && _chain.Count == _received.Length)
            {
                return DtlsError.CertificateChainTooLarge;
            }

            DtlsError error = CertificateRules.CheckIssuer(issuer, _search.IsTrusted, _chain, _ofServer, _timeCheck, _now);
            if (error == DtlsError.None)
            {
                error = _signature.Begin(
                    child.SignatureAlgorithm, issuer.PublicKey, child.Buffer, child.TbsOffset, child.TbsCount, child.SignatureOffset, child.SignatureCount);
            }

            // RFC 5246 section 7.4.2: what the peer sends is signed by what it was offered. The store's own was not sent.
            bool isSent = child.Buffer == Leaf.Buffer;
            return error == DtlsError.None && _offered != null && isSent && !NumberList.Contains(_offered, child.SignatureAlgorithm)
                ? DtlsError.UnsupportedCertificate
                : error;
        }

        /// <summary>A signature that is remembered is right, and the path goes on; any other is verified.</summary>
        private void StepRecall(ref int turns)
        {
            if (!_recall.Step(ref turns))
            {
                return;
            }

            if (_recall.IsKnown)
            {
                Descend();
                return;
            }

            turns = 0;
            _state = Verifying;
        }

        private void StepSignature(int budget, ref int turns)
        {
            turns = 0;
            if (!_signature.Step(budget, out DtlsError error))
            {
                return;
            }

            _state = Searching;
            if (error == DtlsError.InternalError)
            {
                Finish(error);
            }
            else if (error != DtlsError.None)
            {
                Note(error, RankSignature);
            }
            else
            {
                Descend();
            }
        }

        /// <summary>The candidate has signed the path's last certificate: on to its own issuer, or to what the whole path must obey.</summary>
        private void Descend()
        {
            _state = Searching;
            _search.Descend();
            if (_search.IsTrusted)
            {
                _chain.Anchor = _search.Candidate;
                _constraints.Begin(_nameCheck == NameCheck.AllowCommonName);
                _state = Constraining;
            }
        }

        private void StepConstraints(ref int turns)
        {
            if (!_constraints.Step(ref turns, out DtlsError error))
            {
                return;
            }

            if (error != DtlsError.None)
            {
                Reject(error, RankRule);
                return;
            }

            _revocation.Begin(_entries);
            _state = Revoking;
        }

        private void StepRevocation(int budget, ref int turns)
        {
            int begun = _revocation.Verifications;
            bool isOver = _revocation.Step(budget, ref turns, MaxVerifications - _verifications, out DtlsError error);
            _verifications += _revocation.Verifications - begun;
            if (!isOver)
            {
                return;
            }

            if (error == DtlsError.InternalError)
            {
                Finish(error);
            }
            else if (error != DtlsError.None)
            {
                Reject(error, error == DtlsError.CertificateRevoked ? RankRevoked : RankRule);
            }
            else if (_hasPins)
            {
                _pins.Begin(_entries, _chain, 1);
                _state = PinningPath;
            }
            else
            {
                Accept();
            }
        }

        private void StepPathPins(ref int turns)
        {
            if (!_pins.Step(ref turns))
            {
                return;
            }

            if (_pins.IsPinned)
            {
                Accept();
            }
            else
            {
                Reject(DtlsError.UnknownCa, RankSignature);
            }
        }

        /// <summary>Gives a path up that reached a trusted certificate, and goes on to search.</summary>
        private void Reject(DtlsError error, int rank)
        {
            Note(error, rank);
            _chain.Anchor = null;
            _chain.Pop();
            _state = Searching;
        }

        /// <summary>Ends a run for good.</summary>
        private void Refuse(DtlsError error)
        {
            _chain.Clear();
            Finish(error);
        }

        private void Accept()
        {
            DtlsError error = DtlsError.None;
            if (_check != null)
            {
                try
                {
                    error = _check.Check(_chain, _ofServer, _expectedName);
                }
                catch (Exception)
                {
                    error = DtlsError.CertificateRefused;
                }
            }

            if (error != DtlsError.None)
            {
                _chain.Clear();
            }
            else
            {
                _recall.Keep();
            }

            Finish(error);
        }

        private void Note(DtlsError error, int rank)
        {
            if (rank > _bestRank)
            {
                _best = error;
                _bestRank = rank;
            }
        }

        private void Finish(DtlsError error)
        {
            Error = error;
            _state = Ended;
        }
    }
}

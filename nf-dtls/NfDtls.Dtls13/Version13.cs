using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// DTLS 1.3 (RFC 9147) with external pre-shared keys, with or without a key agreement beside them, and with certificates or raw public
    /// keys, which need a group. A client's half; a server
    /// takes <c>ServerVersion13</c> of NfDtls.Dtls13.Server. Stands in <see cref="EndpointOptions.Versions"/>.
    /// </summary>
    public class Version13 : ProtocolVersion
    {
        /// <summary>Its number in supported_versions; the version fields of records and hellos say 1.2.</summary>
        internal const int WireNumber = 0xFEFC;

        private const int MaxGroups = 4;

        /// <summary>Groups in the order of preference: <see cref="NamedGroup"/>.</summary>
        internal readonly int[] Groups;

        /// <summary>Whether a pre-shared key without a key agreement will do (psk_ke): no forward secrecy.</summary>
        internal readonly bool AllowsPskAlone;

        private readonly PlainCodec _plain = new PlainCodec();
        private readonly UnifiedCodec _unified = new UnifiedCodec();
        private readonly LastFlight _noLastFlight = new LastFlight();
        private Share _noShare;

        /// <summary>Makes the version.</summary>
        /// <param name="groups">Groups for the key agreement, the preferred first: numbers of <see cref="NamedGroup"/>, 0 to 4. Those that the crypto provider lacks are left out.</param>
        /// <param name="allowsPskAlone">Whether the pre-shared key may do without a key agreement (psk_ke). Whoever learns the key can then read what was recorded.</param>
        /// <exception cref="ArgumentException">Nothing is allowed: no group, and no pre-shared key alone; or more than 4 groups.</exception>
        public Version13(int[] groups, bool allowsPskAlone)
        {
            if (groups == null)
            {
                throw new ArgumentNullException("groups");
            }

            if (groups.Length > MaxGroups || (groups.Length == 0 && !allowsPskAlone))
            {
                throw new ArgumentException("A version has up to " + MaxGroups.ToString() + " groups, and none only where allowsPskAlone is set.", "groups");
            }

            Groups = new int[groups.Length];
            Array.Copy(groups, Groups, groups.Length);
            AllowsPskAlone = allowsPskAlone;
        }

        /// <summary>Imports the application's pre-shared keys (RFC 9258), or null (default): they are used as they are, and with suites of SHA-256 alone.</summary>
        public PskImporter? Importer { get; set; }

        /// <inheritdoc/>
        public override int Number
        {
            get { return WireNumber; }
        }

        /// <inheritdoc/>
        public override int SuiteMask
        {
            get { return CipherSuite.Version13; }
        }

        /// <summary>An imported identity may be long, as a post-quantum key is.</summary>
        internal override bool IsShort
        {
            get
            {
                bool isShort = Importer == null;
                for (int i = 0; i < Groups.Length; i++)
                {
                    isShort &= Groups[i] != NamedGroup.X25519MlKem768;
                }

                return isShort;
            }
        }

        internal override RecordCodec Codec
        {
            get { return _plain; }
        }

        internal override RecordCodec FindCodec(int firstByte)
        {
            // Those with a connection ID are known by an endpoint that has such (Associations13).
            return _unified.RecognizesUnnamed(firstByte) ? _unified : _plain.Recognizes(firstByte) ? _plain : (RecordCodec)null;
        }

        /// <inheritdoc/>
        public override HandshakeRules CreateRules(bool isServer)
        {
            return isServer ? Rules13.Server() : Rules13.Client();
        }

        internal override KeySchedule CreateKeySchedule()
        {
            return new KeySchedule13();
        }

        internal override Transcript CreateTranscript(CryptoProvider crypto, CipherSuiteTable suites, int bytesKept)
        {
            return new Transcript13(crypto, suites);
        }

        internal override HelloExtension[] CreateExtensions()
        {
            // The cookie before the keys, which may be longer than a datagram: so a hello's first fragment has it.
            return new HelloExtension[]
            {
                new SupportedVersions(), new Groups13(), new Cookie13(), new KeyShares(), new PskModes(), new PreSharedKey()
            };
        }

        internal override HandshakeRole CreateClient(Handshake handshake)
        {
            return new Client13(this, handshake);
        }

        /// <summary>What is sent last is acknowledged.</summary>
        internal override OutgoingFlight NoLastFlight
        {
            get { return _noLastFlight; }
        }

        internal override object AssociationPart
        {
            get { return new Associations13(); }
        }

        /// <summary>A handshake's part in a key agreement; where there are no groups it is nobody's, and all have the same.</summary>
        internal Share ShareOf()
        {
            if (Groups.Length > 0)
            {
                return new Share();
            }

            return _noShare = _noShare != null ? _noShare : new Share();
        }

        /// <summary>That of a table, or null.</summary>
        internal static Version13 Of(VersionTable versions)
        {
            Version13 found = null;
            for (int i = 0; versions != null && i < versions.Count && found == null; i++)
            {
                found = versions.At(i) as Version13;
            }

            return found;
        }

        /// <summary>Whether an endpoint may agree on keys in a group.</summary>
        internal bool HasGroup(Handshake handshake, int group)
        {
            bool has = false;
            for (int i = 0; i < Groups.Length; i++)
            {
                has |= Groups[i] == group;
            }

            return has && Share.IsSupportedBy(handshake.Crypto, group);
        }

        /// <summary>The preferred group that the provider has, or 0.</summary>
        internal int FirstGroup(Handshake handshake)
        {
            int group = 0;
            for (int i = 0; i < Groups.Length && group == 0; i++)
            {
                group = HasGroup(handshake, Groups[i]) ? Groups[i] : 0;
            }

            return group;
        }

        /// <summary>Sends what the peer is not known to have: the role's log of sendings says what that is.</summary>
        internal override void Resend(Flight flight)
        {
            flight.Restart();
        }
    }
}

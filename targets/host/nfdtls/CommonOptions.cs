using System;
using System.CommandLine;
using System.Text;
using NfDtls.Ecdhe;

namespace NfDtls.Tool;

/// <summary>The options that every command has, and what they are read into.</summary>
internal sealed class CommonOptions
{
    private const string DemoIdentity = "Client_identity";

    // On one machine nothing is lost but where that is wanted; then an answer takes no second.
    private const int DemoRetransmitTimeout = 60000;
    private const int LossyRetransmitTimeout = 250;

    private static readonly byte[] DemoKey = Encoding.UTF8.GetBytes("16 bytes of key!");

    private readonly KeyOptions _keys = new KeyOptions();
    private readonly Option<string[]> _suite = new("--suite") { HelpName = "NAME", Description = "A cipher suite by its IANA name; repeatable, preferred first." };
    private readonly Option<string?> _groups = new("--groups") { HelpName = "NAME,...", Description = "Groups to agree on keys in, preferred first: secp256r1, secp384r1, secp521r1, x25519; in DTLS 1.3 x25519mlkem768, too." };
    private readonly Option<string?> _versions = new("--versions") { HelpName = "1.2|1.3|1.2,1.3", Description = "Versions of DTLS: a client offers them all, and a server answers in the newest that is offered. 1.2 where it is not given." };
    private readonly Option<bool> _pskAlone = new("--psk-alone") { Description = "Let a pre-shared key of DTLS 1.3 do without a key agreement (psk_ke): no forward secrecy." };
    private readonly Option<string> _mtu = new("--mtu") { HelpName = "N", Description = "Largest UDP payload sent.", DefaultValueFactory = _ => "1400" };
    private readonly Option<string> _timeout = new("--timeout") { HelpName = "MS", Description = "Milliseconds for the whole handshake; 0 is no limit.", DefaultValueFactory = _ => "60000" };
    private readonly Option<string> _retransmit = new("--retransmit") { HelpName = "MS", Description = "Milliseconds until a flight is sent again for the first time.", DefaultValueFactory = _ => "1000" };
    private readonly Option<string?> _keyLog = new("--keylog") { HelpName = "FILE", Description = "Append the session's secrets in SSLKEYLOGFILE form, for tshark. Laboratory only." };
    private readonly Option<string?> _loss = new("--loss") { HelpName = "P", Description = "Probability, 0 to 1, that the network loses a datagram." };
    private readonly Option<string?> _duplicate = new("--duplicate") { HelpName = "P", Description = "Probability that it doubles one." };
    private readonly Option<string?> _reorder = new("--reorder") { HelpName = "P", Description = "Probability that it delays one behind the next." };
    private readonly Option<string?> _corrupt = new("--corrupt") { HelpName = "P", Description = "Probability that it flips a bit of one." };
    private readonly Option<string> _seed = new("--seed") { HelpName = "N", Description = "Seed of these accidents.", DefaultValueFactory = _ => "1" };
    private readonly Option<string> _crypto = new("--crypto") { HelpName = "openssl|host|software|native", Description = "Where cryptography comes from: openssl where this system has libcrypto 3, else host (.NET's own).", DefaultValueFactory = _ => CryptoChoice.Default };
    private readonly Option<string?> _resume = new("--resume") { HelpName = "FILE", Description = "Resume sessions: a client keeps its own in the file from one run to the next, a server the key of its tickets." };
    private readonly Option<bool> _renegotiate = new("--renegotiate") { Description = "New keys within a connection (RFC 5746): a client makes them once it is connected, and either end lets the other." };
    private readonly Option<string?> _cid = new("--cid") { HelpName = "HEX|random:N", Description = "Connection IDs of this end: random ones of N bytes, or a client's own bytes, which each ID of a server begins with. With them the session follows a client to another address, after it answered there." };
    private readonly Option<string?> _alpn = new("--alpn") { HelpName = "NAME,...", Description = "Application protocols (ALPN), preferred first: a server refuses a client that offers others." };
    private readonly Option<string?> _sni = new("--sni") { HelpName = "NAME,...", Description = "A client asks for the server of this name, also with a pre-shared key; a server refuses those who ask for other names than these and its certificates'." };
    private readonly Option<bool> _hex = new("--hex") { Description = "Lines are hexadecimal, both ways." };
    private readonly Option<bool> _json = new("--json") { Description = "Print objects of JSON, one a line: what was agreed on, each record, and at the end the counters." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Show every message, alert, state and dropped record." };

    public void AddTo(Command command, bool ofDemo = false, bool ofBench = false)
    {
        if (!ofBench)
        {
            command.Options.Add(_json);
        }

        if (!ofDemo)
        {
            command.Options.Add(_retransmit);
            command.Options.Add(_resume);
            command.Options.Add(_renegotiate);
            command.Options.Add(_cid);
            command.Options.Add(_alpn);
            command.Options.Add(_sni);
            command.Options.Add(_pskAlone);
        }

        _keys.AddTo(command);
        foreach (Option option in new Option[]
        {
            _versions, _suite, _groups, _mtu, _timeout, _keyLog, _loss, _duplicate, _reorder, _corrupt, _seed, _crypto, _hex, _verbose,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads and checks the options, with what those of certificates said.</summary>
    public Settings Read(ParseResult result, CertificateSettings? certificates, bool ofServer)
    {
        Settings settings = Take(result, certificates, demo: false, ofServer);
        settings.Check(ofServer);
        return settings;
    }

    /// <summary>Reads and checks the options of a demonstration, which has a key of its own and one suite, unless told otherwise.</summary>
    public Settings ReadDemo(ParseResult result)
    {
        Settings settings = Take(result, null, demo: true, ofServer: false);
        settings.Check(ofServer: false);
        return settings;
    }

    private Settings Take(ParseResult result, CertificateSettings? certificates, bool demo, bool ofServer)
    {
        CryptoChoice crypto = CryptoChoice.Parse(result.GetValue(_crypto)!);
        string[] suites = result.GetValue(_suite) ?? [];
        byte[]? key = _keys.Key(result);
        if (key == null && certificates == null && !demo)
        {
            throw ToolException.Usage("Nothing to authenticate with: give --psk HEX and --identity NAME, or certificates (--ca, --cert, --key), or raw public keys (--trust-key, --raw-key).");
        }

        CryptoProvider provider = crypto.Make();
        int[] groups = GroupNames.Parse(result.GetValue(_groups), provider);
        Accidents accidents = ReadAccidents(result);

        // A demonstration shows what is smallest, but for what is asked for.
        bool isSmall = demo && result.GetValue(_groups) == null;
        VersionChoice versions = VersionChoice.Parse(result.GetValue(_versions), isSmall ? null : groups, isSmall && result.GetValue(_versions) is { } named && named.Contains("1.3", StringComparison.Ordinal) || (!demo && result.GetValue(_pskAlone)), provider);
        return new Settings
        {
            Key = key ?? (demo ? DemoKey : null),
            Identity = _keys.Identity(result) ?? Encoding.UTF8.GetBytes(DemoIdentity),
            Certificates = certificates,
            Hint = _keys.Hint(result),
            NamedSuites = suites,
            Versions = versions,
            Suites = demo && suites.Length == 0 ? SuiteNames.Constrained(versions) : SuiteNames.Parse(suites, versions, GroupNames.Earlier(groups), provider),
            Mtu = Numbers.Whole(result.GetValue(_mtu), DtlsOptions.MinMtu, DtlsOptions.MaxMtu, "--mtu"),
            Timeout = Numbers.Whole(result.GetValue(_timeout), 0, int.MaxValue, "--timeout"),
            RetransmitTimeout = demo && accidents.Any ? LossyRetransmitTimeout
                : demo ? DemoRetransmitTimeout
                : Numbers.Whole(result.GetValue(_retransmit), 50, 60000, "--retransmit"),
            KeyLog = result.GetValue(_keyLog) is { } file ? new KeyLogFile(file) : null,
            Resume = !demo && result.GetValue(_resume) is { } resume ? new ResumeFile(resume) : null,
            Renegotiates = !demo && result.GetValue(_renegotiate),
            Cid = !demo && result.GetValue(_cid) is { } cid ? CidChoice.Parse(cid, ofServer) : null,
            Named = NameChoice.Parse(demo ? null : result.GetValue(_alpn), demo ? null : result.GetValue(_sni), ofServer),
            Accidents = accidents,
            Crypto = crypto,
            Json = result.GetValue(_json),
            Hex = result.GetValue(_hex),
            Verbose = result.GetValue(_verbose),
        };
    }

    private Accidents ReadAccidents(ParseResult result)
    {
        return new Accidents(
            Numbers.Probability(result.GetValue(_loss), "--loss"), Numbers.Probability(result.GetValue(_duplicate), "--duplicate"),
            Numbers.Probability(result.GetValue(_reorder), "--reorder"), Numbers.Probability(result.GetValue(_corrupt), "--corrupt"),
            Numbers.Whole(result.GetValue(_seed), int.MinValue, int.MaxValue, "--seed"));
    }
}

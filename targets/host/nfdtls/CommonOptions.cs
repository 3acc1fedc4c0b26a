using System.CommandLine;
using System.Text;
using NfDtls.Ecdhe;

namespace NfDtls.Tool;

/// <summary>The options that every command has, and what they are read into.</summary>
internal sealed class CommonOptions
{
    private const string DemoIdentity = "Client_identity";

    // On one machine an answer takes no second.
    private const int DemoRetransmitTimeout = 250;

    private static readonly byte[] DemoKey = Encoding.UTF8.GetBytes("16 bytes of key!");

    private readonly Option<string?> _psk = new("--psk") { HelpName = "HEX", Description = "The pre-shared key, 1 to 64 bytes." };
    private readonly Option<string?> _identity = new("--identity") { HelpName = "NAME", Description = "The key's identity, at most 128 bytes of UTF-8." };
    private readonly Option<string?> _identityHex = new("--identity-hex") { HelpName = "HEX", Description = "The key's identity as bytes, where it is no text." };
    private readonly Option<string?> _hint = new("--hint") { HelpName = "TEXT", Description = "The identity hint: a server sends it, a client prefers the key for it." };
    private readonly Option<string[]> _suite = new("--suite") { HelpName = "NAME", Description = "A cipher suite by its IANA name; repeatable, preferred first." };
    private readonly Option<string?> _groups = new("--groups") { HelpName = "NAME,...", Description = "Groups to agree on keys in, preferred first: secp256r1, secp384r1, x25519." };
    private readonly Option<int> _mtu = new("--mtu") { HelpName = "N", Description = "Largest UDP payload sent.", DefaultValueFactory = _ => 1400 };
    private readonly Option<int> _timeout = new("--timeout") { HelpName = "MS", Description = "Milliseconds for the whole handshake; 0 is no limit.", DefaultValueFactory = _ => 60000 };
    private readonly Option<string?> _keyLog = new("--keylog") { HelpName = "FILE", Description = "Append the session's secrets in SSLKEYLOGFILE form, for tshark. Laboratory only." };
    private readonly Option<double> _loss = new("--loss") { HelpName = "P", Description = "Probability, 0 to 1, that the network loses a datagram." };
    private readonly Option<double> _duplicate = new("--duplicate") { HelpName = "P", Description = "Probability that it doubles one." };
    private readonly Option<double> _reorder = new("--reorder") { HelpName = "P", Description = "Probability that it delays one behind the next." };
    private readonly Option<double> _corrupt = new("--corrupt") { HelpName = "P", Description = "Probability that it flips a bit of one." };
    private readonly Option<int> _seed = new("--seed") { HelpName = "N", Description = "Seed of these accidents.", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _crypto = new("--crypto") { HelpName = "host|software|native", Description = "Where cryptography comes from.", DefaultValueFactory = _ => "host" };
    private readonly Option<bool> _hex = new("--hex") { Description = "Lines are hexadecimal, both ways." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Show every message, alert, state and dropped record." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
        {
            _psk, _identity, _identityHex, _hint, _suite, _groups, _mtu, _timeout, _keyLog, _loss, _duplicate, _reorder, _corrupt, _seed, _crypto, _hex, _verbose,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads and checks the options, with what those of certificates said.</summary>
    public Settings Read(ParseResult result, CertificateSettings? certificates)
    {
        return Read(result, certificates, demo: false);
    }

    /// <summary>Reads and checks the options of a demonstration, which has a key of its own and one suite, unless told otherwise.</summary>
    public Settings ReadDemo(ParseResult result)
    {
        return Read(result, null, demo: true);
    }

    private Settings Read(ParseResult result, CertificateSettings? certificates, bool demo)
    {
        CryptoChoice crypto = CryptoChoice.Parse(result.GetValue(_crypto)!);
        string[] suites = result.GetValue(_suite) ?? [];
        string? key = result.GetValue(_psk);
        byte[]? identity = ReadIdentity(result);
        if ((key == null) != (identity == null))
        {
            throw ToolException.Usage("A pre-shared key goes with its identity: give both, --psk HEX and --identity NAME (or --identity-hex HEX).");
        }

        if (key == null && certificates == null && !demo)
        {
            throw ToolException.Usage("Nothing to authenticate with: give --psk HEX and --identity NAME, or certificates (--ca, --cert, --key), or raw public keys (--trust-key, --raw-key).");
        }

        CryptoProvider provider = crypto.Make();
        GroupTable groups = GroupNames.Parse(result.GetValue(_groups), provider);
        Settings settings = new Settings
        {
            Key = key != null ? Hex.Parse(key, "--psk") : demo ? DemoKey : null,
            Identity = identity ?? Encoding.UTF8.GetBytes(DemoIdentity),
            Certificates = certificates,
            Hint = result.GetValue(_hint),
            Suites = demo && suites.Length == 0 ? PskSuites.Constrained() : SuiteNames.Parse(suites, groups, provider),
            Mtu = InRange(result.GetValue(_mtu), DtlsOptions.MinMtu, DtlsOptions.MaxMtu, "--mtu"),
            Timeout = InRange(result.GetValue(_timeout), 0, int.MaxValue, "--timeout"),
            RetransmitTimeout = demo ? DemoRetransmitTimeout : 1000,
            KeyLog = result.GetValue(_keyLog) is { } file ? new KeyLogFile(file) : null,
            Accidents = new Accidents(
                Probability(result.GetValue(_loss), "--loss"), Probability(result.GetValue(_duplicate), "--duplicate"),
                Probability(result.GetValue(_reorder), "--reorder"), Probability(result.GetValue(_corrupt), "--corrupt"), result.GetValue(_seed)),
            Crypto = crypto,
            Hex = result.GetValue(_hex),
            Verbose = result.GetValue(_verbose),
        };
        settings.Check();
        return settings;
    }

    private byte[]? ReadIdentity(ParseResult result)
    {
        string? text = result.GetValue(_identity);
        string? hex = result.GetValue(_identityHex);
        if (text != null && hex != null)
        {
            throw ToolException.Usage("A key has one identity: give --identity NAME or --identity-hex HEX, not both.");
        }

        return hex != null ? Hex.Parse(hex, "--identity-hex") : text != null ? Encoding.UTF8.GetBytes(text) : null;
    }

    private static int InRange(int value, int least, int most, string option)
    {
        return value >= least && value <= most ? value : throw ToolException.Usage($"{option} must be {least} to {most}, not {value}.");
    }

    private static double Probability(double value, string option)
    {
        return value >= 0 && value <= 1 ? value : throw ToolException.Usage($"{option} must be a probability from 0 to 1, not {value}.");
    }
}

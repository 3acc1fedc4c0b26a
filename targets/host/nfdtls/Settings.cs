using System;
using System.Text;
using NfDtls.Extensions;

namespace NfDtls.Tool;

/// <summary>What the options said, checked.</summary>
internal sealed class Settings
{
    // Peers may send larger records than we do.
    private const int ReceiveSize = DtlsOptions.MaxMtu;

    // Steps of managed cryptography are short here.
    private const int StepBudget = 1000;

    /// <summary>The pre-shared key, or null for none.</summary>
    public required byte[]? Key { get; init; }
    public required byte[] Identity { get; init; }
    public required string? Hint { get; init; }

    /// <summary>Certificates and raw public keys, or null for none.</summary>
    public required CertificateSettings? Certificates { get; init; }
    public required VersionChoice Versions { get; init; }
    public required CipherSuiteTable Suites { get; init; }

    /// <summary>The suites that were asked for by name; none where all may be used.</summary>
    public required string[] NamedSuites { get; init; }
    public required int Mtu { get; init; }
    public required int Timeout { get; init; }
    public required int RetransmitTimeout { get; init; }
    public required KeyLogFile? KeyLog { get; init; }

    /// <summary>Where what sessions are resumed by is kept, or null: none are.</summary>
    public required ResumeFile? Resume { get; init; }

    /// <summary>Whether keys are made anew within a connection: by a client once it is connected, and where the peer wants it.</summary>
    public required bool Renegotiates { get; init; }

    /// <summary>Connection IDs, or null: none.</summary>
    public required CidChoice? Cid { get; init; }

    /// <summary>The protocol of the lines, and the server that is meant.</summary>
    public required NameChoice Named { get; init; }
    public required Accidents Accidents { get; init; }

    /// <summary>Where a client's connection comes from and goes to, or null.</summary>
    public SleepFile? Sleep { get; set; }

    /// <summary>Milliseconds that a client waits for the answer to its close_notify.</summary>
    public int CloseTimeout { get; set; } = 5000;
    public required CryptoChoice Crypto { get; init; }
    public required bool Hex { get; init; }

    /// <summary>Whether stdout has objects of JSON, one a line.</summary>
    public required bool Json { get; init; }
    public required bool Verbose { get; init; }

    /// <summary>Finds out now what a client or a server would object to.</summary>
    public void Check(bool ofServer)
    {
        try
        {
            DtlsOptions options = ofServer ? MakeServerOptions(null) : MakeClientOptions(null);
            options.Validate();
            CheckSuites(options, ofServer);
        }
        catch (ArgumentException e)
        {
            string option = e.ParamName switch
            {
                "key" => "--psk: ",
                "identity" => "--identity: ",
                "hint" or "PskHint" => "--hint: ",
                _ => "",
            };
            throw ToolException.Usage(option + e.Message.Split(" (Parameter")[0]);
        }
    }

    public DtlsOptions MakeClientOptions(TraceSink? trace)
    {
        DtlsOptions options = Make(trace, ofServer: false);
        options.PoolPackets = 256;
        options.ReceiveQueue = 128;
        options.Features = Cid?.Make(ofServer: false);
        if (Resume != null)
        {
            options.Features = [.. options.Features ?? [], Resume.ForClient()];
        }

        if (Renegotiates)
        {
            options.Features = [.. options.Features ?? [], new Renegotiation { AllowPeer = true }];
        }

        Named.ApplyTo(options, ofServer: false);
        if (Sleep != null && (Sleep.Exports || Sleep.Imports))
        {
            options.Features = [.. options.Features ?? [], new DurableAssociations()];
        }

        return options;
    }

    public DtlsOptions MakeServerOptions(TraceSink? trace)
    {
        DtlsOptions options = Make(trace, ofServer: true);
        options.PskHint = Hint == null ? null : Encoding.UTF8.GetBytes(Hint);
        options.PoolPackets = 256;
        options.ReceiveQueue = 64;
        options.MaxSessions = 256;
        options.MaxHandshakes = 64;
        options.Features = Cid?.Make(ofServer: true);
        if (Resume != null)
        {
            options.Features = [.. options.Features ?? [], Resume.ForServer()];
        }

        if (Renegotiates)
        {
            options.Features = [.. options.Features ?? [], new Renegotiation { AllowPeer = true }];
        }

        Named.ApplyTo(options, ofServer: true);
        return options;
    }

    /// <summary>A suite that was asked for is to be used, and needs a credential for that.</summary>
    private void CheckSuites(DtlsOptions options, bool ofServer)
    {
        for (int i = 0; i < Suites.Count; i++)
        {
            CipherSuite suite = Suites.At(i);
            bool isNamed = Array.Exists(NamedSuites, name => string.Equals(name, suite.Name, StringComparison.OrdinalIgnoreCase));
            if (suite.KeyExchange.IsConfigured(options, ofServer))
            {
                suite.KeyExchange.Check(options, ofServer);
            }
            else if (isNamed)
            {
                throw ToolException.Usage($"--suite {suite.Name} fits no key or certificate that is given: {Needs(suite, ofServer)}.");
            }
        }
    }

    private static string Needs(CipherSuite suite, bool ofServer)
    {
        return suite.VersionMask == CipherSuite.Version13 ? "it needs a pre-shared key (--psk and --identity), or what a suite with certificates needs"
            : suite.Name.Contains("_PSK_", StringComparison.Ordinal) ? "it needs a pre-shared key (--psk and --identity)"
            : ofServer ? "it needs a certificate or raw public key of its kind (--cert and --key, or --raw-key)"
            : "it needs something to trust (--ca or --trust-key)";
    }

    private DtlsOptions Make(TraceSink? trace, bool ofServer)
    {
        DtlsOptions options = new DtlsOptions
        {
            Crypto = Crypto.Make(),
            Versions = Versions.Make(ofServer),
            Suites = Suites,
            Psk = MakeKeys(),
            StepBudget = StepBudget,
            Mtu = Mtu,
            ReceiveSize = ReceiveSize,
            HandshakeTimeout = Timeout,
            RetransmitTimeout = RetransmitTimeout,
            KeyLog = KeyLog,
            Trace = trace,
        };
        Certificates?.ApplyTo(options);
        return options;
    }

    private PskStore? MakeKeys()
    {
        if (Key == null)
        {
            return null;
        }

        PskStore keys = new PskStore();
        keys.Add(Key, Identity, Hint == null ? null : Encoding.UTF8.GetBytes(Hint));
        return keys;
    }
}

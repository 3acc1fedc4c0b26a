using System;
using System.Text;

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
    public required CipherSuiteTable Suites { get; init; }
    public required int Mtu { get; init; }
    public required int Timeout { get; init; }
    public required int RetransmitTimeout { get; init; }
    public required KeyLogFile? KeyLog { get; init; }
    public required Accidents Accidents { get; init; }
    public required CryptoChoice Crypto { get; init; }
    public required bool Hex { get; init; }
    public required bool Verbose { get; init; }

    /// <summary>Finds out now what a client or a server would object to.</summary>
    public void Check()
    {
        try
        {
            MakeServerOptions(null).Validate();
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
        DtlsOptions options = Make(trace);
        options.PoolPackets = 256;
        options.ReceiveQueue = 128;
        return options;
    }

    public DtlsOptions MakeServerOptions(TraceSink? trace)
    {
        DtlsOptions options = Make(trace);
        options.PskHint = Hint == null ? null : Encoding.UTF8.GetBytes(Hint);
        options.PoolPackets = 256;
        options.ReceiveQueue = 64;
        options.MaxSessions = 256;
        options.MaxHandshakes = 64;
        return options;
    }

    private DtlsOptions Make(TraceSink? trace)
    {
        DtlsOptions options = new DtlsOptions
        {
            Crypto = Crypto.Make(),
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

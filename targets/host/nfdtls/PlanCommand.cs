using System;
using System.Globalization;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.X509;

namespace NfDtls.Tool;

/// <summary>What an endpoint takes of a board: bytes of heap as PlanMemory has them, and bytes of flash by assembly.</summary>
internal sealed class PlanCommand
{
    // What keys take beside in each direction of a session: managed AES-128-CCM and, in DTLS 1.3, the mask of numbers; in the firmware a handle of either.
    private const int ManagedKey = 300;
    private const int ManagedMask = 72;
    private const int FirmwareKey = 36;

    private readonly Node _rows = new Node("plan", "plan");
    private readonly DtlsOptions _options;
    private readonly bool _isServer;
    private readonly bool _has13;
    private readonly bool _hasCertificates;

    public PlanCommand(bool isServer, bool has13, bool hasCertificates, int sessions, int handshakes, int packets, int mtu)
    {
        _isServer = isServer;
        _has13 = has13;
        _hasCertificates = hasCertificates;
        _options = Make(isServer, has13, hasCertificates);
        _options.MaxSessions = isServer ? sessions : 1;
        _options.MaxHandshakes = isServer ? handshakes : 1;
        _options.PoolPackets = packets;
        _options.Mtu = mtu;
    }

    /// <summary>Whether one object of JSON is printed, and not a table.</summary>
    public bool Json { get; init; }

    public int Run()
    {
        MemoryPlan plan;
        try
        {
            plan = _options.PlanMemory(_isServer);
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage(e.Message);
        }

        int count = _isServer ? _options.MaxSessions : 1;
        Line("Heap of a board with 12 bytes a block, for a " + (_isServer ? $"server with {count} sessions and {_options.MaxHandshakes} handshakes at a time" : "client")
            + $", DTLS {(_has13 ? "1.3" : "1.2")} with {(_hasCertificates ? "certificates" : "pre-shared keys")}:");
        Row("pool", plan.Pool, $"{_options.PoolPackets} packets of {_options.Mtu}");
        Row("engine", plan.Engine, "tables, readers, counters");
        Row("sessions", plan.Sessions, "made with the engine");
        Row("handshakes", plan.Handshakes, "slots made with the engine");
        Row("at rest", plan.Total, "all of these");
        Row("session", plan.Session, "one that is connected, without what its keys take in a provider");
        Row("peak", plan.Peak, "every session connected, every slot in use");
        int managed = 2 * (ManagedKey + (_has13 ? ManagedMask : 0));
        int firmware = 2 * FirmwareKey * (_has13 ? 2 : 1);
        Line($"Keys of AES-128-CCM take {managed} bytes a session more in managed code, and {firmware} in the firmware.");
        Line("");
        Line("Flash by assembly, stock firmware and cryptography in managed code:");
        int all = 0;
        foreach (string assembly in Assemblies())
        {
            int size = AssemblySizes.Of(assembly);
            all += size;
            Row(assembly, size, "");
        }

        Row("all", all, "without the application and nanoFramework's libraries");
        Line("");
        SayTimes();
        if (Json)
        {
            JsonText.Print(_rows.Write);
        }

        return ExitCode.Clean;
    }

    /// <summary>Milliseconds by board, which nobody has measured: operations counted on .NET, and clocks.</summary>
    private void SayTimes()
    {
        Line("Milliseconds by board with pre-shared keys and AES_128_CCM_8, computed, not measured: operations of the interpreter"
            + $" (./build.sh ops) at {BoardSpeeds.CyclesPerOperation} cycles each.");
        Line($"  {"",-28}{"handshake",12}{"send 64 B",12}{"receive 64 B",14}");
        foreach (bool isManaged in new[] { false, true })
        {
            Line(isManaged ? "  cryptography in managed code" : "  AES and HMAC by the firmware, whose own time comes on top");
            foreach ((string name, int megahertz) in BoardSpeeds.All)
            {
                _rows.Add(new Node("milliseconds", name)).With("board", name).With("managed", isManaged).With("handshake", Time(OperationSums.Work.Handshake, megahertz, isManaged))
                    .With("send", Time(OperationSums.Work.Send, megahertz, isManaged)).With("receive", Time(OperationSums.Work.Receive, megahertz, isManaged));
                Line($"  {name,-28}{Time(OperationSums.Work.Handshake, megahertz, isManaged),12}{Time(OperationSums.Work.Send, megahertz, isManaged),12}"
                    + $"{Time(OperationSums.Work.Receive, megahertz, isManaged),14}");
            }
        }

        if (_hasCertificates)
        {
            Line("Certificates take their signatures and key agreement more: docs/crypto.md has what those cost in managed code.");
        }
    }

    private string Time(OperationSums.Work work, int megahertz, bool isManaged)
    {
        double time = BoardSpeeds.Milliseconds(megahertz, OperationSums.Of(work, _has13, _isServer, isManaged));
        return time.ToString(time < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
    }

    private string[] Assemblies()
    {
        string server = _isServer ? "NfDtls.Server NfDtls.Sockets.Server " : "";
        string newer = !_has13 ? "" : _isServer ? "NfDtls.Dtls13 NfDtls.Dtls13.Server " : "NfDtls.Dtls13 ";
        string certificates = _hasCertificates ? "NfDtls.Ecdhe NfDtls.X509 NfDtls.Crypto.Software.Ecc " : "";
        return (AssemblySizes.Core + server + newer + certificates + "NfDtls.Sockets NfDtls.Crypto.Software").Split(' ');
    }

    private static DtlsOptions Make(bool isServer, bool has13, bool hasCertificates)
    {
        SoftwareProvider software = new SoftwareProvider(new SystemEntropy());
        DtlsOptions options = new DtlsOptions { Crypto = software };
        int[] groups = hasCertificates ? [NamedGroup.Secp256r1] : [];
        if (has13)
        {
            options.Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups, !hasCertificates) : new Version13(groups, !hasCertificates));
        }

        if (hasCertificates)
        {
            options.Crypto = new CompositeProvider([software, new SoftwareEccProvider(software)]);
            options.Authenticator = new CertificateAuthenticator(new CertificateStore(options.Crypto));
            EcdheExtensions extensions = new EcdheExtensions(GroupTable.All(), SchemeTable.All());
            options.Suites = has13 ? Suites13.Constrained() : new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128Ccm8(extensions));
            return options;
        }

        options.Psk = new PskStore();
        options.Psk.Add(new byte[16], "device-000000001");
        options.Suites = has13 ? Suites13.Constrained() : PskSuites.Constrained();
        return options;
    }

    private void Line(string text)
    {
        if (!Json)
        {
            Console.Out.WriteLine(text);
        }
    }

    private void Row(string name, int bytes, string what)
    {
        _rows.With(name, bytes);
        Line($"  {name,-28}{bytes.ToString("N0", CultureInfo.InvariantCulture),12}  {what}".TrimEnd());
    }
}

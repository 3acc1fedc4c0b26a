using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.Net;

namespace NfDtls.Tool;

/// <summary>The commands, each with its arguments and options.</summary>
internal static class CommandLine
{
    public static Command Make()
    {
        // A RootCommand would take the assembly's name, which is not the tool's.
        Command root = new Command(
            "nfdtls",
            "Talks DTLS 1.2 and 1.3 with pre-shared keys, certificates or raw public keys. Data goes through stdin and stdout, a line for each record; everything else goes to stderr. "
            + "Ends with 0 after a clean close, 2 on wrong usage, 3 when the handshake failed, 4 after an unclean end.");
        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        root.Subcommands.Add(MakeClient());
        root.Subcommands.Add(MakeServer());
        root.Subcommands.Add(MakeDemo());
        root.Subcommands.Add(MakePlan());
        root.Subcommands.Add(MakePing());
        root.Subcommands.Add(MakeScan());
        root.Subcommands.Add(MakeDecode());
        root.Subcommands.Add(MakeKeyGen());
        root.Subcommands.Add(MakeBench());
        root.SetAction(WantCommand);
        return root;
    }

    private static int WantCommand(ParseResult result)
    {
        throw ToolException.Usage("A command is missing: client, server, demo, plan, ping, scan, decode, keygen or bench. `nfdtls --help` says more.");
    }

    private static Command MakeClient()
    {
        Argument<string?> host = Optional("HOST", "Name or address (IPv4 or IPv6) of the server.");
        Argument<string?> port = Optional("PORT", "UDP port of the server.");
        Option<string?> bind = new("--bind") { HelpName = "ADDRESS", Description = "The address of this machine to send from." };
        Option<string?> move = new("--move") { HelpName = "N", Description = "Go on from a new port of this machine after every N lines; needs --cid, at the server too." };
        Option<string?> closeTimeout = new("--close-timeout") { HelpName = "MS", Description = "Milliseconds at the end for the server to answer close_notify; 5000 where it is not given." };
        Option<string?> export = new("--export") { HelpName = "FILE", Description = "At the end save the connection in the file instead of closing it." };
        Option<string?> import = new("--import") { HelpName = "FILE", Description = "Go on with the connection that a client saved, without a handshake, and delete the file; from the port that it had or, with --cid, from any." };
        CommonOptions options = new CommonOptions();
        CertificateOptions certificates = new CertificateOptions(ofServer: false);
        Command command = new Command("client", "Connects, sends each line of stdin as a record and prints each record that comes.");
        command.Arguments.Add(host);
        command.Arguments.Add(port);
        options.AddTo(command);
        certificates.AddTo(command);
        command.Options.Add(bind);
        command.Options.Add(move);
        command.Options.Add(closeTimeout);
        command.Options.Add(export);
        command.Options.Add(import);
        command.SetAction(result =>
        {
            string name = Given(result, host);
            int number = Numbers.Whole(Given(result, port), 1, 65535, "PORT");
            Settings settings = options.Read(result, certificates.Read(result, name), ofServer: false);
            settings.Sleep = new SleepFile(result.GetValue(export), result.GetValue(import));
            settings.CloseTimeout = result.GetValue(closeTimeout) is { } milliseconds ? Numbers.Whole(milliseconds, 0, int.MaxValue, "--close-timeout") : settings.CloseTimeout;
            IPAddress? local = result.GetValue(bind) is { } text ? Udp.Address(text, "--bind") : null;
            int moveEvery = result.GetValue(move) is { } every ? Numbers.Whole(every, 1, int.MaxValue, "--move") : 0;
            if (moveEvery > 0 && settings.Cid == null)
            {
                throw ToolException.Usage("--move needs --cid: without connection IDs a server does not know a client from elsewhere.");
            }

            return new ClientCommand(settings, name, number, local, moveEvery).Run();
        });
        return command;
    }

    private static Command MakeServer()
    {
        Argument<string?> port = Optional("PORT", "UDP port to listen on; 0 takes any that is free.");
        Option<string[]> bind = new("--bind") { HelpName = "ADDRESS", Description = "An address of this machine to listen on; repeatable. All of IPv4 and IPv6 where none is given." };
        Option<bool> echo = new Option<bool>("--echo") { Description = "Send each record back." };
        CommonOptions options = new CommonOptions();
        CertificateOptions certificates = new CertificateOptions(ofServer: true);
        Command command = new Command("server", "Prints each record that comes, until SIGINT or SIGTERM.");
        command.Arguments.Add(port);
        command.Options.Add(echo);
        options.AddTo(command);
        certificates.AddTo(command);
        command.Options.Add(bind);
        command.SetAction(result =>
        {
            int number = Numbers.Whole(Given(result, port), 0, 65535, "PORT");
            Settings settings = options.Read(result, certificates.Read(result, ""), ofServer: true);
            IPAddress[] addresses = Array.ConvertAll(result.GetValue(bind) ?? [], text => Udp.Address(text, "--bind"));
            return new ServerCommand(settings, addresses, number, result.GetValue(echo)).Run();
        });
        return command;
    }

    private static Command MakeDemo()
    {
        CommonOptions options = new CommonOptions();
        Command command = new Command("demo", "Shows a client and an echoing server in one process, over UDP on this machine. Needs no option.");
        options.AddTo(command, ofDemo: true);
        command.SetAction(result => new DemoCommand(options.ReadDemo(result)).Run());
        return command;
    }

    private static Command MakePlan()
    {
        Option<string?> sessions = new("--sessions") { HelpName = "N", Description = "Sessions of a server, 16 by default." };
        Option<string?> handshakes = new("--handshakes") { HelpName = "N", Description = "Handshakes of a server at a time, 4 by default." };
        Option<string?> packets = new("--packets") { HelpName = "N", Description = "Packets of the pool, 8 by default." };
        Option<string?> mtu = new("--mtu") { HelpName = "BYTES", Description = "The longest datagram, 1280 by default." };
        Option<bool> psk = new("--psk") { Description = "With a pre-shared key." };
        Option<bool> x509 = new("--x509") { Description = "With certificates." };
        Option<string?> version = new("--version") { HelpName = "1.2|1.3", Description = "The version, 1.3 by default." };
        Option<bool> client = new("--client") { Description = "For a client, not a server." };
        Command command = new Command("plan", "Prints what an endpoint takes of a board: bytes of heap for pool, sessions and handshakes, at rest and at the peak, and bytes of flash by assembly.");
        command.Options.Add(sessions);
        command.Options.Add(handshakes);
        command.Options.Add(packets);
        command.Options.Add(mtu);
        command.Options.Add(psk);
        command.Options.Add(x509);
        command.Options.Add(version);
        command.Options.Add(client);
        Option<bool> json = Json();
        command.Options.Add(json);
        command.SetAction(result =>
        {
            if (result.GetValue(psk) == result.GetValue(x509))
            {
                throw ToolException.Usage("A plan is for --psk or for --x509. `nfdtls plan --help` says more.");
            }

            string number = result.GetValue(version) ?? "1.3";
            if (number is not ("1.2" or "1.3"))
            {
                throw ToolException.Usage($"--version must be 1.2 or 1.3, not {number}.");
            }

            return new PlanCommand(
                !result.GetValue(client), number == "1.3", result.GetValue(x509), Numbers.Whole(result.GetValue(sessions) ?? "16", 1, 65535, "--sessions"),
                Numbers.Whole(result.GetValue(handshakes) ?? "4", 1, 65535, "--handshakes"), Numbers.Whole(result.GetValue(packets) ?? "8", 1, 65535, "--packets"),
                Numbers.Whole(result.GetValue(mtu) ?? "1280", 150, 65535, "--mtu")) { Json = result.GetValue(json) }.Run();
        });
        return command;
    }

    private static Command MakePing()
    {
        Argument<string?> host = Optional("HOST", "Name or address (IPv4 or IPv6) of the server.");
        Argument<string?> port = Optional("PORT", "UDP port of the server.");
        Option<string?> count = new("--count") { HelpName = "N", Description = "Hellos to send, 4 by default." };
        Option<string?> timeout = AnswerTime();
        Option<bool> json = Json();
        Command command = new Command(
            "ping",
            "Asks a server, without credentials, whether it is there: version, suite, cookie, certificate, round trip and loss. Sends hellos, and goes as far as HelloVerifyRequest or HelloRetryRequest and the certificate. "
            + "Ends with 0 where a server of DTLS answers, 3 where none does.");
        AddAll(command, host, port, count, timeout, json);
        command.SetAction(result => new PingCommand(
            Given(result, host), Numbers.Whole(Given(result, port), 1, 65535, "PORT"), Numbers.Whole(result.GetValue(count) ?? "4", 1, 100_000, "--count"),
            Numbers.Whole(result.GetValue(timeout) ?? "1000", 10, 600_000, "--timeout"), result.GetValue(json)).Run());
        return command;
    }

    private static Command MakeScan()
    {
        Argument<string?> host = Optional("HOST", "Name or address (IPv4 or IPv6) of the server.");
        Argument<string?> port = Optional("PORT", "UDP port of the server.");
        Option<string?> timeout = AnswerTime();
        Option<bool> json = Json();
        Command command = new Command(
            "scan",
            "Prints a table of the versions, suites and groups that a server accepts, in its order of preference; also of those that NfDtls has not. Some dozens of hellos, without credentials. Ends with 0, or 3 where no server of DTLS answers.");
        AddAll(command, host, port, timeout, json);
        command.SetAction(result => new ScanCommand(
            Given(result, host), Numbers.Whole(Given(result, port), 1, 65535, "PORT"), Numbers.Whole(result.GetValue(timeout) ?? "1000", 10, 600_000, "--timeout"), result.GetValue(json)).Run());
        return command;
    }

    private static Command MakeKeyGen()
    {
        KeyGenOptions options = new KeyGenOptions();
        Command command = new Command(
            "keygen",
            "Makes credentials: an authority (ca), certificates of a server or a device by it, raw public keys (raw) and pre-shared keys (psk), as PEM or as C# source. Replaces no file without --force. Ends with 0, or 2 where it cannot.");
        options.AddTo(command);
        command.SetAction(result => new KeyGenCommand(options.Read(result), result.GetValue(options.Json)).Run());
        return command;
    }

    private static Command MakeBench()
    {
        Argument<string?> host = Optional("HOST", "Name or address (IPv4 or IPv6) of the server.");
        Argument<string?> port = Optional("PORT", "UDP port of the server.");
        Option<string?> clients = new("--clients") { HelpName = "N", Description = "Clients at the same time, 1 by default." };
        Option<string?> time = new("--time") { HelpName = "MS", Description = "Milliseconds of handshakes, and then of round trips; 3000 by default." };
        Option<string?> size = new("--size") { HelpName = "BYTES", Description = "Bytes of a record, 64 by default." };
        Option<bool> json = Json();
        CommonOptions options = new CommonOptions();
        CertificateOptions certificates = new CertificateOptions(ofServer: false);
        Command command = new Command(
            "bench",
            "Counts handshakes a second with a server, and round trips where it sends back what it gets. With a client's credentials. Ends with 0, or 3 where no handshake succeeds.");
        AddAll(command, host, port, clients, time, size, json);
        options.AddTo(command, ofBench: true);
        certificates.AddTo(command);
        command.SetAction(result =>
        {
            string name = Given(result, host);
            int number = Numbers.Whole(Given(result, port), 1, 65535, "PORT");
            Settings settings = options.Read(result, certificates.Read(result, name), ofServer: false);
            return new BenchCommand(
                settings, name, number, Numbers.Whole(result.GetValue(clients) ?? "1", 1, 1000, "--clients"), Numbers.Whole(result.GetValue(time) ?? "3000", 1, 3_600_000, "--time"),
                Numbers.Whole(result.GetValue(size) ?? "64", 1, DtlsOptions.MaxMtu, "--size"), result.GetValue(json)).Run();
        });
        return command;
    }

    private static Option<string?> AnswerTime()
    {
        return new Option<string?>("--timeout") { HelpName = "MS", Description = "Milliseconds that a hello waits for its answer, 1000 by default." };
    }

    private static void AddAll(Command command, params Symbol[] symbols)
    {
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }
    }

    private static Command MakeDecode()
    {
        Argument<string?> input = Optional("FILE|HEX", "A capture (pcap or pcapng), a file with a datagram in hexadecimal on each line, such a datagram itself, or - for stdin.");
        Option<string?> keyLog = new("--keylog") { HelpName = "FILE", Description = "Secrets in SSLKEYLOGFILE form to decrypt with." };
        Option<string?> port = new("--port") { HelpName = "N", Description = "Take what comes from or goes to this UDP port, whatever it looks like; else what looks like DTLS." };
        Option<bool> json = Json();
        Command command = new Command(
            "decode",
            "Prints the records and handshake messages of datagrams of DTLS 1.2 and 1.3. Ends with 0 whatever the datagrams are, 2 where the input is none, 4 where a capture is cut off.");
        command.Arguments.Add(input);
        command.Options.Add(keyLog);
        command.Options.Add(port);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            string name = Given(result, input);
            int number = result.GetValue(port) is { } text ? Numbers.Whole(text, 1, 65535, "--port") : 0;
            KeyLogSecrets? secrets = result.GetValue(keyLog) is { } file ? KeyLogSecrets.Read(file) : null;
            return new DecodeCommand(name, secrets, number, result.GetValue(json)).Run();
        });
        return command;
    }

    private static Option<bool> Json()
    {
        return new Option<bool>("--json") { Description = "Print objects of JSON, one a line." };
    }

    /// <summary>An argument that must be given; that it is missing is told by its name.</summary>
    private static Argument<string?> Optional(string name, string description)
    {
        return new Argument<string?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
    }

    private static string Given(ParseResult result, Argument<string?> argument)
    {
        return result.GetValue(argument)
            ?? throw ToolException.Usage($"{argument.Name} is missing: {argument.Description} `nfdtls {result.CommandResult.Command.Name} --help` says more.");
    }
}

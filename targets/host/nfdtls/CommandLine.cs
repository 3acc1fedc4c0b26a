using System.CommandLine;
using System.CommandLine.Help;

namespace NfDtls.Tool;

/// <summary>The commands, each with its arguments and options.</summary>
internal static class CommandLine
{
    public static Command Make()
    {
        // A RootCommand would take the assembly's name, which is not the tool's.
        Command root = new Command(
            "nfdtls",
            "Talks DTLS 1.2 with pre-shared keys, certificates or raw public keys. Data goes through stdin and stdout, a line for each record; everything else goes to stderr. "
            + "Ends with 0 after a clean close, 2 on wrong usage, 3 when the handshake failed, 4 after an unclean end.");
        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        root.Subcommands.Add(MakeClient());
        root.Subcommands.Add(MakeServer());
        root.Subcommands.Add(MakeDemo());
        root.SetAction(WantCommand);
        return root;
    }

    private static int WantCommand(ParseResult result)
    {
        throw ToolException.Usage("A command is missing: client, server or demo. `nfdtls --help` says more.");
    }

    private static Command MakeClient()
    {
        Argument<string> host = new Argument<string>("HOST") { Description = "Name or address (IPv4 or IPv6) of the server." };
        Argument<int> port = new Argument<int>("PORT") { Description = "UDP port of the server." };
        CommonOptions options = new CommonOptions();
        CertificateOptions certificates = new CertificateOptions(ofServer: false);
        Command command = new Command("client", "Connects, sends each line of stdin as a record and prints each record that comes.");
        command.Arguments.Add(host);
        command.Arguments.Add(port);
        options.AddTo(command);
        certificates.AddTo(command);
        command.SetAction(result =>
        {
            Settings settings = options.Read(result, certificates.Read(result, result.GetRequiredValue(host)));
            return new ClientCommand(settings, result.GetRequiredValue(host), CheckPort(result.GetRequiredValue(port), 1)).Run();
        });
        return command;
    }

    private static Command MakeServer()
    {
        Argument<int> port = new Argument<int>("PORT") { Description = "UDP port to listen on; 0 takes any that is free." };
        Option<bool> echo = new Option<bool>("--echo") { Description = "Send each record back." };
        CommonOptions options = new CommonOptions();
        CertificateOptions certificates = new CertificateOptions(ofServer: true);
        Command command = new Command("server", "Prints each record that comes, until SIGINT or SIGTERM.");
        command.Arguments.Add(port);
        command.Options.Add(echo);
        options.AddTo(command);
        certificates.AddTo(command);
        command.SetAction(result =>
        {
            Settings settings = options.Read(result, certificates.Read(result, ""));
            return new ServerCommand(settings, CheckPort(result.GetRequiredValue(port), 0), result.GetValue(echo)).Run();
        });
        return command;
    }

    private static Command MakeDemo()
    {
        CommonOptions options = new CommonOptions();
        Command command = new Command("demo", "Shows a client and an echoing server in one process, over UDP on this machine. Needs no option.");
        options.AddTo(command);
        command.SetAction(result => new DemoCommand(options.ReadDemo(result)).Run());
        return command;
    }

    private static int CheckPort(int port, int least)
    {
        if (port < least || port > 65535)
        {
            throw ToolException.Usage($"PORT must be {least} to 65535, not {port}.");
        }

        return port;
    }
}

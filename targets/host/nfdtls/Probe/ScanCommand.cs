using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using Spectre.Console;

namespace NfDtls.Tool;

/// <summary>nfdtls scan: the versions, suites and groups that a server accepts, in its order, found by asking with one less each time.</summary>
internal sealed class ScanCommand
{
    private const int CertificateTime = 5000;

    private readonly string _host;
    private readonly int _port;
    private readonly int _timeout;
    private readonly bool _json;
    private readonly Screen _screen = new Screen();
    private int _asked;

    public ScanCommand(string host, int port, int timeout, bool json)
    {
        _host = host;
        _port = port;
        _timeout = timeout;
        _json = json;
    }

    public int Run()
    {
        IPEndPoint server = new IPEndPoint(Udp.Resolve(_host), _port);
        using Progress progress = new Progress(_screen, () => $"{_asked} hellos");
        ProbeAnswer first = Ask(server, ProbeOffers.Everything(_host), tries: 3);
        if (first.End is ProbeEnd.Silence or ProbeEnd.Refused && first.CookieBy == null)
        {
            throw new ToolException(ExitCode.HandshakeFailed, $"{_host} port {_port} ({server.Address}): {first.Why}.");
        }

        List<ScannedVersion> versions =
        [
            Scan(server, "DTLS 1.3", ProbeOffers.Newer, suites => new ProbeHello { Versions = [0xFEFC], Suites = suites, Groups = ProbeOffers.SharedGroups, Name = _host }),
            Scan(server, "DTLS 1.2", ProbeOffers.Earlier, suites => new ProbeHello { Suites = suites, Groups = ProbeOffers.SharedGroups, Name = _host }),
            Scan(server, "DTLS 1.0", ProbeOffers.Oldest, suites => new ProbeHello { Version = 0xFEFF, Suites = suites, Groups = ProbeOffers.SharedGroups, Name = _host }),
        ];
        FindGroups(server, versions);
        if (versions[0].Certificates.Count == 0 && versions[0].Answer?.End == ProbeEnd.Hello)
        {
            versions[0].Certificates.AddRange(NewerCertificate.Of(server, _host, CertificateTime));
        }

        progress.End();
        if (_json)
        {
            JsonText.Print(to => Write(to, server, versions));
        }
        else
        {
            Show(server, versions);
        }

        Console.Out.Flush();
        return ExitCode.Clean;
    }

    /// <summary>Asks with all suites, then without the one chosen, and so on.</summary>
    private ScannedVersion Scan(IPEndPoint server, string version, int[] suites, Func<int[], ProbeHello> hello)
    {
        ScannedVersion found = new ScannedVersion(version);
        List<int> left = [.. suites];
        while (left.Count > 0)
        {
            ProbeAnswer answer = Ask(server, hello([.. left]), tries: 3);
            bool isChosen = answer.Version == version && left.Remove(answer.Suite);
            if (!isChosen)
            {
                found.Why ??= answer.End == ProbeEnd.Hello ? "it answers in " + answer.Version : answer.Why;
                return found;
            }

            found.Answer ??= answer;
            found.Suites.Add((answer.Suite, answer.End == ProbeEnd.Hello ? "" : $"chosen, then {answer.Why}: it wants a key or a group that is not offered"));
            if (found.Certificates.Count == 0)
            {
                found.Certificates.AddRange(answer.Certificates);
            }
        }

        return found;
    }

    /// <summary>Which groups each version takes: each offered alone.</summary>
    private void FindGroups(IPEndPoint server, List<ScannedVersion> versions)
    {
        foreach (ScannedVersion version in versions.Where(v => v.Suites.Exists(s => ProbeOffers.Is13(s.Id) || WireNames.OfSuite(s.Id).Contains("_ECDHE_", StringComparison.Ordinal))))
        {
            int[] suites = [.. version.Suites.Select(s => s.Id).Where(s => ProbeOffers.Is13(s) || WireNames.OfSuite(s).Contains("_ECDHE_", StringComparison.Ordinal))];
            bool is13 = ProbeOffers.Is13(suites[0]);
            foreach (int group in ProbeOffers.Groups)
            {
                ProbeHello hello = new ProbeHello { Version = version.Name == "DTLS 1.0" ? 0xFEFF : 0xFEFD, Versions = is13 ? [0xFEFC] : [], Suites = suites, Groups = [group], Name = _host };
                ProbeAnswer answer = Ask(server, hello, tries: 2);
                if (answer.Group == WireNames.OfGroup(group))
                {
                    version.Groups.Add(answer.Group);
                }
            }
        }
    }

    private ProbeAnswer Ask(IPEndPoint server, ProbeHello hello, int tries)
    {
        _asked++;
        using Probe probe = new Probe(server, _timeout, tries) { WantsCertificate = hello.Versions is not [0xFEFC] };
        return probe.Run(hello);
    }

    private void Show(IPEndPoint server, List<ScannedVersion> versions)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Out),
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 1000;
        }

        Table table = new Table().Title(Markup.Escape($"{_host} port {_port} ({server.Address})")).Border(TableBorder.Rounded).AddColumn("version").AddColumn("suites, as the server prefers them").AddColumn("groups").AddColumn("cookie").AddColumn("extensions");
        foreach (ScannedVersion version in versions)
        {
            string suites = version.Suites.Count == 0 ? "not spoken: " + version.Why : string.Join("\n", version.Suites.Select(s => WireNames.OfSuite(s.Id) + (s.Note.Length > 0 ? $" ({s.Note})" : "")));
            table.AddRow(
                Markup.Escape(version.Name), Markup.Escape(suites), Markup.Escape(string.Join("\n", version.Groups)),
                Markup.Escape(version.Suites.Count == 0 ? "" : version.Answer?.CookieBy ?? "none"), Markup.Escape(string.Join("\n", version.Answer?.Extensions ?? [])));
        }

        console.Write(table);
        Node? certificate = versions.SelectMany(v => v.Certificates).FirstOrDefault();
        certificate?.Write(Console.Out);
    }

    private void Write(Utf8JsonWriter to, IPEndPoint server, List<ScannedVersion> versions)
    {
        to.WriteStartObject();
        to.WriteString("kind", "scan");
        to.WriteString("host", _host);
        to.WriteNumber("port", _port);
        to.WriteString("address", server.Address.ToString());
        to.WriteNumber("hellos", _asked);
        to.WriteStartArray("versions");
        foreach (ScannedVersion version in versions)
        {
            to.WriteStartObject();
            to.WriteString("version", version.Name);
            to.WriteBoolean("spoken", version.Suites.Count > 0);
            to.WriteString("cookie", version.Answer?.CookieBy);
            to.WriteStartArray("suites");
            foreach ((int id, string note) in version.Suites)
            {
                to.WriteStartObject();
                to.WriteString("name", WireNames.OfSuite(id));
                to.WriteNumber("number", id);
                to.WriteString("note", note);
                to.WriteEndObject();
            }

            to.WriteEndArray();
            List(to, "groups", version.Groups);
            List(to, "extensions", version.Answer?.Extensions ?? []);
            to.WriteStartArray("certificates");
            version.Certificates.ForEach(c => c.Write(to));
            to.WriteEndArray();
            to.WriteEndObject();
        }

        to.WriteEndArray();
        to.WriteEndObject();
    }

    private static void List(Utf8JsonWriter to, string name, List<string> values)
    {
        to.WriteStartArray(name);
        values.ForEach(to.WriteStringValue);
        to.WriteEndArray();
    }

    /// <summary>What was found of a version.</summary>
    private sealed class ScannedVersion
    {
        public ScannedVersion(string name)
        {
            Name = name;
        }

        public string Name { get; }

        public List<(int Id, string Note)> Suites { get; } = [];

        public List<string> Groups { get; } = [];

        public List<Node> Certificates { get; } = [];

        /// <summary>The first answer in it.</summary>
        public ProbeAnswer? Answer { get; set; }

        /// <summary>Why no further suite, or none at all, is spoken.</summary>
        public string? Why { get; set; }
    }
}

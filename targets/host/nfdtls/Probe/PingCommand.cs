using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;

namespace NfDtls.Tool;

/// <summary>nfdtls ping: whether a server of DTLS answers, what it speaks, how fast and how surely. Needs no credentials.</summary>
internal sealed class PingCommand
{
    private const int Pause = 100;
    private const int CertificateTime = 5000;

    private readonly string _host;
    private readonly int _port;
    private readonly int _count;
    private readonly int _timeout;
    private readonly bool _json;
    private readonly Screen _screen = new Screen();

    public PingCommand(string host, int port, int count, int timeout, bool json)
    {
        _host = host;
        _port = port;
        _count = count;
        _timeout = timeout;
        _json = json;
    }

    public int Run()
    {
        IPEndPoint server = new IPEndPoint(Udp.Resolve(_host), _port);
        int asked = 0;
        using Progress progress = new Progress(_screen, () => $"{asked} of {_count} hellos");
        ProbeAnswer answer = Explore(server);
        List<double> times = [];
        int sent = 0;

        // The first one does not count: in its time this program was compiled, too.
        for (asked = 0; asked < _count && answer.End != ProbeEnd.Refused; asked++)
        {
            Thread.Sleep(Pause);
            using Probe probe = new Probe(server, _timeout, tries: 1);
            // As far as the ServerHello, and its end: a server with one place for all keeps that for a hello whose cookie never comes.
            ProbeAnswer one = probe.Run(ProbeOffers.Everything(_host));
            sent++;
            if (one.RoundTrip >= 0)
            {
                times.Add(one.RoundTrip);
            }
        }

        progress.End();
        Node report = Report(server, answer, times, sent);
        if (_json)
        {
            JsonText.Print(report.Write);
        }
        else
        {
            report.Write(Console.Out);
        }

        Console.Out.Flush();
        return answer.End is ProbeEnd.Hello or ProbeEnd.Alert || answer.Version != null || answer.CookieBy != null ? ExitCode.Clean : ExitCode.HandshakeFailed;
    }

    /// <summary>What it speaks: of both versions, and of the older one alone where that is not understood.</summary>
    private ProbeAnswer Explore(IPEndPoint server)
    {
        using Probe probe = new Probe(server, _timeout, tries: 3) { WantsCertificate = true };
        ProbeAnswer answer = probe.Run(ProbeOffers.Everything(_host));
        if (answer.End == ProbeEnd.Alert)
        {
            // A server of DTLS 1.3 that wants a key says no to a hello without one; it may speak the older version all the same.
            using Probe earlier = new Probe(server, _timeout, tries: 1) { WantsCertificate = true };
            ProbeAnswer other = earlier.Run(new ProbeHello { Suites = ProbeOffers.Earlier, Groups = ProbeOffers.SharedGroups, Name = _host });
            if (other.End == ProbeEnd.Hello)
            {
                return other;
            }
        }

        if (answer.End == ProbeEnd.Hello && answer.Version == "DTLS 1.3")
        {
            answer.Certificates.AddRange(NewerCertificate.Of(server, _host, CertificateTime));
        }

        return answer;
    }

    private Node Report(IPEndPoint server, ProbeAnswer answer, List<double> times, int sent)
    {
        bool isThere = times.Count > 0 || answer.RoundTrip >= 0;
        Node report = new Node("ping", $"{_host} port {_port} ({server.Address}): {(answer.End == ProbeEnd.Hello ? $"{answer.Version}, {answer.SuiteName}" : answer.Why)}");
        report.With("_host", _host).With("_port", _port).With("_address", server.Address.ToString()).With("_reachable", isThere);
        Maybe(report, "version", answer.Version);
        Maybe(report, "suite", answer.SuiteName);
        Maybe(report, "group", answer.Group);
        Maybe(report, "alert", answer.Alert);
        if (isThere)
        {
            report.With("_cookie_length", answer.CookieLength).With("cookie", answer.CookieBy == null ? "none: it answers addresses that have not proven themselves" : $"{answer.CookieLength} bytes, by {answer.CookieBy}");
        }

        if (times.Count > 0)
        {
            report.With("round trip", Text(times)).With("_round_trip_average_ms", Math.Round(times.Average(), 3));
        }

        if (answer.Suite >= 0 && answer.SuiteName!.Contains("PSK", StringComparison.Ordinal))
        {
            report.With("wants", "a pre-shared key");
            Maybe(report, "hint", answer.Hint);
        }
        else if (answer.AsksForCertificate)
        {
            report.With("wants", "a certificate of the client");
        }

        report.With("loss", sent == 0 ? "unknown" : $"{sent - times.Count} of {sent}").With("_sent", sent).With("_answered", times.Count);
        answer.Certificates.ForEach(c => report.Add(c));
        return report;
    }

    private static void Maybe(Node report, string name, string? value)
    {
        if (value != null)
        {
            report.With(name, value);
        }
    }

    private static string Text(List<double> times)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{times.Min():F2} ms at best, {times.Average():F2} on average, {times.Max():F2} at worst");
    }
}

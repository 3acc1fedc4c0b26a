using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Tool;

/// <summary>Asks a server with a hello, from a port of its own, and reads what comes up to ServerHello or, where wanted, the certificate.</summary>
internal sealed class Probe : IDisposable
{
    // How long what belongs to a flight may stay behind what came last.
    private const int FlightTime = 1500;
    private const int MaxDatagrams = 200;
    private const int MinWait = 10;

    private readonly Socket _socket;
    private readonly int _tries;
    private readonly int _timeout;
    private readonly DatagramDecoder _decoder = new DatagramDecoder(null);
    private readonly byte[] _buffer = new byte[65536];
    private readonly ProbeAnswer _answer = new ProbeAnswer();
    private int _hellos;
    private int _datagrams;
    private long _received;

    /// <param name="server">The server.</param>
    /// <param name="timeout">Milliseconds that the last hello waits for an answer; each one before half as long as the next.</param>
    /// <param name="tries">Times that it is sent.</param>
    public Probe(IPEndPoint server, int timeout, int tries)
    {
        _timeout = timeout;
        _tries = tries;
        _socket = Udp.Bind(Udp.Any(server.AddressFamily));
        _socket.Connect(server);
    }

    /// <summary>Whether the certificate is waited for, too.</summary>
    public bool WantsCertificate { get; init; }

    public ProbeAnswer Run(ProbeHello hello)
    {
        List<Node> last = Ask(hello, isFirst: true);
        Take(last);
        if (_answer.End == ProbeEnd.Silence && Retry(last, hello))
        {
            last = Ask(hello, isFirst: false);
            Take(last);
        }

        // What follows in DTLS 1.3 is encrypted.
        if (_answer.End == ProbeEnd.Hello && WantsCertificate && _answer.Version != "DTLS 1.3")
        {
            Follow(last);
        }

        // Only where a handshake has begun: gnutls-serv takes an alert that it has no session for as the beginning of one.
        if (_answer.End == ProbeEnd.Hello)
        {
            TrySend(ProbeHello.Goodbye());
        }

        return _answer;
    }

    public void Dispose()
    {
        _socket.Dispose();
    }

    /// <summary>Sends a hello until something comes of it; a datagram's nodes, or nothing.</summary>
    private List<Node> Ask(ProbeHello hello, bool isFirst)
    {
        byte[] record = hello.Record(_hellos++);
        _decoder.ReadDatagram(0, "", "client", "server", record);
        for (int i = 0; i < _tries && _answer.End != ProbeEnd.Refused; i++)
        {
            _answer.Sent += isFirst ? 1 : 0;
            long start = Stopwatch.GetTimestamp();
            TrySend(record);
            List<Node> nodes = Receive(Math.Max(_timeout >> (_tries - 1 - i), MinWait));
            if (nodes.Count > 0)
            {
                _answer.RoundTrip = isFirst ? Stopwatch.GetElapsedTime(start, _received).TotalMilliseconds : _answer.RoundTrip;
                return nodes;
            }
        }

        return [];
    }

    /// <summary>What belongs to the ServerHello's flight, up to its end or until nothing more comes.</summary>
    private void Follow(List<Node> nodes)
    {
        while (nodes.Count > 0 && !nodes.Exists(n => n.Kind == "message" && n.Get("_name") is "ServerHelloDone"))
        {
            nodes = Receive(FlightTime);
            Take(nodes);
        }
    }

    /// <summary>Takes cookie and group into the next hello; false where nothing asked for one.</summary>
    private bool Retry(List<Node> nodes, ProbeHello hello)
    {
        foreach (Node message in nodes.Where(n => n.Kind == "message"))
        {
            if (message.Get("_name") is "HelloVerifyRequest" && message.Get("cookie") is byte[] cookie)
            {
                hello.Cookie = cookie;
                return true;
            }

            if (message.Get("_retry") is true)
            {
                hello.Cookie13 = FieldOf(message, "cookie", "cookie") as byte[];
                hello.ShareGroup = hello.Groups.FirstOrDefault(g => WireNames.OfGroup(g) == _answer.Group && ProbeHello.CanShare(g));
                return hello.ShareGroup != 0 || (_answer.Group == null && hello.Cookie13 != null);
            }
        }

        return false;
    }

    private void Take(List<Node> nodes)
    {
        foreach (Node node in nodes)
        {
            switch (node.Get("_name"))
            {
                case "HelloVerifyRequest" when node.Get("cookie") is byte[] cookie:
                    TakeCookie("HelloVerifyRequest", cookie);
                    break;
                case "ServerHello":
                    TakeHello(node);
                    break;
                case "ServerKeyExchange":
                    _answer.Group = node.Get("group") as string ?? _answer.Group;
                    _answer.Hint = node.Get("hint") as string;
                    break;
                case "CertificateRequest":
                    _answer.AsksForCertificate = true;
                    break;
            }

            if (node.Kind == "certificate")
            {
                _answer.Certificates.Add(node);
            }

            if (node.Kind == "record" && node.Get("alert") is string alert && node.Get("level") is "fatal" && _answer.End == ProbeEnd.Silence)
            {
                _answer.End = ProbeEnd.Alert;
                _answer.Alert = alert;
            }
        }
    }

    private void TakeHello(Node hello)
    {
        _answer.Version = hello.Get("spoken") as string;
        _answer.Suite = WireNames.Suites.FirstOrDefault(s => WireNames.OfSuite(s) == hello.Get("suite") as string, -1);
        if (hello.Get("_retry") is true)
        {
            _answer.Group = FieldOf(hello, "key_share", "group") as string;
            if (FieldOf(hello, "cookie", "cookie") is byte[] cookie)
            {
                TakeCookie("HelloRetryRequest", cookie);
            }

            return;
        }

        _answer.End = ProbeEnd.Hello;
        _answer.Extensions.Clear();
        _answer.Extensions.AddRange(hello.Parts.Select(p => (string)p.Get("_name")!));
        _answer.Group = hello.All("share").FirstOrDefault()?.Get("_group") as string ?? _answer.Group;
    }

    private void TakeCookie(string by, byte[] cookie)
    {
        _answer.CookieBy = by;
        _answer.CookieLength = cookie.Length;
    }

    private static object? FieldOf(Node message, string extension, string field)
    {
        return message.Parts.FirstOrDefault(p => p.Get("_name") as string == extension)?.Get(field);
    }

    /// <summary>All that a datagram holds, or nothing when none comes in time.</summary>
    private List<Node> Receive(int milliseconds)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (_datagrams++ < MaxDatagrams)
        {
            int left = milliseconds - (int)watch.ElapsedMilliseconds;
            if (left <= 0 || !_socket.Poll(left * 1000, SelectMode.SelectRead))
            {
                return [];
            }

            int count;
            try
            {
                count = _socket.Receive(_buffer);
                _received = Stopwatch.GetTimestamp();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
            {
                _answer.End = _answer.End == ProbeEnd.Silence ? ProbeEnd.Refused : _answer.End;
                return [];
            }

            Node datagram = _decoder.ReadDatagram(0, "", "server", "client", _buffer.AsSpan(0, count).ToArray());
            List<Node> all = [];
            Collect(datagram, all);
            if (all.Exists(n => n.Kind == "record"))
            {
                return all;
            }
        }

        return [];
    }

    private static void Collect(Node node, List<Node> all)
    {
        foreach (Node part in node.Parts)
        {
            all.Add(part);
            Collect(part, all);
        }
    }

    private void TrySend(byte[] datagram)
    {
        try
        {
            _socket.Send(datagram);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            _answer.End = _answer.End == ProbeEnd.Silence ? ProbeEnd.Refused : _answer.End;
        }
        catch (SocketException e)
        {
            throw new ToolException(ExitCode.HandshakeFailed, $"Nothing can be sent there: {e.Message}.");
        }
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;

namespace NfDtls.Tool;

/// <summary>
/// Datagrams of a capture, of hexadecimal text or of raw bytes, read into nodes one by one. No input makes it throw, and what it
/// keeps is bounded.
/// </summary>
internal sealed class DatagramDecoder
{
    private readonly RecordDecoder _records;
    private readonly SessionTable _sessions;
    private readonly int _port;

    /// <param name="secrets">What it decrypts with, or null.</param>
    /// <param name="port">The UDP port that alone is looked at, or 0 for all.</param>
    public DatagramDecoder(KeyLogSecrets? secrets, int port = 0)
    {
        _sessions = new SessionTable(secrets, CryptoChoice.Parse("host").Make());
        _records = new RecordDecoder(_sessions);
        _port = port;
    }

    /// <summary>Frames that are no DTLS.</summary>
    public int Others { get; private set; }

    public SessionTable Sessions
    {
        get { return _sessions; }
    }

    /// <summary>What is wrong with the end of the capture, or null.</summary>
    public string? Flaw { get; private set; }

    /// <summary>The datagrams of bytes: of a capture, else of hexadecimal text with one a line, else one datagram as it is.</summary>
    public IEnumerable<Node> Read(byte[] bytes)
    {
        CaptureFile? capture = CaptureFile.Of(bytes);
        if (capture != null)
        {
            return ReadCapture(capture);
        }

        return HexText.TryRead(bytes, out List<byte[]> datagrams) ? ReadAll(datagrams) : ReadAll([bytes]);
    }

    /// <summary>Reads a datagram between two ends that are named somehow.</summary>
    public Node ReadDatagram(int number, string when, string from, string to, byte[] bytes)
    {
        Node node = new Node("datagram", $"{number} {when} {from} > {to}, {bytes.Length} bytes".Replace("  ", " ", StringComparison.Ordinal));
        node.With("_number", number).With("_time", when).With("_from", from).With("_to", to).With("_length", bytes.Length);
        _records.Read(from, to, bytes, node);
        return node;
    }

    private IEnumerable<Node> ReadCapture(CaptureFile capture)
    {
        int number = 0;
        double? start = null;
        foreach (CapturedFrame frame in capture.Frames())
        {
            number++;
            bool isUdp = UdpFrame.TryRead(frame, out IPEndPoint from, out IPEndPoint to, out byte[] payload);
            bool isWanted = isUdp && (_port == 0 ? _records.Recognizes($"{from}", $"{to}", payload) : from.Port == _port || to.Port == _port);
            if (!isWanted)
            {
                Others++;
                continue;
            }

            start ??= frame.Seconds;
            yield return ReadDatagram(number, (frame.Seconds - start.Value).ToString("F6", CultureInfo.InvariantCulture), $"{from}", $"{to}", payload);
        }

        Flaw = capture.Flaw;
    }

    // Without addresses a hello says who is the client; what a server sends comes from the other end.
    private IEnumerable<Node> ReadAll(List<byte[]> datagrams)
    {
        for (int i = 0; i < datagrams.Count; i++)
        {
            bool isServers = IsServers(datagrams[i]);
            yield return ReadDatagram(i + 1, "", isServers ? "server" : "client", isServers ? "client" : "server", datagrams[i]);
        }
    }

    private static bool IsServers(byte[] datagram)
    {
        const int MessageAt = 13;
        return datagram.Length > MessageAt && datagram[0] == 22 && datagram[3] == 0 && datagram[4] == 0
            && datagram[MessageAt] is HandshakeType.ServerHello or HandshakeType.HelloVerifyRequest or HandshakeType.Certificate or HandshakeType.ServerKeyExchange
                or HandshakeType.ServerHelloDone or HandshakeType.CertificateRequest;
    }
}

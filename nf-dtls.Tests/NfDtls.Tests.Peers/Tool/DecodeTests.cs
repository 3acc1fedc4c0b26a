using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Formats;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tool;

namespace NfDtls.Tests.Peers.Tool;

/// <summary>nfdtls decode reads what OpenSSL sends, and sees in a capture the messages that tshark sees.</summary>
[TestClass]
public sealed class DecodeTests
{
    private const string Secret = "nobody else should read this";

    [TestMethod]
    [DataRow("AES_128_CCM_8")]
    [DataRow("AES_256_GCM_SHA384")]
    [DataRow("AES_128_CBC_SHA256")]
    [DataRow("ECDHE_CHACHA20_POLY1305_SHA256")]
    public void A_capture_of_s_server_is_decrypted_and_has_the_messages_that_tshark_sees(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using WorkFolder folder = new();
        KeyLogLines keyLog = new();
        DtlsOptions options = suite.Options();
        options.KeyLog = keyLog;
        int port = FreePorts.Udp();
        using PeerProgram peer = OpenSslTests.StartServer(suite, port);
        using TestClient client = new(options, port);
        client.Connect(suite.Suite);
        client.Send(Encoding.ASCII.GetBytes(Secret));
        Assert.AreEqual(Secret, Encoding.ASCII.GetString(client.Receive()));
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);

        string plain = folder.PathOf("capture.pcap");
        client.Capture.WriteTo(plain);
        string text = Decode(plain, keyLog.ToString());
        Assert.AreEqual(3, text.Split("text: " + Secret).Length, text);
        Assert.AreEqual(3, text.Split("alert: close_notify").Length, text);
        Assert.DoesNotContain("malformed", text);
        Assert.DoesNotContain("encrypted", text);

        string next = folder.PathOf("capture.pcapng");
        Tshark("-r", plain, "-F", "pcapng", "-w", next);
        Assert.AreEqual(text, Decode(next, keyLog.ToString()));
        string[] seen = Tshark("-r", plain, "-d", "udp.port==" + port + ",dtls", "-T", "fields", "-e", "dtls.handshake.type").Split([',', '\n', ' ', ':'])
            .Where(word => int.TryParse(word, out _)).Select(word => DtlsNames.OfMessage(int.Parse(word))).ToArray();
        string[] ours = Decode(plain, "").Split('\n').Where(line => line.Contains(", message ", StringComparison.Ordinal)).Select(line => line.Trim().Split(',')[0]).ToArray();
        CollectionAssert.AreEqual(seen, ours);
    }

    private static string Decode(string capture, string keyLog)
    {
        KeyLogSecrets secrets = new();
        foreach (string line in keyLog.Split('\n'))
        {
            secrets.Add(line);
        }

        using StringWriter text = new();
        foreach (Node datagram in new DatagramDecoder(secrets).Read(File.ReadAllBytes(capture)))
        {
            datagram.Write(text);
        }

        return text.ToString();
    }

    private static string Tshark(params string[] arguments)
    {
        using PeerProgram tshark = PeerProgram.Start(false, "tshark", arguments);
        string output = tshark.WaitForExit();
        Assert.AreEqual(0, tshark.ExitCode, output);
        return output;
    }
}

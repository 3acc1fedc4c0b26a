using System;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Formats;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers;

/// <summary>
/// tshark reads what we send, and decrypts it with our key log. Not with ChaCha20-Poly1305: tshark 4.0 does not decrypt that in
/// DTLS 1.2, not even between two ends of OpenSSL.
/// </summary>
[TestClass]
public sealed class TsharkTests
{
    private const string Secret = "nobody else should read this";

    [TestMethod]
    [DataRow("AES_128_CCM_8")]
    [DataRow("AES_128_CCM")]
    [DataRow("AES_128_GCM_SHA256")]
    [DataRow("AES_256_GCM_SHA384")]
    [DataRow("AES_128_CBC_SHA256")]
    public void Tshark_decrypts_a_capture_with_our_key_log(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using WorkFolder folder = new();
        KeyLogLines keyLog = new();
        DtlsOptions options = suite.Options();
        options.KeyLog = keyLog;
        using BouncyPeer peer = BouncyPeer.StartServer(suite);
        using TestClient client = new(options, peer.Port);
        client.Connect(suite.Suite);
        client.Send(Encoding.ASCII.GetBytes(Secret));
        Assert.AreEqual(Secret, Encoding.ASCII.GetString(client.Receive()));
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);

        string capture = folder.PathOf("capture.pcap");
        client.Capture.WriteTo(capture);
        string keys = folder.Write("keys", keyLog.ToString());
        string hex = Convert.ToHexString(Encoding.ASCII.GetBytes(Secret)).ToLowerInvariant();
        Assert.IsFalse(Dissect(capture, client.Port).Contains(hex), "The capture is not encrypted.");
        string decrypted = Dissect(capture, client.Port, "-o", "tls.keylog_file:" + keys);
        Assert.AreEqual(3, decrypted.Split(hex).Length, "tshark should see the message and its echo. " + decrypted);
        Assert.IsFalse(decrypted.Contains("Malformed", StringComparison.OrdinalIgnoreCase), decrypted);
    }

    private static string Dissect(string capture, int port, params string[] more)
    {
        string[] arguments = ["-r", capture, "-d", "udp.port==" + port + ",dtls", "-T", "fields", "-e", "_ws.col.Info", "-e", "data.data", "-e", "_ws.malformed"];
        using PeerProgram tshark = PeerProgram.Start(false, "tshark", [.. arguments, .. more]);
        string output = tshark.WaitForExit();
        Assert.AreEqual(0, tshark.ExitCode, output);
        return output;
    }
}

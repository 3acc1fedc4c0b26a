using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Tool;

/// <summary>OpenSSL takes what nfdtls keygen makes, and nfdtls bench counts against its server.</summary>
[TestClass]
public sealed class KeyGenTests
{
    [TestMethod]
    [DataRow("p256")]
    [DataRow("p521")]
    public void OpenSSL_verifies_certificates_and_shakes_hands_with_them(string curve)
    {
        using WorkFolder folder = new();
        string ca = folder.PathOf("ca");
        string server = folder.PathOf("server");
        string device = folder.PathOf("device");
        ToolProgram.Run($"keygen ca --out {ca} --curve {curve}");
        ToolProgram.Run($"keygen server --ca {ca} --out {server} --name localhost --curve {curve}");
        ToolProgram.Run($"keygen device --ca {ca} --out {device} --name sensor-17");
        Assert.Contains("OK", OpenSsl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca + ".pem", server + ".pem"));
        Assert.Contains("OK", OpenSsl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", ca + ".pem", device + ".pem"));

        int port = FreePorts.Udp();
        using PeerProgram peer = PeerProgram.Start(
            true, "openssl", "s_server", "-dtls1_2", "-accept", $"{port}", "-cert", server + ".pem", "-key", server + ".key", "-CAfile", ca + ".pem", "-Verify", "2", "-verify_return_error", "-quiet");
        peer.WaitForPort(port);
        string told = ToolProgram.Run($"bench 127.0.0.1 {port} --name localhost --ca {ca}.pem --cert {device}.pem --key {device}.key --time 200");
        Assert.Contains("DTLS 1.2, TLS_ECDHE_ECDSA_WITH_", told);
        Assert.Contains("handshakes: ", told);
    }

    private static string OpenSsl(params string[] arguments)
    {
        using PeerProgram openssl = PeerProgram.Start(false, "openssl", arguments);
        string output = openssl.WaitForExit();
        Assert.AreEqual(0, openssl.ExitCode, output);
        return output;
    }
}

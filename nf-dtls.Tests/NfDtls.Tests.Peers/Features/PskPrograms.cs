using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Programs with the pre-shared key of the tests, which say what they agreed on; they send nothing back.</summary>
internal static class PskPrograms
{
    /// <summary>One that all of them have.</summary>
    internal static readonly TestSuite Suite = TestSuite.Named("CHACHA20_POLY1305_SHA256");

    private const string Priority = "NONE:+VERS-DTLS1.2:+PSK:+SIGN-ALL:+COMP-NULL:";

    internal static PeerProgram OpenSslServer(int port, params string[] more)
    {
        string[] arguments =
        [
            "s_server", "-dtls1_2", "-accept", "127.0.0.1:" + port, "-nocert", "-psk", TestSuite.KeyHex, "-psk_identity", TestSuite.Identity,
            "-cipher", Suite.OpenSsl + ":@SECLEVEL=0", "-timeout",
        ];
        PeerProgram peer = PeerProgram.Start(false, "openssl", [.. arguments, .. more]);
        peer.WaitForPort(port);
        return peer;
    }

    internal static PeerProgram OpenSslClient(int port, params string[] more)
    {
        string[] arguments =
        [
            "s_client", "-dtls1_2", "-connect", "127.0.0.1:" + port, "-psk", TestSuite.KeyHex, "-psk_identity", TestSuite.Identity,
            "-cipher", Suite.OpenSsl + ":@SECLEVEL=0", "-no_ign_eof", "-timeout",
        ];
        return PeerProgram.Start(false, "openssl", [.. arguments, .. more]);
    }

    internal static PeerProgram GnuTlsServer(WorkFolder folder, int port, params string[] more)
    {
        string keys = folder.Write("keys", TestSuite.Identity + ":" + TestSuite.KeyHex + "\n");
        string[] arguments = ["--udp", "--echo", "-p", port.ToString(), "--pskpasswd", keys, "--priority", Priority + Suite.GnuTls];
        PeerProgram peer = PeerProgram.Start(false, "gnutls-serv", [.. arguments, .. more]);
        peer.WaitForPort(port);
        return peer;
    }

    internal static PeerProgram GnuTlsClient(int port, params string[] more)
    {
        string[] arguments =
        [
            "--udp", "-p", port.ToString(), "127.0.0.1", "--pskusername", TestSuite.Identity, "--pskkey", TestSuite.KeyHex,
            "--priority", Priority + Suite.GnuTls,
        ];
        return PeerProgram.Start(false, "gnutls-cli", [.. arguments, .. more]);
    }
}

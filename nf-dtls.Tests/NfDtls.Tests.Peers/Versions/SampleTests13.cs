using System;
using System.Globalization;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Versions;

/// <summary>The sample that speaks DTLS 1.3, as its page tells to run it, against somebody else's server.</summary>
[TestClass]
public sealed class SampleTests13
{
    [TestMethod]
    public void Dtls13Client_reports_to_a_server_of_wolfSSL_with_the_key_alone()
    {
        StrangerOptions asked = new() { Suite = "TLS_AES_128_CCM_8_SHA256" };
        asked.More.Add("dtls13=1");
        asked.More.Add("psk_alone=1");
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, asked);
        using PeerProgram sample = PeerProgram.Start(
            false, "dotnet", Sample("Dtls13Client"), "127.0.0.1", peer.Port.ToString(CultureInfo.InvariantCulture), "5", "0", TestSuite.KeyHex, TestSuite.Identity);
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output + " " + peer.Output);
        Assert.Contains("Connected by DTLS 1.3 with TLS_AES_128_CCM_8_SHA256", output);
        Assert.Contains("report 5 was taken", output);
        Assert.IsFalse(peer.WaitForState("connected").Resumed);
        peer.WaitFor("received report 5");
        peer.WaitFor("closed by the peer");
    }

    /// <summary>A sample lies beside the tests: artifacts/bin/NAME/release_net10.0 and artifacts/bin/NfDtls.Tests.Peers/release.</summary>
    private static string Sample(string name)
    {
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\'));
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, configuration + "_net10.0", name + ".dll"));
    }
}

using System;
using System.IO;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>
/// What goes over the wire, byte for byte, with fixed randomness: a handshake, an echo and the close. The recordings were made
/// before the engine's inside was rearranged; a difference is a change of the protocol's form, wanted or not.
/// </summary>
[TestClass]
public class RecordedFlightsTests
{
    [TestMethod]
    public void The_constrained_profile_sends_the_recorded_bytes()
    {
        Verify("psk-ccm8.txt", PskSuites.Constrained(), 1232, "sensor-17-bytes");
    }

    [TestMethod]
    public void Every_suite_in_pieces_of_150_bytes_sends_the_recorded_bytes()
    {
        Verify("psk-all-mtu150.txt", PskSuites.All(), 150, new string('s', 120));
    }

    [TestMethod]
    public void A_block_cipher_with_encrypt_then_MAC_sends_the_recorded_bytes()
    {
        CipherSuiteTable table = PskSuites.All();
        for (int i = 0; i < table.Count; i++)
        {
            if (table.At(i).IsCbc)
            {
                Verify("psk-cbc.txt", TestBed.Only(table.At(i)), 1232, "sensor-1");
            }
        }
    }

    private static void Verify(string recording, CipherSuiteTable suites, int mtu, string identity)
    {
        TestBed bed = new TestBed(Options(0x11, suites, mtu, identity), Options(0x77, suites, mtu, identity)).Connect();
        bed.VerifyEcho();
        bed.Client.Association.Close(1000, bed.Network.Now);
        bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 10_000);
        StringBuilder actual = new StringBuilder();
        foreach (Datagram datagram in bed.Network.Sent)
        {
            actual.Append(datagram.ToServer ? "> " : "< ").Append(Convert.ToHexString(datagram.Bytes).ToLowerInvariant()).Append('\n');
        }

        string path = Path.Combine(AppContext.BaseDirectory, "Recorded", recording);
        string expected = File.ReadAllText(path);
        if (expected != actual.ToString())
        {
            File.WriteAllText(path + ".sent", actual.ToString());
            Assert.Fail("What was sent stands in " + path + ".sent, and differs from what is recorded there.");
        }
    }

    private static DtlsOptions Options(int first, CipherSuiteTable suites, int mtu, string identity)
    {
        DtlsOptions options = TestBed.Options(1);
        options.Crypto = new FixedRandomProvider(first);
        options.Suites = suites;
        options.Mtu = mtu;
        options.Psk = new PskStore();
        options.Psk.Add(TestBed.Key, identity);
        return options;
    }
}

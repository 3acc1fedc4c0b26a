extern alias element;

using System;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using element::NfDtls.Samples.SecureElementKey;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Samples;

/// <summary>The sample SecureElementKey against OpenSSL's server, with a chip that is a process of its own: the device's never has the key.</summary>
[TestClass]
public sealed class SecureElementKeyTests
{
    [TestMethod]
    public void SecureElementKey_proves_itself_to_openssl_by_one_signature_of_the_chip()
    {
        int chipPort = FreePorts.Udp();
        using PeerProgram chip = StartChip(chipPort);
        int port = FreePorts.Udp();
        using PeerProgram server = Laboratory.Shared.StartServer(port);
        string output = Report(port, chipPort, 2, 0, server);
        string[] expected = ["Connected by certificates", "report 1 was taken", "Resumed the session", "report 2 was taken"];
        CertificateClientTests.AssertLines(expected, output);
        AssertSays("Signs.", 1, chip);
    }

    [TestMethod]
    public void SecureElementKey_ends_the_handshake_where_the_chip_fails_and_goes_on_with_the_next_one()
    {
        int chipPort = FreePorts.Udp();

        // Refused for good, not acknowledged in any try, twice wrong; then each fault that passes, and all is well.
        using PeerProgram chip = StartChip(chipPort, "refuse", "nak", "nak", "nak", "wrong", "wrong", "crc", "busy", "wrong");
        int port = FreePorts.Udp();
        using PeerProgram server = Laboratory.Shared.StartServer(port);
        string output = Report(port, chipPort, 4, 1, server);
        string[] expected =
        [
            "report 1 was not taken", "report 2 was not taken", "report 3 was not taken", "Connected by certificates", "report 4 was taken",
        ];
        CertificateClientTests.AssertLines(expected, output);
        foreach (string words in new[] { "refuses the command", "does not acknowledge", "signs wrongly" })
        {
            Assert.HasCount(2, output.Split(words), output);
        }

        Assert.HasCount(4, output.Split("The handshake failed: a provider, extension or look-up of this end failed"), output);
        AssertSays("alert number 80", 3, server);
        AssertSays("A signature is wanted", 9, chip);
    }

    [TestMethod]
    public void SecureElementKey_says_that_the_certificate_is_of_another_key()
    {
        int chipPort = FreePorts.Udp();
        using PeerProgram chip = StartChip(chipPort);
        using PeerProgram sample = SampleTests.Start(
            "SecureElementKey", "127.0.0.1", "4433", Laboratory.ServerName, Laboratory.Shared.PathOf("ca.pem"), Laboratory.Shared.PathOf("device.pem"), "127.0.0.1:" + chipPort, "127.0.0.1", "1", "1");
        Assert.Contains("does not belong to the certificate", sample.WaitForExit());
        Assert.AreEqual(2, sample.ExitCode, sample.Output);
    }

    /// <summary>While the chip works, the operation waits and a step does nothing: whoever runs the engine is not held up, and need not come back for it.</summary>
    [TestMethod]
    public void A_signature_waits_for_the_chip_on_a_thread_of_its_own()
    {
        using Chip chip = new([]);
        using GatedBus bus = new(chip);
        HostProvider crypto = new();
        ElementKey key = new(new SecureElement(bus), 0);
        byte[] hash = SHA256.HashData("what is signed"u8);
        byte[] signature = new byte[key.MaxSignatureLength];
        bus.Gate.Reset();
        CryptoOperation signing = key.Sign(crypto, SignatureScheme.EcdsaSecp256r1Sha256, hash, 0, hash.Length, signature, 0);
        Assert.IsTrue(signing.IsWaiting);
        Assert.IsFalse(signing.Step(1000));
        bus.Gate.Set();
        Stopwatch clock = Stopwatch.StartNew();
        while (signing.IsWaiting)
        {
            Assert.IsFalse(Patience.IsOver(clock), "The chip does not sign.");
            Thread.Sleep(1);
        }

        Assert.IsTrue(signing.Step(1000));
        Assert.AreEqual(DtlsError.None, signing.Error);
        CryptoOperation verification = crypto.Verify(SignatureScheme.EcdsaSecp256r1Sha256, key.Public, hash, 0, hash.Length, signature, 0, signing.Length);
        Assert.IsTrue(verification.Step(1000));
        Assert.AreEqual(DtlsError.None, verification.Error);
    }

    /// <summary>The answer to waking stands in the chip's data sheet: 04 11 33 43.</summary>
    [TestMethod]
    public void Packets_are_those_of_the_chip()
    {
        byte[] waking = [0x04, 0x11, 0x33, 0x43];
        CollectionAssert.AreEqual(waking, ElementPacket.Answer([0x11]));
        for (int bit = 0; bit < 32; bit++)
        {
            byte[] damaged = (byte[])waking.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.IsFalse(ElementPacket.IsWhole(damaged, 0, damaged.Length), "bit " + bit);
        }
    }

    [TestMethod]
    [DataRow("0000000000000000000000000000000000000000000000000000000000000001", "8000000000000000000000000000000000000000000000000000000000000000", "3026020101022100" + "8000000000000000000000000000000000000000000000000000000000000000")]
    [DataRow("0000000000000000000000000000000000000000000000000000000000000080", "0000000000000000000000000000000000000000000000000000000000007f00", "3008" + "02020080" + "02027f00")]
    public void Halves_of_a_signature_become_the_shortest_integers(string r, string s, string der)
    {
        byte[] signature = new byte[72];
        int length = DerSignature.Write(Convert.FromHexString(r + s), signature, 0);
        Assert.AreEqual(der, Convert.ToHexStringLower(signature.AsSpan(0, length)));
    }

    private static PeerProgram StartChip(int port, params string[] faults)
    {
        PeerProgram chip = SampleTests.Start("SecureElementKey", ["chip", port.ToString(), .. faults]);
        chip.WaitForPort(port);
        return chip;
    }

    /// <summary>A program has said so as often, and no oftener, as soon as what it wrote is read.</summary>
    private static void AssertSays(string words, int times, PeerProgram program)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (program.Output.Split(words).Length <= times)
        {
            Assert.IsFalse(Patience.IsOver(clock), program.Output);
            Thread.Sleep(5);
        }

        Assert.HasCount(times + 1, program.Output.Split(words), program.Output);
    }

    /// <summary>Has a certificate made for the chip's key, as the sample's page says, and reports so many times.</summary>
    private static string Report(int port, int chipPort, int reports, int exitCode, PeerProgram server)
    {
        using PeerProgram telling = SampleTests.Start("SecureElementKey", "public", "127.0.0.1:" + chipPort);
        string output = telling.WaitForExit();
        Assert.AreEqual(0, telling.ExitCode, output);
        string certificate = "element-" + chipPort + ".pem";
        Laboratory.Shared.Certify(output[output.IndexOf("-----BEGIN", StringComparison.Ordinal)..], certificate);
        using TimeServer time = new(TimeServer.Now);
        using PeerProgram sample = SampleTests.Start(
            "SecureElementKey", "127.0.0.1", port.ToString(), Laboratory.ServerName, Laboratory.Shared.PathOf("ca.pem"), Laboratory.Shared.PathOf(certificate),
            "127.0.0.1:" + chipPort, time.Name, reports.ToString(), "1");
        output = sample.WaitForExit();
        Assert.AreEqual(exitCode, sample.ExitCode, output + server.Output);
        return output;
    }

    /// <summary>A chip in this process whose answers wait behind a gate.</summary>
    private sealed class GatedBus(Chip chip) : ElementBus, IDisposable
    {
        internal ManualResetEventSlim Gate { get; } = new(true);

        internal override void Wake()
        {
            chip.Transfer(UdpBus.Waking, []);
        }

        internal override bool Write(byte[] bytes, int count)
        {
            return chip.Transfer(UdpBus.Writing, bytes[..count]) != null;
        }

        internal override bool Read(byte[] bytes, int count)
        {
            Gate.Wait();
            byte[] read = chip.Transfer(UdpBus.Reading, [(byte)count]);
            read?.CopyTo(bytes, 0);
            return read != null;
        }

        public void Dispose()
        {
            Gate.Dispose();
        }
    }
}

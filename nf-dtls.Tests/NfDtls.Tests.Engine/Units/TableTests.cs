using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>The alert table, the suites and the options.</summary>
[TestClass]
public class TableTests
{
    [TestMethod]
    public void A_suite_as_text_is_its_name()
    {
        Assert.AreEqual("TLS_PSK_WITH_AES_128_CCM_8", PskSuites.Aes128Ccm8().ToString());
    }

    [TestMethod]
    public void Every_error_has_the_alert_that_the_table_of_the_docs_gives_it()
    {
        Dictionary<DtlsError, int> expected = new()
        {
            [DtlsError.UnexpectedMessage] = 10,
            [DtlsError.DecodeError] = 50,
            [DtlsError.IllegalParameter] = 47,
            [DtlsError.HandshakeMessageTooLarge] = 47,
            [DtlsError.HandshakeFailure] = 40,
            [DtlsError.ProtocolVersion] = 70,
            [DtlsError.UnsupportedExtension] = 110,
            [DtlsError.MissingExtension] = 109,
            [DtlsError.TooManyConnectionIds] = 52,
            [DtlsError.UnknownPskIdentity] = 115,
            [DtlsError.NoApplicationProtocol] = 120,
            [DtlsError.UnrecognizedName] = 112,
            [DtlsError.RecordOverflow] = 22,
            [DtlsError.DecryptError] = 51,
            [DtlsError.InsufficientSecurity] = 71,
            [DtlsError.InternalError] = 80,
            [DtlsError.NoEntropy] = 80,
            [DtlsError.NoFreeSession] = 90,
            [DtlsError.Refused] = 49,
            [DtlsError.CertificateChainTooLarge] = 42,
            [DtlsError.BadCertificate] = 42,
            [DtlsError.CertificateTooWeak] = 42,
            [DtlsError.CertificateNameConstraint] = 42,
            [DtlsError.CertificateNameMismatch] = 42,
            [DtlsError.UnsupportedCertificate] = 43,
            [DtlsError.CertificatePurpose] = 43,
            [DtlsError.CertificateRevoked] = 44,
            [DtlsError.CertificateExpired] = 45,
            [DtlsError.CertificateNotYetValid] = 45,
            [DtlsError.CertificateTimeUnknown] = 46,
            [DtlsError.CertificateRefused] = 46,
            [DtlsError.CertificateNotAuthority] = 48,
            [DtlsError.UnknownCa] = 48,
            [DtlsError.CertificateMissing] = 40,
            [DtlsError.SessionClosed] = 0,
            [DtlsError.SealLimitReached] = 0,
            [DtlsError.ForgeryLimitReached] = 0,
            [DtlsError.SequenceExhausted] = 0,
            [DtlsError.IdleTimeout] = 0,
            [DtlsError.Evicted] = 0,
            [DtlsError.Stopped] = 0,
        };
        foreach (DtlsError error in Enum.GetValues<DtlsError>())
        {
            int alert = expected.TryGetValue(error, out int value) ? value : Alert.None;
            Assert.AreEqual(alert, AlertTable.AlertFor(error), error.ToString());
            Assert.AreEqual(alert > 0, AlertTable.IsFatal(error), error.ToString());
        }
    }

    [TestMethod]
    public void All_psk_suites_stand_in_their_order_with_their_numbers()
    {
        CipherSuiteTable table = PskSuites.All();
        int[] ids = Enumerable.Range(0, table.Count).Select(i => table.At(i).Id).ToArray();
        CollectionAssert.AreEqual(new[] { 0xC0A8, 0xC0A4, 0x00A8, 0x00A9, 0xCCAB, 0x00AE }, ids);
        Assert.AreEqual(1, PskSuites.Constrained().Count);
        Assert.AreNotSame(PskSuites.All(), PskSuites.All());
    }

    [TestMethod]
    public void Lengths_of_keys_and_tags_are_those_of_the_suites()
    {
        Check(PskSuites.Aes128Ccm8(), 16, 0, 4, 8, CryptoAlgorithm.Sha256);
        Check(PskSuites.Aes128Ccm(), 16, 0, 4, 16, CryptoAlgorithm.Sha256);
        Check(PskSuites.Aes128GcmSha256(), 16, 0, 4, 16, CryptoAlgorithm.Sha256);
        Check(PskSuites.Aes256GcmSha384(), 32, 0, 4, 16, CryptoAlgorithm.Sha384);
        Check(PskSuites.ChaCha20Poly1305Sha256(), 32, 0, 12, 16, CryptoAlgorithm.Sha256);
        Check(PskSuites.Aes128CbcSha256(), 16, 32, 0, 0, CryptoAlgorithm.Sha256);
    }

    [TestMethod]
    public void Ccm_8_has_a_forgery_limit_of_its_own()
    {
        Assert.AreEqual(1L << 22, PskSuites.Aes128Ccm8().ForgeryLimit);
        Assert.IsTrue(PskSuites.Aes128Ccm().ForgeryLimit > PskSuites.Aes128Ccm8().ForgeryLimit);
    }

    [TestMethod]
    public void A_table_takes_many_suites_but_none_twice()
    {
        CipherSuiteTable table = new CipherSuiteTable();
        for (int i = 0; i < 40; i++)
        {
            table.Add(new CipherSuite(0xFE00 + i, "TEST_" + i, CryptoAlgorithm.Aes128Ccm, 8, CryptoAlgorithm.Sha256, new PskKeyExchangeFactory()));
        }

        Assert.AreEqual(40, table.Count);
        Assert.AreEqual(0xFE27, table.Find(0xFE27).Id);
        Assert.IsNull(table.Find(1));
        Assert.ThrowsExactly<ArgumentException>(() => table.Add(table.At(3)));
        Assert.ThrowsExactly<ArgumentNullException>(() => table.Add(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => new CipherSuite(1, "x", CryptoAlgorithm.Aes128Ccm, 8, CryptoAlgorithm.Sha256, null!));
        Assert.ThrowsExactly<ArgumentException>(() => new CipherSuite(1, "x", CryptoAlgorithm.Aes128Ccm, 8, 77, new PskKeyExchangeFactory()));
    }

    [TestMethod]
    public void Default_options_are_valid_and_so_are_the_presets()
    {
        Valid(_ => { });
        foreach (DtlsOptions options in new[] { DtlsOptions.Iot(), DtlsOptions.Gateway() })
        {
            options.Crypto = TestBed.HostOptions().Crypto;
            options.Suites = PskSuites.All();
            options.Validate();
        }

        Assert.AreEqual(9000, DtlsOptions.Iot().RetransmitTimeout);
        Assert.AreEqual(1400, DtlsOptions.Gateway().Mtu);
    }

    [TestMethod]
    public void What_Ethernet_carries_is_received_where_memory_was_not_cut_short()
    {
        Assert.AreEqual(1472, TestBed.HostOptions().ReceiveSize);
        Assert.AreEqual(1472, DtlsOptions.Gateway().ReceiveSize);
        Assert.AreEqual(1232, DtlsOptions.Iot().ReceiveSize);
        Assert.AreEqual(640, ReceiveSize(options => options.Mtu = 640));
        Assert.AreEqual(1231, ReceiveSize(options => options.Mtu = 1231));
        Assert.AreEqual(1472, ReceiveSize(options => options.Mtu = 1472));
        Assert.AreEqual(9000, ReceiveSize(options => options.Mtu = 9000));
        Assert.AreEqual(300, ReceiveSize(options => options.ReceiveSize = 300));
        Assert.AreEqual(1472, ReceiveSize(options => options.ReceiveSize = 0));
        Assert.AreEqual(1232, ReceiveSize(options => options.Pool = new PacketPool(4, 1232)));
        Assert.AreEqual(1400, ReceiveSize(options => options.Pool = new PacketPool(4, 1400)));
        Assert.AreEqual(1472, ReceiveSize(options => options.Pool = new PacketPool(4, 2000)));

        // The plan tells what it costs: 240 bytes a packet.
        DtlsOptions small = TestBed.HostOptions();
        small.ReceiveSize = 1232;
        Assert.AreEqual(8 * 240, TestBed.HostOptions().PlanMemory(false).Pool - small.PlanMemory(false).Pool);
    }

    [TestMethod]
    public void Every_number_out_of_its_range_is_refused_by_name_with_its_range_and_its_value()
    {
        Range("PoolPackets", (options, value) => options.PoolPackets = value, 2, 65535);
        Range("Mtu", (options, value) => options.Mtu = value, 150, 16384);
        Range("ReceiveSize", (options, value) => options.ReceiveSize = value, 150, 16384);
        Range("ReplayWindow", (options, value) => options.ReplayWindow = value, 32, 1024);
        Range("MaxHandshakeMessage", (options, value) => options.MaxHandshakeMessage = value, 128, 65536);
        Range("MaxFlight", (options, value) => options.MaxFlight = value, 256, 65536);
        Range("OutOfOrderSlots", (options, value) => options.OutOfOrderSlots = value, 0, 16);
        Range("OutOfOrderBytes", (options, value) => options.OutOfOrderBytes = value, 64, 16384);
        Range("HeldRecords", (options, value) => Large(options).HeldRecords = value, 0, 32);
        Range("ReceiveQueue", (options, value) => Large(options).ReceiveQueue = value, 1, 4096);
        Range("RetransmitTimeout", (options, value) => options.RetransmitTimeout = value, 50, 60000);
        Range("MaxRetransmitTimeout", (options, value) => options.MaxRetransmitTimeout = value, 1000, 600000);
        Range("MaxRetransmits", (options, value) => options.MaxRetransmits = value, 0, 100);
        Range("CookieLifetime", (options, value) => options.CookieLifetime = value, 1000, 3600000);
        Range("MaxSessions", (options, value) => options.MaxSessions = value, 1, 65535);
        Range("MaxHandshakes", (options, value) => options.MaxHandshakes = value, 1, 65535);
        Range("StepBudget", (options, value) => options.StepBudget = value, 1, 1000);
        Refused(options => options.HandshakeTimeout = -1, "HandshakeTimeout");
        Refused(options => options.IdleTimeout = -1, "IdleTimeout");
        Refused(options => options.EvictAfter = -1, "EvictAfter");
        Range("HostPrefixBits", (options, value) => options.HostPrefixBits = value, 0, 128);
    }

    [TestMethod]
    public void What_must_be_set_is_asked_for()
    {
        Refused(options => options.Crypto = null!, "Crypto");
        Refused(options => options.Suites = null!, "PskSuites.All()");
        Refused(options => options.Suites = new CipherSuiteTable(), "PskSuites.All()");
    }

    [TestMethod]
    public void Limits_hints_extensions_and_pools_are_checked()
    {
        Refused(options => options.SealLimit = 1, "SealLimit");
        Refused(options => options.SealLimit = -1, "SealLimit");
        Refused(options => options.ForgeryLimit = -1, "ForgeryLimit");
        Refused(options => options.ReplayWindow = 48, "multiple of 32");
        Refused(options => options.PskHint = new byte[129], "129");
        Refused(options => options.Extensions = new HelloExtension[25], "24");
        Refused(options => options.Pool = new PacketPool(4, 1000), "1232");
        Valid(options => options.Pool = new PacketPool(4, 1232));
        Refused(options => { options.Pool = new PacketPool(4, 1232); options.ReceiveSize = 1233; }, "1233");
        Valid(options => options.SealLimit = 2);
        Valid(options => options.ForgeryLimit = 1);
        Valid(options => options.PskHint = new byte[0]);
        Valid(options => options.PskHint = new byte[] { 0xFF, 0, 0x80 });
    }

    private static int ReceiveSize(Action<DtlsOptions> change)
    {
        DtlsOptions options = TestBed.HostOptions();
        change(options);
        options.Validate();
        return options.ReceiveSize;
    }

    [TestMethod]
    public void What_was_set_of_the_pools_packets_must_be_there_to_be_had()
    {
        foreach ((int packets, int alone, int passing) in new[] { (2, 2, 1), (3, 3, 2), (8, 8, 6), (16, 16, 12), (1000, 1000, 750) })
        {
            Valid(options => Sized(options, packets).ReceiveQueue = alone);
            string message = Refused(options => Sized(options, packets).ReceiveQueue = alone + 1, "ReceiveQueue");
            Assert.IsTrue(message.Contains(packets.ToString()) && message.Contains(alone.ToString()), message);

            // A server, and whoever shares a pool, leaves a part of it to what is passing through.
            OfServer(options => Sized(options, packets).ReceiveQueue = passing, null);
            OfServer(options => Sized(options, packets).ReceiveQueue = passing + 1, "ReceiveQueue must be 1 to " + passing);
            Refused(options => Shared(options, packets).ReceiveQueue = passing + 1, "ReceiveQueue must be 1 to " + passing);
            Valid(options => Shared(options, packets).ReceiveQueue = passing);
            if (packets <= 64)
            {
                Valid(options => Sized(options, packets).HeldRecords = packets / 2);
                Refused(options => Sized(options, packets).HeldRecords = (packets / 2) + 1, "HeldRecords must be 0 to " + (packets / 2));
            }

            // What was not set gives way.
            Valid(options => Sized(options, packets));
            OfServer(options => Sized(options, packets), null);
        }
    }

    private static DtlsOptions Large(DtlsOptions options)
    {
        return Sized(options, 65535);
    }

    private static DtlsOptions Sized(DtlsOptions options, int packets)
    {
        options.PoolPackets = packets;
        return options;
    }

    private static DtlsOptions Shared(DtlsOptions options, int packets)
    {
        options.Pool = new PacketPool(packets, options.PacketSize);
        return options;
    }

    /// <summary>Plans and makes a server, which is refused with these words, if any.</summary>
    private static void OfServer(Action<DtlsOptions> change, string? says)
    {
        DtlsOptions options = TestBed.HostOptions();
        change(options);
        foreach (Action make in new Action[] { () => options.PlanMemory(true), () => new NfDtls.Server.DtlsServerEngine(options) })
        {
            if (says == null)
            {
                make();
            }
            else
            {
                string message = Assert.ThrowsExactly<ArgumentException>(make).Message;
                Assert.IsTrue(message.Contains(says), message);
            }
        }
    }

    private static void Check(CipherSuite suite, int key, int mac, int iv, int tag, int hash)
    {
        Assert.AreEqual(key, suite.KeyLength, suite.Name);
        Assert.AreEqual(mac, suite.MacKeyLength, suite.Name);
        Assert.AreEqual(iv, suite.IvLength, suite.Name);
        Assert.AreEqual(tag, suite.TagLength, suite.Name);
        Assert.AreEqual(hash, suite.Hash, suite.Name);
    }

    private static void Range(string name, Action<DtlsOptions, int> set, int least, int most)
    {
        Valid(options => set(options, least));
        Valid(options => set(options, most));
        foreach (int value in new[] { least - 1, most + 1, int.MinValue, int.MaxValue })
        {
            string message = Refused(options => set(options, value), name);
            Assert.IsTrue(message.Contains(least.ToString()) && message.Contains(most.ToString()) && message.Contains(value.ToString()), message);
        }
    }

    private static void Valid(Action<DtlsOptions> change)
    {
        DtlsOptions options = TestBed.HostOptions();
        change(options);
        if (options.RetransmitTimeout > options.MaxRetransmitTimeout)
        {
            options.MaxRetransmitTimeout = options.RetransmitTimeout;
        }

        options.Validate();
    }

    private static string Refused(Action<DtlsOptions> change, string says)
    {
        DtlsOptions options = TestBed.HostOptions();
        change(options);
        ArgumentException thrown = Assert.ThrowsExactly<ArgumentException>(options.Validate);
        Assert.IsTrue(thrown.Message.Contains(says), thrown.Message);
        return thrown.Message;
    }
}

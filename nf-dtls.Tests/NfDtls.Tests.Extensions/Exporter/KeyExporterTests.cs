using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Keys for other protocols: RFC 5705.</summary>
[TestClass]
public sealed class KeyExporterTests
{
    private const string Label = "EXPERIMENTAL-sensor";

    [TestMethod]
    public void Both_ends_export_what_RFC_5705_says_with_a_context_with_an_empty_one_and_without()
    {
        foreach (CipherSuite suite in new[] { PskSuites.Aes128Ccm8(), PskSuites.Aes256GcmSha384() })
        {
            Secrets log = new Secrets();
            DtlsOptions options = Options(1, suite);
            options.KeyLog = log;
            TestBed bed = new TestBed(options, Options(2, suite));
            bed.Connect();
            foreach (byte[]? context in new[] { null, Array.Empty<byte>(), TestBed.Bytes(7), new byte[65535] })
            {
                foreach (int count in new[] { 1, 16, 48, 1000 })
                {
                    byte[] client = Export(bed.Client.Association, Label, context, count);
                    CollectionAssert.AreEqual(client, Export(bed.ServerAssociation!, Label, context, count));
                    CollectionAssert.AreEqual(Expected(suite, log, ServerRandom(bed), Label, context, count), client);
                }
            }

            CollectionAssert.AreNotEqual(Export(bed.Client.Association, Label, null, 32), Export(bed.Client.Association, Label, Array.Empty<byte>(), 32));
            CollectionAssert.AreNotEqual(Export(bed.Client.Association, Label, null, 32), Export(bed.Client.Association, "EXPORTER", null, 32));
        }
    }

    [TestMethod]
    public void Every_connection_has_its_own_keys_also_through_loss_and_again_from_the_same_end()
    {
        TestBed bed = new TestBed(Options(1), Options(2), 5);
        bed.Network.Drop = 0.2;
        bed.Network.Duplicate = 0.2;
        bed.Network.Delay = 0.2;
        HashSet<string> seen = new();
        for (int i = 0; i < 5; i++)
        {
            bed.Connect();
            byte[] key = Export(bed.Client.Association, Label, null, 32);
            CollectionAssert.AreEqual(key, Export(bed.ServerAssociation!, Label, null, 32));
            Assert.IsTrue(seen.Add(Convert.ToHexString(key)));
            bed.Client.Engine.Reset();
        }
    }

    [TestMethod]
    public void Nothing_is_exported_where_a_peer_does_not_know_the_extended_master_secret()
    {
        DtlsOptions options = Options(1);
        options.Features = new Feature[] { new WithoutMasterSecret(), new KeyExporter() };
        TestBed bed = new TestBed(options, Options(2)).Connect();
        foreach (Association association in new[] { bed.Client.Association, bed.ServerAssociation! })
        {
            DtlsException e = Assert.ThrowsExactly<DtlsException>(() => Export(association, Label, null, 16));
            Assert.AreEqual(DtlsError.InsufficientSecurity, e.Error);
            StringAssert.Contains(e.Message, "extended master secret");
        }

        bed.VerifyEcho();
    }

    [TestMethod]
    public void Nothing_is_exported_from_another_version_whose_secrets_are_others()
    {
        DtlsOptions options = Options(1);
        options.Features = new Feature[] { new OtherVersion(), new KeyExporter() };
        TestBed bed = new TestBed(options, Options(2)).Connect();
        Assert.AreNotEqual(0, bed.Client.Association.Flags & HandshakeFlags.ExtendedMasterSecret);
        DtlsException e = Assert.ThrowsExactly<DtlsException>(() => Export(bed.Client.Association, Label, null, 16));
        Assert.AreEqual(DtlsError.InsufficientSecurity, e.Error);
        StringAssert.Contains(e.Message, "DTLS 1.2");
    }

    [TestMethod]
    public void A_label_of_the_protocol_or_none_is_refused_and_what_is_not_in_the_array()
    {
        TestBed bed = new TestBed(Options(1), Options(2)).Connect();
        Association association = bed.Client.Association;
        foreach (string? label in new[] { "client finished", "server finished", "master secret", "extended master secret", "key expansion", "key expansion of mine", "", null, "caf\u00e9", "EXPORTER\0", "EXPORTER\n" })
        {
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Export(association, label!, null, 16));
            Assert.AreEqual("label", e.ParamName, label);
        }

        Assert.HasCount(16, Export(association, "key expansio", null, 16));
        Assert.AreEqual("context", Assert.ThrowsExactly<ArgumentException>(() => Export(association, Label, new byte[65536], 16)).ParamName);
        Assert.ThrowsExactly<ArgumentException>(() => association.ExportKey(Label, null, new byte[16], 1, 16));
        Assert.ThrowsExactly<ArgumentNullException>(() => association.ExportKey(Label, null, null, 0, 16));
        byte[] destination = TestBed.Bytes(20, 1);
        association.ExportKey(Label, null, destination, 2, 16);
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, destination.Take(2).ToArray());
        CollectionAssert.AreEqual(new byte[] { 19, 20 }, destination.Skip(18).ToArray());
    }

    [TestMethod]
    public void Before_a_connection_and_after_it_there_is_nothing_to_export_and_the_secret_is_zeroed()
    {
        KeyExporter exporter = new KeyExporter();
        DtlsOptions options = Options(1);
        options.Features = new Feature[] { exporter };
        TestBed bed = new TestBed(options, Options(2));
        Assert.AreEqual(DtlsError.NotConnected, ErrorOf(bed.Client.Association));
        Secrets log = new Secrets();
        options.KeyLog = log;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.AreEqual(DtlsError.NotConnected, ErrorOf(bed.Client.Association));
        bed.Network.Run(bed.IsConnected, 60_000);
        Export(bed.Client.Association, Label, null, 16);
        object kept = bed.Client.Association.GetState(exporter);
        Assert.IsNotNull(Reachable.Find(kept, new[] { log.Master }), "The test looks in the wrong place.");
        bed.Client.Association.Close(1000, bed.Network.Now);
        Export(bed.Client.Association, Label, null, 16);
        bed.Network.Run(2000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.SessionClosed, ErrorOf(bed.Client.Association));
        Assert.IsNull(Reachable.Find(kept, new[] { log.Master }));
        Assert.IsNull(Reachable.Find(bed.Client.Engine, new[] { log.Master }));
    }

    [TestMethod]
    public void Without_the_feature_the_call_says_what_is_missing()
    {
        TestBed bed = new TestBed().Connect();
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => Export(bed.Client.Association, Label, null, 16));
        StringAssert.Contains(e.Message, "KeyExporter");
    }

    [TestMethod]
    public void What_it_keeps_is_in_the_plan_of_memory()
    {
        DtlsOptions options = TestBed.Options(1);
        options.MaxSessions = 10;
        int before = options.PlanMemory(true).Sessions;
        options.Features = new Feature[] { new KeyExporter() };
        int each = (options.PlanMemory(true).Sessions - before) / options.ServerPlaces;
        Assert.AreEqual(24 + 36 + 132, each, "an array of states, the object, its bytes");
    }

    private static DtlsError ErrorOf(Association association)
    {
        return Assert.ThrowsExactly<DtlsException>(() => Export(association, Label, null, 16)).Error;
    }

    private static byte[] Export(Association association, string label, byte[]? context, int count)
    {
        byte[] key = new byte[count];
        association.ExportKey(label, context, key, 0, count);
        return key;
    }

    [TestMethod]
    public void An_export_that_fails_leaves_no_secret_in_the_provider()
    {
        CryptoProvider crypto = TestBed.Options(1).Crypto;
        ExporterSecret12 secret = new ExporterSecret12(CryptoAlgorithm.Sha256);
        Assert.ThrowsExactly<ArgumentException>(() => secret.Export(crypto, Label, null, new byte[4], 0, 16));
        Assert.AreEqual(0, typeof(ConstrainedProvider).GetField("_masterHash", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(crypto));
    }

    private static DtlsOptions Options(int seed, CipherSuite? suite = null)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Features = new Feature[] { new KeyExporter() };
        options.Suites = suite == null ? options.Suites : TestBed.Only(suite);
        return options;
    }

    /// <summary>The random of the ServerHello that was on the wire.</summary>
    private static byte[] ServerRandom(TestBed bed)
    {
        byte[] hello = bed.Network.Sent.Last(datagram => !datagram.ToServer && datagram.Bytes[0] == ContentType.Handshake && datagram.Bytes[13] == HandshakeType.ServerHello).Bytes;
        return hello.AsSpan(13 + 12 + 2, 32).ToArray();
    }

    private static byte[] Expected(CipherSuite suite, Secrets log, byte[] serverRandom, string label, byte[]? context, int count)
    {
        IEnumerable<byte> seed = TestBed.Text(label).Concat(log.ClientRandom).Concat(serverRandom);
        if (context != null)
        {
            seed = seed.Concat(new[] { (byte)(context.Length >> 8), (byte)context.Length }).Concat(context);
        }

        byte[] all = seed.ToArray();
        Func<byte[], byte[]> hmac = data => suite.Hash == CryptoAlgorithm.Sha384 ? HMACSHA384.HashData(log.Master, data) : HMACSHA256.HashData(log.Master, data);
        List<byte> output = new();
        for (byte[] a = hmac(all); output.Count < count; a = hmac(a))
        {
            output.AddRange(hmac(a.Concat(all).ToArray()));
        }

        return output.Take(count).ToArray();
    }

    private sealed class Secrets : KeyLog
    {
        internal byte[] ClientRandom { get; private set; } = Array.Empty<byte>();

        internal byte[] Master { get; private set; } = Array.Empty<byte>();

        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
            ClientRandom = (byte[])clientRandom.Clone();
            Master = (byte[])masterSecret.Clone();
        }
    }

    /// <summary>Lets a connection be of a later version, as far as others can tell.</summary>
    private sealed class OtherVersion : Feature
    {
        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            association.Version = 0xFEFC;
        }
    }

    /// <summary>Stands in the place of the extended master secret and never offers it.</summary>
    private sealed class WithoutMasterSecret : Feature
    {
        internal override HelloExtension[] Extensions { get; } = { new Silent() };

        private sealed class Silent : HelloExtension
        {
            public override int Type
            {
                get { return 23; }
            }

            public override bool Writes(Handshake handshake, int messageType)
            {
                return false;
            }

            public override void Write(Handshake handshake, int messageType, WireWriter writer)
            {
            }

            public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
            {
                return DtlsError.None;
            }
        }
    }
}

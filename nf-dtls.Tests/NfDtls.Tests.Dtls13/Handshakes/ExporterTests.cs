using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Keys for other protocols out of a handshake of DTLS 1.3 (RFC 8446 section 7.5).</summary>
[TestClass]
public class ExporterTests
{
    private const string Label = "EXPORTER-nfdtls";

    /// <summary>From the secret 01 02 03 ...; the figures are of OpenSSL's TLS13-KDF, with the prefix dtls13.</summary>
    [TestMethod]
    [DataRow(CryptoAlgorithm.Sha256, "", 16, "E9465E6FA4832378EFCF08434524BA3D")]
    [DataRow(CryptoAlgorithm.Sha256, "00010203040506", 100, "0DB0C7CE2726725C1E7B318CB9B44272A0E5CCD996D019552F733984A837D388E50A04601BFE77BB4B7F204F86F84370C202D9A94168E29807C66A0CFCA1324686AEF3D554B1DA832AB1599D46D0F35C768EECAE39638C7FFB2C4EABC5351A3F5DCAE3B5")]
    [DataRow(CryptoAlgorithm.Sha384, "", 16, "172227484D639F42F55CD85B6F78AAC1")]
    [DataRow(CryptoAlgorithm.Sha384, "00010203040506", 100, "9115CFD1540176FCEC01EA561C0CDA87FAEDB935B65A4FA9D3B04516FAD34B1C6B9C08AAC2ED326044DFCA8012745A49BA5B2925DA267E998DE0DB9A63A3E5C4525A1F84363C92CBD32906D43EDF240E580E83AEC58D255182CF75864358A793CDC36157")]
    public void A_known_secret_gives_the_known_key(int hash, string context, int count, string expected)
    {
        byte[] saved = [(byte)hash, .. TestBed.Bytes(CryptoAlgorithm.HashSize(hash), 1)];
        WireReader reader = new();
        reader.Reset(saved, 0, saved.Length);
        ExporterSecret secret = ExporterSecret.Read(reader);
        foreach (CryptoProvider crypto in new CryptoProvider[] { TestBed.Options(1).Crypto, new HostProvider() })
        {
            byte[] key = new byte[count + 2];
            secret.Export(crypto, Label, Convert.FromHexString(context), key, 1, count);
            Assert.AreEqual("00" + expected + "00", Convert.ToHexString(key));
            if (context.Length == 0)
            {
                secret.Export(crypto, Label, null, key, 1, count);
                Assert.AreEqual("00" + expected + "00", Convert.ToHexString(key), "No context is one of no bytes.");
            }
        }
    }

    [TestMethod]
    public void Both_ends_export_the_same_and_other_labels_contexts_and_connections_give_other_keys()
    {
        HashSet<string> seen = [];
        foreach (CipherSuite suite in new[] { Suites13.Aes128Ccm8Sha256(), Suites13.Aes128GcmSha256(), Suites13.ChaCha20Poly1305Sha256() })
        {
            TestBed bed = Make(TestBed.Only(suite));
            Assert.IsTrue(Bed13.Connect(bed));
            foreach (string label in new[] { Label, "EXPERIMENTAL", new string('x', 249) })
            {
                foreach (byte[]? context in new[] { null, TestBed.Bytes(7), new byte[65535] })
                {
                    foreach (int count in new[] { 16, 48, 255 * 32 })
                    {
                        byte[] key = Export(bed.Client.Association, label, context, count);
                        CollectionAssert.AreEqual(key, Export(bed.ServerAssociation!, label, context, count));
                        Assert.IsTrue(seen.Add(Convert.ToHexString(key)));
                    }
                }
            }

            CollectionAssert.AreEqual(Export(bed.Client.Association, Label, null, 16), Export(bed.Client.Association, Label, [], 16));
        }
    }

    [TestMethod]
    public void Keys_that_follow_each_other_change_nothing_of_what_is_exported()
    {
        TestBed bed = Make();
        Assert.IsTrue(Bed13.Connect(bed));
        byte[] before = Export(bed.Client.Association, Label, null, 32);
        KeyUpdates.Begin(bed.Client.Association, true, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(4L, bed.Client.Association.ReadEpoch.Number);
        CollectionAssert.AreEqual(before, Export(bed.Client.Association, Label, null, 32));
        CollectionAssert.AreEqual(before, Export(bed.ServerAssociation!, Label, null, 32));
    }

    [TestMethod]
    public void What_no_label_or_key_can_be_is_refused_in_words()
    {
        TestBed bed = Make();
        Assert.IsTrue(Bed13.Connect(bed));
        Association association = bed.Client.Association;
        Assert.AreEqual("label", Assert.ThrowsExactly<ArgumentException>(() => Export(association, new string('x', 250), null, 16)).ParamName);
        Assert.AreEqual("label", Assert.ThrowsExactly<ArgumentException>(() => Export(association, "", null, 16)).ParamName);
        Assert.AreEqual("label", Assert.ThrowsExactly<ArgumentException>(() => Export(association, "key expansion", null, 16)).ParamName);
        Assert.AreEqual("count", Assert.ThrowsExactly<ArgumentException>(() => Export(association, Label, null, (255 * 32) + 1)).ParamName);
        Assert.AreEqual("context", Assert.ThrowsExactly<ArgumentException>(() => Export(association, Label, new byte[65536], 16)).ParamName);
        Assert.IsEmpty(Export(association, Label, null, 0));
    }

    [TestMethod]
    public void Before_a_connection_and_after_it_there_is_nothing_to_export_and_the_secret_is_zeroed()
    {
        TestBed bed = Make();
        Association association = bed.Client.Association;
        Assert.AreEqual(DtlsError.NotConnected, Assert.ThrowsExactly<DtlsException>(() => Export(association, Label, null, 16)).Error);
        Assert.IsTrue(Bed13.Connect(bed));
        byte[] secret = Saved(association);
        Assert.HasCount(1 + 32, secret);
        Assert.IsNotNull(Reachable.Find(bed.Client.Engine, [secret.AsSpan(1).ToArray()]));
        object state = association.GetState(association.Engine.Features[0]);
        association.Close(0, bed.Network.Now);
        Assert.IsNull(Reachable.Find(bed.Client.Engine, [secret.AsSpan(1).ToArray()]));
        Assert.IsNull(Reachable.Find(state, [secret.AsSpan(1).ToArray()]), "It is zeroed, and not only forgotten.");
        Assert.AreEqual(DtlsError.SessionClosed, Assert.ThrowsExactly<DtlsException>(() => Export(association, Label, null, 16)).Error);
    }

    private static byte[] Saved(Association association)
    {
        byte[] buffer = new byte[100];
        WireWriter writer = new();
        writer.Reset(buffer, 0, buffer.Length);
        association.Engine.Features.OfType<KeyExporter>().Single().Save(association, writer);
        return buffer.AsSpan(0, writer.Length).ToArray();
    }

    private static byte[] Export(Association association, string label, byte[]? context, int count)
    {
        byte[] key = new byte[count];
        association.ExportKey(label, context, key, 0, count);
        return key;
    }

    private static TestBed Make(CipherSuiteTable? suites = null)
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true, suites);
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true, suites);
        client.Features = [new KeyExporter()];
        server.Features = [new KeyExporter()];
        return new TestBed(client, server);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>A client that offers DTLS 1.3 and 1.2 in one hello, and goes on in what the server chooses.</summary>
[TestClass]
public class BothVersionsTests
{
    private const int Dtls13 = 0xFEFC;

    [TestMethod]
    [DataRow(Server12, true, DtlsVersion.Dtls12)]
    [DataRow(Server12, false, DtlsVersion.Dtls12)]
    [DataRow(Server13, true, Dtls13)]
    [DataRow(Server12 | Server13, true, Dtls13)]
    public void It_takes_what_the_server_speaks(int server, bool cookies, int version)
    {
        foreach (int[] groups in new[] { Bed13.NoGroup, Bed13.X25519 })
        {
            TestBed bed = Bed(server, groups);
            bed.Server.Options.CookieExchange = cookies;
            Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
            Assert.AreEqual(version, bed.Client.Association.Version);
            Assert.AreEqual(version, bed.ServerAssociation!.Version);
            Exchange(bed, "");
            bed.Client.Association.Close(1000, bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 5000));
            Assert.AreEqual(DtlsError.SessionClosed, bed.ServerAssociation == null ? DtlsError.SessionClosed : bed.ServerAssociation.LastError);
        }
    }

    [TestMethod]
    public void A_client_of_one_version_is_answered_in_it_by_a_server_of_both()
    {
        foreach (bool isNew in new[] { false, true })
        {
            DtlsOptions client = isNew ? Bed13.Options(false, 1, Bed13.NoGroup, true) : TestBed.Options(1);
            TestBed bed = new(client, Options(Server12 | Server13, 2, Bed13.NoGroup));
            Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
            Assert.AreEqual(isNew ? Dtls13 : DtlsVersion.Dtls12, bed.Client.Association.Version);
            Exchange(bed, "");
        }
    }

    [TestMethod]
    public void Its_hello_offers_both_and_the_newest_first_in_whatever_order_they_were_added()
    {
        foreach (bool turned in new[] { false, true })
        {
            DtlsOptions options = Options(0, 1, Bed13.NoGroup);
            Version13 newer = new(Bed13.NoGroup, true);
            options.Versions = turned ? new VersionTable().Add(new Dtls12()).Add(newer) : new VersionTable().Add(newer).Add(new Dtls12());
            TestBed bed = new(options, Options(Server12, 2, Bed13.NoGroup));
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Flush();
            byte[] hello = bed.Network.Sent[0].Bytes;
            string hex = Convert.ToHexString(hello);
            StringAssert.StartsWith(hex, "16FEFF");
            StringAssert.Contains(hex, "002B000504FEFCFEFD");
            int suites = 25 + 2 + 32 + 1 + 1;
            Assert.AreEqual("0006" + "1305" + "C0A8" + "00FF", Convert.ToHexString(hello.AsSpan(suites, 8)));
            StringAssert.Contains(hex[(2 * (suites + 8))..], "00170000", "The extended master secret.");
        }
    }

    [TestMethod]
    public void A_version_without_a_suite_is_not_offered()
    {
        DtlsOptions options = Options(0, 1, Bed13.NoGroup);
        options.Suites = PskSuites.Constrained();
        TestBed bed = new(options, Options(Server12, 2, Bed13.NoGroup));
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        TestBed alone = new TestBed().Connect();
        Assert.AreEqual(alone.Network.Sent[0].Bytes.Length, bed.Network.Sent[0].Bytes.Length);
        Exchange(bed, "1.2");

        options = Options(0, 1, Bed13.NoGroup);
        options.Suites = Suites13.Constrained();
        bed = new(options, Options(Server13, 2, Bed13.NoGroup));
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Assert.AreEqual(137, bed.Network.Sent[0].Bytes.Length);
        Exchange(bed, "1.3");
    }

    [TestMethod]
    public void Every_one_and_every_two_of_the_datagrams_may_be_lost()
    {
        foreach (int server in new[] { Server12, Server13, Server12 | Server13 })
        {
            int count = Sendings(server, []);
            for (int first = 0; first < count; first++)
            {
                Sendings(server, [first]);
                for (int second = first + 1; second < count + 3; second++)
                {
                    Sendings(server, [first, second]);
                }
            }
        }
    }

    [TestMethod]
    public void Handshakes_connect_where_one_in_five_datagrams_is_lost_doubled_and_late()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            int server = 1 + (seed % 3);
            TestBed bed = Bed(server, Bed13.NoGroup, seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            Assert.IsTrue(Bed13.Connect(bed, 400_000), "seed " + seed + ": " + bed.Client.Association.LastError);
            bed.Network.Drop = 0;
            bed.Network.Delay = 0;
            bed.Network.Run(5000);
            Assert.AreEqual(server == Server12 ? DtlsVersion.Dtls12 : Dtls13, bed.Client.Association.Version);
            Exchange(bed, "seed " + seed);
        }
    }

    /// <summary>Somebody on the way hides the newer version from a server that speaks it: its mark tells (RFC 8446 section 4.1.3).</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void An_answer_in_the_older_version_with_the_mark_of_a_newer_server_ends_with_illegal_parameter(bool cookies)
    {
        TestBed bed = Bed(Server12 | Server13, Bed13.NoGroup);
        bed.Server.Options.CookieExchange = cookies;
        bed.Network.Filter = datagram =>
        {
            int at = datagram.Bytes.AsSpan().IndexOf(new byte[] { 0, 43, 0, 5 });
            if (datagram.ToServer && at > 0)
            {
                datagram.Bytes = (byte[])datagram.Bytes.Clone();
                datagram.Bytes[at] = 0x7F;
            }

            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(DtlsError.IllegalParameter, bed.Client.Association.LastError);
        Assert.AreEqual(Alert.IllegalParameter, bed.Client.Association.AlertSent);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
    }

    [TestMethod]
    public void A_mark_without_the_newer_version_offered_means_nothing()
    {
        TestBed bed = new(TestBed.Options(1), Options(Server12 | Server13, 2, Bed13.NoGroup));
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Assert.IsTrue(bed.Network.Sent.Any(d => !d.ToServer && d.Bytes.AsSpan().IndexOf("DOWNGRD\u0001"u8) > 0), "No mark was sent.");
        bed.VerifyEcho();
    }

    /// <summary>A HelloVerifyRequest is of a server that knows no 1.3: from one that does, it is somebody else's.</summary>
    [TestMethod]
    public void A_newer_answer_behind_a_HelloVerifyRequest_is_refused()
    {
        TestBed bed = Bed(Server13, Bed13.NoGroup);
        bool isForged = false;
        bed.Network.Filter = datagram =>
        {
            if (!datagram.ToServer && !isForged)
            {
                isForged = true;
                datagram.Bytes = TestBed.Record(22, 0, 0, 3, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 7, 0xFE, 0xFF, 4, 1, 2, 3, 4);
            }

            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed, 20_000));
        Assert.AreNotEqual(AssociationState.Connected, bed.Client.State);
        Assert.AreEqual(0, bed.Server.SessionCount);
        Assert.AreEqual(DtlsError.IllegalParameter, bed.Client.Association.LastError);
    }

    [TestMethod]
    public void A_HelloVerifyRequest_ends_a_client_that_offers_the_newer_version_alone_or_was_asked_again()
    {
        foreach (bool both in new[] { false, true })
        {
            TestBed bed = both ? Bed(Server13, Bed13.NoGroup) : Bed13.PskAlone();
            int seen = 0;
            int forged = both ? 1 : 0;
            bed.Network.Filter = datagram =>
            {
                if (!datagram.ToServer && seen++ == forged)
                {
                    datagram.Bytes = TestBed.Record(22, 0, seen, 3, 0, 0, 7, 0, (byte)forged, 0, 0, 0, 0, 0, 7, 0xFE, 0xFF, 4, 1, 2, 3, 4);
                }

                return true;
            };
            Assert.IsFalse(Bed13.Connect(bed));
            Assert.AreEqual(DtlsError.UnexpectedMessage, bed.Client.Association.LastError);
        }
    }

    /// <summary>Each version has groups of its own: the hello names them all, so that either finds one.</summary>
    [TestMethod]
    public void The_groups_of_both_versions_are_offered_in_one_list()
    {
        foreach (int server in new[] { Server12, Server13 })
        {
            TestBed bed = new(Ecdhe(0, 1, [NamedGroup.X25519, NamedGroup.Secp256r1]), Ecdhe(server, 2, [NamedGroup.X25519]));
            Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
            string hello = Convert.ToHexString(bed.Network.Sent[0].Bytes);
            StringAssert.Contains(hello, "000A00080006001D00170018");
            Assert.AreEqual(2, hello.Split("000A0008").Length, "One list.");
            Assert.AreEqual(server == Server12 ? DtlsVersion.Dtls12 : Dtls13, bed.Client.Association.Version);
            Exchange(bed, "");
        }
    }

    [TestMethod]
    public void A_server_of_both_reads_the_groups_of_a_client_of_the_older_version()
    {
        DtlsOptions client = Ecdhe(Server12, 1, []);
        client.Versions = null;
        TestBed bed = new(client, Ecdhe(Server12 | Server13, 2, [NamedGroup.X25519]));
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        bed.VerifyEcho();
    }

    [TestMethod]
    public void It_may_connect_again_and_again_whatever_the_version_was_before()
    {
        TestBed bed = Bed(Server12, Bed13.NoGroup);
        foreach (int server in new[] { Server12, Server13, Server12, Server12 | Server13 })
        {
            bed.Network.Server = new NfDtls.Server.DtlsServerEngine(Options(server, 50 + server, Bed13.NoGroup));
            bed.Client.Engine.Reset();
            Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
            Assert.AreEqual(server == Server12 ? DtlsVersion.Dtls12 : Dtls13, bed.Client.Association.Version);
        }
    }

    private const int Server12 = 1;
    private const int Server13 = 2;

    private static TestBed Bed(int server, int[] groups, int seed = 1)
    {
        return new TestBed(Options(0, seed, groups), Options(server, seed + 3000, groups), seed);
    }

    /// <summary>Options of a server of some versions, or for 0 of the client.</summary>
    private static DtlsOptions Options(int server, int seed, int[] groups)
    {
        DtlsOptions options = Bed13.Options(server != 0, seed, groups, groups.Length == 0, Suites13.Constrained().Add(PskSuites.Constrained().At(0)));
        options.Versions = Versions(server, groups);
        return options;
    }

    private static VersionTable Versions(int server, int[] groups)
    {
        VersionTable versions = new();
        if (server != Server12)
        {
            versions.Add(server != 0 ? new ServerVersion13(groups, groups.Length == 0) : new Version13(groups, groups.Length == 0));
        }

        return server != Server13 ? versions.Add(new Dtls12()) : versions;
    }

    private static DtlsOptions Ecdhe(int server, int seed, int[] groups)
    {
        DtlsOptions options = Bed13.Options(server != 0, seed, Bed13.X25519, false);
        CipherSuiteTable suites = Suites13.Constrained();
        EcdheExtensions extensions = new(new GroupTable().Add(NamedGroup.Secp384r1).Add(NamedGroup.Secp256r1), SchemeTable.All());
        options.Suites = suites.Add(EcdheSuites.PskAes128Ccm8Sha256(extensions));
        options.Versions = Versions(server, groups);
        return options;
    }

    private static int Sendings(int server, int[] lost)
    {
        TestBed bed = Bed(server, Bed13.NoGroup);
        bed.Network.Filter = datagram => !lost.Contains(datagram.Number);
        string what = "server " + server + " lost " + string.Join(",", lost);
        Assert.IsTrue(Bed13.Connect(bed), what + ": " + bed.Client.Association.LastError);
        bed.Network.Filter = null;
        int count = bed.Network.Sent.Count;
        Exchange(bed, what);
        return count;
    }

    private static void Exchange(TestBed bed, string what)
    {
        byte[] data = TestBed.Bytes(20);
        bed.Client.Association.Send(data, 0, data.Length, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 5000), what);
        CollectionAssert.AreEqual(data, bed.Client.ReceiveAll()[0], what);
    }
}

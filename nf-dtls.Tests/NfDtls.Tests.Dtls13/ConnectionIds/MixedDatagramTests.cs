using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Datagrams with records of several associations: the rest is discarded (RFC 9147 section 4).</summary>
[TestClass]
public sealed class MixedDatagramTests
{
    private static readonly byte[] Third = [192, 0, 2, 9, 0xC0, 0x01];

    [TestMethod]
    public void Behind_a_record_of_another_session_the_rest_of_a_datagram_is_discarded()
    {
        CidBed13 bed = new CidBed13().Connect();
        TestClient other = AddClient(bed, 77, TestBed.OtherAddress, true);
        byte[] mine = Old(bed.Client);
        byte[] others = Old(other.Association);
        byte[] rest = Old(bed.Client);
        VerifyTaken(bed, 1, 1, TestBed.Address, mine, others, rest);

        // The order does not matter, nor which of the two has the address.
        VerifyTaken(bed, 1, 1, TestBed.Address, Old(other.Association), Old(bed.Client), Old(other.Association));
        VerifyTaken(bed, 1, 1, Third, Old(bed.Client), Old(other.Association));
    }

    [TestMethod]
    public void Records_of_one_session_share_a_datagram_and_under_several_of_its_IDs()
    {
        CidBed13 bed = new CidBed13(spares: 2).Connect();
        bed.Echoes();
        bed.Network.Run(500);
        byte[] before = Old(bed.Client);
        Assert.IsTrue(ConnectionIdUpdates.UseSpare(bed.Client));
        byte[] after = Old(bed.Client);
        Assert.IsFalse(before.AsSpan(1, 8).SequenceEqual(after.AsSpan(1, 8)));
        VerifyTaken(bed, 3, 0, TestBed.Address, before, after, Old(bed.Client));
    }

    [TestMethod]
    public void Behind_a_record_that_names_nobody_a_later_one_is_read_and_behind_a_session_none()
    {
        CidBed13 bed = new CidBed13().Connect();
        byte[] nobodys = Old(bed.Client);
        nobodys[4] ^= 0xFF;
        VerifyTaken(bed, 1, 1, Third, nobodys, Old(bed.Client));
        VerifyTaken(bed, 1, 1, Third, Old(bed.Client), nobodys, Old(bed.Client));
    }

    [TestMethod]
    public void A_plaintext_record_of_one_address_and_a_record_of_another_session_do_not_mix()
    {
        CidBed13 bed = new CidBed13().Connect();
        TestClient other = AddClient(bed, 78, TestBed.OtherAddress, true);

        // A plaintext ACK from the first one's address counts for nothing, but it is that one's.
        byte[] plain = TestBed.Record(ContentType.Ack, 0, 40, 0, 0);
        VerifyTaken(bed, 0, 2, TestBed.Address, plain, Old(other.Association), Old(bed.Client));
        VerifyTaken(bed, 1, 1, TestBed.Address, plain, Old(bed.Client));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_record_of_1_2_and_one_of_1_3_do_not_mix(bool isNewFirst)
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true, Suites13.AddTo(PskSuites.Constrained()));
        server.Versions = new VersionTable().Add(new ServerVersion13(Bed13.NoGroup, true)).Add(new Dtls12());
        CidBed13 bed = new CidBed13(client, server).Connect();
        TestClient other = AddClient(bed, 79, TestBed.OtherAddress, false);
        byte[] newer = Old(bed.Client);
        byte[] older = TestBed.Seal(other.Association, ContentType.ApplicationData, 1);
        VerifyTaken(bed, 1, 1, TestBed.Address, isNewFirst ? [newer, older] : [older, newer]);
        VerifyTaken(bed, 1, 0, TestBed.Address, isNewFirst ? older : newer);
    }

    [TestMethod]
    public void A_client_discards_what_stands_behind_a_record_that_is_not_its_own()
    {
        CidBed13 bed = new CidBed13().Connect();
        byte[] mine = Old(bed.Server);
        byte[] foreign = Old(bed.Server);
        foreign[4] ^= 0xFF;
        byte[] rest = Old(bed.Server);
        DtlsStatistics statistics = bed.Bed.Client.Engine.Statistics;
        long received = statistics.RecordsReceived;
        bed.Network.Inject(false, TestBed.Address, [.. mine, .. foreign, .. rest], 0);
        bed.Network.Run(100);
        Assert.AreEqual(received + 1, statistics.RecordsReceived);
        Assert.AreEqual(1, statistics.Dropped(DropReason.ContentType));
        bed.Network.Inject(false, TestBed.Address, rest, 0);
        bed.Network.Run(100);
        Assert.AreEqual(received + 2, statistics.RecordsReceived, "nothing of it was opened");
    }

    /// <summary>A message that has come before, in a record with a length: it is read, acknowledged, and changes nothing.</summary>
    private static byte[] Old(Association association)
    {
        return TestBed.Seal(association, ContentType.Handshake, TestBed.Fragment(HandshakeType.Finished, 1, new byte[4]));
    }

    private static TestClient AddClient(CidBed13 bed, int seed, byte[] address, bool isNew)
    {
        DtlsOptions options = isNew ? Bed13.Options(false, seed, Bed13.NoGroup, true) : TestBed.Options(seed);
        options.Features = [new ConnectionIdFeature(3)];
        TestClient client = bed.Network.Add(new DtlsClientEngine(options), address);
        client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => client.State == AssociationState.Connected, 60_000));
        bed.Network.Run(500);
        bed.Network.Echo = false;
        return client;
    }

    private static void VerifyTaken(CidBed13 bed, int taken, int dropped, byte[] from, params byte[][] records)
    {
        DtlsStatistics statistics = bed.Bed.Server.Statistics;
        long received = statistics.RecordsReceived;
        long before = statistics.DroppedInAll;
        bed.Network.Inject(true, from, records.SelectMany(one => one).ToArray(), 0);

        // Before anything else can arrive.
        bed.Network.Run(5);
        Assert.AreEqual(taken, statistics.RecordsReceived - received);
        Assert.AreEqual(dropped, statistics.DroppedInAll - before);
        bed.Network.Run(100);
    }
}

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>What sizes and names are after a sleep, in a resumed session, after a renegotiation, and in the plan of memory.</summary>
[TestClass]
public sealed class KeptNameTests
{
    [TestMethod]
    public void Sizes_names_and_the_protocol_are_there_after_a_sleep_of_either_end()
    {
        SleepBed bed = new SleepBed(options =>
        {
            options.ServerName = "sensor.example";
            options.Features = new Feature[] { new ApplicationProtocols(new[] { "x", "coap" }), new RecordSizeLimit(100), new ServerNames(), new KeyExporter(), options.Features[^1] };
        });
        byte[] before = Export(bed.Client.Association);
        for (int i = 0; i < 2; i++)
        {
            bed.SleepClient();
            bed.SleepServer();
            foreach (Association association in new[] { bed.Client.Association, bed.ServerAssociation })
            {
                Assert.AreEqual("x", association.ApplicationProtocol);
                Assert.AreEqual(100, association.MaxPayload);
                Assert.AreEqual(100, association.ReadEpoch.ReadLimit);
                CollectionAssert.AreEqual(before, Export(association));
            }

            Assert.AreEqual("sensor.example", bed.ServerAssociation.ServerName);
            Assert.IsNull(bed.Client.Association.ServerName);
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void An_end_without_a_protocol_a_limit_or_a_name_wakes_as_it_slept()
    {
        SleepBed bed = new SleepBed(options =>
            options.Features = new Feature[] { new ApplicationProtocols(new[] { options.Features.Length.ToString() + options.GetHashCode() }) { AllowsMismatch = true }, new MaxFragmentLength(), new ServerNames(), options.Features[^1] });
        bed.SleepClient();
        bed.SleepServer();
        Assert.IsNull(bed.Client.Association.ApplicationProtocol);
        Assert.IsNull(bed.ServerAssociation.ServerName);
        Assert.AreEqual(16384, bed.ServerAssociation.WriteEpoch.WriteLimit);
        bed.VerifyEcho();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_session_is_resumed_for_the_same_protocols_name_and_fragment_length_alone(bool tickets)
    {
        Verify(true, "coap", "a.example", 512);
        Verify(false, "h2", "a.example", 512);
        Verify(false, "coap", "b.example", 512);
        Verify(false, "coap", "a.example", 1024);

        void Verify(bool isResumed, string protocol, string name, int length)
        {
            SessionResumption first = new SessionResumption { Tickets = tickets };
            SessionResumption ofServer = new SessionResumption { Tickets = tickets };
            ServerNames names = new ServerNames { RefusesUnknown = true }.Add("a.example").Add("b.example");
            DtlsOptions server = TestBed.Options(2);
            server.Features = new Feature[] { ofServer, new ApplicationProtocols(new[] { "coap", "h2" }), names, new MaxFragmentLength(), new RecordSizeLimit(64) };
            TestBed bed = new TestBed(Client(first, "coap", "a.example", 512), server).Connect();
            Assert.AreEqual(512, bed.ServerAssociation!.MaxPayload);
            ResumableSession session = ResumableSession.Import(first.Session.Export());
            bed.Client.Association.Close(0, bed.Network.Now);
            bed.Network.Run(1000);
            bed.Network.Remove(bed.Client);
            TestClient again = bed.Network.Add(new DtlsClientEngine(Client(new SessionResumption { Tickets = tickets, Session = session }, protocol, name, length)), TestBed.OtherAddress);
            again.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => again.State == AssociationState.Connected, 60_000), again.Association.LastError.ToString());
            bed.Network.Run(100);
            Association theirs = bed.Server.Find(TestBed.OtherAddress, TestBed.OtherAddress.Length);
            Assert.AreEqual(isResumed, again.Association.IsResumed, protocol + " " + name + " " + length);
            Assert.AreEqual(protocol, again.Association.ApplicationProtocol);
            Assert.AreEqual(protocol, theirs.ApplicationProtocol);
            Assert.AreEqual(name, theirs.ServerName);
            Assert.AreEqual(length, theirs.MaxPayload);
        }

        DtlsOptions Client(SessionResumption resumption, string protocol, string name, int length)
        {
            DtlsOptions options = TestBed.Options(1);
            options.ServerName = name;
            options.Features = new Feature[] { resumption, new ApplicationProtocols(new[] { protocol }), new ServerNames(), new MaxFragmentLength(length) };
            return options;
        }
    }

    [TestMethod]
    public void A_ticket_goes_in_records_of_the_limit_and_again_when_its_flight_was_lost()
    {
        for (int lost = 0; lost < 12; lost++)
        {
            SessionResumption ofClient = new SessionResumption { Tickets = true };
            DtlsOptions client = TestBed.Options(1);
            client.Features = new Feature[] { ofClient, new RecordSizeLimit(64) };
            DtlsOptions server = TestBed.Options(2);
            server.Features = new Feature[] { new SessionResumption { Tickets = true }, new RecordSizeLimit(64) };
            TestBed bed = new TestBed(client, server);
            int number = 0;
            bool isLast = false;
            bed.Network.Filter = datagram =>
            {
                isLast |= !datagram.ToServer && Types(datagram.Bytes).Contains(HandshakeType.NewSessionTicket);
                return !isLast || datagram.ToServer || number++ != lost;
            };
            bed.Connect();
            bed.Network.Run(5000);
            bed.Network.Filter = null;
            Assert.IsNotNull(ofClient.Session, "lost " + lost);
            Assert.IsTrue(ofClient.Session.HasTicket);
            Assert.IsTrue(bed.Network.Sent.Where(one => !one.ToServer).SelectMany(one => Lengths(one.Bytes)).Max() <= 64 + 16);
            bed.VerifyEcho(new byte[64]);
        }
    }

    [TestMethod]
    public void A_renegotiation_agrees_anew_and_the_old_limit_holds_for_the_old_keys()
    {
        RecordSizeLimit limit = new RecordSizeLimit(200);
        DtlsOptions client = TestBed.Options(1);
        client.Features = new Feature[] { new Renegotiation { AllowPeer = true }, new ApplicationProtocols(new[] { "coap" }), limit, new KeyExporter() };
        DtlsOptions server = TestBed.Options(2);
        server.Features = new Feature[] { new Renegotiation { AllowPeer = true }, new ApplicationProtocols(new[] { "coap" }), new RecordSizeLimit(100), new KeyExporter() };
        TestBed bed = new TestBed(client, server).Connect();
        byte[] before = Export(bed.Client.Association);
        Association ours = bed.Client.Association;
        bed.Client.Engine.Renegotiate(ours, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => ours.WriteEpoch.Number == 2 && ours.Handshake == null && bed.ServerAssociation!.Handshake == null, 60_000));
        Assert.AreEqual(100, ours.MaxPayload);
        Assert.AreEqual(200, ours.ReadEpoch.ReadLimit);
        Assert.AreEqual(200, bed.ServerAssociation!.MaxPayload);
        Assert.AreEqual("coap", bed.ServerAssociation.ApplicationProtocol);
        CollectionAssert.AreNotEqual(before, Export(ours), "Other keys, other secrets.");
        CollectionAssert.AreEqual(Export(ours), Export(bed.ServerAssociation));
        bed.VerifyEcho(new byte[100]);
    }

    [TestMethod]
    public void What_the_features_are_made_of_is_in_the_plan_of_memory()
    {
        foreach (Feature feature in new Feature[]
        {
            new KeyExporter(), new ApplicationProtocols(new[] { "coap", "h2", new string('x', 255) }), new MaxFragmentLength(512), new RecordSizeLimit(64),
            new ServerNames(), new ServerNames().Add("a.example").Add("b.example"),
        })
        {
            BoardSize size = new BoardSize().Add(feature);
            Assert.AreEqual(size.Bytes, feature.EngineBytes, feature.GetType().Name + "\n" + size);
        }
    }

    private static byte[] Export(Association association)
    {
        byte[] key = new byte[16];
        association.ExportKey("EXPERIMENTAL", null, key, 0, key.Length);
        return key;
    }

    private static int[] Lengths(byte[] datagram)
    {
        return Starts(datagram).Select(at => (datagram[at + 11] << 8) | datagram[at + 12]).ToArray();
    }

    private static int[] Types(byte[] datagram)
    {
        return Starts(datagram).Where(at => datagram[at] == ContentType.Handshake && datagram[at + 4] == 0).Select(at => (int)datagram[at + 13]).ToArray();
    }

    private static System.Collections.Generic.IEnumerable<int> Starts(byte[] datagram)
    {
        for (int at = 0; at < datagram.Length; at += 13 + ((datagram[at + 11] << 8) | datagram[at + 12]))
        {
            yield return at;
        }
    }
}

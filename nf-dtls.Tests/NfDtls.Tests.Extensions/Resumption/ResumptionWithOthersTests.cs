using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Resumed sessions beside the other features: what belongs to a connection is agreed on anew.</summary>
[TestClass]
public sealed class ResumptionWithOthersTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Everything_that_belongs_to_a_connection_is_agreed_on_anew(bool tickets)
    {
        ResumptionBed bed = Bed(tickets, new[] { "coap", "mqtt" }, 300).Connect();
        byte[] first = Exported(bed);
        Assert.AreEqual("coap", bed.Client.ApplicationProtocol);
        for (int i = 0; i < 3; i++)
        {
            Assert.IsTrue(bed.Reconnect());
            Assert.AreEqual("coap", bed.Client.ApplicationProtocol);
            Assert.AreEqual("coap", bed.Server.ApplicationProtocol);
            byte[] then = Exported(bed);
            CollectionAssert.AreNotEqual(first, then);
            Assert.IsLessThanOrEqualTo(300, bed.Client.MaxPayload);
            bed.Bed.VerifyEcho(TestBed.Bytes(bed.Client.MaxPayload));
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Another_protocol_means_a_full_handshake(bool tickets)
    {
        ResumptionBed bed = Bed(tickets, new[] { "coap", "mqtt" }, 1000).Connect();
        Assert.IsTrue(bed.Reconnect());
        ResumableSession session = bed.OfClient.Session;
        bed.Close();
        SessionResumption resumption = new SessionResumption { Tickets = tickets, Session = session };
        DtlsOptions options = TestBed.Options(77);
        options.Features = new Feature[] { resumption, new ApplicationProtocols(new[] { "mqtt" }), new RecordSizeLimit(1000), new KeyExporter() };
        TestClient other = bed.Network.Add(new DtlsClientEngine(options), TestBed.OtherAddress);
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 10_000));
        Assert.IsFalse(other.Association.IsResumed);
        Assert.AreEqual("mqtt", other.Association.ApplicationProtocol);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_resumed_session_has_connection_IDs_of_its_own_and_moves(bool tickets)
    {
        SessionResumption ofClient = new SessionResumption { Tickets = tickets };
        SessionResumption ofServer = new SessionResumption { Tickets = tickets };
        DtlsOptions client = TestBed.Options(1);
        DtlsOptions server = TestBed.Options(1001);
        client.Features = new Feature[] { ofClient };
        server.Features = new Feature[] { ofServer };
        CidBed bed = new CidBed(client, server, new ConnectionIdFeature(8), new ConnectionIdFeature(8)).Connect();
        Assert.IsFalse(bed.Client.IsResumed);
        bed.Client.Close(0, bed.Network.Now);
        bed.Network.Run(100);
        bed.Network.Sent.Clear();
        bed.Connect();
        Assert.IsTrue(bed.Client.IsResumed && bed.Server.IsResumed);
        Assert.IsTrue(bed.Network.Sent.Any(datagram => datagram.Bytes.Contains((byte)ContentType.ConnectionId)));
        bed.Bed.VerifyEcho();
    }

    private static ResumptionBed Bed(bool tickets, string[] protocols, int size)
    {
        ResumptionBed bed = new ResumptionBed(tickets);
        bed.ClientOptions.Features = bed.ClientOptions.Features.Concat(More(protocols, size)).ToArray();
        bed.ServerOptions.Features = bed.ServerOptions.Features.Concat(More(protocols, size)).ToArray();
        bed.Use(new DtlsServerEngine(bed.ServerOptions), new DtlsClientEngine(bed.ClientOptions));
        return bed;
    }

    private static Feature[] More(string[] protocols, int size)
    {
        return new Feature[] { new ApplicationProtocols(protocols), new RecordSizeLimit(size), new KeyExporter() };
    }

    private static byte[] Exported(ResumptionBed bed)
    {
        byte[] ofClient = new byte[32];
        byte[] ofServer = new byte[32];
        bed.Client.ExportKey("EXPERIMENTAL test", null!, ofClient, 0, 32);
        bed.Server.ExportKey("EXPERIMENTAL test", null!, ofServer, 0, 32);
        CollectionAssert.AreEqual(ofClient, ofServer);
        return ofClient;
    }
}

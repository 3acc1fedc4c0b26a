using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>ALPN: RFC 7301.</summary>
[TestClass]
public sealed class ApplicationProtocolTests
{
    private const int Alpn = 16;

    [TestMethod]
    public void The_server_takes_the_first_of_its_own_that_the_client_offers()
    {
        TestBed bed = new TestBed(Options(1, new ApplicationProtocols(new[] { "a", "coap", "h2" })), Options(2, new ApplicationProtocols(new[] { "x", "h2", "coap" })));
        bed.Connect();
        Assert.AreEqual("h2", bed.Client.Association.ApplicationProtocol);
        Assert.AreEqual("h2", bed.ServerAssociation!.ApplicationProtocol);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void It_is_agreed_on_through_loss_and_forgotten_when_another_handshake_begins()
    {
        DtlsOptions client = Options(1, new ApplicationProtocols(new[] { new string('n', 255), "\u00e4" }));
        client.Mtu = 150;
        TestBed bed = new TestBed(client, Options(2, new ApplicationProtocols(new[] { "\u00e4" })), 9);
        bed.Network.Drop = 0.2;
        bed.Network.Duplicate = 0.2;
        bed.Network.Delay = 0.2;
        for (int i = 0; i < 5; i++)
        {
            bed.Connect();
            Assert.AreEqual("\u00e4", bed.Client.Association.ApplicationProtocol);
            Assert.AreEqual("\u00e4", bed.ServerAssociation!.ApplicationProtocol);
            bed.Client.Engine.Reset();
            bed.Client.Engine.Connect(bed.Network.Now);
            Assert.IsNull(bed.Client.Association.ApplicationProtocol);
            bed.Client.Engine.Reset();
            bed.Network.Settle();
        }
    }

    [TestMethod]
    public void Without_a_common_one_the_handshake_ends_unless_the_server_goes_on_without()
    {
        TestBed bed = new TestBed(Options(1, new ApplicationProtocols(new[] { "a" })), Options(2, new ApplicationProtocols(new[] { "b" })));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.NoApplicationProtocol, bed.Client.Association.AlertReceived);
        bed = new TestBed(Options(1, new ApplicationProtocols(new[] { "a" })), Options(2, new ApplicationProtocols(new[] { "b" }) { AllowsMismatch = true }));
        bed.Connect();
        Assert.IsNull(bed.Client.Association.ApplicationProtocol);
        Assert.IsNull(bed.ServerAssociation!.ApplicationProtocol);
        bed = new TestBed(Options(1, new ApplicationProtocols(new[] { "a" })), Options(2, new ApplicationProtocols(new[] { "b" }) { AllowsMismatch = true, IsRequired = true }));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.NoApplicationProtocol, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void A_peer_without_it_is_taken_unless_it_is_required()
    {
        TestBed bed = new TestBed(Options(1, new ApplicationProtocols(new[] { "a" })), TestBed.Options(2)).Connect();
        Assert.IsNull(bed.Client.Association.ApplicationProtocol);
        bed = new TestBed(TestBed.Options(1), Options(2, new ApplicationProtocols(new[] { "a" }))).Connect();
        Assert.IsNull(bed.ServerAssociation!.ApplicationProtocol);
        bed = new TestBed(Options(1, new ApplicationProtocols(new[] { "a" }) { IsRequired = true }), TestBed.Options(2));
        bed.VerifyClientFails(DtlsError.NoApplicationProtocol);
        bed = new TestBed(TestBed.Options(1), Options(2, new ApplicationProtocols(new[] { "a" }) { IsRequired = true }));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.NoApplicationProtocol, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void A_client_takes_only_what_it_offered_and_only_one()
    {
        foreach ((byte[] content, DtlsError error) in new (byte[], DtlsError)[]
        {
            (new byte[] { 0, 2, 1, (byte)'b' }, DtlsError.IllegalParameter),
            (new byte[] { 0, 3, 2, (byte)'a', (byte)'a' }, DtlsError.IllegalParameter),
            (new byte[] { 0, 4, 1, (byte)'a', 1, (byte)'a' }, DtlsError.DecodeError),
            (new byte[] { 0, 0 }, DtlsError.DecodeError),
            (new byte[] { 0, 1, 0 }, DtlsError.DecodeError),
            (new byte[] { 0, 3, 1, (byte)'a', 0 }, DtlsError.DecodeError),
            (new byte[] { 0, 3, 1, (byte)'a' }, DtlsError.DecodeError),
            (new byte[] { 0, 1, 1, (byte)'a' }, DtlsError.DecodeError),
            (new byte[] { 0, 2, 1, (byte)'a', 0 }, DtlsError.DecodeError),
            (new byte[] { 0 }, DtlsError.DecodeError),
            (Array.Empty<byte>(), DtlsError.DecodeError),
        })
        {
            TestBed bed = new TestBed(Options(1, new ApplicationProtocols(new[] { "a" })), Options(2, new Answering(Alpn, content)));
            bed.VerifyClientFails(error);
        }

        new TestBed(Options(1, new ApplicationProtocols(new[] { "a" })), Options(2, new Answering(Alpn, new byte[] { 0, 2, 1, (byte)'a' }))).Connect();
    }

    [TestMethod]
    public void A_server_refuses_a_list_that_is_none_and_takes_any_that_is_one()
    {
        foreach ((byte[] content, DtlsError error) in new (byte[], DtlsError)[]
        {
            (new byte[] { 0, 0 }, DtlsError.DecodeError),
            (new byte[] { 0, 1, 0 }, DtlsError.DecodeError),
            (new byte[] { 0, 3, 1, (byte)'a', 0 }, DtlsError.DecodeError),
            (new byte[] { 0, 3, 0, 1, (byte)'a' }, DtlsError.DecodeError),
            (new byte[] { 0, 3, 1, (byte)'a' }, DtlsError.DecodeError),
            (new byte[] { 0, 3, 1, (byte)'a', 1 }, DtlsError.DecodeError),
            (new byte[] { 0, 2, 1, (byte)'a', 7 }, DtlsError.DecodeError),
            (Array.Empty<byte>(), DtlsError.DecodeError),
            (new byte[] { 0, 2, 1, (byte)'b' }, DtlsError.NoApplicationProtocol),
            (new byte[] { 0, 4, 1, (byte)'a', 1, (byte)'a' }, DtlsError.None),
            (new byte[] { 0, 5, 2, 0xFA, 0xFA, 1, (byte)'a' }, DtlsError.None),
        })
        {
            TestBed bed = new TestBed(Options(1, new Answering(Alpn, content)), Options(2, new ApplicationProtocols(new[] { "a" })));
            if (error == DtlsError.None)
            {
                bed.Connect();
                Assert.AreEqual("a", bed.ServerAssociation!.ApplicationProtocol);
                continue;
            }

            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(AlertTable.AlertFor(error), bed.Client.Association.AlertReceived, Convert.ToHexString(content));
        }
    }

    [TestMethod]
    public void Names_that_cannot_be_and_lists_of_none_are_refused()
    {
        foreach (string?[]? names in new[] { null, Array.Empty<string?>(), new[] { "" }, new string?[] { null }, new[] { new string('a', 256) }, new[] { "a", "b", "a" }, Enumerable.Repeat("a", 33).Select((a, i) => a + i).ToArray(), new[] { "a\0" } })
        {
            Assert.ThrowsExactly<ArgumentException>(() => new ApplicationProtocols(names!));
        }

        new ApplicationProtocols(new[] { new string('a', 255) });
    }

    [TestMethod]
    public void The_longest_list_fits_into_a_flight_of_which_nobody_said_how_long_it_is()
    {
        string[] names = Enumerable.Range(0, 32).Select(i => i.ToString("D255")).ToArray();
        DtlsOptions server = Options(2, new ApplicationProtocols(new[] { names[31] }));
        server.MaxHandshakeMessage = 16384;
        TestBed bed = new TestBed(Options(1, new ApplicationProtocols(names)), server).Connect();
        Assert.AreEqual(names[31], bed.ServerAssociation!.ApplicationProtocol);
    }

    [TestMethod]
    public void An_extension_of_the_applications_own_goes_beside_it()
    {
        Own client = new Own();
        Own server = new Own();
        DtlsOptions options = Options(1, new ApplicationProtocols(new[] { "a" }));
        options.Extensions = new HelloExtension[] { client };
        DtlsOptions other = Options(2, new ApplicationProtocols(new[] { "a" }));
        other.Extensions = new HelloExtension[] { server };
        TestBed bed = new TestBed(options, other).Connect();
        Assert.AreEqual("a", bed.Client.Association.ApplicationProtocol);
        Assert.AreEqual(42, server.Value);
        Assert.AreEqual(43, client.Value);
    }

    private static DtlsOptions Options(int seed, Feature feature)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Features = new[] { feature };
        return options;
    }
}

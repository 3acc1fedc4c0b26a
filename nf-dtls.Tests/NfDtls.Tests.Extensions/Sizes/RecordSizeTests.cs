using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>How much content records have: max_fragment_length (RFC 6066) and record_size_limit (RFC 8449).</summary>
[TestClass]
public sealed class RecordSizeTests
{
    private const int MaxFragment = 1;
    private const int SizeLimit = 28;

    // Explicit nonce and tag of AES-128-CCM-8.
    private const int Protection = 16;

    [TestMethod]
    [DataRow(64, 64)]
    [DataRow(65, 300)]
    [DataRow(512, 100)]
    [DataRow(16384, 64)]
    [DataRow(64, 16384)]
    public void Each_end_keeps_to_the_others_record_size_limit(int client, int server)
    {
        TestBed bed = new TestBed(Options(1, new RecordSizeLimit(client)), Options(2, new RecordSizeLimit(server))).Connect();
        Association ours = bed.Client.Association;
        int room = ours.PathMtu - ours.WriteEpoch.Overhead;
        Assert.AreEqual(Math.Min(server, room), ours.MaxPayload);
        Assert.AreEqual(Math.Min(client, room), bed.ServerAssociation!.MaxPayload);
        int both = Math.Min(Math.Min(client, server), room);
        bed.VerifyEcho(TestBed.Bytes(both));
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => ours.Send(new byte[5000], 0, ours.MaxPayload + 1, bed.Network.Now));
        StringAssert.Contains(e.Message, ours.MaxPayload.ToString());
        bed.Network.Echo = false;
        ours.Send(new byte[5000], 0, ours.MaxPayload, bed.Network.Now);
        bed.ServerAssociation.Send(new byte[5000], 0, bed.ServerAssociation.MaxPayload, bed.Network.Now);
        bed.Network.Settle();
        Assert.AreEqual(bed.ServerAssociation.MaxPayload, bed.Client.ReceiveAll().Single().Length);
        VerifyContents(bed, server, client);
    }

    [TestMethod]
    [DataRow(512)]
    [DataRow(1024)]
    [DataRow(2048)]
    [DataRow(4096)]
    public void Both_ends_keep_to_the_maximum_fragment_length(int length)
    {
        DtlsOptions client = Options(1, new MaxFragmentLength(length));
        DtlsOptions server = Options(2, new MaxFragmentLength());
        client.Mtu = 6000;
        server.Mtu = 6000;
        TestBed bed = new TestBed(client, server).Connect();
        Assert.AreEqual(length, bed.Client.Association.MaxPayload);
        Assert.AreEqual(length, bed.ServerAssociation!.MaxPayload);
        bed.VerifyEcho(new byte[length]);
        VerifyContents(bed, length, length);
    }

    [TestMethod]
    public void Over_losses_and_small_datagrams_all_records_keep_to_the_limit()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            DtlsOptions client = Options(seed, seed % 2 == 0 ? new RecordSizeLimit(64 + seed) : new MaxFragmentLength(512));
            DtlsOptions server = Options(seed + 500, new MaxFragmentLength(), new RecordSizeLimit(90));
            client.Mtu = 150 + (seed * 7);
            server.Mtu = 300;
            server.PskHint = TestBed.Bytes(128);
            TestBed bed = new TestBed(client, server, seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            bed.Connect();
            bed.Network.Drop = 0;
            bed.VerifyEcho(new byte[Math.Min(bed.Client.Association.MaxPayload, bed.ServerAssociation!.MaxPayload)]);
            VerifyContents(bed, seed % 2 == 0 ? 90 : 512, seed % 2 == 0 ? 64 + seed : 512);
        }
    }

    [TestMethod]
    public void A_record_of_exactly_the_limit_is_taken_and_one_of_a_byte_more_ends_the_association()
    {
        foreach (bool toServer in new[] { false, true })
        {
            foreach (bool isLimit in new[] { false, true })
            {
                Feature ours = isLimit ? new RecordSizeLimit(512) : new MaxFragmentLength(512);
                Feature theirs = isLimit ? new RecordSizeLimit(512) : new MaxFragmentLength();
                TestBed bed = new TestBed(Options(1, ours), Options(2, theirs)).Connect();
                bed.Network.Echo = false;
                Association from = toServer ? bed.Client.Association : bed.ServerAssociation!;
                Association to = toServer ? bed.ServerAssociation! : bed.Client.Association;
                bed.Network.Deliver(toServer, TestBed.Address, TestBed.Seal(from, ContentType.ApplicationData, new byte[512]));
                Assert.AreEqual(1, to.Pending);

                byte[] forged = TestBed.Seal(from, ContentType.ApplicationData, new byte[513]);
                forged[^1] ^= 1;
                bed.Network.Deliver(toServer, TestBed.Address, forged);
                Assert.AreEqual(AssociationState.Connected, to.State, "It is not authentic.");

                bed.Network.Deliver(toServer, TestBed.Address, TestBed.Seal(from, ContentType.ApplicationData, new byte[513]));
                Assert.AreEqual(AssociationState.Closed, to.State);
                Assert.AreEqual(DtlsError.RecordOverflow, to.LastError);
                Assert.AreEqual(Alert.RecordOverflow, to.AlertSent);
                bed.Network.Run(100);
                Assert.AreEqual(Alert.RecordOverflow, from.AlertReceived);
            }
        }
    }

    [TestMethod]
    public void Content_that_no_record_may_have_is_dropped_without_any_agreement()
    {
        DtlsOptions options = TestBed.Options(2);
        options.ReceiveSize = 16384;
        TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
        bed.Network.Echo = false;
        Association server = bed.ServerAssociation!;
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, new byte[16384]));
        Assert.AreEqual(1, server.Pending);
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, new byte[16385]));
        Assert.AreEqual(1, server.Pending);
        Assert.AreEqual(AssociationState.Connected, server.State);
    }

    [TestMethod]
    public void A_server_that_gets_both_answers_the_record_size_limit_alone()
    {
        TestBed bed = new TestBed(
            Options(1, new MaxFragmentLength(512), new RecordSizeLimit(700)), Options(2, new MaxFragmentLength(), new RecordSizeLimit(800))).Connect();
        Assert.AreEqual(800, bed.Client.Association.MaxPayload);
        Assert.AreEqual(700, bed.ServerAssociation!.MaxPayload);
        bed = new TestBed(Options(1, new MaxFragmentLength(512), new RecordSizeLimit(700)), Options(2, new RecordSizeLimit(800), new MaxFragmentLength())).Connect();
        Assert.AreEqual(700, bed.ServerAssociation!.MaxPayload);
        bed = new TestBed(Options(1, new MaxFragmentLength(512), new RecordSizeLimit(700)), Options(2, new MaxFragmentLength())).Connect();
        Assert.AreEqual(512, bed.Client.Association.MaxPayload);
        Assert.AreEqual(512, bed.ServerAssociation!.MaxPayload);
    }

    [TestMethod]
    public void A_peer_that_knows_neither_is_not_limited()
    {
        TestBed bed = new TestBed(Options(1, new MaxFragmentLength(512), new RecordSizeLimit(64)), TestBed.Options(2)).Connect();
        bed.VerifyEcho(new byte[bed.Client.Association.MaxPayload]);
        Assert.IsGreaterThan(1000, bed.Client.Association.MaxPayload);
        bed = new TestBed(TestBed.Options(1), Options(2, new MaxFragmentLength(), new RecordSizeLimit(64))).Connect();
        bed.VerifyEcho(new byte[bed.Client.Association.MaxPayload]);
        bed = new TestBed(Options(1, new MaxFragmentLength()), Options(2, new MaxFragmentLength(512))).Connect();
        bed.VerifyEcho(new byte[bed.Client.Association.MaxPayload]);
    }

    [TestMethod]
    public void A_client_refuses_answers_that_are_wrong()
    {
        foreach ((int type, byte[] content, DtlsError error) in new (int, byte[], DtlsError)[]
        {
            (MaxFragment, new byte[] { 1 }, DtlsError.None),
            (MaxFragment, new byte[] { 2 }, DtlsError.IllegalParameter),
            (MaxFragment, new byte[] { 0 }, DtlsError.IllegalParameter),
            (MaxFragment, new byte[] { 5 }, DtlsError.IllegalParameter),
            (MaxFragment, Array.Empty<byte>(), DtlsError.DecodeError),
            (MaxFragment, new byte[] { 1, 0 }, DtlsError.DecodeError),
            (SizeLimit, new byte[] { 0, 64 }, DtlsError.None),
            (SizeLimit, new byte[] { 0, 63 }, DtlsError.IllegalParameter),
            (SizeLimit, new byte[] { 0, 0 }, DtlsError.IllegalParameter),
            (SizeLimit, new byte[] { 0xFF, 0xFF }, DtlsError.None),
            (SizeLimit, new byte[] { 64 }, DtlsError.DecodeError),
            (SizeLimit, Array.Empty<byte>(), DtlsError.DecodeError),
            (SizeLimit, new byte[] { 0, 64, 0 }, DtlsError.DecodeError),
        })
        {
            TestBed bed = new TestBed(Options(1, new MaxFragmentLength(512), new RecordSizeLimit(100)), Options(2, new Answering(type, content)));
            if (error == DtlsError.None)
            {
                bed.Connect();
                continue;
            }

            bed.VerifyClientFails(error);
        }

        TestBed both = new TestBed(
            Options(1, new MaxFragmentLength(512), new RecordSizeLimit(100)), Options(2, new Answering(MaxFragment, 1), new Answering(SizeLimit, 0, 64)));
        both.VerifyClientFails(DtlsError.IllegalParameter);
        both = new TestBed(
            Options(1, new MaxFragmentLength(512), new RecordSizeLimit(100)), Options(2, new Answering(SizeLimit, 0, 64), new Answering(MaxFragment, 1)));
        both.VerifyClientFails(DtlsError.IllegalParameter);
    }

    [TestMethod]
    public void A_server_refuses_requests_that_are_wrong()
    {
        foreach ((int type, byte[] content, int alert) in new (int, byte[], int)[]
        {
            (MaxFragment, new byte[] { 0 }, Alert.IllegalParameter),
            (MaxFragment, new byte[] { 5 }, Alert.IllegalParameter),
            (MaxFragment, new byte[] { 255 }, Alert.IllegalParameter),
            (MaxFragment, Array.Empty<byte>(), Alert.DecodeError),
            (MaxFragment, new byte[] { 1, 1 }, Alert.DecodeError),
            (SizeLimit, new byte[] { 0, 63 }, Alert.IllegalParameter),
            (SizeLimit, new byte[] { 0, 0 }, Alert.IllegalParameter),
            (SizeLimit, new byte[] { 64 }, Alert.DecodeError),
            (SizeLimit, Array.Empty<byte>(), Alert.DecodeError),
            (SizeLimit, new byte[] { 1, 0, 0 }, Alert.DecodeError),
        })
        {
            TestBed bed = new TestBed(Options(1, new Answering(type, content)), Options(2, new MaxFragmentLength(), new RecordSizeLimit(100)));
            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(alert, bed.Client.Association.AlertReceived, type + " " + Convert.ToHexString(content));
        }

        // RFC 8449 section 4: a server must not mind more than there can be.
        TestBed large = new TestBed(Options(1, new Answering(SizeLimit, 0xFF, 0xFF)), Options(2, new RecordSizeLimit(100))).Connect();
        large.VerifyEcho(new byte[50]);
    }

    [TestMethod]
    public void Sizes_that_cannot_be_are_refused()
    {
        foreach (int length in new[] { 0, 256, 511, 513, 8192 })
        {
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new MaxFragmentLength(length)).Message, "512, 1024, 2048 or 4096");
        }

        foreach (int limit in new[] { 0, 63, 16385, -1 })
        {
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new RecordSizeLimit(limit)).Message, "64 to 16384");
        }
    }

    [TestMethod]
    public void A_connection_ID_and_its_padding_count_as_content()
    {
        foreach ((int block, int room) in new[] { (1, 99), (16, 84) })
        {
            DtlsOptions client = Options(1, new ConnectionIdFeature(4) { PaddingBlock = block }, new RecordSizeLimit(100));
            DtlsOptions server = Options(2, new ConnectionIdFeature(4) { PaddingBlock = block }, new RecordSizeLimit(100));
            TestBed bed = new TestBed(client, server).Connect();
            Assert.AreEqual(room, bed.Client.Association.MaxPayload);
            bed.VerifyEcho(new byte[room]);
            int header = bed.Client.Association.WriteEpoch.WriteCodec.HeaderLength;
            Assert.AreEqual(17, header);
            List<int> contents = bed.Network.Sent.Where(one => one.Bytes[0] == 25).Select(one => one.Bytes.Length - header - Protection).ToList();
            Assert.IsTrue(contents.Max() <= 100 && contents.Max() > 80, contents.Max().ToString());
        }
    }

    [TestMethod]
    public void What_was_agreed_on_holds_for_one_connection_alone()
    {
        RecordSizeLimit limit = new RecordSizeLimit(100);
        DtlsOptions server = Options(2, new Answering(0xFF70), limit);
        TestBed bed = new TestBed(Options(1, new RecordSizeLimit(200)), server).Connect();
        Assert.AreEqual(100, bed.Client.Association.MaxPayload);
        TestClient other = bed.Network.Add(new DtlsClientEngine(TestBed.Options(9)), TestBed.OtherAddress);
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 60_000));
        Assert.IsGreaterThan(1000, other.Association.MaxPayload);
        Assert.IsGreaterThan(1000, bed.Server.Find(TestBed.OtherAddress, 6)!.MaxPayload);
    }

    [TestMethod]
    public void An_extension_of_the_applications_own_goes_beside_them()
    {
        Own client = new Own();
        Own server = new Own();
        DtlsOptions options = Options(1, new MaxFragmentLength(512), new RecordSizeLimit(64), new ApplicationProtocols(new[] { "a" }), new KeyExporter());
        options.Extensions = new HelloExtension[] { client };
        DtlsOptions other = Options(2, new MaxFragmentLength(), new RecordSizeLimit(64), new ApplicationProtocols(new[] { "a" }), new KeyExporter());
        other.Extensions = new HelloExtension[] { server };
        TestBed bed = new TestBed(options, other).Connect();
        bed.VerifyEcho(new byte[64]);
        Assert.AreEqual(42, server.Value);
        Assert.AreEqual(43, client.Value);
    }

    private static DtlsOptions Options(int seed, params Feature[] features)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Features = features;
        return options;
    }

    /// <summary>No record from the ServerHello on has more than its receiver agreed to.</summary>
    private static void VerifyContents(TestBed bed, int toServer, int toClient)
    {
        List<(bool ToServer, int Content)> contents = new();
        bool isAgreed = false;
        foreach (Datagram datagram in bed.Network.Sent)
        {
            byte[] bytes = datagram.Bytes;
            for (int at = 0; at < bytes.Length;)
            {
                int length = (bytes[at + 11] << 8) | bytes[at + 12];
                bool isProtected = bytes[at + 4] > 0;
                isAgreed |= bytes[at] == ContentType.Handshake && !isProtected && bytes[at + 13] == HandshakeType.ServerHello;

                // A hello again, to a server whose answer was lost, is older than what was agreed on.
                bool isHello = bytes[at] == ContentType.Handshake && !isProtected && bytes[at + 13] == HandshakeType.ClientHello;
                if (isAgreed && !isHello)
                {
                    contents.Add((datagram.ToServer, isProtected ? length - Protection : length));
                }

                at += 13 + length;
            }
        }

        Assert.IsTrue(contents.Where(one => one.ToServer).All(one => one.Content <= toServer), "To the server: " + contents.Where(one => one.ToServer).Max(one => one.Content));
        Assert.IsTrue(contents.Where(one => !one.ToServer).All(one => one.Content <= toClient), "To the client: " + contents.Where(one => !one.ToServer).Max(one => one.Content));
    }
}

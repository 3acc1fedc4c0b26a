using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Features whose extensions a server answers in EncryptedExtensions: the same objects as in DTLS 1.2.</summary>
[TestClass]
public class ExtensionTests
{
    private const int MaxFragment = 1;
    private const int Alpn = 16;
    private const int SizeLimit = 28;

    // Type, tag of CCM_8, and the longest header.
    private const int Overhead = 1 + 8 + 5;

    [TestMethod]
    [DataRow(64, 64)]
    [DataRow(65, 300)]
    [DataRow(512, 100)]
    [DataRow(16384, 64)]
    [DataRow(64, 16384)]
    public void Each_end_keeps_to_the_others_record_size_limit_of_which_the_type_is_one_byte(int client, int server)
    {
        TestBed bed = Make([new RecordSizeLimit(client)], [new RecordSizeLimit(server)]);
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        int room = bed.Client.Association.PathMtu - Overhead;
        Verify(bed, Math.Min(server - 1, room), Math.Min(client - 1, room));
        VerifyLengths(bed, server, client);

        // And so under the keys that follow.
        KeyUpdates.Begin(bed.Client.Association, true, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(4L, bed.ServerAssociation!.WriteEpoch.Number);
        Verify(bed, Math.Min(server - 1, room), Math.Min(client - 1, room));
    }

    [TestMethod]
    [DataRow(512)]
    [DataRow(1024)]
    public void Both_ends_keep_to_the_maximum_fragment_length_which_is_of_content_alone(int length)
    {
        TestBed bed = Make([new MaxFragmentLength(length)], [new MaxFragmentLength()]);
        Assert.IsTrue(Bed13.Connect(bed));
        Verify(bed, length, length);
        Association server = bed.ServerAssociation!;
        bed.Network.Deliver(true, TestBed.Address, Padded(bed.Client.Association, new byte[length], 20));
        Assert.AreEqual(AssociationState.Connected, server.State, "Padding is no content.");
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, new byte[length + 1]));
        Assert.AreEqual(DtlsError.RecordOverflow, server.LastError);
    }

    /// <summary>The limit is of content, type and padding (RFC 8449 section 4).</summary>
    [TestMethod]
    public void A_record_of_exactly_the_limit_is_taken_and_one_of_a_byte_more_ends_the_association_padded_or_not()
    {
        foreach (bool toServer in new[] { false, true })
        {
            foreach (bool isUpdated in new[] { false, true })
            {
                for (int padding = 0; padding < 300; padding += 149)
                {
                    TestBed bed = Make([new RecordSizeLimit(512)], [new RecordSizeLimit(512)]);
                    Assert.IsTrue(Bed13.Connect(bed));
                    bed.Network.Echo = false;
                    if (isUpdated)
                    {
                        KeyUpdates.Begin(bed.Client.Association, true, bed.Network.Now);
                        bed.Network.Run(1000);
                    }

                    Association from = toServer ? bed.Client.Association : bed.ServerAssociation!;
                    Association to = toServer ? bed.ServerAssociation! : bed.Client.Association;
                    bed.Network.Deliver(toServer, TestBed.Address, Padded(from, new byte[511 - padding], padding));
                    Assert.AreEqual(1, to.Pending);
                    byte[] forged = Padded(from, new byte[512 - padding], padding);
                    forged[^1] ^= 1;
                    bed.Network.Deliver(toServer, TestBed.Address, forged);
                    Assert.AreEqual(AssociationState.Connected, to.State, "It is not authentic.");
                    bed.Network.Deliver(toServer, TestBed.Address, Padded(from, new byte[512 - padding], padding));
                    Assert.AreEqual(DtlsError.RecordOverflow, to.LastError);
                    Assert.AreEqual(Alert.RecordOverflow, to.AlertSent);
                }
            }
        }
    }

    [TestMethod]
    public void A_server_that_gets_both_answers_the_record_size_limit_alone()
    {
        TestBed bed = Make([new MaxFragmentLength(512), new RecordSizeLimit(700)], [new MaxFragmentLength(), new RecordSizeLimit(800)]);
        Assert.IsTrue(Bed13.Connect(bed));
        Verify(bed, 799, 699);
        bed = Make([new MaxFragmentLength(512), new RecordSizeLimit(700)], [new MaxFragmentLength()]);
        Assert.IsTrue(Bed13.Connect(bed));
        Verify(bed, 512, 512);
    }

    [TestMethod]
    public void Over_losses_and_small_datagrams_all_protected_records_keep_to_the_limit()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            TestBed bed = Make([new RecordSizeLimit(64), new ApplicationProtocols([new string('a', 200), "coap"])], [new RecordSizeLimit(64), new ApplicationProtocols(["x", new string('a', 200)])], seed, Bed13.X25519);

            // From the answer to the client's second hello on.
            Random random = new(seed);
            bed.Network.Filter = datagram => datagram.Number < 3 || random.Next(5) > 0;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            Assert.IsTrue(Bed13.Connect(bed), "seed " + seed + " " + bed.Client.Association.LastError);
            Assert.AreEqual(200, bed.Client.Association.ApplicationProtocol.Length);
            VerifyLengths(bed, 64, 64);
        }
    }

    [TestMethod]
    public void The_servers_first_protocol_that_the_client_offers_is_agreed_on_and_nobody_else_sees_it()
    {
        TestBed bed = Make([new ApplicationProtocols(["h2", "coap", "mqtt"])], [new ApplicationProtocols(["mqtt", "coap"])]);
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.AreEqual("mqtt", bed.Client.Association.ApplicationProtocol);
        Assert.AreEqual("mqtt", bed.ServerAssociation!.ApplicationProtocol);
        Assert.IsFalse(bed.Network.Sent.Where(d => !d.ToServer).Any(d => d.Bytes.AsSpan().IndexOf("mqtt"u8) >= 0), "The answer is encrypted.");
        bed = Make([new ApplicationProtocols(["coap"])], []);
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.IsNull(bed.Client.Association.ApplicationProtocol);
        bed = Make([], [new ApplicationProtocols(["coap"])]);
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.IsNull(bed.ServerAssociation!.ApplicationProtocol);
    }

    [TestMethod]
    public void Without_a_protocol_in_common_or_with_none_where_one_is_required_it_ends_with_no_application_protocol()
    {
        TestBed bed = Make([new ApplicationProtocols(["coap"])], [new ApplicationProtocols(["mqtt"])]);
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(Alert.NoApplicationProtocol, bed.Client.Association.AlertReceived);
        bed = Make([new ApplicationProtocols(["coap"])], [new ApplicationProtocols(["mqtt"]) { AllowsMismatch = true }]);
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.IsNull(bed.ServerAssociation!.ApplicationProtocol);
        bed = Make([], [new ApplicationProtocols(["mqtt"]) { IsRequired = true }]);
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(Alert.NoApplicationProtocol, bed.Client.Association.AlertReceived);
        bed = Make([new ApplicationProtocols(["mqtt"]) { IsRequired = true }], []);
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(Alert.NoApplicationProtocol, bed.Client.Association.AlertSent);
        bed = Make([new ApplicationProtocols(["mqtt"]) { IsRequired = true }], [new ApplicationProtocols(["mqtt"]) { IsRequired = true }]);
        Assert.IsTrue(Bed13.Connect(bed), "It is not missed in the ServerHello.");
    }

    [TestMethod]
    public void A_name_that_the_server_knows_chooses_its_keys_and_one_that_nobody_knows_is_refused_where_the_server_says_so()
    {
        byte[] key = TestBed.Bytes(16, 77);
        TestBed bed = Named("Lamp.example.", key, false);
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Assert.AreEqual("Lamp.example", bed.ServerAssociation!.ServerName);
        Assert.AreEqual(Alert.DecryptError, Failed(Named("other.example", key, false)), "The keys of that name are for it alone.");
        Assert.AreEqual(Alert.DecryptError, Failed(Named("lamp.example", TestBed.Key, false)), "And the others are not for it.");
        Assert.IsTrue(Bed13.Connect(Named("other.example", TestBed.Key, false)));
        Assert.AreEqual(Alert.UnrecognizedName, Failed(Named("other.example", TestBed.Key, true)));
        Assert.IsTrue(Bed13.Connect(Named("lamp.example", key, true)));
    }

    [TestMethod]
    public void A_server_that_asks_whether_to_take_a_client_answers_by_the_name_with_keys_for_it()
    {
        foreach (bool isKnown in new[] { false, true })
        {
            byte[] key = TestBed.Bytes(16, 77);
            TestBed bed = Named("door.example", key, false, options => options.AskToConnect = true);
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(100);
            Association asking = bed.ServerAssociation!;
            Assert.AreEqual("door.example", asking.ServerName);
            if (isKnown)
            {
                asking.ConnectRequest.Accept(TestBed.Store(key, TestBed.Text("sensor-1")), null);
            }
            else
            {
                asking.ConnectRequest.RefuseName();
            }

            bed.Network.Run(() => bed.Client.State != AssociationState.Connecting, 10_000);
            Assert.AreEqual(isKnown ? AssociationState.Connected : AssociationState.Closed, bed.Client.State);
            Assert.AreEqual(isKnown ? Alert.None : Alert.UnrecognizedName, bed.Client.Association.AlertReceived);
        }
    }

    [TestMethod]
    public void An_application_that_is_asked_for_a_key_is_told_the_name()
    {
        TestBed bed = Named("door.example", TestBed.Key, false, options =>
        {
            options.AskForPsk = true;
            options.Psk = null;
        });
        string? asked = null;
        bed.Network.PskWanted = request =>
        {
            asked = request.ServerName;
            request.Answer(TestBed.Key);
        };
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.AreEqual("door.example", asked);
    }

    [TestMethod]
    public void An_extension_in_a_wrong_message_is_an_illegal_parameter_and_one_unasked_for_unsupported()
    {
        foreach (int message in new[] { HandshakeType.ServerHello, HandshakeType13.EncryptedExtensions })
        {
            foreach (int type in new[] { 0, MaxFragment, Alpn, 13, SizeLimit, 47, 50, 54, 40000 })
            {
                string what = "type " + type + " in message " + message;
                bool isRight = (message == HandshakeType.ServerHello) == (type == 54) && type != 13 && type != 47 && type != 50;
                Assert.AreEqual(DtlsError.UnsupportedExtension, Answered([], type, message, [1]), what);
                Assert.AreEqual(isRight ? DtlsError.None : DtlsError.IllegalParameter, Answered([new Asked(type)], type, message, [1]), what);
            }
        }
    }

    [TestMethod]
    public void A_client_refuses_an_answer_that_no_server_gives()
    {
        Assert.AreEqual(DtlsError.IllegalParameter, Answered(new RecordSizeLimit(100), SizeLimit, [0, 63]));
        Assert.AreEqual(DtlsError.DecodeError, Answered(new RecordSizeLimit(100), SizeLimit, [64]));
        Assert.AreEqual(DtlsError.DecodeError, Answered(new RecordSizeLimit(100), SizeLimit, [0, 64, 0]));
        Assert.AreEqual(DtlsError.None, Answered(new RecordSizeLimit(100), SizeLimit, [0, 64]));
        Assert.AreEqual(DtlsError.IllegalParameter, Answered(new MaxFragmentLength(512), MaxFragment, [2]));
        Assert.AreEqual(DtlsError.IllegalParameter, Answered(new ApplicationProtocols(["a"]), Alpn, [0, 2, 1, (byte)'b']));
        Assert.AreEqual(DtlsError.DecodeError, Answered(new ApplicationProtocols(["a", "b"]), Alpn, [0, 4, 1, (byte)'a', 1, (byte)'b']));
        Assert.AreEqual(DtlsError.None, Answered(new ApplicationProtocols(["a", "b"]), Alpn, [0, 2, 1, (byte)'b']));
    }

    private static DtlsError Answered(Feature feature, int type, byte[] content)
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        client.Features = [feature];
        return Answered(client, type, HandshakeType13.EncryptedExtensions, content);
    }

    private static DtlsError Answered(HelloExtension[] offered, int type, int message, byte[] content)
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        client.Extensions = offered;
        return Answered(client, type, message, content);
    }

    /// <summary>What a client says to a server that writes an extension into a message, asked for or not.</summary>
    private static DtlsError Answered(DtlsOptions client, int type, int message, byte[] content)
    {
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true);
        server.Extensions = [new Intruder(type, message, content)];
        TestBed bed = new(client, server);
        Bed13.Connect(bed);
        return bed.Client.Association.LastError;
    }

    private static TestBed Make(Feature[] client, Feature[] server, int seed = 1, int[]? groups = null)
    {
        groups ??= Bed13.NoGroup;
        DtlsOptions ours = Bed13.Options(false, seed, groups, groups.Length == 0);
        DtlsOptions theirs = Bed13.Options(true, seed + 1000, groups, groups.Length == 0);
        ours.Features = client;
        theirs.Features = server;
        return new TestBed(ours, theirs, seed);
    }

    private static TestBed Named(string name, byte[] key, bool refusesUnknown, Action<DtlsOptions>? changing = null)
    {
        DtlsOptions ours = Bed13.Options(false, 1, Bed13.NoGroup, true);
        DtlsOptions theirs = Bed13.Options(true, 2, Bed13.NoGroup, true);
        ours.ServerName = name;
        ours.Psk = TestBed.Store(key, TestBed.Text("sensor-1"));
        ours.Features = [new ServerNames()];
        theirs.Features = [new ServerNames { RefusesUnknown = refusesUnknown }.Add("lamp.example", TestBed.Store(TestBed.Bytes(16, 77), TestBed.Text("sensor-1")), null)];
        changing?.Invoke(theirs);
        return new TestBed(ours, theirs);
    }

    private static void Verify(TestBed bed, int fromClient, int fromServer)
    {
        Assert.AreEqual(fromClient, bed.Client.Association.MaxPayload);
        Assert.AreEqual(fromServer, bed.ServerAssociation!.MaxPayload);
        bed.VerifyEcho(TestBed.Bytes(Math.Min(fromClient, fromServer)));
        bed.Network.Echo = false;
        bed.Client.Association.Send(new byte[5000], 0, fromClient, bed.Network.Now);
        bed.ServerAssociation.Send(new byte[5000], 0, fromServer, bed.Network.Now);
        bed.Network.Run(100);
        Assert.AreEqual(fromServer, bed.Client.ReceiveAll().Single().Length);
        bed.ServerAssociation.TakePacket().Return();
        bed.Network.Echo = true;
    }

    /// <summary>No protected record of either direction has more content, type and padding than its receiver takes.</summary>
    private static void VerifyLengths(TestBed bed, int toServer, int toClient)
    {
        int count = 0;
        foreach (Datagram datagram in bed.Network.Sent)
        {
            byte[] bytes = datagram.Bytes;
            for (int at = 0; at < bytes.Length; count++)
            {
                int header = (bytes[at] & 0xE0) != 0x20 ? 13 : 1 + ((bytes[at] & 8) == 0 ? 1 : 2) + ((bytes[at] & 4) == 0 ? 0 : 2);
                bool hasLength = header == 13 || (bytes[at] & 4) != 0;
                int length = hasLength ? (bytes[at + header - 2] << 8) | bytes[at + header - 1] : bytes.Length - at - header;

                // In epoch 2 a client may have to acknowledge before it has read what the server's limit is.
                bool isFree = header == 13 || (datagram.ToServer && (bytes[at] & 3) == 2);
                Assert.IsLessThanOrEqualTo(isFree ? 16384 : (datagram.ToServer ? toServer : toClient) + 8, length);
                at += header + length;
            }
        }

        Assert.IsGreaterThan(6, count);
    }

    private static int Failed(TestBed bed)
    {
        Assert.IsFalse(Bed13.Connect(bed));
        return bed.Client.Association.AlertReceived;
    }

    /// <summary>A record whose content is padded: as if its type were zero, behind the true one.</summary>
    private static byte[] Padded(Association association, byte[] content, int padding)
    {
        byte[] padded = new byte[content.Length + padding];
        content.CopyTo(padded, 0);
        if (padding > 0)
        {
            padded[content.Length] = ContentType.ApplicationData;
        }

        return TestBed.Seal(association, padding > 0 ? 0 : ContentType.ApplicationData, padded);
    }

    /// <summary>An extension that a client offers, and takes whatever is answered.</summary>
    private sealed class Asked : HelloExtension
    {
        private readonly int _type;

        internal Asked(int type)
        {
            _type = type;
        }

        public override int Type
        {
            get { return _type; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version13; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            writer.WriteUInt8(1);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            reader.Skip(reader.Remaining);
            return DtlsError.None;
        }
    }

    /// <summary>What a server writes into a message where it likes, asked or not.</summary>
    private sealed class Intruder : Extension13
    {
        private readonly int _type;
        private readonly int _message;
        private readonly byte[] _content;

        internal Intruder(int type, int message, byte[] content)
        {
            _type = type;
            _message = message;
            _content = content;
        }

        public override int Type
        {
            get { return _type; }
        }

        public override DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            handshake.PeerExtensions |= 1 << ExtensionBlock.IndexOf(handshake.Extensions, handshake.Extensions.Length, _type);
            return DtlsError.None;
        }

        internal override bool Writes(Role13 role, int messageType)
        {
            return messageType == _message;
        }

        internal override void Write(Role13 role, int messageType, WireWriter writer)
        {
            writer.WriteBytes(_content, 0, _content.Length);
        }

        internal override DtlsError Read(Role13 role, int messageType, WireReader reader)
        {
            reader.Skip(reader.Remaining);
            return DtlsError.None;
        }
    }
}

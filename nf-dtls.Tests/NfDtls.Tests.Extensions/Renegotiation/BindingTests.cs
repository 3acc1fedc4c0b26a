using System;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>What binds a handshake to the one before it (RFC 5746), and what must not get lost on the way.</summary>
[TestClass]
public sealed class BindingTests
{
    [TestMethod]
    public void Every_bit_of_what_both_said_in_their_last_Finished_must_be_right()
    {
        foreach (bool ofServer in new[] { false, true })
        {
            for (int bit = 0; bit < 192; bit++)
            {
                // What the server expects of the client are 12 bytes, what the client expects of the server 24.
                RenegotiationBed bed = new RenegotiationBed().Connect();
                RenegotiationState state = ofServer ? bed.ServerFeature.StateOf(bed.Server) : bed.ClientFeature.StateOf(bed.Client);
                state.VerifyData[bit / 8] ^= (byte)(1 << (bit % 8));
                bed.BeginFromClient();
                VerifyEnds(bed, Alert.HandshakeFailure, "bit " + bit);
            }
        }
    }

    [TestMethod]
    public void Without_the_extension_the_connection_ends_at_either_end()
    {
        foreach (bool ofServer in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => Prepend(options, isServer == ofServer, feature => new ChangedHello(feature.Extensions[0], () => false))).Connect();
            bed.BeginFromClient();
            VerifyEnds(bed, Alert.HandshakeFailure, "of server: " + ofServer);
        }
    }

    [TestMethod]
    public void The_value_of_a_first_hello_does_not_do()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        Assert.AreNotEqual(0, bed.Client.Flags & HandshakeFlags.SecureRenegotiation);
        RenegotiationState state = bed.ClientFeature.StateOf(bed.Client);
        Array.Clear(state.VerifyData);
        bed.BeginFromClient();
        VerifyEnds(bed, Alert.HandshakeFailure, "zeros");
    }

    [TestMethod]
    public void The_SCSV_within_a_connection_ends_it()
    {
        RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) =>
        {
            options.Suites = new CipherSuiteTable().Add(PskSuites.Aes128Ccm8()).Add(PskSuites.Aes128Ccm());
            Prepend(options, !isServer, feature => new ChangedHello(feature.Extensions[0], null, PutScsv));
        }).Connect();
        bed.BeginFromClient();
        VerifyEnds(bed, Alert.HandshakeFailure, "SCSV");
    }

    [TestMethod]
    public void A_renegotiating_hello_has_no_SCSV()
    {
        byte[]? first = null;
        RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => Prepend(options, !isServer, feature => new ChangedHello(feature.Extensions[0], null, (body, offset, count) =>
        {
            int suites = SuitesOf(body, offset);
            first = body.AsSpan(suites, 2 + ((body[suites] << 8) | body[suites + 1])).ToArray();
        }))).Connect();
        bed.BeginFromClient();
        bed.VerifyIn(2);
        CollectionAssert.AreEqual(new byte[] { 0, 2, 0xC0, 0xA8 }, first);
    }

    [TestMethod]
    public void The_extended_master_secret_must_not_be_lost()
    {
        foreach (bool ofServer in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => Prepend(options, isServer == ofServer, _ => new ChangedHello(new ExtendedMasterSecret(), () => false))).Connect();
            bed.BeginFromClient();
            VerifyEnds(bed, Alert.HandshakeFailure, "of server: " + ofServer);
        }
    }

    [TestMethod]
    public void Encrypt_then_MAC_must_not_be_lost()
    {
        foreach (bool ofServer in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) =>
            {
                options.Suites = TestBed.Only(PskSuites.Aes128CbcSha256());
                Prepend(options, isServer == ofServer, _ => new ChangedHello(new EncryptThenMac(), () => false));
            }).Connect();
            Assert.AreNotEqual(0, bed.Client.Flags & HandshakeFlags.EncryptThenMac);
            bed.BeginFromClient();
            VerifyEnds(bed, Alert.HandshakeFailure, "of server: " + ofServer);
        }
    }

    [TestMethod]
    public void Another_PSK_identity_is_another_peer_and_refused_unless_the_option_says_otherwise()
    {
        foreach (bool allowed in new[] { false, true })
        {
            PskStore store = new PskStore();
            store.Add(TestBed.Key, "sensor-1");
            RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) =>
            {
                if (isServer)
                {
                    options.Psk.Add(TestBed.Bytes(16, 9), "sensor-2");
                }
                else
                {
                    options.Psk = store;
                }
            });
            bed.ServerFeature.AllowIdentityChange = allowed;
            bed.Connect();
            Assert.IsTrue(store.Remove("sensor-1"));
            store.Add(TestBed.Bytes(16, 9), "sensor-2");
            bed.BeginFromClient();
            if (allowed)
            {
                bed.VerifyIn(2);
                CollectionAssert.AreEqual(TestBed.Text("sensor-2"), bed.Server.PskIdentity);
                bed.Bed.VerifyEcho();
            }
            else
            {
                VerifyEnds(bed, Alert.HandshakeFailure, "identity");
            }
        }
    }

    [TestMethod]
    public void A_wrong_key_ends_the_connection_and_is_named_at_the_server()
    {
        PskStore store = new PskStore();
        store.Add(TestBed.Key, "sensor-1");
        RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => options.Psk = isServer ? options.Psk : store).Connect();
        Association server = bed.Server;
        store.Remove("sensor-1");
        store.Add(TestBed.Bytes(16, 9), "sensor-1");
        bed.BeginFromClient();
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed && server.State != AssociationState.Connected, 600_000));
        Assert.AreEqual(1, bed.Bed.Server.Statistics.HandshakesFailedWith(DtlsError.KeyMismatchSuspected));
        Assert.AreEqual(0, bed.Bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Bed.Server.HandshakeCount);
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void In_the_last_epoch_nobody_begins_and_a_peer_is_refused()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        SetEpoch(bed.Client.ReadEpoch, 65535);
        SetEpoch(bed.Server.ReadEpoch, 65535);
        bed.Bed.VerifyEcho();
        Assert.AreEqual(DtlsError.SequenceExhausted, Assert.ThrowsExactly<DtlsException>(bed.BeginFromClient).Error);
        Assert.AreEqual(DtlsError.SequenceExhausted, Assert.ThrowsExactly<DtlsException>(bed.BeginFromServer).Error);
        bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.Server, ContentType.Handshake, TestBed.Fragment(HandshakeType.HelloRequest, 0)), 1);
        bed.Network.Run(100);
        Assert.AreEqual(Alert.NoRenegotiation, bed.Client.AlertSent);
        bed.Bed.VerifyEcho();

        SetEpoch(bed.Client.ReadEpoch, 65534);
        SetEpoch(bed.Server.ReadEpoch, 65534);
        bed.BeginFromClient();
        bed.VerifyIn(65535);
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    public void With_a_server_that_does_not_know_it_nothing_is_renegotiated()
    {
        Renegotiation feature = new() { AllowPeer = true };
        DtlsClientEngine engine = new DtlsClientEngine(RenegotiationBed.Options(1, feature));
        ScriptedPeer server = new ScriptedPeer(true);
        VirtualNetwork network = new VirtualNetwork(1);
        TestClient client = network.Add(engine, TestBed.Address);
        engine.Connect(network.Now);
        network.Flush();
        server.Take((byte[])network.Sent[0].Bytes.Clone());
        network.Deliver(false, TestBed.Address, server.Message(HandshakeType.ServerHello, server.ServerHelloBody()));
        network.Deliver(false, TestBed.Address, server.Message(HandshakeType.ServerHelloDone, Array.Empty<byte>()));
        network.Flush();
        for (int i = 1; i < network.Sent.Count; i++)
        {
            server.Take((byte[])network.Sent[i].Bytes.Clone());
        }

        network.Deliver(false, TestBed.Address, server.ChangeCipherSpec());
        network.Deliver(false, TestBed.Address, server.Finished(true));
        Assert.AreEqual(AssociationState.Connected, client.State);
        Assert.AreEqual(DtlsError.InsufficientSecurity, Assert.ThrowsExactly<DtlsException>(() => engine.Renegotiate(engine.Association, network.Now)).Error);
        network.Deliver(false, TestBed.Address, server.Protect(ContentType.Handshake, TestBed.Fragment(HandshakeType.HelloRequest, 0)));
        Assert.AreEqual(Alert.NoRenegotiation, client.Association.AlertSent);
        Assert.IsNull(client.Association.Handshake);
    }

    private static void PutScsv(byte[] body, int offset, int count)
    {
        int suites = SuitesOf(body, offset);
        body[suites + 4] = 0;
        body[suites + 5] = 0xFF;
    }

    /// <summary>Behind version, random, session id and cookie.</summary>
    private static int SuitesOf(byte[] body, int offset)
    {
        int id = offset + 2 + 32;
        int cookie = id + 1 + body[id];
        return cookie + 1 + body[cookie];
    }

    private static void SetEpoch(Epoch epoch, long number)
    {
        typeof(Epoch).GetField("Number", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(epoch, number);
    }

    private static void Prepend(DtlsOptions options, bool wanted, Func<Renegotiation, Feature> make)
    {
        if (wanted)
        {
            Feature feature = options.Features[0];
            options.Features = new[] { make((Renegotiation)feature), feature };
        }
    }

    private static void VerifyEnds(RenegotiationBed bed, int alert, string what)
    {
        Association server = bed.Server;
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed && server.State != AssociationState.Connected, 600_000), what + ": " + RenegotiationBed.Describe(bed.Client) + ", " + RenegotiationBed.Describe(server));
        Assert.IsTrue(bed.Client.AlertSent == alert || bed.Client.AlertReceived == alert, what + ": " + bed.Client.AlertSent + " " + bed.Client.AlertReceived);
        Assert.AreEqual(0, bed.Bed.Server.SessionCount, what);
        Assert.AreEqual(0, bed.Bed.Server.HandshakeCount, what);
        bed.Bed.VerifyPools();
    }
}

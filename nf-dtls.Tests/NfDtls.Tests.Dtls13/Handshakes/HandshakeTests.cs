using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Handshakes with pre-shared keys between both ends.</summary>
[TestClass]
public class HandshakeTests
{
    [TestMethod]
    public void A_pre_shared_key_alone_connects_and_data_go_both_ways()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Exchange(bed);
        Assert.AreEqual(0xFEFC, bed.Client.Association.Version);
        Assert.AreEqual(0xFEFC, bed.ServerAssociation!.Version);
        Assert.AreEqual("TLS_AES_128_CCM_8_SHA256", bed.Client.Association.Suite.Name);
        CollectionAssert.AreEqual("sensor-1"u8.ToArray(), bed.ServerAssociation.PskIdentity);
    }

    [TestMethod]
    public void A_key_agreement_beside_it_connects_in_each_group()
    {
        foreach (int group in new[] { NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1 })
        {
            TestBed bed = Bed13.Make([group], false);
            Assert.IsTrue(Bed13.Connect(bed), group + " " + bed.Client.Association.LastError);
            Exchange(bed);
        }
    }

    /// <summary>UDP payload of a handshake with its cookie, until both ends are connected; the identity has 8 bytes.</summary>
    [TestMethod]
    public void A_handshake_takes_so_many_bytes()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.AreEqual("137 129 195 161 57 29", Lengths(bed));
        bed = Bed13.Make(Bed13.X25519, false);
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.AreEqual("187 129 245 201 57 29", Lengths(bed));
    }

    [TestMethod]
    public void A_record_costs_11_bytes_and_from_the_128th_on_12()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        bed.Network.Sent.Clear();
        for (int i = 0; i < 140; i++)
        {
            bed.Client.Association.Send(new byte[20], 0, 20, bed.Network.Now);
            bed.Network.Flush();
            Assert.AreEqual(i < 128 ? 31 : 32, bed.Network.Sent[^1].Bytes.Length, "record " + i);
        }
    }

    [TestMethod]
    public void A_server_that_asked_whether_to_take_a_client_asks_for_its_key_next()
    {
        DtlsOptions server = Bed13.Options(true, 2, Bed13.X25519, false);
        server.Psk = null;
        server.AskForPsk = true;
        server.AskToConnect = true;
        TestBed bed = new(Bed13.Options(false, 1, Bed13.X25519, false), server);
        bed.Network.PskWanted = request => request.Answer(TestBed.Key);
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(100);
        bed.ServerAssociation!.ConnectRequest.Accept();
        bed.Network.Run(() => bed.Client.State != AssociationState.Connecting, 10_000);
        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
    }

    [TestMethod]
    public void The_application_is_asked_for_keys_at_either_end_and_may_refuse()
    {
        foreach (bool refuses in new[] { false, true })
        {
            DtlsOptions client = Bed13.Options(false, 1, Bed13.X25519, false);
            DtlsOptions server = Bed13.Options(true, 2, Bed13.X25519, false);
            client.Psk = null;
            client.AskForPsk = true;
            server.Psk = null;
            server.AskForPsk = true;
            TestBed bed = new(client, server);
            int asked = 0;
            bed.Network.PskWanted = request =>
            {
                asked++;
                if (!request.IsServer)
                {
                    request.Answer(TestBed.Key, TestBed.Text("device"));
                }
                else if (refuses)
                {
                    request.Refuse();
                }
                else
                {
                    CollectionAssert.AreEqual(TestBed.Text("device"), request.Asked);
                    request.Answer(TestBed.Key);
                }
            };
            Assert.AreEqual(!refuses, Bed13.Connect(bed));
            Assert.AreEqual(2, asked);
            Assert.AreEqual(refuses ? Alert.UnknownPskIdentity : Alert.None, bed.Client.Association.AlertReceived);
        }
    }

    [TestMethod]
    public void A_client_that_begins_again_from_its_address_replaces_its_session_only_when_it_has_finished()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        Association first = bed.ServerAssociation!;
        bed.Client.Engine.Reset();
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => bed.Server.HandshakeCount == 1, 1000);
        Assert.AreEqual(AssociationState.Connected, first.State);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 5000));
        Assert.AreEqual(AssociationState.Idle, first.State);
        Exchange(bed);
    }

    [TestMethod]
    public void Close_notify_is_answered()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        bed.Client.Association.Close(1000, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 1000));
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
        Assert.AreEqual(0, bed.Server.SessionCount);
    }

    /// <summary>On one port each client has its version, and one of 1.2 sees by the random that there was a newer one.</summary>
    [TestMethod]
    public void A_server_of_both_versions_answers_each_client_in_its_own()
    {
        DtlsOptions both = Bed13.Options(true, 2, Bed13.NoGroup, true, Suites13.Constrained().Add(PskSuites.Aes128Ccm8()));
        both.Versions.Add(new Dtls12());
        TestBed bed = new(Bed13.Options(false, 1, Bed13.NoGroup, true), both);
        Assert.IsTrue(Bed13.Connect(bed));
        Exchange(bed);
        TestClient old = bed.Network.Add(new DtlsClientEngine(TestBed.Options(3)), TestBed.OtherAddress);
        bed.Network.Sent.Clear();
        old.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => old.State == AssociationState.Connected, 5000), old.Association.LastError.ToString());
        Assert.AreEqual(DtlsVersion.Dtls12, old.Association.Version);
        byte[] hello = bed.Network.Sent.First(d => d.FirstMessage == HandshakeType.ServerHello).Bytes;
        Assert.AreEqual("DOWNGRD\u0001", System.Text.Encoding.ASCII.GetString(hello, 25 + 2 + 24, 8));
        Exchange(bed);
    }

    [TestMethod]
    public void Lines_for_a_key_log_have_the_secrets_of_both_ends_by_their_labels()
    {
        Log client = new();
        Log server = new();
        DtlsOptions clientOptions = Bed13.Options(false, 1, Bed13.NoGroup, true);
        DtlsOptions serverOptions = Bed13.Options(true, 2, Bed13.NoGroup, true);
        clientOptions.KeyLog = client;
        serverOptions.KeyLog = server;
        TestBed bed = new(clientOptions, serverOptions);
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.AreEqual(client.Text, server.Text);
        Assert.AreEqual(
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET 32 32;SERVER_HANDSHAKE_TRAFFIC_SECRET 32 32;CLIENT_TRAFFIC_SECRET_0 32 32;SERVER_TRAFFIC_SECRET_0 32 32;EXPORTER_SECRET 32 32;",
            client.Shape);
    }

    private static string Lengths(TestBed bed)
    {
        return string.Join(" ", bed.Network.Sent.Select(d => d.Bytes.Length));
    }

    private sealed class Log : KeyLog
    {
        internal string Text { get; private set; } = "";

        internal string Shape { get; private set; } = "";

        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
            Text += "1.2";
        }

        public override void Write(string label, byte[] clientRandom, byte[] secret)
        {
            Text += label + Convert.ToHexString(clientRandom) + Convert.ToHexString(secret);
            Shape += label + " " + clientRandom.Length + " " + secret.Length + ";";
        }
    }

    private static void Exchange(TestBed bed)
    {
        for (int i = 0; i < 200; i++)
        {
            byte[] data = TestBed.Bytes(i % 50, i);
            bed.Client.Association.Send(data, 0, data.Length, bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 1000), "record " + i);
            CollectionAssert.AreEqual(data, bed.Client.ReceiveAll().Single());
        }
    }
}

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Handshakes over a provider that needs 200 steps for every operation.</summary>
[TestClass]
public class SlowProviderTests
{
    private const int Steps = 200;
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256, 3);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 3, CaKeyKind.P256, "client");

    [TestMethod]
    public void A_server_in_the_middle_of_a_handshake_echoes_to_its_other_sessions_between_the_steps()
    {
        SlowProvider slow = new SlowProvider(Setup.Crypto(), Steps);
        TestBed bed = Bed(Setup.Crypto(), slow, "", 0).Connect();
        int before = slow.Operations.Sum(operation => operation.Steps);
        TestClient other = bed.Network.Add(new DtlsClientEngine(ClientOptions(Setup.Crypto())), TestBed.OtherAddress);
        other.Engine.Connect(bed.Network.Now);
        int echoes = 0;
        int stepsAtEcho = 0;
        long now = bed.Network.Now;
        byte[] buffer = new byte[100];
        while (other.State != AssociationState.Connected)
        {
            Assert.IsTrue(echoes < 10_000);

            // One step of the server's, then what flies, by hand: so nothing else can step between.
            if (bed.Server.NextDeadline <= now)
            {
                bed.Server.HandleTimeout(now);
            }

            Exchange(bed, other, now);
            bed.Client.Association.Send(buffer, 0, 20, now);
            Pump(bed, bed.Client, TestBed.Address, now);
            Assert.AreEqual(1, bed.Client.Association.Pending, "No echo at step " + stepsAtEcho + ".");
            bed.Client.Association.Receive(buffer, 0);
            int steps = slow.Operations.Sum(operation => operation.Steps) - before;
            Assert.IsTrue(steps - stepsAtEcho <= 2, "A call took " + (steps - stepsAtEcho) + " steps.");
            stepsAtEcho = steps;
            echoes++;
        }

        // Key pair, signature, two certificates, agreement, CertificateVerify.
        Assert.IsTrue(echoes > 6 * (Steps - 2), echoes.ToString());
    }

    [TestMethod]
    public void A_client_returns_after_every_step_and_takes_what_comes_meanwhile()
    {
        SlowProvider slow = new SlowProvider(Setup.Crypto(), Steps);
        TestBed bed = Bed(slow, Setup.Crypto());
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => slow.Operations.Count == 1, 10_000);
        int calls = 0;
        while (bed.Client.State != AssociationState.Connected)
        {
            int before = slow.Operations.Sum(operation => operation.Steps);
            bed.Client.Engine.HandleTimeout(bed.Network.Now);
            Assert.IsTrue(slow.Operations.Sum(operation => operation.Steps) - before <= 2);
            bed.Network.Deliver(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 90_000 + calls, 1, 90));
            bed.Network.Flush();
            if (bed.Client.Engine.NextDeadline > bed.Network.Now)
            {
                bed.Network.Run(() => bed.IsConnected() || bed.Client.Engine.NextDeadline <= bed.Network.Now, 10_000);
            }

            Assert.IsTrue(calls++ < 10_000, bed.Client.Association.LastError.ToString());
        }

        bed.VerifyEcho();
    }

    [TestMethod]
    public void Retransmitted_hellos_and_flights_do_not_disturb_what_is_pending()
    {
        SlowProvider slow = new SlowProvider(Setup.Crypto(), Steps);
        TestBed bed = Bed(Setup.Crypto(), slow);
        bed.Client.Engine.Connect(bed.Network.Now);
        int given = 0;
        while (!bed.IsConnected())
        {
            bed.Network.Run(() => bed.IsConnected() || bed.Server.NextDeadline <= bed.Network.Now, 10_000);
            foreach (Datagram datagram in bed.Network.Sent.Where(datagram => datagram.ToServer).ToArray())
            {
                bed.Network.Deliver(true, TestBed.Address, datagram.Bytes);
                given++;
            }

            bed.Server.HandleTimeout(bed.Network.Now);
            bed.Network.Flush();
            Assert.AreNotEqual(AssociationState.Closed, bed.Client.State);
            Assert.IsTrue(given < 100_000);
        }

        Assert.IsTrue(given > Steps);
        Assert.AreEqual(1, bed.Server.Statistics.HandshakesCompleted);
        bed.VerifyEcho();
        bed.Network.Settle();
        bed.VerifyPools();
    }

    [TestMethod]
    public void Large_signatures_behind_a_certificate_wait_without_a_retransmission()
    {
        Identity server = Identity.Of(CaKeyKind.Rsa4096);
        Identity client = Identity.Of(CaKeyKind.Rsa2048, 1, CaKeyKind.P256, "client");
        DtlsOptions clientOptions = Setup.Client(CertificateSuites.Modern(), Setup.Store(client, server), new SlowProvider(Setup.Crypto(), 5));
        DtlsOptions serverOptions = Setup.Server(CertificateSuites.Modern(), Setup.Store(server, client), ClientCertificates.Require, new SlowProvider(Setup.Crypto(), 5));
        TestBed bed = new TestBed(clientOptions, serverOptions).Connect();
        Assert.AreEqual(0, bed.Client.Engine.Statistics.Retransmissions);
        Assert.AreEqual(0, bed.Server.Statistics.Retransmissions);
    }

    [TestMethod]
    [DataRow("close")]
    [DataRow("reset")]
    [DataRow("timeout")]
    public void The_end_of_a_handshake_cancels_what_is_pending_and_wipes_it(string how)
    {
        // At every operation of the handshake, at the client and at the server.
        foreach (bool atServer in new[] { false, true })
        {
            int operations = 0;
            for (int stop = 1; stop <= Math.Max(operations, 1); stop++)
            {
                SlowProvider slow = new SlowProvider(Setup.Crypto(), 10);
                TestBed bed = atServer ? Bed(Setup.Crypto(), slow, how) : Bed(slow, Setup.Crypto(), how);
                bed.Network.AutoRelease = false;
                bed.Client.Engine.Connect(bed.Network.Now);
                Func<bool> reached = () => slow.Operations.Count >= stop && slow.Operations[stop - 1].Steps == 5;
                if (stop == 1)
                {
                    bed.Network.Run(bed.IsConnected, 10_000);
                    operations = slow.Operations.Count;
                    Assert.IsTrue(operations >= 5, operations.ToString());
                    continue;
                }

                Assert.IsTrue(bed.Network.Run(reached, 10_000), stop.ToString());
                SlowOperation pending = slow.Operations[stop - 1];
                Stop(bed, atServer, how);
                Assert.IsTrue(pending.IsCancelled, how + " " + atServer + " " + stop);
                Assert.IsFalse(pending.HasEnded);
                Assert.IsTrue(slow.Secrets.All(secret => secret.All(b => b == 0)), how + " " + atServer + " " + stop);
                int steps = pending.Steps;
                bed.Network.Run(100_000);
                Assert.AreEqual(steps, pending.Steps);
                bed.VerifyPools();
            }
        }
    }

    [TestMethod]
    public void A_finished_handshake_leaves_no_secret_of_its_agreement()
    {
        SlowProvider client = new SlowProvider(Setup.Crypto(), 3);
        SlowProvider server = new SlowProvider(Setup.Crypto(), 3);
        Bed(client, server).Connect().VerifyEcho();
        foreach (byte[] secret in client.Secrets.Concat(server.Secrets))
        {
            Assert.IsTrue(secret.All(b => b == 0));
        }

        Assert.AreEqual(4, client.Secrets.Count + server.Secrets.Count);
    }

    private static void Stop(TestBed bed, bool atServer, string how)
    {
        if (how == "close")
        {
            (atServer ? bed.Server.At(0) : bed.Client.Association).Close(0, bed.Network.Now);
        }
        else if (how == "reset")
        {
            if (atServer)
            {
                bed.Server.Reset();
            }
            else
            {
                bed.Client.Engine.Reset();
            }
        }
        else if (atServer)
        {
            bed.Server.HandleTimeout(bed.Network.Now + 30_000);
            Assert.AreEqual(DtlsError.Timeout, bed.Server.At(0).LastError);
        }
        else
        {
            bed.Client.Engine.HandleTimeout(bed.Network.Now + 30_000);
            Assert.AreEqual(DtlsError.Timeout, bed.Client.Association.LastError);
        }
    }

    private static TestBed Bed(CryptoProvider client, CryptoProvider server, string how = "", int remembered = 4)
    {
        DtlsOptions clientOptions = ClientOptions(client);
        CertificateStore store = Setup.Store(s_server, s_client);
        store.RememberedSignatures = remembered;
        DtlsOptions serverOptions = Setup.Server(CertificateSuites.Modern(), store, ClientCertificates.Require, server);
        if (how == "timeout")
        {
            clientOptions.HandshakeTimeout = 20_000;
            serverOptions.HandshakeTimeout = 20_000;
        }

        return new TestBed(clientOptions, serverOptions);
    }

    private static DtlsOptions ClientOptions(CryptoProvider crypto)
    {
        return Setup.Client(CertificateSuites.Modern(), Setup.Store(s_client, s_server), crypto);
    }

    /// <summary>Carries everything that waits, both ways, without a step of anybody's.</summary>
    private static void Exchange(TestBed bed, TestClient client, long now)
    {
        if (client.Engine.NextDeadline <= now)
        {
            client.Engine.HandleTimeout(now);
        }

        Pump(bed, client, TestBed.OtherAddress, now);
    }

    private static void Pump(TestBed bed, TestClient client, byte[] address, long now)
    {
        for (int turn = 0; turn < 3; turn++)
        {
            for (Packet packet = client.Engine.PollDatagram(now); packet != null; packet = client.Engine.PollDatagram(now))
            {
                byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
                packet.Return();
                bed.Server.HandleDatagram(bytes, 0, bytes.Length, address, address.Length, now);
            }

            for (Association association = bed.Server.PollEvent(out _); association != null; association = bed.Server.PollEvent(out _))
            {
                byte[] buffer = new byte[100];
                while (association.Pending > 0)
                {
                    int length = association.Receive(buffer, 0);
                    association.Send(buffer, 0, length, now);
                }
            }

            for (Packet packet = bed.Server.PollDatagram(now); packet != null; packet = bed.Server.PollDatagram(now))
            {
                byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
                bool toFirst = packet.Address.AsSpan(0, packet.AddressLength).SequenceEqual(TestBed.Address);
                packet.Return();
                (toFirst ? bed.Client : client).Engine.HandleDatagram(bytes, 0, bytes.Length, now);
            }
        }
    }
}

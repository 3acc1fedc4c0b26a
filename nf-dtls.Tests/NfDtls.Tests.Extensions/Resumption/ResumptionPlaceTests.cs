using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Resumed handshakes among the sessions of a server: whose place they take, and when.</summary>
[TestClass]
public sealed class ResumptionPlaceTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_that_crashed_resumes_from_its_address_and_its_old_session_lives_until_then(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        Association old = bed.Server;
        for (int lost = -1; lost < 5; lost++)
        {
            int sent = 0;
            bed.Bed.Client.Engine.Reset();
            bed.Network.Filter = datagram =>
            {
                if (datagram.ToServer && datagram.FirstType == ContentType.ChangeCipherSpec)
                {
                    Assert.AreEqual(AssociationState.Connected, old.State, "before the Finished");
                }

                return sent++ != lost;
            };
            bed.Bed.Client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected && bed.Bed.Server.HandshakeCount == 0, 60_000));
            bed.Network.Filter = null;
            Assert.IsTrue(bed.Client.IsResumed);
            Assert.AreEqual(1, bed.Bed.Server.SessionCount);
            Assert.AreNotEqual(old, bed.Server);
            old = bed.Server;
            bed.Bed.VerifyEcho();
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_that_resumes_takes_a_silent_sessions_place_with_its_Finished_and_not_before(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets, options => options.MaxSessions = 1, changeServer: server => server.StoreSize = 4).Connect();
        bed.Close();
        TestClient other = bed.Network.Add(new DtlsClientEngine(TestBed.Options(99)), TestBed.OtherAddress);
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Bed.Server.Find(TestBed.OtherAddress, 6)?.State == AssociationState.Connected, 10_000));
        Association silent = bed.Bed.Server.Find(TestBed.OtherAddress, 6);
        bed.Network.Run(61_000);

        // Its last flight gets lost: the other session is not touched.
        bed.Network.Filter = datagram => !datagram.ToServer || datagram.FirstType != ContentType.ChangeCipherSpec;
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(10_000);
        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
        Assert.AreEqual(AssociationState.Connected, silent.State);
        bed.Network.Filter = null;
        Assert.IsTrue(bed.Network.Run(() => bed.Server.State == AssociationState.Connected, 30_000));
        Assert.AreNotEqual(AssociationState.Connected, silent.State);
        Assert.IsTrue(bed.Server.IsResumed);
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_whose_place_was_taken_in_the_meantime_keeps_its_session(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets, options =>
        {
            options.MaxSessions = 1;
            options.EvictLeastRecentlyUsed = false;
        }, changeServer: server => server.StoreSize = 4).Connect();
        bed.Close();
        bed.Network.Filter = datagram => !datagram.ToServer || datagram.Address[3] != TestBed.Address[3] || datagram.FirstType != ContentType.ChangeCipherSpec;
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 10_000));
        TestClient other = bed.Network.Add(new DtlsClientEngine(TestBed.Options(99)), TestBed.OtherAddress);
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 10_000));
        bed.Network.Filter = null;
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 30_000));
        Assert.AreEqual(Alert.UserCanceled, bed.Client.AlertReceived);
        Assert.AreEqual(AssociationState.Connected, other.State);
        other.Association.Close(0, bed.Network.Now);
        bed.Network.Run(100);
        bed.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_application_is_asked_about_those_who_resume_too(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets, options => options.AskToConnect = true);
        Answer(bed, true);
        Assert.IsFalse(bed.Client.IsResumed);
        bed.Close();
        Answer(bed, true);
        Assert.IsTrue(bed.Client.IsResumed && bed.Server.IsResumed);
        bed.Bed.VerifyEcho();
        bed.Close();
        Answer(bed, false);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(Alert.AccessDenied, bed.Client.AlertReceived);
    }

    [TestMethod]
    public void Whatever_a_store_returns_costs_no_more_than_a_full_handshake()
    {
        Noise store = new Noise();
        ResumptionBed bed = new ResumptionBed(false, changeServer: server => server.Store = store).Connect();
        bed.VerifyResumes();
        for (int i = 0; i < 300; i++)
        {
            store.Seed = i + 1;
            Assert.IsFalse(bed.Reconnect(), "seed " + i);
        }

        store.Seed = 0;
        bed.VerifyResumes();
    }

    private static void Answer(ResumptionBed bed, bool accepts)
    {
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(5000);
        Assert.AreEqual(AssociationState.Connecting, bed.Client.State);
        Association asking = Enumerable.Range(0, bed.Bed.Server.Places).Select(bed.Bed.Server.At).Single(association => association?.ConnectRequest != null);
        if (accepts)
        {
            asking.ConnectRequest.Accept();
        }
        else
        {
            asking.ConnectRequest.Refuse();
        }

        bed.Network.Run(() => accepts ? bed.Bed.IsConnected() : bed.Client.State == AssociationState.Closed, 60_000);
    }

    /// <summary>A store that returns something else than was put: other lengths, other bytes.</summary>
    private sealed class Noise : SessionStore
    {
        private readonly MemorySessionStore _store = new MemorySessionStore(2);

        internal int Seed { get; set; }

        public override void Put(byte[] id, byte[] session, int seconds, long now)
        {
            _store.Put(id, session, seconds, now);
        }

        public override byte[] Find(byte[] id, long now)
        {
            byte[] session = _store.Find(id, now);
            if (Seed == 0 || session == null)
            {
                return session!;
            }

            Random random = new Random(Seed);
            if (Seed % 3 == 0)
            {
                return session.Take(random.Next(session.Length)).ToArray();
            }

            // Not in the master secret: that of another session is for the Finished to find.
            byte[] noise = Seed % 3 == 1 ? new byte[random.Next(300)] : session;
            if (Seed % 3 == 1)
            {
                random.NextBytes(noise);
            }
            else
            {
                int at = random.Next(4);
                noise[at] ^= (byte)(at == 3 ? 1 : random.Next(1, 256));
            }

            return noise;
        }

        public override void Remove(byte[] id)
        {
            _store.Remove(id);
        }
    }
}

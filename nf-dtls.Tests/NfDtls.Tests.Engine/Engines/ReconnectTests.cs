using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>A peer that begins anew from the same address.</summary>
[TestClass]
public class ReconnectTests
{
    [TestMethod]
    public void The_old_session_lives_until_the_new_one_s_finished()
    {
        TestBed bed = new TestBed().Connect();
        Association old = bed.ServerAssociation!;
        bed.Network.AutoRelease = false;
        for (int last = 0; last < 3; last++)
        {
            // A second client at the same address, whose handshake stops behind one of its datagrams.
            TestClient second = bed.Network.Add(new DtlsClientEngine(TestBed.Options(10 + last)), TestBed.Address);
            int allowed = last + 1;
            bed.Network.Filter = datagram => !datagram.ToServer || datagram.FirstEpoch > 0 || allowed-- > 0;
            second.Engine.Connect(bed.Network.Now);
            bed.Network.Run(300);
            if (last < 2)
            {
                Assert.AreEqual(AssociationState.Connected, old.State);
                byte[] data = TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, 1, 2, 3);
                int sent = bed.Network.Sent.Count;
                bed.Network.Deliver(true, TestBed.Address, data);
                bed.Network.Flush();
                Assert.IsTrue(bed.Network.Sent.Skip(sent).Any(datagram => !datagram.ToServer && datagram.FirstType == ContentType.ApplicationData), "The old session is dead at stage " + last + ".");
                second.Engine.Reset();
                bed.Network.Remove(second);
                bed.Network.Run(2_000_000);
                Assert.AreEqual(AssociationState.Connected, old.State);
                Assert.AreSame(old, bed.ServerAssociation);
                foreach (int i in Enumerable.Range(0, 8))
                {
                    Association? other = bed.Server.At(i);
                    if (other != null && other.State == AssociationState.Closed)
                    {
                        bed.Server.Release(other);
                    }
                }
            }
            else
            {
                Assert.AreEqual(AssociationState.Connected, second.State);
                Assert.AreEqual(AssociationState.Closed, old.State);
                Assert.AreEqual(DtlsError.Superseded, old.LastError);
                Assert.AreNotSame(old, bed.ServerAssociation);
            }
        }
    }

    [TestMethod]
    public void The_new_session_carries_data_and_the_old_one_s_slot_is_freed()
    {
        TestBed bed = new TestBed().Connect();
        bed.Client.Engine.Reset();
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 60_000));
        bed.VerifyEcho();
        Assert.AreEqual(1, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_hello_without_a_cookie_does_nothing_to_a_session()
    {
        TestBed bed = new TestBed().Connect();
        byte[] hello = bed.Network.Sent[0].Bytes;
        for (int i = 0; i < 100; i++)
        {
            bed.Network.Inject(true, TestBed.Address, hello, i);
        }

        bed.Network.Run(1000);
        Assert.AreEqual(1, bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Server.HandshakeCount);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_replayed_hello_with_its_cookie_costs_a_slot_for_a_time_and_never_the_session()
    {
        TestBed bed = new TestBed().Connect();
        byte[] hello = bed.Network.Sent[2].Bytes;
        for (int i = 0; i < 50; i++)
        {
            bed.Network.Inject(true, TestBed.Address, hello, i * 100);
            bed.Network.Run(100);
            bed.VerifyEcho();
        }

        bed.Network.Run(2_000_000);
        Assert.AreEqual(1, bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Server.HandshakeCount);
        bed.VerifyEcho();
        bed.VerifyPools();
    }

    [TestMethod]
    public void While_two_live_a_record_is_forged_only_if_it_is_neither_s()
    {
        DtlsOptions options = TestBed.Options(2);
        options.ForgeryLimit = 50;
        TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
        TestClient second = bed.Network.Add(new DtlsClientEngine(TestBed.Options(10)), TestBed.Address);
        int allowed = 2;
        bed.Network.Filter = datagram => !datagram.ToServer || datagram.FirstEpoch > 0 || allowed-- > 0;
        second.Engine.Connect(bed.Network.Now);
        bed.Network.Run(300);
        Assert.AreEqual(1, bed.Server.HandshakeCount);
        for (int i = 0; i < 200; i++)
        {
            int sent = bed.Network.Sent.Count;
            bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, 1, 2, 3));
            bed.Network.Flush();
            Assert.AreEqual(sent + 1, bed.Network.Sent.Count, "record " + i);
        }

        Assert.AreEqual(0, bed.Server.Statistics.Dropped(DropReason.Forged));
    }

    [TestMethod]
    public void Forgeries_count_against_the_older_one_too_while_a_newer_one_is_half_open()
    {
        DtlsOptions options = TestBed.Options(2);
        options.ForgeryLimit = 50;
        TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
        Association old = bed.ServerAssociation!;
        ScriptedClient second = new ScriptedClient(bed.Server, TestBed.Address) { Now = bed.Network.Now };
        second.Hello();
        Assert.AreEqual(1, bed.Server.HandshakeCount);
        for (int i = 0; i < 49; i++)
        {
            byte[] record = TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, 1, 2, 3);
            record[^1] ^= 1;
            bed.Network.Deliver(true, TestBed.Address, record);
        }

        Assert.AreEqual(AssociationState.Connected, old.State);
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, 1, 2, 3));
        byte[] last = TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, 1, 2, 3);
        last[^1] ^= 1;
        bed.Network.Deliver(true, TestBed.Address, last);
        Assert.AreEqual(AssociationState.Closed, old.State);
        Assert.AreEqual(DtlsError.ForgeryLimitReached, old.LastError);
    }

    [TestMethod]
    public void Forgeries_count_against_both_where_both_were_tried()
    {
        TestBed bed = new TestBed().Connect();
        Association old = bed.ServerAssociation!;
        ScriptedClient second = new ScriptedClient(bed.Server, TestBed.Address) { Now = bed.Network.Now };
        second.Hello();
        second.Send(second.Peer.Message(HandshakeType.ClientKeyExchange, second.Peer.ClientKeyExchangeBody()));
        second.Send(second.Peer.ChangeCipherSpec());
        byte[] record = TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, 1, 2, 3);
        record[^1] ^= 1;
        bed.Network.Deliver(true, TestBed.Address, record);
        Assert.AreEqual(1, old.ReadEpoch.Forged);
        Assert.AreEqual(1, bed.Server.Statistics.Dropped(DropReason.Forged));
        Association newer = bed.Server.At(0) == old ? bed.Server.At(1) : bed.Server.At(0);
        Assert.AreEqual(1, newer.ReadEpoch.Forged);

        // What either can read counts against neither.
        second.Send(second.Peer.Finished(true));
        Assert.AreEqual(AssociationState.Connected, newer.State);
        Assert.AreEqual(1, newer.ReadEpoch.Forged);
    }

    [TestMethod]
    public void The_old_session_carries_data_between_the_new_one_s_change_cipher_spec_and_its_finished()
    {
        TestBed bed = new TestBed().Connect();
        Association old = bed.ServerAssociation!;
        bed.Network.Echo = false;
        ScriptedClient second = new ScriptedClient(bed.Server, TestBed.Address) { Now = bed.Network.Now };
        second.Hello();
        second.Send(second.Peer.Message(HandshakeType.ClientKeyExchange, second.Peer.ClientKeyExchangeBody()));
        second.Send(second.Peer.ChangeCipherSpec());
        for (int i = 0; i < 3; i++)
        {
            bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, 1, 2, 3));
        }

        Assert.AreEqual(3, old.Pending);
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Alert, 1, Alert.UserCanceled));
        Assert.AreEqual(1, bed.Server.Statistics.WarningAlerts);
        Assert.AreEqual(0, bed.Server.Statistics.Dropped(DropReason.Forged));
        second.Send(second.Peer.Finished(true));
        Assert.AreEqual(AssociationState.Closed, old.State);
        Assert.AreEqual(DtlsError.Superseded, old.LastError);
        byte[] buffer = new byte[10];
        Assert.AreEqual(3, old.Receive(buffer, 0), "What was received stays for the application.");
    }

    [TestMethod]
    public void A_client_that_begins_again_in_the_middle_of_a_handshake_is_served()
    {
        for (int stop = 1; stop < 6; stop++)
        {
            TestBed bed = new TestBed();
            int left = stop;
            bed.Network.Filter = _ => left-- > 0;
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(200);
            bed.Client.Engine.Reset();
            bed.Network.Filter = null;
            bed.Client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 60_000), "after " + stop);
            bed.VerifyEcho();
            bed.Network.Run(1_000_000);
            Assert.AreEqual(1, bed.Server.SessionCount);
            Assert.AreEqual(0, bed.Server.HandshakeCount);
            bed.VerifyPools();
        }
    }

    [TestMethod]
    public void What_is_left_of_an_earlier_handshake_does_not_disturb_the_next()
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = datagram => datagram.Number < 3;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(200);
        byte[] stale = bed.Network.Sent[3].Bytes;
        bed.Client.Engine.Reset();
        bed.Network.Filter = null;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Deliver(false, TestBed.Address, stale);
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 600_000), bed.Client.Association.LastError.ToString());
        bed.VerifyEcho();
    }
}

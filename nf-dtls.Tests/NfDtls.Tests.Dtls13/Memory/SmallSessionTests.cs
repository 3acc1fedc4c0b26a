using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>What sessions of DTLS 1.3 would take on a board, counted object by object; Portable.Dtls13 measures it on nanoCLR.</summary>
[TestClass]
public class SmallSessionTests
{
    // What two contexts with AES keys take beside: managed ones 60 and 240 each, the firmware's 36; and two masks, the same.
    private const int ManagedContexts = 2 * (60 + 240);
    private const int ManagedMasks = 2 * (36 + 36);
    private const int FirmwareContexts = 2 * 36;
    private const int FirmwareMasks = 2 * 36;
    private const int MostMore = 512;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void An_established_session_takes_at_most_half_a_KB_more_than_one_of_DTLS_1_2()
    {
        TestBed earlier = new TestBed().Connect();
        earlier.Network.Settle();
        earlier.VerifyEcho();
        int before = Size(earlier.Server, earlier.ServerAssociation!).Bytes;
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        bed.Network.Settle();
        bed.VerifyEcho();
        Verify("the server's, at once", before, Size(bed.Server, bed.ServerAssociation!));
        Verify("the client's, at once", before, Size(bed.Client.Engine, bed.Client.Association));
        bed.Network.Run(130_000);
        Verify("the server's, later", before, Size(bed.Server, bed.ServerAssociation!));
    }

    [TestMethod]
    public void A_session_that_has_changed_its_keys_takes_no_more_than_before()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        bed.Network.Run(130_000);
        int before = Size(bed.Server, bed.ServerAssociation!).Bytes;
        for (int i = 0; i < 3; i++)
        {
            KeyUpdates.Begin(bed.Client.Association, true, bed.Network.Now);
            bed.Network.Run(5000);
            bed.VerifyEcho();
        }

        Assert.AreEqual(6, bed.ServerAssociation!.ReadEpoch.Number);
        Assert.AreEqual(before, Size(bed.Server, bed.ServerAssociation!).Bytes);
        Assert.AreEqual(before, Size(bed.Client.Engine, bed.Client.Association).Bytes);
    }

    [TestMethod]
    public void A_server_makes_the_keys_of_the_handshake_again_when_its_ACK_was_lost_and_only_then()
    {
        TestBed bed = Bed13.PskAlone();
        int lost = 0;
        bed.Network.Filter = datagram => datagram.ToServer || bed.ServerAssociation?.State != AssociationState.Connected || lost++ > 0;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.ServerAssociation?.State == AssociationState.Connected, 10_000));
        Assert.IsNull(bed.ServerAssociation!.ReadEpoch.Before, "Nobody has asked for them.");
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 30_000), "The ACK comes again.");
        Assert.AreEqual(2, bed.ServerAssociation.ReadEpoch.Before.Number);
        Assert.IsNull(StateOf(bed).Before, "They are made once.");
        bed.VerifyEcho();
        bed.Network.Run(120_000);
        Assert.IsNull(bed.ServerAssociation.ReadEpoch.Before);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Keys_of_a_handshake_that_are_made_again_for_a_forged_record_open_what_is_real_and_no_replay()
    {
        TestBed bed = Bed13.PskAlone();
        byte[]? finished = null;
        bed.Network.Filter = datagram =>
        {
            finished = datagram.ToServer && (datagram.Bytes[0] & 0xE3) == 0x22 ? datagram.Bytes : finished;
            return true;
        };
        Assert.IsTrue(Bed13.Connect(bed));
        bed.Network.Settle();
        byte[] forged = (byte[])finished!.Clone();
        // Another number.
        forged[1] ^= 1;
        int replays = bed.Server.Statistics.Dropped(DropReason.Replay);
        for (int i = 0; i < 3; i++)
        {
            bed.Network.Inject(true, TestBed.Address, forged, 0);
            bed.Network.Settle();
        }

        Epoch made = bed.ServerAssociation!.ReadEpoch.Before;
        Assert.AreEqual(2, made.Number);
        Assert.AreEqual(3, bed.Server.Statistics.Dropped(DropReason.Forged));
        bed.Network.Inject(true, TestBed.Address, finished, 0);
        bed.Network.Settle();
        Assert.AreEqual(replays + 1, bed.Server.Statistics.Dropped(DropReason.Replay));
        Assert.AreSame(made, bed.ServerAssociation.ReadEpoch.Before);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void What_cannot_be_a_record_of_the_handshakes_epoch_makes_no_keys_of_it()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        bed.Network.Settle();
        byte[][] hostile = [[0x22], [0x22, 1, 2, 3], [0x26, 1, 0, 4, 1, 2, 3, 4], [0x2A, .. new byte[17]], [0x32, .. new byte[40]], [0x36, .. new byte[40]]];
        foreach (byte[] datagram in hostile)
        {
            bed.Network.Inject(true, TestBed.Address, datagram, 0);
            bed.Network.Settle();
            Assert.IsNull(bed.ServerAssociation!.ReadEpoch.Before, Convert.ToHexString(datagram));
        }

        Assert.IsNotNull(StateOf(bed).Before);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_strangers_datagram_for_which_there_are_no_keys_left_costs_nobody_a_session()
    {
        DtlsOptions options = Bed13.Options(true, 1001, Bed13.NoGroup, true);
        FewMasks masks = new(options.Crypto);
        options.Crypto = new CompositeProvider([masks, options.Crypto]);
        TestBed bed = new(Bed13.Options(false, 1, Bed13.NoGroup, true), options, 1);
        Assert.IsTrue(Bed13.Connect(bed));
        bed.Network.Settle();
        masks.AreGone = true;
        bed.Network.PartsMayFail = true;
        for (int i = 0; i < 3; i++)
        {
            bed.Network.Inject(true, TestBed.Address, [0x2A, .. new byte[40]], 0);
            bed.Network.Settle();
            Assert.IsNull(bed.ServerAssociation!.ReadEpoch.Before);
            bed.VerifyEcho();
        }

        masks.AreGone = false;
        bed.Network.Inject(true, TestBed.Address, [0x2A, .. new byte[40]], 0);
        bed.Network.Settle();
        Assert.AreEqual(2, bed.ServerAssociation!.ReadEpoch.Before.Number);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void What_the_keys_of_a_handshake_are_made_of_is_wiped_after_two_minutes_by_an_update_and_at_the_end()
    {
        Action<TestBed>[] ends =
        [
            bed => bed.Network.Run(121_000),
            bed => { KeyUpdates.Begin(bed.Client.Association, false, bed.Network.Now); bed.Network.Run(1000); bed.VerifyEcho(); },
            bed => { bed.Client.Association.Close(0, bed.Network.Now); bed.Network.Run(1000); }
        ];
        for (int i = 0; i < ends.Length; i++)
        {
            TestBed bed = Bed13.PskAlone(i + 1);
            Assert.IsTrue(Bed13.Connect(bed));
            byte[] kept = StateOf(bed).Before.Secret;
            byte[] secret = (byte[])kept.Clone();
            Assert.IsNotNull(Reachable.Find(bed.Server, [secret]));
            ends[i](bed);
            Assert.IsNull(Reachable.Find(bed.Server, [secret]), "end " + i);
            Assert.IsTrue(kept.AsSpan().IndexOfAnyExcept((byte)0) < 0);
        }
    }

    private static KeyState StateOf(TestBed bed)
    {
        return (KeyState)bed.ServerAssociation!.GetState(Associations13.Of(bed.Server));
    }

    /// <summary>An association without what it shares with the endpoint's others.</summary>
    private static BoardSize Size(AssociationHost engine, Association association)
    {
        Associations13? feature = Associations13.Of(engine);
        return new BoardSize().Without(engine, engine.NoLastFlight, feature, feature?.Mask, EpochBounds.Usual).Add(association);
    }

    private void Verify(string what, int before, BoardSize size)
    {
        int managed = size.Bytes + ManagedContexts + ManagedMasks;
        int firmware = size.Bytes + FirmwareContexts + FirmwareMasks;
        TestContext.WriteLine("A session, " + what + ": with managed keys " + managed + " (1.2: " + (before + ManagedContexts) + "), with the firmware's "
            + firmware + " (1.2: " + (before + FirmwareContexts) + ").\n" + size);
        Assert.IsTrue(managed <= before + ManagedContexts + MostMore, what + ": " + managed);
        Assert.IsTrue(firmware <= before + FirmwareContexts + MostMore, what + ": " + firmware);
    }

    /// <summary>Makes masks, or has no place for one.</summary>
    private sealed class FewMasks(CryptoProvider inner) : CryptoProvider
    {
        internal bool AreGone { get; set; }

        public override bool Supports(int algorithm)
        {
            return algorithm >= CryptoAlgorithm.Mask && inner.Supports(algorithm);
        }

        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            return AreGone ? throw new InvalidOperationException("no place") : inner.CreateMask(algorithm, key, offset);
        }
    }
}

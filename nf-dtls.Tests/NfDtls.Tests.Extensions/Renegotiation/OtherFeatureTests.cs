using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>Renegotiation beside the other features of an association.</summary>
[TestClass]
public sealed class OtherFeatureTests
{
    [TestMethod]
    public void Exported_keys_are_of_the_last_handshake_and_equal_at_both_ends()
    {
        RenegotiationBed bed = new RenegotiationBed(1, (options, _) => Add(options, new KeyExporter())).Connect();
        byte[] first = Export(bed.Client);
        bed.BeginFromClient();
        bed.VerifyIn(2);
        byte[] second = Export(bed.Client);
        CollectionAssert.AreEqual(second, Export(bed.Server));
        CollectionAssert.AreNotEqual(first, second);
    }

    [TestMethod]
    public void A_client_that_moved_renegotiates_by_its_connection_ID_and_moves_meanwhile()
    {
        RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => Add(options, new ConnectionIdFeature(isServer ? 6 : 3))).Connect();
        Association server = bed.Server;
        byte[] elsewhere = { 198, 51, 100, 9, 9, 9 };
        byte[] here = TestBed.Address;
        bed.Network.Filter = datagram =>
        {
            // From now on a NAT has another port for the client.
            if (datagram.ToServer)
            {
                bed.Network.Inject(true, elsewhere, datagram.Bytes, 10);
            }
            else
            {
                bed.Network.Inject(false, here, datagram.Bytes, 10);
            }

            return false;
        };
        bed.BeginFromClient();
        Assert.IsTrue(bed.Network.Run(() => server.ReadEpoch.Number == 2 && bed.Client.ReadEpoch.Number == 2 && bed.Client.Handshake == null && server.Handshake == null, 30_000), RenegotiationBed.Describe(bed.Client) + ", " + RenegotiationBed.Describe(server));
        CollectionAssert.AreEqual(elsewhere, server.PeerAddress.AsSpan(0, server.PeerAddressLength).ToArray());
        bed.Client.Send(new byte[] { 4 }, 0, 1, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Pending == 1, 1_000), "the echo");
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
    }

    [TestMethod]
    public void A_saved_association_renegotiates_when_it_is_back()
    {
        DurableAssociations saver = new();
        RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => Add(options, isServer ? new DurableAssociations() : saver)).Connect();
        byte[] key = TestBed.Bytes(16, 77);
        byte[] saved = new byte[400];
        int length = saver.Export(bed.Client, key, saved, 0);
        Assert.IsLessThanOrEqualTo(DurableAssociations.UsualLength, length);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        saver.Import(bed.Bed.Client.Engine, key, saved, 0, length, 0, bed.Network.Now);
        saver.SavedIsGone(bed.Client);
        bed.BeginFromClient();
        bed.VerifyIn(2);
        bed.Bed.VerifyEcho();

        length = saver.Export(bed.Client, key, saved, 0);
        saver.Import(bed.Bed.Client.Engine, key, saved, 0, length, 0, bed.Network.Now);
        saver.SavedIsGone(bed.Client);
        bed.Bed.VerifyEcho();
        bed.BeginFromServer();
        bed.VerifyIn(3);
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    public void A_durable_association_with_too_few_numbers_promised_does_not_begin()
    {
        DurableAssociations saver = new() { WriteBlock = 32 };
        RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => Add(options, isServer ? new DurableAssociations() : saver)).Connect();
        byte[] saved = new byte[400];
        saver.WritePromise(bed.Client, TestBed.Bytes(16, 77), saved, 0);
        saver.PromiseStored(bed.Client, saved, 0);
        Assert.AreEqual(DtlsError.SequenceExhausted, Assert.ThrowsExactly<DtlsException>(bed.BeginFromClient).Error);
        saver.WriteBlock = 256;
        saver.WritePromise(bed.Client, TestBed.Bytes(16, 77), saved, 0);
        saver.PromiseStored(bed.Client, saved, 0);
        bed.BeginFromClient();
        bed.VerifyIn(2);
        Assert.AreNotEqual(0, bed.Bed.Client.Events & AssociationEvents.PromiseWanted);
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    public void A_session_that_was_resumed_renegotiates_in_full_and_is_resumed_again_afterwards()
    {
        foreach (bool tickets in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed(1, (options, _) => Add(options, new SessionResumption { Tickets = tickets })).Connect();
            for (int i = 0; i < 3; i++)
            {
                Assert.AreEqual(i > 0, bed.Client.IsResumed, i.ToString());
                bed.BeginFromClient();
                bed.VerifyIn(2);
                Assert.IsFalse(bed.Client.IsResumed);
                bed.BeginFromServer();
                bed.VerifyIn(3);
                bed.Bed.VerifyEcho();
                bed.Client.Close(0, bed.Network.Now);
                bed.Network.Run(1_000);
                bed.Connect();
            }
        }
    }

    private static byte[] Export(Association association)
    {
        byte[] key = new byte[32];
        association.ExportKey("EXPERIMENTAL test", null, key, 0, 32);
        return key;
    }

    private static void Add(DtlsOptions options, Feature feature)
    {
        options.Features = new[] { options.Features[0], feature };
    }
}

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A client that slept, and wakes with another address.</summary>
[TestClass]
public sealed class SleepingTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(8)]
    [DataRow(32)]
    public void A_client_that_slept_goes_on_from_another_address_with_no_handshake(int clients)
    {
        byte[] key = TestBed.Bytes(16, 0x70);
        DurableAssociations durable = new DurableAssociations();
        CidBed bed = new CidBed(ConnectionIdTests.With(TestBed.Options(1), durable), TestBed.Options(2), new ConnectionIdFeature(clients), new ConnectionIdFeature(8)).Connect();
        bed.VerifyEcho();
        byte[] saved = new byte[400];
        int length = durable.Export(bed.Client, key, saved, 0);
        Assert.IsLessThanOrEqualTo(DurableAssociations.UsualLength, length);

        DurableAssociations again = new DurableAssociations();
        DtlsClientEngine engine = new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(3), new ConnectionIdFeature(clients), again));
        TestClient client = bed.Network.Add(engine, new byte[] { 203, 0, 113, 5, 9, 9 });
        again.Import(engine, key, saved, 0, length, 0, bed.Network.Now);
        again.SavedIsGone(client.Association);
        int sent = bed.Network.Sent.Count;
        client.Association.Send(TestBed.Bytes(12), 0, 12, bed.Network.Now);
        bed.Network.Run(100);
        CollectionAssert.AreEqual(TestBed.Bytes(12), client.ReceiveAll()[0]);
        Assert.HasCount(sent + 2, bed.Network.Sent);
        bed.VerifyAt(client.Address);

        // An end whose own IDs have another length could not tell its records.
        DurableAssociations other = new DurableAssociations();
        DtlsClientEngine shorter = new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(4), new ConnectionIdFeature(5), other));
        if (clients > 0)
        {
            Assert.ThrowsExactly<ArgumentException>(() => other.Import(shorter, key, saved, 0, length, 0, bed.Network.Now));
        }
    }
}

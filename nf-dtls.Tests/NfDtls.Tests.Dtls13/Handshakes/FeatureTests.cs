using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Features of DTLS 1.2 at an endpoint that speaks DTLS 1.3: they keep out of it.</summary>
[TestClass]
public class FeatureTests
{
    [TestMethod]
    public void Features_of_1_2_neither_act_nor_disturb()
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true);
        client.Features = All();
        server.Features = All();
        TestBed bed = new(client, server);
        Assert.IsTrue(Bed13.Connect(bed));
        foreach (Association association in new[] { bed.Client.Association, bed.ServerAssociation! })
        {
            Refuses(DtlsError.NotConnected, () => ((DtlsEngine)association.Engine).Renegotiate(association, bed.Network.Now));
            Assert.AreEqual(AssociationState.Connected, association.State);
        }

        byte[] data = TestBed.Bytes(5);
        bed.Client.Association.Send(data, 0, 5, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 1000));
    }

    private static Feature[] All()
    {
        return [new Renegotiation(), new SessionResumption(), new ConnectionIdFeature(4), new ReturnRoutability(), new RecordSizeLimit(512), new MaxFragmentLength()];
    }

    private static void Refuses(DtlsError error, System.Action action)
    {
        Assert.AreEqual(error, Assert.ThrowsExactly<DtlsException>(action).Error);
    }
}

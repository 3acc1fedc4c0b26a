using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>What all versions' key schedules are asked by, asked of that of DTLS 1.3.</summary>
[TestClass]
public class KeyScheduleTests13
{
    [TestMethod]
    public void What_a_Finished_says_is_never_zeros_whoever_asks()
    {
        int compared = 0;
        TestBed bed = Bed13.PskAlone();
        bed.Network.Filter = datagram =>
        {
            Handshake? handshake = bed.Client.Association.Handshake;
            if (handshake?.Role?.KeySchedule is KeySchedule13 { All: not null } schedule)
            {
                foreach (bool ofServer in new[] { false, true })
                {
                    byte[] expected = schedule.VerifyData(handshake, ofServer);
                    byte[] actual = new byte[expected.Length];
                    schedule.WriteVerifyData(handshake, ofServer, actual);
                    CollectionAssert.AreEqual(expected, actual);
                    CollectionAssert.AreNotEqual(new byte[expected.Length], actual);
                    compared++;
                }
            }

            return true;
        };
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.IsGreaterThan(0, compared);
    }

    [TestMethod]
    public void What_belongs_to_DTLS_12_alone_is_refused_and_leaves_no_epoch_without_keys()
    {
        KeySchedule13 schedule = new();
        Assert.ThrowsExactly<InvalidOperationException>(() => schedule.DeriveMaster(null, new byte[48], 48));
        Assert.ThrowsExactly<InvalidOperationException>(() => schedule.ProtectEpoch(null, null));
    }
}

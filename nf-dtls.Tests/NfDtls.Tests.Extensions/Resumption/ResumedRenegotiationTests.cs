using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A resumed session that is renegotiated: the two know of each other what they need.</summary>
[TestClass]
public sealed class ResumedRenegotiationTests
{
    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void The_peer_of_a_resumed_session_is_the_same_when_it_renegotiates(bool tickets, bool renegotiationFirst)
    {
        ResumptionBed bed = new ResumptionBed(tickets);
        Renegotiation ofClient = new Renegotiation { AllowPeer = true };
        Renegotiation ofServer = new Renegotiation { AllowPeer = true };
        bed.ClientOptions.Features = renegotiationFirst ? new Feature[] { ofClient, bed.OfClient } : new Feature[] { bed.OfClient, ofClient };
        bed.ServerOptions.Features = renegotiationFirst ? new Feature[] { ofServer, bed.OfServer } : new Feature[] { bed.OfServer, ofServer };
        TestBed pair = new TestBed(bed.ClientOptions, bed.ServerOptions);
        pair.Connect();
        for (int i = 0; i < 3; i++)
        {
            pair.Client.Association.Close(0, pair.Network.Now);
            pair.Network.Run(100);
            pair.Connect();
            Assert.IsTrue(pair.Client.Association.IsResumed);
            Assert.AreEqual(1, pair.Client.Association.WriteEpoch.Number);
            if (i % 2 == 0)
            {
                pair.Client.Engine.Renegotiate(pair.Client.Association, pair.Network.Now);
            }
            else
            {
                pair.Server.Renegotiate(pair.ServerAssociation!, pair.Network.Now);
            }

            Assert.IsTrue(pair.Network.Run(() => pair.Client.Association.WriteEpoch.Number == 2 && pair.Client.Association.Handshake == null && pair.ServerAssociation!.Handshake == null, 60_000));
            Assert.IsFalse(pair.Client.Association.IsResumed, "A handshake inside of a connection is a full one.");
            pair.VerifyEcho();
        }
    }
}

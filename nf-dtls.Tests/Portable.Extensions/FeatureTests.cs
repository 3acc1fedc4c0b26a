using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;

namespace NfDtls.Tests.Features
{
    /// <summary>Each feature once, from one end to the other.</summary>
    [TestClass]
    public class FeatureTests
    {
        [TestMethod]
        public void A_session_follows_its_client_to_another_address_by_its_connection_ID()
        {
            TestBed bed = Bed(new ConnectionIdFeature(0), new ConnectionIdFeature(4)).Connect();
            bed.VerifyEcho();
            Association before = bed.ServerAssociation;
            bed.Address[5] = 2;
            bed.VerifyEcho();
            Assert.IsTrue(bed.ServerAssociation == before, "the same association");
            bed.VerifyPools();
        }

        [TestMethod]
        public void A_session_without_an_ID_is_lost_with_its_address()
        {
            TestBed bed = TestBed.Make().Connect();
            bed.Address[5] = 2;
            bed.Client.Association.Send(Check.Bytes(5), 0, 5, bed.Network.Now);
            bed.Network.Run(1000);
            Assert.AreEqual(0, bed.Client.Association.Pending, "answers");
        }

        [TestMethod]
        public void A_path_is_checked_before_a_session_follows()
        {
            DtlsOptions client = TestBed.Options();
            DtlsOptions server = TestBed.Options();
            client.Features = new Feature[] { new ConnectionIdFeature(4), new ReturnRoutability() };
            ReturnRoutability routability = new ReturnRoutability();
            routability.AsksOldPath = false;
            server.Features = new Feature[] { new ConnectionIdFeature(4), routability };
            TestBed bed = new TestBed(client, server).Connect();
            Association session = bed.ServerAssociation;
            bed.Address[5] = 2;
            bed.Client.Association.Send(Check.Bytes(5), 0, 5, bed.Network.Now);
            bed.Network.Run(1000);
            Assert.IsTrue(bed.ServerAssociation == session, "it followed");
            bed.VerifyEcho();
            bed.VerifyPools();
        }

        [TestMethod]
        public void A_session_is_resumed_by_a_ticket_from_the_bytes_in_flash()
        {
            SessionResumption first = new SessionResumption();
            TestBed bed = Bed(first, new SessionResumption()).Connect();
            Assert.IsFalse(bed.Client.Association.IsResumed, "the first is a full handshake");
            byte[] flash = first.Session.Export();
            bed.Client.Engine.Reset();
            first.Session = null;
            first.Session = ResumableSession.Import(flash);
            bed.Connect();

            // A client that resumes sends last, and the session before lives until that has come.
            bed.Network.Run(100);
            Assert.IsTrue(bed.Client.Association.IsResumed, "the client");
            Assert.IsTrue(bed.ServerAssociation.IsResumed, "the server");
            bed.VerifyEcho();
            bed.VerifyPools();
        }

        [TestMethod]
        public void A_session_is_resumed_by_its_id()
        {
            SessionResumption client = new SessionResumption();
            client.Tickets = false;
            SessionResumption server = new SessionResumption();
            server.Tickets = false;
            TestBed bed = Bed(client, server).Connect();
            bed.Client.Engine.Reset();
            bed.Connect();
            Assert.IsTrue(bed.Client.Association.IsResumed, "resumed");
            bed.VerifyEcho();
        }

        [TestMethod]
        public void A_client_sleeps_and_goes_on_with_no_datagram()
        {
            DurableAssociations saving = new DurableAssociations();
            TestBed bed = Bed(saving, new DurableAssociations()).Connect();
            bed.VerifyEcho();
            byte[] key = Check.Bytes(16, 9);
            byte[] saved = new byte[DurableAssociations.UsualLength];
            int length = saving.Export(bed.Client.Association, key, saved, 0);
            Assert.AreEqual((int)AssociationState.Closed, (int)bed.Client.State, "it has ended here");
            int sent = bed.Network.Sent;
            saving.Import(bed.Client.Engine, key, saved, 0, length, 0, bed.Network.Now);
            saving.SavedIsGone(bed.Client.Association);
            Assert.AreEqual(sent, bed.Network.Sent, "datagrams");
            bed.VerifyEcho();

            saved[20] ^= 1;
            bed.Client.Engine.Reset();
            int error = 0;
            try
            {
                saving.Import(bed.Client.Engine, key, saved, 0, length, 0, bed.Network.Now);
            }
            catch (DtlsException e)
            {
                error = (int)e.Error;
            }
            catch (ArgumentException)
            {
                error = -1;
            }

            Assert.IsTrue(error != 0, "changed bytes are refused");
            Assert.IsTrue(bed.Client.State != AssociationState.Connected, "and nothing is connected");
        }

        [TestMethod]
        public void A_server_takes_its_session_back()
        {
            DurableAssociations saving = new DurableAssociations();
            TestBed bed = Bed(new DurableAssociations(), saving).Connect();
            bed.VerifyEcho();
            byte[] key = Check.Bytes(16, 9);
            byte[] saved = new byte[DurableAssociations.UsualLength];
            int length = saving.WritePromise(bed.ServerAssociation, key, saved, 0);
            saving.PromiseStored(bed.ServerAssociation, saved, 0);
            bed.VerifyEcho();

            // It loses all that it had.
            bed.Server.Reset();
            Association back = saving.Import(bed.Server, key, saved, 0, length, 0, bed.Network.Now);
            length = saving.WritePromise(back, key, saved, 0);
            saving.PromiseStored(back, saved, 0);

            // What may have come before is dropped: as many records as were promised at most.
            byte[] buffer = new byte[64];
            int came = -1;
            for (int i = 0; i < 70 && came < 0; i++)
            {
                bed.Client.Association.Send(Check.Bytes(5, i), 0, 5, bed.Network.Now);
                bed.Network.Run(100);
                came = bed.Client.Association.Receive(buffer, 0);
            }

            Assert.AreEqual(5, came, "an echo");
        }

        [TestMethod]
        public void New_keys_are_made_within_a_connection_from_either_end()
        {
            Renegotiation client = new Renegotiation();
            client.AllowPeer = true;
            Renegotiation server = new Renegotiation();
            server.AllowPeer = true;
            TestBed bed = Bed(client, server).Connect();
            bed.Client.Engine.Renegotiate(bed.Client.Association, bed.Network.Now);
            bed.Network.Run(1000);
            Assert.AreEqual(2, bed.Client.Engine.Statistics.HandshakesCompleted, "from the client");
            bed.VerifyEcho();
            bed.Network.Run(200000);
            bed.Server.Renegotiate(bed.ServerAssociation, bed.Network.Now);
            bed.Network.Run(1000);
            Assert.AreEqual(3, bed.Client.Engine.Statistics.HandshakesCompleted, "from the server");
            bed.VerifyEcho();
            bed.VerifyPools();
        }

        [TestMethod]
        public void Both_ends_export_the_same_key_and_agree_on_protocol_and_size()
        {
            DtlsOptions client = TestBed.Options();
            DtlsOptions server = TestBed.Options();
            client.Features = new Feature[] { new KeyExporter(), new ApplicationProtocols(new string[] { "x", "coap" }), new RecordSizeLimit(100) };
            server.Features = new Feature[] { new KeyExporter(), new ApplicationProtocols(new string[] { "coap" }), new RecordSizeLimit(512) };
            TestBed bed = new TestBed(client, server).Connect();
            byte[] one = new byte[32];
            byte[] other = new byte[32];
            bed.Client.Association.ExportKey("EXPERIMENTAL-test", null, one, 0, 32);
            bed.ServerAssociation.ExportKey("EXPERIMENTAL-test", null, other, 0, 32);
            Check.Equal(one, other, 0, 32, "exported keys");
            Assert.IsTrue(bed.Client.Association.ApplicationProtocol == "coap", "protocol");
            Assert.IsTrue(bed.ServerAssociation.MaxPayload <= 100, "what the server may send: " + bed.ServerAssociation.MaxPayload.ToString());
            bed.VerifyEcho();
        }

        [TestMethod]
        public void All_features_together_survive_a_network_that_loses_doubles_and_delays()
        {
            for (int seed = 1; seed < 4; seed++)
            {
                DtlsOptions client = TestBed.Options();
                DtlsOptions server = TestBed.Options();
                client.Features = All();
                server.Features = All();
                TestBed bed = new TestBed(client, server, seed);
                bed.Network.Drop = 15;
                bed.Network.Duplicate = 15;
                bed.Network.Delay = 15;
                bed.Connect();
                bed.Client.Association.Send(Check.Bytes(5), 0, 5, bed.Network.Now);
                bed.Network.Run(10000);
                bed.Address[5] = 2;
                bed.Network.Drop = 0;
                bed.Network.Delay = 0;
                bed.Client.Association.Send(Check.Bytes(5), 0, 5, bed.Network.Now);
                bed.Network.Run(10000);
                while (bed.Client.Association.Pending > 0)
                {
                    bed.Client.Association.Receive(new byte[64], 0);
                }

                bed.VerifyEcho();
                bed.Client.Engine.Renegotiate(bed.Client.Association, bed.Network.Now);
                bed.Network.Run(10000);
                Assert.AreEqual(2, bed.Client.Engine.Statistics.HandshakesCompleted, "renegotiated");
                bed.VerifyEcho();
            }
        }

        private static TestBed Bed(Feature ofClient, Feature ofServer)
        {
            DtlsOptions client = TestBed.Options();
            DtlsOptions server = TestBed.Options();
            client.Features = new Feature[] { ofClient };
            server.Features = new Feature[] { ofServer };
            return new TestBed(client, server);
        }

        private static Feature[] All()
        {
            Renegotiation renegotiation = new Renegotiation();
            renegotiation.AllowPeer = true;
            return new Feature[]
            {
                new ConnectionIdFeature(4), new ReturnRoutability(), new SessionResumption(), new DurableAssociations(), renegotiation,
                new KeyExporter(), new ApplicationProtocols(new string[] { "coap" }), new RecordSizeLimit(400)
            };
        }
    }
}

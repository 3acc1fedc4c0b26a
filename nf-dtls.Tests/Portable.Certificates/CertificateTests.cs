using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Certificates
{
    [TestClass]
    public class CertificateTests
    {
        [TestMethod]
        public void A_server_proves_itself_by_its_certificate()
        {
            TestBed bed = Bed(Identities.Root, ClientCertificates.None, "").Connect();
            Assert.AreEqual(0xC0AE, bed.Client.Association.Suite.Id, "suite");
            Check.Equal(Check.Hex(Identities.Server), bed.Client.Association.PeerCertificates[0], "the server's certificate");
            Assert.IsNull(bed.ServerAssociation.PeerCertificates, "the client's certificate");
            bed.VerifyEcho();
            bed.VerifyPools();
        }

        [TestMethod]
        public void Both_ends_prove_themselves()
        {
            TestBed bed = Bed(Identities.Root, ClientCertificates.Require, Identities.Root).Connect();
            Check.Equal(Check.Hex(Identities.Client), bed.ServerAssociation.PeerCertificates[0], "the client's certificate");
            bed.VerifyEcho();
            bed.VerifyPools();
        }

        [TestMethod]
        public void A_server_of_another_authority_is_refused()
        {
            TestBed bed = Bed(Identities.Stranger, ClientCertificates.None, "");
            bed.VerifyClientFails(DtlsError.UnknownCa);
            Assert.AreEqual(Alert.UnknownCa, bed.Client.Association.AlertSent, "alert");
        }

        [TestMethod]
        public void A_server_of_another_name_is_refused()
        {
            CryptoProvider crypto = Setup.Crypto();
            DtlsOptions client = Setup.Certificate("", "", Identities.Root, crypto);
            client.ServerName = "other.example.com";
            TestBed bed = new TestBed(client, Setup.Certificate(Identities.Server, Identities.ServerKey, "", crypto), 1, crypto);
            bed.VerifyClientFails(DtlsError.CertificateNameMismatch);
        }

        [TestMethod]
        public void A_client_of_another_authority_is_refused()
        {
            TestBed bed = Bed(Identities.Root, ClientCertificates.Require, Identities.Stranger);
            bed.VerifyClientFails(DtlsError.AlertReceived);
            bed.Network.Run(5000);

            // The server names its authorities, so the client has nothing to show.
            Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.CertificateMissing), "failures");
        }

        [TestMethod]
        public void A_handshake_of_both_ends_survives_loss()
        {
            for (int seed = 1; seed <= 3; seed++)
            {
                CryptoProvider crypto = Setup.Crypto();
                DtlsOptions server = Setup.Certificate(Identities.Server, Identities.ServerKey, Identities.Root, crypto);
                server.ClientCertificates = ClientCertificates.Require;
                TestBed bed = new TestBed(Setup.Certificate(Identities.Client, Identities.ClientKey, Identities.Root, crypto), server, seed, crypto);
                bed.Network.Drop = 15;
                bed.Network.Duplicate = 10;
                bed.Network.Delay = 10;
                bed.Connect();
                bed.Network.Drop = 0;
                bed.VerifyEcho();
            }
        }

        /// <summary>A changed byte in the server's signature, which is the end of its ServerKeyExchange.</summary>
        [TestMethod]
        public void A_changed_signature_is_refused()
        {
            TestBed bed = Bed(Identities.Root, ClientCertificates.None, "");
            bed.Network.Filter = delegate(Datagram datagram)
            {
                ChangeSignature(datagram);
                return true;
            };
            bed.VerifyClientFails(DtlsError.DecryptError);
        }

        private static void ChangeSignature(Datagram datagram)
        {
            const int ServerKeyExchange = 12;
            const int Header = 13;
            int at = 0;
            while (!datagram.ToServer && at + Header < datagram.Bytes.Length)
            {
                int length = (datagram.Bytes[at + 11] << 8) | datagram.Bytes[at + 12];
                if (datagram.Bytes[at] == 22 && datagram.Bytes[at + Header] == ServerKeyExchange)
                {
                    datagram.Bytes[at + Header + length - 1] ^= 1;
                }

                at += Header + length;
            }
        }

        private static TestBed Bed(string trustedByClient, ClientCertificates clients, string trustedByServer)
        {
            CryptoProvider crypto = Setup.Crypto();
            bool mutual = clients != ClientCertificates.None;
            DtlsOptions client = Setup.Certificate(mutual ? Identities.Client : "", mutual ? Identities.ClientKey : "", trustedByClient, crypto);
            DtlsOptions server = Setup.Certificate(Identities.Server, Identities.ServerKey, trustedByServer, crypto);
            server.ClientCertificates = clients;
            return new TestBed(client, server, 1, crypto);
        }
    }
}

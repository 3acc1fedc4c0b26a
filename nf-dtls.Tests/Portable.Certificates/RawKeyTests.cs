using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Certificates
{
    [TestClass]
    public class RawKeyTests
    {
        [TestMethod]
        public void A_server_proves_itself_by_its_raw_key()
        {
            TestBed bed = Bed(Identities.ServerInfo, ClientCertificates.None, "").Connect();
            Assert.AreEqual(0xC0AE, bed.Client.Association.Suite.Id, "suite");
            Check.Equal(Check.Hex(Identities.ServerInfo), bed.Client.Association.PeerCertificates[0], "the server's key");
            bed.VerifyEcho();
            bed.VerifyPools();
        }

        [TestMethod]
        public void Both_ends_prove_themselves()
        {
            TestBed bed = Bed(Identities.ServerInfo, ClientCertificates.Require, Identities.ClientInfo).Connect();
            Check.Equal(Check.Hex(Identities.ClientInfo), bed.ServerAssociation.PeerCertificates[0], "the client's key");
            bed.VerifyEcho();
            bed.VerifyPools();
        }

        [TestMethod]
        public void A_key_that_nobody_trusts_is_refused()
        {
            Bed(Identities.ClientInfo, ClientCertificates.None, "").VerifyClientFails(DtlsError.UnknownCa);
            TestBed bed = Bed(Identities.ServerInfo, ClientCertificates.Require, Identities.ServerInfo);
            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(Alert.UnknownCa, bed.Client.Association.AlertReceived, "alert");
        }

        private static TestBed Bed(string trustedByClient, ClientCertificates clients, string trustedByServer)
        {
            bool mutual = clients != ClientCertificates.None;
            DtlsOptions client = Setup.RawKey(mutual ? Identities.ClientKey : "", Identities.ClientInfo, trustedByClient);
            DtlsOptions server = Setup.RawKey(Identities.ServerKey, Identities.ServerInfo, trustedByServer);
            server.ClientCertificates = clients;
            return new TestBed(client, server, 1, Setup.Crypto());
        }
    }
}

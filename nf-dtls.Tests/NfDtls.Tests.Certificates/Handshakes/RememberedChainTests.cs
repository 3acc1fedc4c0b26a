using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Who meets a peer again verifies what the peer signs in the handshake, and none of its chain's signatures.</summary>
[TestClass]
public class RememberedChainTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256, 3);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 3, CaKeyKind.P256, "client");

    private readonly SlowProvider _client = new(Setup.Crypto(), 1);
    private readonly SlowProvider _server = new(Setup.Crypto(), 1);
    private readonly CertificateStore _clientStore = Setup.Store(s_client, s_server);
    private readonly CertificateStore _serverStore = Setup.Store(s_server, s_client);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Both_ends_of_either_version_verify_a_chain_at_their_first_contact_alone(bool is13)
    {
        for (int contact = 0; contact < 3; contact++)
        {
            Bed(is13).Connect().VerifyEcho();
            int ofChain = contact == 0 ? 2 : 0;
            Assert.AreEqual(ofChain + 1, Take(_client), "a client's");
            Assert.AreEqual(ofChain + 1, Take(_server), "a server's");
        }
    }

    [TestMethod]
    public void A_chain_that_is_remembered_is_refused_once_its_root_is_removed()
    {
        Bed(false).Connect().VerifyEcho();
        _clientStore.RemoveByName("root");
        _clientStore.AddTrusted(new DtlsCertificate(Identity.Under("another").Root.Der));
        Take(_client);
        Bed(false).VerifyClientFails(DtlsError.UnknownCa);
        Assert.AreEqual(0, Take(_client));
    }

    [TestMethod]
    public void A_server_keeps_as_many_clients_as_it_is_told()
    {
        _serverStore.RememberedSignatures = 0;
        for (int contact = 0; contact < 2; contact++)
        {
            Bed(false).Connect().VerifyEcho();
            Assert.AreEqual(3, Take(_server));
        }
    }

    [TestMethod]
    public void Who_shows_others_certificates_without_their_keys_takes_a_place_for_each_signature_of_a_path()
    {
        Identity known = Below(1);
        Connect(known, null);
        Assert.AreEqual(1 + 1, Take(_server), "its chain's one signature, and its proof");

        // Each of these is trusted, and fails by its proof. Paths of three leave the known one its place, as it is the youngest again after each use.
        for (int i = 0; i < 2; i++)
        {
            Connect(Below(3), new CaKey(CaKeyKind.P256));
            Assert.AreEqual(3 + 1, Take(_server));
            Connect(known, null);
            Assert.AreEqual(1, Take(_server));
        }

        // The longest path takes all four places at once, at the price of a verification for the known one; a longer one is refused.
        Connect(Below(5), new CaKey(CaKeyKind.P256));
        Assert.AreEqual(0, Take(_server));
        Connect(known, null);
        Assert.AreEqual(1, Take(_server));
        Connect(Below(4), new CaKey(CaKeyKind.P256));
        Assert.AreEqual(4 + 1, Take(_server));
        Connect(known, null);
        Assert.AreEqual(1 + 1, Take(_server));
    }

    [TestMethod]
    public void A_certificate_signed_with_ECDSA_may_take_two_places()
    {
        // (r, n - s) is as good a signature as (r, s), and anybody can make it of that.
        Identity other = Below(1);
        Identity mirrored = new Identity(TestCa.Mirrored(other.End), other.Root);
        for (int contact = 0; contact < 2; contact++)
        {
            int ofChain = contact == 0 ? 1 : 0;
            Connect(other, new CaKey(CaKeyKind.P256));
            Assert.AreEqual(ofChain + 1, Take(_server));
            Connect(mirrored, new CaKey(CaKeyKind.P256));
            Assert.AreEqual(ofChain + 1, Take(_server));
        }
    }

    /// <summary>A client below the root that the server trusts, with so many certificates.</summary>
    private static Identity Below(int certificates)
    {
        IssuedCertificate[] chain = [s_client.Root];
        for (int i = certificates - 1; i > 0; i--)
        {
            chain = [TestCa.Issue(chain[0], CertificateSpec.Authority("authority " + i)), .. chain];
        }

        return new Identity([TestCa.Issue(chain[0], Identity.Spec(CaKeyKind.P256, "other")), .. chain]);
    }

    /// <summary>A handshake of a client with the right key, or with another one, which then fails.</summary>
    private void Connect(Identity client, CaKey? wrong)
    {
        CertificateStore store = Setup.Store(null, s_server);
        PrivateKey key = PrivateKeyReader.Read((wrong ?? client.End.Key).Pkcs8);
        client.AddLocalTo(store, new SteppedKey(key, 1));
        TestBed bed = new TestBed(
            Setup.Client(CertificateSuites.Modern(), store), Setup.Server(CertificateSuites.Modern(), _serverStore, ClientCertificates.Require, _server));
        if (wrong == null)
        {
            bed.Connect().VerifyEcho();
        }
        else
        {
            bed.Client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 3_600_000), "The proof was taken.");
        }
    }

    private static int Take(SlowProvider provider)
    {
        int verifications = provider.Verifications;
        provider.Verifications = 0;
        return verifications;
    }

    private TestBed Bed(bool is13)
    {
        return is13
            ? new TestBed(Setup13.Client(_clientStore, null, _client), Setup13.Server(_serverStore, ClientCertificates.Require, null, _server))
            : new TestBed(
                Setup.Client(CertificateSuites.Modern(), _clientStore, _client),
                Setup.Server(CertificateSuites.Modern(), _serverStore, ClientCertificates.Require, _server));
    }
}

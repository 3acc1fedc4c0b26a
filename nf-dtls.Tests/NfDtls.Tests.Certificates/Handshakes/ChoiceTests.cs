using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Which of several certificates an end proves itself with.</summary>
[TestClass]
public class ChoiceTests
{
    private static readonly Identity s_p256 = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_p384 = Identity.Of(CaKeyKind.P384);
    private static readonly Identity s_rsa = Identity.Of(CaKeyKind.Rsa2048);
    private static readonly Identity s_ed = Identity.Of(CaKeyKind.Ed25519);

    [TestMethod]
    public void The_suite_chooses_the_kind_of_key()
    {
        Assert.AreEqual(s_rsa, Chosen(Setup.One(EcdheSuites.RsaAes128GcmSha256), s_p256, s_rsa));
        Assert.AreEqual(s_rsa, Chosen(Setup.One(CertificateSuites.RsaAes128CbcSha), s_p256, s_rsa));
        Assert.AreEqual(s_p256, Chosen(Setup.One(EcdheSuites.EcdsaAes128Ccm8), s_rsa, s_p256));
        Identity signsOnly = Identity.With(spec => spec.KeyUsage = 0x80, CaKeyKind.Rsa2048);
        Assert.AreEqual(s_rsa, Chosen(Setup.One(CertificateSuites.RsaAes128CbcSha), signsOnly, s_rsa));
        Identity decryptsOnly = Identity.With(spec => spec.KeyUsage = 0x20, CaKeyKind.Rsa2048);
        Assert.AreEqual(s_rsa, Chosen(Setup.One(EcdheSuites.RsaAes128GcmSha256), decryptsOnly, s_rsa));
    }

    [TestMethod]
    public void The_clients_schemes_choose_among_keys_of_a_suite()
    {
        CipherSuiteTable Only(params int[] schemes) => Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { 23, 24 }, schemes);

        // The authority signs with ECDSA and SHA-256: a server sends what it has, and the client, which did not offer that, refuses it.
        Assert.AreEqual(s_ed, Chosen(Only(SignatureScheme.Ed25519, SignatureScheme.RsaPkcs1Sha256), new[] { s_p256, s_ed }, DtlsError.UnsupportedCertificate));
        Assert.AreEqual(s_p256, Chosen(Only(SignatureScheme.EcdsaSecp256r1Sha256), s_ed, s_p256));
    }

    [TestMethod]
    public void A_certificate_on_a_curve_that_the_client_lacks_is_passed_over()
    {
        CipherSuiteTable table = Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { NamedGroup.Secp256r1 }, new[] { 0x0403, 0x0503 });
        Assert.AreEqual(s_p256, Chosen(table, s_p384, s_p256));
        table = Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { NamedGroup.Secp256r1 }, new[] { 0x0403, 0x0503 });
        Assert.IsNull(Chosen(table, s_p384));
    }

    [TestMethod]
    public void Certificates_signed_by_schemes_that_the_client_can_verify_are_preferred_and_demanded_where_it_lists_them_apart()
    {
        Identity byRsa = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.Rsa2048);
        CipherSuiteTable Suites() => Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403 });
        Assert.AreEqual(s_p256, Chosen(Suites(), byRsa, s_p256));
        Assert.AreEqual(byRsa, Chosen(Suites(), byRsa));

        DtlsOptions client = Setup.Client(Suites(), Setup.Store(null, byRsa, s_p256));
        client.Extensions = new HelloExtension[] { new FixedExtension(50, 0, 2, 4, 1) };
        Assert.AreEqual(byRsa, Chosen(client, new[] { s_p256, byRsa }));
        Assert.IsNull(Chosen(client, new[] { s_p256 }));
    }

    [TestMethod]
    [DataRow("a.example.com", 1)]
    [DataRow("A.Example.COM", 1)]
    [DataRow("b.example.com", 2)]
    [DataRow("anything.wild.example.com", 3)]
    [DataRow("two.labels.wild.example.com", 0)]
    [DataRow("nobody.example.com", 0)]
    [DataRow("192.0.2.7", 0)]
    public void The_server_name_chooses_and_without_a_match_the_first_is_taken(string name, int expected)
    {
        Identity[] identities =
        {
            Named("first.example.com"), Named("a.example.com"), Named("b.example.com"), Named("*.wild.example.com"),
        };
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, identities));
        client.ServerName = name;
        client.NameCheck = NameCheck.None;
        Assert.AreEqual(identities[expected], Chosen(client, identities, out TestBed bed));
        Assert.AreEqual(name != "192.0.2.7", Wire.ExtensionTypes(bed, true).Contains(0));
        Assert.AreEqual(expected != 0, Wire.ExtensionTypes(bed, false).Contains(0));
    }

    [TestMethod]
    public void The_server_name_counts_more_than_the_order_of_the_suites()
    {
        Identity elliptic = Named("a.example.com");
        Identity rsa = Identity.Of(CaKeyKind.Rsa2048, 2, CaKeyKind.P256, "b.example.com");
        foreach ((string name, Identity expected) in new[] { ("a.example.com", elliptic), ("b.example.com", rsa), ("c.example.com", elliptic) })
        {
            DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, elliptic, rsa));
            client.ServerName = name;
            client.NameCheck = NameCheck.None;
            Assert.AreEqual(expected, Chosen(client, new[] { elliptic, rsa }));
        }

        // Where the client has no suite for the key of its name, it gets the other one and may decide.
        DtlsOptions only = Setup.Client(Setup.One(EcdheSuites.EcdsaAes128Ccm8), Setup.Store(null, elliptic, rsa));
        only.ServerName = "b.example.com";
        only.NameCheck = NameCheck.None;
        Assert.AreEqual(elliptic, Chosen(only, new[] { elliptic, rsa }));
    }

    [TestMethod]
    public void A_client_chooses_by_the_authorities_of_the_request()
    {
        Identity one = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P384, "one");
        Identity other = new Identity(ByOtherRoot());
        Assert.AreEqual(other, ChosenByClient(Setup.Schemes(0x0403, 0x0503), other, one, other));
        Assert.AreEqual(one, ChosenByClient(Setup.Schemes(0x0403, 0x0503), one, other, one));
        Assert.IsNull(ChosenByClient(Setup.Schemes(0x0403, 0x0503), other, one));
    }

    [TestMethod]
    public void A_client_chooses_by_the_types_and_schemes_of_the_request()
    {
        Identity rsa = Identity.Of(CaKeyKind.Rsa2048, 2, CaKeyKind.P256, "client");
        Identity elliptic = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");
        SchemeTable ecdsa = Setup.Schemes(0x0403);
        Assert.AreEqual(elliptic, ChosenByClient(ecdsa, new[] { rsa, elliptic }, rsa, elliptic));
        Assert.IsNull(ChosenByClient(ecdsa, new[] { rsa }, rsa));

        // The first that fits is taken.
        Assert.AreEqual(rsa, ChosenByClient(SchemeTable.All(), new[] { rsa, elliptic }, rsa, elliptic));
    }

    [TestMethod]
    [DataRow(64, true)]
    [DataRow(1, false)]
    [DataRow(3, false)]
    public void A_client_has_nothing_for_types_that_are_not_its_keys(int type, bool answers)
    {
        Identity client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");
        CipherSuiteTable suites = Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403 });
        AgainstClient end = new AgainstClient(Setup.Client(suites, Setup.Store(client, s_p256))).Begin(s_p256);
        end.Send(HandshakeType.ServerKeyExchange, end.Peer.ServerKeyExchange(s_p256.End.Key));
        end.Send(HandshakeType.CertificateRequest, CertificatePeer.CertificateRequest(new[] { (byte)type }));
        end.Send(HandshakeType.ServerHelloDone, Array.Empty<byte>());
        Assert.AreEqual(answers, end.Peer.Bodies[HandshakeType.Certificate].Length > 3);
        Assert.AreEqual(answers, end.Peer.Bodies.ContainsKey(HandshakeType.CertificateVerify));
    }

    [TestMethod]
    public void A_client_without_a_match_goes_on_where_it_is_asked_and_fails_where_it_must()
    {
        Identity stranger = new Identity(ByOtherRoot());
        Identity trusted = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P384, "one");
        TestBed bed = Bed(ClientCertificates.Request);
        bed.Connect().VerifyEcho();
        Assert.IsNull(bed.ServerAssociation!.PeerCertificates);
        CollectionAssert.AreEqual(new byte[3], Wire.Message(bed, true, HandshakeType.Certificate));

        bed = Bed(ClientCertificates.Require);
        bed.Network.AutoRelease = false;
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
        Assert.AreEqual(DtlsError.CertificateMissing, bed.Server.At(0).LastError);

        TestBed Bed(ClientCertificates clients)
        {
            return new TestBed(
                Setup.Client(CertificateSuites.Modern(), Setup.Store(stranger, s_p256)),
                Setup.Server(CertificateSuites.Modern(), Setup.Store(s_p256, trusted), clients));
        }
    }

    private static Identity Named(string name)
    {
        return Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, name);
    }

    private static IssuedCertificate[] ByOtherRoot()
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("other root"));
        return new[] { TestCa.Issue(root, CertificateSpec.End("other")), root };
    }

    private static Identity? Chosen(CipherSuiteTable clientSuites, params Identity[] identities)
    {
        return Chosen(Setup.Client(clientSuites, Setup.Store(null, identities)), identities);
    }

    private static Identity? Chosen(CipherSuiteTable clientSuites, Identity[] identities, DtlsError expected)
    {
        Identity? chosen = Chosen(Setup.Client(clientSuites, Setup.Store(null, identities)), identities, out TestBed bed);
        Assert.AreEqual(expected, bed.Client.Association.LastError);
        return chosen;
    }

    private static Identity? Chosen(DtlsOptions client, Identity[] identities)
    {
        return Chosen(client, identities, out _);
    }

    /// <summary>Whose certificate a server with these sends to this client; null where none fits.</summary>
    private static Identity? Chosen(DtlsOptions client, Identity[] identities, out TestBed bed)
    {
        CertificateStore store = Setup.Store(null);
        foreach (Identity identity in identities)
        {
            identity.AddLocalTo(store);
        }

        bed = new TestBed(client, Setup.Server(CertificateSuites.Compatible(), store));
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(bed.IsConnected, 100_000);
        byte[]? body = Wire.Message(bed, false, HandshakeType.Certificate);
        if (body == null)
        {
            Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
            return null;
        }

        return identities.Single(identity => body.AsSpan(6).StartsWith(identity.End.Der));
    }

    private static Identity? ChosenByClient(SchemeTable schemes, Identity trusted, params Identity[] own)
    {
        return ChosenByClient(schemes, new[] { trusted }, own);
    }

    /// <summary>Whose certificate a client with these sends to a server that trusts those; null for an empty list.</summary>
    private static Identity? ChosenByClient(SchemeTable schemes, Identity[] trusted, params Identity[] own)
    {
        CertificateStore store = Setup.Store(null, s_p256);
        foreach (Identity identity in own)
        {
            identity.AddLocalTo(store);
        }

        EcdheExtensions extensions = new EcdheExtensions(GroupTable.All(), schemes);
        CipherSuiteTable suites = new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128Ccm8(extensions)).Add(EcdheSuites.EcdsaAes256GcmSha384(extensions));
        TestBed bed = new TestBed(
            Setup.Client(CertificateSuites.Modern(), store), Setup.Server(suites, Setup.Store(s_p256, trusted), ClientCertificates.Request));
        bed.Connect().VerifyEcho();
        byte[] body = Wire.Message(bed, true, HandshakeType.Certificate)!;
        return body.Length == 3 ? null : own.Single(identity => body.AsSpan(6).StartsWith(identity.End.Der));
    }
}

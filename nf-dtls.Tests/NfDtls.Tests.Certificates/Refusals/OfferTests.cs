using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>By what the certificates of a chain may be signed: by schemes that this end told the other (RFC 5246 sections 7.4.2 and 7.4.6).</summary>
[TestClass]
public class OfferTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");

    [TestMethod]
    [DataRow(CaKeyKind.P384, null, 0x0503)]
    [DataRow(CaKeyKind.P256, "SHA384WITHECDSA", 0x0503)]
    [DataRow(CaKeyKind.Rsa2048, null, 0x0401)]
    [DataRow(CaKeyKind.Rsa2048, "SHA384WITHRSA", 0x0501)]
    [DataRow(CaKeyKind.Rsa2048, "SHA512WITHRSA", 0x0601)]
    [DataRow(CaKeyKind.Rsa2048, "SHA256WITHRSAANDMGF1", 0x0804)]
    [DataRow(CaKeyKind.Ed25519, null, 0x0807)]
    public void A_chain_is_taken_where_its_schemes_were_offered_and_refused_where_one_was_not(CaKeyKind kind, string? algorithm, int scheme)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root " + scheme, kind));
        foreach (bool ofServer in new[] { true, false })
        {
            foreach (bool isOffered in new[] { true, false })
            {
                CertificateSpec spec = Identity.Spec(CaKeyKind.P256, Setup.Host);
                spec.Algorithm = algorithm;
                IssuedCertificate end = TestCa.Issue(root, spec);
                int[] schemes = isOffered ? new[] { 0x0403, scheme }.Distinct().ToArray() : new[] { 0x0403, 0x0503, 0x0401 }.Where(other => other != scheme).ToArray();
                DtlsError expected = isOffered ? DtlsError.None : DtlsError.UnsupportedCertificate;
                Verify(ofServer, expected, schemes, root, end);
            }
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_trusted_certificate_may_be_signed_by_anything_be_it_sent_or_not(bool ofServer)
    {
        // The root signed itself with SHA-512, an authority above it with RSA; what it signed itself is ECDSA.
        CertificateSpec spec = CertificateSpec.Authority("root");
        spec.Algorithm = "SHA384WITHECDSA";
        IssuedCertificate root = TestCa.SelfSigned(spec);
        IssuedCertificate above = TestCa.SelfSigned(CertificateSpec.Authority("above", CaKeyKind.Rsa2048));
        IssuedCertificate trusted = TestCa.Issue(above, CertificateSpec.Authority("trusted"));
        foreach (IssuedCertificate issuer in new[] { root, trusted })
        {
            IssuedCertificate end = TestCa.Issue(issuer, Identity.Spec(CaKeyKind.P256, Setup.Host));
            Verify(ofServer, DtlsError.None, new[] { 0x0403 }, issuer, end);
            Verify(ofServer, DtlsError.None, new[] { 0x0403 }, issuer, end, issuer);
        }

        // And so may be one who is trusted itself.
        CertificateSpec self = Identity.Spec(CaKeyKind.P256, Setup.Host);
        self.Algorithm = "SHA384WITHECDSA";
        IssuedCertificate alone = TestCa.SelfSigned(self);
        Verify(ofServer, DtlsError.None, new[] { 0x0403 }, alone, alone);
    }

    [TestMethod]
    public void An_authority_of_the_store_was_not_sent()
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root", CaKeyKind.P384));
        IssuedCertificate middle = TestCa.Issue(root, CertificateSpec.Authority("middle"));
        IssuedCertificate end = TestCa.Issue(middle, Identity.Spec(CaKeyKind.P256, Setup.Host));
        foreach (bool isSent in new[] { false, true })
        {
            CertificateStore store = Setup.Store(null);
            store.AddTrusted(new DtlsCertificate(root.Der));
            if (!isSent)
            {
                store.AddIntermediate(new DtlsCertificate(middle.Der));
            }

            IssuedCertificate[] sent = isSent ? new[] { end, middle } : new[] { end };
            Verify(true, isSent ? DtlsError.UnsupportedCertificate : DtlsError.None, new[] { 0x0403 }, store, sent);
        }
    }

    [TestMethod]
    public void Another_path_whose_schemes_were_offered_is_found()
    {
        // The same authority, once signed with SHA-384 and once with SHA-256.
        CaKey key = new CaKey(CaKeyKind.P256);
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        CertificateSpec Spec(string? algorithm)
        {
            CertificateSpec spec = CertificateSpec.Authority("middle");
            spec.Key = key;
            spec.Algorithm = algorithm;
            return spec;
        }

        IssuedCertificate large = TestCa.Issue(root, Spec("SHA384WITHECDSA"));
        IssuedCertificate small = TestCa.Issue(root, Spec(null));
        IssuedCertificate end = TestCa.Issue(small, Identity.Spec(CaKeyKind.P256, Setup.Host));
        Verify(true, DtlsError.UnsupportedCertificate, new[] { 0x0403 }, root, end, large);
        Verify(true, DtlsError.None, new[] { 0x0403 }, root, end, large, small);
        Verify(true, DtlsError.None, new[] { 0x0403 }, root, end, small, large);
    }

    [TestMethod]
    public void A_client_shows_best_what_is_signed_as_the_server_asked()
    {
        Identity byLarge = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P384, "client");
        Identity byRsa = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.Rsa2048, "client");
        AssertShown(s_client, new[] { 0x0403 }, byLarge, byRsa, s_client);
        AssertShown(byLarge, new[] { 0x0403, 0x0503 }, byRsa, byLarge, s_client);
        AssertShown(byRsa, new[] { 0x0403, 0x0401 }, byLarge, byRsa, s_client);

        // Where there is no such one, what it has: the server may not mind.
        AssertShown(byLarge, new[] { 0x0403 }, byLarge, byRsa);
    }

    [TestMethod]
    [DataRow("types empty", DtlsError.DecodeError)]
    [DataRow("types unknown", DtlsError.None)]
    [DataRow("types among unknown ones", DtlsError.None)]
    [DataRow("schemes empty", DtlsError.DecodeError)]
    [DataRow("schemes odd", DtlsError.DecodeError)]
    [DataRow("schemes unknown", DtlsError.None)]
    [DataRow("schemes among a hundred unknown ones", DtlsError.None)]
    [DataRow("authorities with an empty name", DtlsError.DecodeError)]
    [DataRow("authorities with half a length", DtlsError.DecodeError)]
    [DataRow("authorities with a cut name", DtlsError.DecodeError)]
    [DataRow("authorities that are no names", DtlsError.None)]
    [DataRow("authorities of nobody", DtlsError.None)]
    [DataRow("authorities written otherwise", DtlsError.None)]
    [DataRow("bytes behind", DtlsError.DecodeError)]
    public void A_request_is_read_as_its_syntax_says(string what, DtlsError expected)
    {
        byte[] types = { 64, 1 };
        byte[] schemes = Wire.Numbers(0x0403, 0x0401);
        byte[][] authorities = Array.Empty<byte[]>();
        bool isShown = true;
        byte[] name = s_client.Root.Subject;
        switch (what)
        {
            case "types empty": types = Array.Empty<byte>(); break;
            case "types unknown": types = new byte[] { 0, 3, 66, 255 }; isShown = false; break;
            case "types among unknown ones": types = Enumerable.Range(2, 200).Select(type => (byte)type).ToArray(); break;
            case "schemes empty": schemes = Array.Empty<byte>(); break;
            case "schemes odd": schemes = new byte[] { 4, 3, 4 }; break;
            case "schemes unknown": schemes = Wire.Numbers(0x0303, 0x0A0A, 0xFFFF, 0x0203); isShown = false; break;
            case "schemes among a hundred unknown ones":
                schemes = Wire.Numbers(Enumerable.Range(0, 100).Select(i => 0xE000 + i).Append(0x0403).ToArray());
                break;
            case "authorities with an empty name": authorities = new[] { Wire.Vector(2, name), Wire.Vector(2) }; break;
            case "authorities with half a length": authorities = new[] { Wire.Vector(2, name), new byte[1] }; break;
            case "authorities with a cut name": authorities = new[] { Wire.Vector(2, name)[..^1] }; break;
            case "authorities that are no names": authorities = new[] { Wire.Vector(2, new byte[] { 5, 0 }), Wire.Vector(2, name[..^1]) }; isShown = false; break;
            case "authorities of nobody": authorities = new[] { Wire.Vector(2, TestCa.Name("nobody")) }; isShown = false; break;
            case "authorities written otherwise":
                byte[] Text(string text) => TestCa.Tagged(0x1E, System.Text.Encoding.BigEndianUnicode.GetBytes(text));
                authorities = new[] { Wire.Vector(2, TestCa.Name(new[] { ("2.5.4.10", Text("nfDTLS ")) }, new[] { ("2.5.4.3", Text("ROOT")) })) };
                break;
        }

        byte[] request = Wire.Vector(1, types).Concat(Wire.Vector(2, schemes)).Concat(Wire.Vector(2, authorities)).ToArray();
        request = what == "bytes behind" ? request.Append((byte)0).ToArray() : request;
        AgainstClient end = Ask(new[] { s_client }, request);
        Assert.AreEqual(expected, end.Error);
        if (expected != DtlsError.None)
        {
            Assert.AreEqual(Alert.DecodeError, end.Peer.Alerts.Single());
            return;
        }

        Assert.AreEqual(isShown, end.Peer.Bodies[M.Certificate].Length > 3);
        Assert.AreEqual(isShown, end.Peer.Received.Contains(M.CertificateVerify));
    }

    [TestMethod]
    public void A_request_names_the_authorities_that_peers_must_have_and_none_where_others_will_do()
    {
        Identity alone = new Identity(TestCa.SelfSigned(Identity.Spec(CaKeyKind.P256, "alone")));
        CollectionAssert.AreEqual(Wire.Vector(2, s_client.Root.Subject), Authorities(store => s_client.TrustIn(store)));
        CollectionAssert.AreEqual(Wire.Vector(2, alone.End.Subject), Authorities(store => alone.TrustIn(store)));

        // A peer's own certificate is trusted, or pinned: whoever its issuer is, it must be shown.
        Assert.AreEqual(0, Authorities(store => store.AddTrusted(new DtlsCertificate(s_client.End.Der))).Length);
        Assert.AreEqual(0, Authorities(store =>
        {
            s_client.TrustIn(store);
            store.AddPin(new byte[32]);
        }).Length);
    }

    private static byte[] Authorities(Action<CertificateStore> fill)
    {
        CertificateStore store = Setup.Store(s_server);
        fill(store);
        AgainstServer end = new AgainstServer(Setup.Server(CertificateSuites.Constrained(), store, ClientCertificates.Request)).Hello();
        byte[] request = end.Peer.Bodies[M.CertificateRequest];
        int at = 1 + request[0];
        at += 2 + Wire.Number(request, at, 2);
        return request[(at + 2)..];
    }

    private static void AssertShown(Identity expected, int[] schemes, params Identity[] own)
    {
        AgainstClient end = Ask(own, CertificatePeer.CertificateRequest(schemes: schemes));
        Assert.AreEqual(DtlsError.None, end.Error);
        byte[] shown = end.Peer.Bodies[M.Certificate];
        Assert.IsTrue(shown.AsSpan(6).StartsWith(expected.End.Der));
    }

    /// <summary>A client with these certificates, after a request and what follows it.</summary>
    private static AgainstClient Ask(Identity[] own, byte[] request)
    {
        CertificateStore store = Setup.Store(null, s_server);
        Array.ForEach(own, identity => identity.AddLocalTo(store));
        AgainstClient end = new AgainstClient(Setup.Client(Setup.One(EcdheSuites.EcdsaAes128Ccm8), store)).Begin(s_server);
        end.Send(M.ServerKeyExchange, end.Peer.ServerKeyExchange(s_server.End.Key)).Send(M.CertificateRequest, request);
        return end.Error == DtlsError.None ? end.Send(M.ServerHelloDone, Array.Empty<byte>()) : end;
    }

    private static void Verify(bool ofServer, DtlsError expected, int[] schemes, IssuedCertificate trusted, params IssuedCertificate[] sent)
    {
        CertificateStore store = Setup.Store(ofServer ? null : s_server);
        store.AddTrusted(new DtlsCertificate(trusted.Der));
        Verify(ofServer, expected, schemes, store, sent);
    }

    /// <summary>Shows certificates to a client or a server with these schemes, whose transcript has every hash.</summary>
    private static void Verify(bool ofServer, DtlsError expected, int[] schemes, CertificateStore store, params IssuedCertificate[] sent)
    {
        EcdheExtensions extensions = new EcdheExtensions(GroupTable.All(), Setup.Schemes(schemes));
        CipherSuiteTable suites = new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128Ccm8(extensions)).Add(EcdheSuites.EcdsaAes256GcmSha384(extensions));
        byte[] message = CertificatePeer.Certificate(Array.ConvertAll(sent, certificate => certificate.Der));
        DtlsError error;
        CertificatePeer peer;
        if (ofServer)
        {
            AgainstClient end = new AgainstClient(Setup.Client(suites, store));
            end.Send(M.ServerHello, end.Peer.ServerHello()).Send(M.Certificate, message);
            error = end.Error;
            peer = end.Peer;
        }
        else
        {
            AgainstServer end = new AgainstServer(Setup.Server(suites, store, ClientCertificates.Require)).Hello().Send(M.Certificate, message);
            error = end.Error;
            peer = end.Peer;
        }

        Assert.AreEqual(expected, error);
        Assert.AreEqual(expected == DtlsError.None ? -1 : AlertTable.AlertFor(expected), peer.Alerts.SingleOrDefault(-1));
    }
}

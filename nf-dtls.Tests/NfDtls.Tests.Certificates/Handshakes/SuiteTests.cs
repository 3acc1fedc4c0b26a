using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

[TestClass]
public class SuiteTests
{
    private static readonly Dictionary<string, (Func<EcdheExtensions, CipherSuite> Suite, CaKeyKind Key)> s_suites = new()
    {
        ["ECDHE_ECDSA CCM_8"] = (EcdheSuites.EcdsaAes128Ccm8, CaKeyKind.P256),
        ["ECDHE_ECDSA CCM"] = (EcdheSuites.EcdsaAes128Ccm, CaKeyKind.P256),
        ["ECDHE_ECDSA GCM 128"] = (EcdheSuites.EcdsaAes128GcmSha256, CaKeyKind.P256),
        ["ECDHE_ECDSA GCM 256"] = (EcdheSuites.EcdsaAes256GcmSha384, CaKeyKind.P384),
        ["ECDHE_ECDSA CBC"] = (EcdheSuites.EcdsaAes128CbcSha256, CaKeyKind.P256),
        ["ECDHE_ECDSA ChaCha20"] = (EcdheSuites.EcdsaChaCha20Poly1305Sha256, CaKeyKind.Ed25519),
        ["ECDHE_RSA GCM 128"] = (EcdheSuites.RsaAes128GcmSha256, CaKeyKind.Rsa2048),
        ["ECDHE_RSA GCM 256"] = (EcdheSuites.RsaAes256GcmSha384, CaKeyKind.Rsa2048),
        ["ECDHE_RSA CBC"] = (EcdheSuites.RsaAes128CbcSha256, CaKeyKind.Rsa2048),
        ["ECDHE_RSA ChaCha20"] = (EcdheSuites.RsaChaCha20Poly1305Sha256, CaKeyKind.Rsa2048),
        ["RSA CBC SHA"] = (CertificateSuites.RsaAes128CbcSha, CaKeyKind.Rsa2048),
        ["RSA CBC 128"] = (CertificateSuites.RsaAes128CbcSha256, CaKeyKind.Rsa2048),
        ["RSA CBC 256"] = (CertificateSuites.RsaAes256CbcSha256, CaKeyKind.Rsa2048),
        ["RSA GCM"] = (CertificateSuites.RsaAes128GcmSha256, CaKeyKind.Rsa2048),
        ["ECDHE_PSK CCM_8"] = (EcdheSuites.PskAes128Ccm8Sha256, CaKeyKind.P256),
        ["ECDHE_PSK CCM"] = (EcdheSuites.PskAes128CcmSha256, CaKeyKind.P256),
        ["ECDHE_PSK GCM"] = (EcdheSuites.PskAes128GcmSha256, CaKeyKind.P256),
        ["ECDHE_PSK CBC"] = (EcdheSuites.PskAes128CbcSha256, CaKeyKind.P256),
        ["ECDHE_PSK ChaCha20"] = (EcdheSuites.PskChaCha20Poly1305Sha256, CaKeyKind.P256),
    };

    public static IEnumerable<object[]> EverySuite
    {
        get { return s_suites.Keys.Select(name => new object[] { name }); }
    }

    public static IEnumerable<object[]> EverySuiteAndGroup
    {
        get
        {
            return s_suites.Keys.Where(name => name.StartsWith("ECDHE", StringComparison.Ordinal))
                .SelectMany(name => new[] { NamedGroup.Secp256r1, NamedGroup.X25519, NamedGroup.Secp384r1, NamedGroup.Secp521r1 }.Select(group => new object[] { name, group }));
        }
    }

    [TestMethod]
    public void Suites_of_two_sets_of_extensions_share_the_first_ones()
    {
        foreach (bool psk in new[] { true, false })
        {
            Identity server = Identity.Of(CaKeyKind.P256);
            CipherSuiteTable second = new CipherSuiteTable().Add(Mixed(!psk).At(0));
            DtlsOptions clientOptions = Setup.Client(second, Setup.Store(null, server));
            DtlsOptions serverOptions = Setup.Server(Mixed(psk), Setup.Store(server));
            TestBed bed = new TestBed(clientOptions, serverOptions).Connect();
            Assert.AreEqual(psk ? 0xC0AE : 0xD003, bed.Client.Association.Suite.Id);
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    [DynamicData(nameof(EverySuite))]
    public void Every_suite_completes_and_echoes_with_the_server_alone_and_both_ends_proven(string name)
    {
        (Func<EcdheExtensions, CipherSuite> suite, CaKeyKind key) = s_suites[name];
        foreach (bool mutual in new[] { false, true })
        {
            Identity server = Identity.Of(key);
            Identity client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");
            TestBed bed = Setup.Bed(() => Setup.One(suite), server, client, mutual ? ClientCertificates.Require : ClientCertificates.None).Connect();
            bed.VerifyEcho();
            Assert.AreEqual(suite(Setup.Extensions).Id, bed.Client.Association.Suite.Id);
            bool isPsk = name.StartsWith("ECDHE_PSK", StringComparison.Ordinal);
            CollectionAssert.AreEqual(isPsk ? null : server.End.Der, bed.Client.Association.PeerCertificates?[0]);
            CollectionAssert.AreEqual(isPsk || !mutual ? null : client.End.Der, bed.ServerAssociation!.PeerCertificates?[0]);
            bed.VerifyPools();
        }
    }

    [TestMethod]
    [DynamicData(nameof(EverySuiteAndGroup))]
    public void Every_suite_agrees_in_every_group(string name, int group)
    {
        (Func<EcdheExtensions, CipherSuite> suite, CaKeyKind key) = s_suites[name];

        // A certificate's curve must be among the client's groups: so these are, behind the one that counts for the server.
        int[] certificates = { NamedGroup.Secp256r1, NamedGroup.Secp384r1 };
        CipherSuiteTable client = Setup.One(suite, certificates.Append(group).Distinct().ToArray(), SchemesOf(SchemeTable.All()));
        CipherSuiteTable server = Setup.One(suite, new[] { group }, SchemesOf(SchemeTable.All()));
        Identity identity = Identity.Of(key);
        TestBed bed = new TestBed(Setup.Client(client, Setup.Store(null, identity)), Setup.Server(server, Setup.Store(identity)));
        bed.Connect().VerifyEcho();
        Assert.AreEqual(group, Wire.GroupOf(bed, name.StartsWith("ECDHE_PSK", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("modern", CaKeyKind.P256, 0xC0AE)]
    [DataRow("modern", CaKeyKind.Rsa2048, 0xC02F)]
    [DataRow("compatible", CaKeyKind.P384, 0xC0AE)]
    [DataRow("compatible", CaKeyKind.Rsa2048, 0xC02F)]
    [DataRow("constrained", CaKeyKind.P256, 0xC0AE)]
    public void The_tables_choose_their_first_suite_that_the_key_can_do(string table, CaKeyKind key, int suite)
    {
        Func<CipherSuiteTable> make = table switch
        {
            "modern" => CertificateSuites.Modern,
            "compatible" => CertificateSuites.Compatible,
            _ => CertificateSuites.Constrained,
        };
        TestBed bed = Setup.Bed(make, Identity.Of(key)).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(suite, bed.Client.Association.Suite.Id);
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256, SignatureScheme.EcdsaSecp256r1Sha256)]
    [DataRow(CaKeyKind.P256, SignatureScheme.EcdsaSecp384r1Sha384)]
    [DataRow(CaKeyKind.P384, SignatureScheme.EcdsaSecp256r1Sha256)]
    [DataRow(CaKeyKind.P384, SignatureScheme.EcdsaSecp384r1Sha384)]
    [DataRow(CaKeyKind.P256, SignatureScheme.EcdsaSecp521r1Sha512)]
    [DataRow(CaKeyKind.P384, SignatureScheme.EcdsaSecp521r1Sha512)]
    [DataRow(CaKeyKind.P521, SignatureScheme.EcdsaSecp256r1Sha256)]
    [DataRow(CaKeyKind.P521, SignatureScheme.EcdsaSecp384r1Sha384)]
    [DataRow(CaKeyKind.P521, SignatureScheme.EcdsaSecp521r1Sha512)]
    [DataRow(CaKeyKind.Ed25519, SignatureScheme.Ed25519)]
    [DataRow(CaKeyKind.Rsa2048, SignatureScheme.RsaPkcs1Sha256)]
    [DataRow(CaKeyKind.Rsa2048, SignatureScheme.RsaPkcs1Sha384)]
    [DataRow(CaKeyKind.Rsa2048, SignatureScheme.RsaPkcs1Sha512)]
    [DataRow(CaKeyKind.Rsa2048, SignatureScheme.RsaPssRsaeSha256)]
    [DataRow(CaKeyKind.Rsa2048, SignatureScheme.RsaPssRsaeSha384)]
    [DataRow(CaKeyKind.Rsa2048, SignatureScheme.RsaPssRsaeSha512)]
    [DataRow(CaKeyKind.Rsa4096, SignatureScheme.RsaPkcs1Sha256)]
    [DataRow(CaKeyKind.Rsa4096, SignatureScheme.RsaPssRsaeSha256)]
    public void Every_scheme_signs_for_a_server_and_where_the_transcript_has_its_hash_for_a_client(CaKeyKind key, int scheme)
    {
        bool isRsa = key is CaKeyKind.Rsa2048 or CaKeyKind.Rsa4096;
        Func<EcdheExtensions, CipherSuite> small = isRsa ? EcdheSuites.RsaAes128GcmSha256 : EcdheSuites.EcdsaAes128Ccm8;
        Func<EcdheExtensions, CipherSuite> large = isRsa ? EcdheSuites.RsaAes256GcmSha384 : EcdheSuites.EcdsaAes256GcmSha384;
        Identity server = Self(key, Setup.Host);
        Identity client = Self(key, "client");
        CipherSuiteTable Suites()
        {
            // Both suites, so that the transcript has both hashes.
            EcdheExtensions extensions = new EcdheExtensions(GroupTable.All(), Setup.Schemes(scheme));
            return new CipherSuiteTable().Add(small(extensions)).Add(large(extensions));
        }

        bool canVerifyTranscript = SignatureScheme.HashOf(scheme) != CryptoAlgorithm.Sha512;
        DtlsOptions clientOptions = Setup.Client(Suites(), Setup.Store(client, server));
        DtlsOptions serverOptions = Setup.Server(Suites(), Setup.Store(server, client), canVerifyTranscript ? ClientCertificates.Require : ClientCertificates.Request);
        clientOptions.TranscriptBytes = 4096;
        serverOptions.TranscriptBytes = 4096;
        TestBed bed = new TestBed(clientOptions, serverOptions).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(scheme, Wire.SchemeOfServer(bed));

        // Where a request could name no scheme, there is none.
        Assert.AreEqual(canVerifyTranscript, Wire.Message(bed, false, HandshakeType.CertificateRequest) != null);
        Assert.AreEqual(canVerifyTranscript, bed.ServerAssociation!.PeerCertificates != null);
    }

    /// <summary>One who is trusted itself, so that nothing else was signed than the handshake.</summary>
    private static Identity Self(CaKeyKind key, string name)
    {
        return new Identity(TestCa.SelfSigned(Identity.Spec(key, name)));
    }

    private static int[] SchemesOf(SchemeTable table)
    {
        return Enumerable.Range(0, table.Count).Select(table.At).ToArray();
    }

    private static CipherSuiteTable Mixed(bool pskFirst)
    {
        CipherSuite psk = EcdheSuites.PskAes128Ccm8Sha256(Setup.Extensions);
        CipherSuite certificate = EcdheSuites.EcdsaAes128Ccm8(Setup.Extensions);
        return pskFirst ? new CipherSuiteTable().Add(psk).Add(certificate) : new CipherSuiteTable().Add(certificate).Add(psk);
    }
}

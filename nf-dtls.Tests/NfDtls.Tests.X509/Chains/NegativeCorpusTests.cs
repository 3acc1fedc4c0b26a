using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

/// <summary>One thing wrong a chain: its error, and the alert that goes with it.</summary>
[TestClass]
public class NegativeCorpusTests
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private static readonly IssuedCertificate Root = TestCa.SelfSigned(CertificateSpec.Authority("root"));

    [TestMethod]
    public void AnExpiredCertificateIsRefusedFromTheSecondAfterItsLast()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.NotAfter = CertificateSpec.Now;
        Bench bench = New();
        IssuedCertificate end = TestCa.Issue(Root, spec);
        Assert.AreEqual(DtlsError.None, bench.Verify(end));
        bench.Store.Clock = new FixedClock(CertificateSpec.Now.AddSeconds(1));
        AssertRefused(DtlsError.CertificateExpired, Alert.CertificateExpired, bench, end);
    }

    [TestMethod]
    public void ACertificateIsRefusedUntilTheSecondBeforeItsFirst()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.NotBefore = CertificateSpec.Now;
        Bench bench = New();
        IssuedCertificate end = TestCa.Issue(Root, spec);
        Assert.AreEqual(DtlsError.None, bench.Verify(end));
        bench.Store.Clock = new FixedClock(CertificateSpec.Now.AddSeconds(-1));
        AssertRefused(DtlsError.CertificateNotYetValid, Alert.CertificateExpired, bench, end);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void AnAuthorityMustBeValidToo(int which)
    {
        CertificateSpec[] specs = [CertificateSpec.Authority("root"), CertificateSpec.Authority("middle")];
        specs[which].NotAfter = CertificateSpec.Now.AddDays(-1);
        IssuedCertificate root = TestCa.SelfSigned(specs[0]);
        IssuedCertificate middle = TestCa.Issue(root, specs[1]);
        var bench = new Bench();
        bench.Trust(root);
        AssertRefused(DtlsError.CertificateExpired, Alert.CertificateExpired, bench, TestCa.Issue(middle, CertificateSpec.End(Bench.Host)), middle);
    }

    [TestMethod]
    public void ACertificateOfAnotherAuthorityIsRefused()
    {
        IssuedCertificate other = TestCa.SelfSigned(CertificateSpec.Authority("other"));
        IssuedCertificate end = TestCa.Issue(other, CertificateSpec.End(Bench.Host));
        AssertRefused(DtlsError.UnknownCa, Alert.UnknownCa, New(), end);
        AssertRefused(DtlsError.UnknownCa, Alert.UnknownCa, New(), end, other);
        AssertRefused(DtlsError.UnknownCa, Alert.UnknownCa, new Bench(), end, other);
    }

    [TestMethod]
    public void ASelfSignedCertificateThatIsNotTrustedIsRefused()
    {
        IssuedCertificate end = TestCa.SelfSigned(CertificateSpec.End(Bench.Host));
        AssertRefused(DtlsError.UnknownCa, Alert.UnknownCa, New(), end);
    }

    [TestMethod]
    public void AnAuthorityOfTheSameNameWithAnotherKeyIsRefused()
    {
        CertificateSpec spec = CertificateSpec.Authority("root");
        spec.WithKeyIdentifiers = false;
        IssuedCertificate impostor = TestCa.SelfSigned(spec);
        CertificateSpec end = CertificateSpec.End(Bench.Host);
        end.WithKeyIdentifiers = false;
        AssertRefused(DtlsError.BadCertificate, Alert.BadCertificate, New(), TestCa.Issue(impostor, end));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(false)]
    public void AnIntermediateThatIsNoAuthorityIsRefused(bool? isAuthority)
    {
        CertificateSpec spec = CertificateSpec.Authority("middle");
        spec.IsAuthority = isAuthority;
        AssertRefusedBehind(DtlsError.CertificateNotAuthority, Alert.UnknownCa, spec);
    }

    [TestMethod]
    public void AnIntermediateOfVersionOneIsRefusedButARootOfVersionOneIsTrusted()
    {
        CertificateSpec spec = CertificateSpec.Authority("middle");
        spec.Version = 1;
        AssertRefusedBehind(DtlsError.CertificateNotAuthority, Alert.UnknownCa, spec);

        IssuedCertificate root = TestCa.SelfSigned(spec);
        var bench = new Bench();
        bench.Trust(root);
        Assert.AreEqual(DtlsError.None, bench.Verify(TestCa.Issue(root, CertificateSpec.End(Bench.Host))));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void AnEndOfAnOlderVersionIsRefusedEvenWhereItIsTrustedOrPinned(int version)
    {
        // RFC 5246 section 7.4.2. Without extensions it has no names either, so these must not be the reason.
        foreach (bool ofServer in new[] { true, false })
        {
            Bench bench = New();
            bench.OfServer = ofServer;
            bench.NameCheck = NameCheck.None;
            IssuedCertificate end = TestCa.Issue(Root, new CertificateSpec { Version = version });
            AssertRefused(DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, bench, end);
            bench.Trust(end);
            AssertRefused(DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, bench, end);
            bench.Store.AddPin(System.Security.Cryptography.SHA256.HashData(end.Der));
            AssertRefused(DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, bench, end);
        }
    }

    [TestMethod]
    [DataRow("2.5.29.33", true)]
    [DataRow("2.5.29.54", true)]
    [DataRow("2.5.29.36", false)]
    [DataRow("2.5.29.31", false)]
    public void CriticalExtensionsThatSayNothingWhereAnyPolicyWillDoAreAccepted(string oid, bool isAccepted)
    {
        CertificateSpec authority = CertificateSpec.Authority("middle");
        authority.Extensions.Add((oid, true, oid == "2.5.29.54" ? [2, 1, 0] : [0x30, 0]));
        IssuedCertificate middle = TestCa.Issue(Root, authority);
        AssertOutcome(
            isAccepted, DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, New(), TestCa.Issue(middle, CertificateSpec.End(Bench.Host)), middle);
    }

    [TestMethod]
    public void ATrustedCertificateThatIsNoAuthoritySignsNothing()
    {
        IssuedCertificate trusted = TestCa.SelfSigned(CertificateSpec.End("other.example.com"));
        var bench = new Bench();
        bench.Trust(trusted);
        AssertRefused(DtlsError.CertificateNotAuthority, Alert.UnknownCa, bench, TestCa.Issue(trusted, CertificateSpec.End(Bench.Host)));
    }

    [TestMethod]
    [DataRow(0, 1, true)]
    [DataRow(0, 0, false)]
    [DataRow(1, 2, true)]
    [DataRow(1, 1, false)]
    public void APathLongerThanItsLengthIsRefused(int length, int authoritiesBelow, bool isRefused)
    {
        CertificateSpec spec = CertificateSpec.Authority("root of few");
        spec.PathLength = length;
        IssuedCertificate root = TestCa.SelfSigned(spec);
        List<IssuedCertificate> chain = [];
        IssuedCertificate issuer = root;
        for (int i = 0; i < authoritiesBelow; i++)
        {
            issuer = TestCa.Issue(issuer, CertificateSpec.Authority("authority " + i));
            chain.Insert(0, issuer);
        }

        chain.Insert(0, TestCa.Issue(issuer, CertificateSpec.End(Bench.Host)));
        var bench = new Bench();
        bench.Trust(root);
        if (isRefused)
        {
            AssertRefused(DtlsError.CertificateNotAuthority, Alert.UnknownCa, bench, [.. chain]);
        }
        else
        {
            Assert.AreEqual(DtlsError.None, bench.Verify([.. chain]));
        }
    }

    [TestMethod]
    public void ASelfIssuedAuthorityDoesNotCountAgainstThePathLength()
    {
        CertificateSpec first = CertificateSpec.Authority("rolling");
        first.PathLength = 0;
        IssuedCertificate old = TestCa.SelfSigned(first);
        IssuedCertificate renewed = TestCa.Issue(old, CertificateSpec.Authority("rolling"));
        var bench = new Bench();
        bench.Trust(old);
        Assert.AreEqual(DtlsError.None, bench.Verify(TestCa.Issue(renewed, CertificateSpec.End(Bench.Host)), renewed));
    }

    [TestMethod]
    public void AnAuthorityThatMayNotSignCertificatesIsRefused()
    {
        CertificateSpec spec = CertificateSpec.Authority("middle");
        spec.KeyUsage = 0x82;
        AssertRefusedBehind(DtlsError.CertificatePurpose, Alert.UnsupportedCertificate, spec);
    }

    [TestMethod]
    public void AnAuthorityForAnotherPurposeIsRefused()
    {
        CertificateSpec spec = CertificateSpec.Authority("middle");
        spec.Purposes = [ClientAuth];
        AssertRefusedBehind(DtlsError.CertificatePurpose, Alert.UnsupportedCertificate, spec);
    }

    [TestMethod]
    [DataRow((byte)0x80, true, true)]
    [DataRow((byte)0x20, true, true)]
    [DataRow((byte)0x08, true, true)]
    [DataRow((byte)0x44, true, false)]
    [DataRow((byte)0x80, false, true)]
    [DataRow((byte)0x20, false, false)]
    [DataRow((byte)0x08, false, false)]
    public void TheKeyUsageMustFitTheRole(byte usage, bool ofServer, bool isAccepted)
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.KeyUsage = usage;
        Bench bench = New();
        bench.OfServer = ofServer;
        AssertOutcome(isAccepted, DtlsError.CertificatePurpose, Alert.UnsupportedCertificate, bench, TestCa.Issue(Root, spec));
    }

    [TestMethod]
    [DataRow(ServerAuth, true, true)]
    [DataRow(ClientAuth, true, false)]
    [DataRow("1.3.6.1.5.5.7.3.3", true, false)]
    [DataRow("2.5.29.37.0", true, true)]
    [DataRow(ClientAuth, false, true)]
    [DataRow(ServerAuth, false, false)]
    [DataRow("2.5.29.37.0", false, true)]
    public void TheExtendedKeyUsageMustFitTheRole(string purpose, bool ofServer, bool isAccepted)
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Purposes = ["1.3.6.1.5.5.7.3.4", purpose];
        Bench bench = New();
        bench.OfServer = ofServer;
        AssertOutcome(isAccepted, DtlsError.CertificatePurpose, Alert.UnsupportedCertificate, bench, TestCa.Issue(Root, spec));
    }

    [TestMethod]
    [DataRow("1.2.3.4", true, false)]
    [DataRow("1.2.3.4", false, true)]
    [DataRow("2.5.29.36", true, false)]
    [DataRow("2.5.29.32", true, true)]
    public void AnUnknownCriticalExtensionIsRefused(string oid, bool isCritical, bool isAccepted)
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Extensions.Add((oid, isCritical, [0x30, 0x00]));
        AssertOutcome(isAccepted, DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, New(), TestCa.Issue(Root, spec));
        CertificateSpec authority = CertificateSpec.Authority("middle");
        authority.Extensions.Add((oid, isCritical, [0x30, 0x00]));
        IssuedCertificate middle = TestCa.Issue(Root, authority);
        AssertOutcome(
            isAccepted, DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, New(), TestCa.Issue(middle, CertificateSpec.End(Bench.Host)), middle);
    }

    [TestMethod]
    public void ARepeatedExtensionIsMalformed()
    {
        foreach (string oid in new[] { "1.2.3.4", "2.5.29.15" })
        {
            CertificateSpec spec = CertificateSpec.End(Bench.Host);
            byte[] value = [0x03, 0x02, 0x07, 0x80];
            spec.Extensions.Add((oid, false, value));
            spec.Extensions.Add(("1.2.3.5", false, value));
            spec.Extensions.Add((oid, false, value));
            AssertRefused(DtlsError.BadCertificate, Alert.BadCertificate, New(), TestCa.Issue(Root, spec));
        }
    }

    [TestMethod]
    public void ABadSignatureIsRefused()
    {
        IssuedCertificate end = TestCa.Issue(Root, CertificateSpec.End(Bench.Host));
        byte[] der = (byte[])end.Der.Clone();
        int host = der.AsSpan().IndexOf("device.example"u8);
        der[host] = (byte)'e';   // a signed byte: now it is evice's
        Bench bench = New();
        bench.Name = "e" + Bench.Host[1..];
        Assert.AreEqual(DtlsError.BadCertificate, bench.VerifyDer(der));
        bench.Name = Bench.Host;
        der = (byte[])end.Der.Clone();
        der[^1] ^= 1;
        Assert.AreEqual(DtlsError.BadCertificate, bench.VerifyDer(der));
        Assert.AreEqual(Alert.BadCertificate, AlertTable.AlertFor(DtlsError.BadCertificate));
    }

    [TestMethod]
    public void AWeakRsaKeyIsRefusedAnywhere()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.KeyKind = CaKeyKind.Rsa1024;
        AssertRefused(DtlsError.CertificateTooWeak, Alert.BadCertificate, New(), TestCa.Issue(Root, spec));
        AssertRefusedBehind(DtlsError.CertificateTooWeak, Alert.BadCertificate, CertificateSpec.Authority("middle", CaKeyKind.Rsa1024));
        IssuedCertificate weak = TestCa.SelfSigned(CertificateSpec.Authority("weak", CaKeyKind.Rsa1024));
        Assert.ThrowsExactly<ArgumentException>(() => new Bench().Trust(weak));
    }

    [TestMethod]
    [DataRow(CaKeyKind.Rsa2048, "SHA1WITHRSA")]
    [DataRow(CaKeyKind.Rsa2048, "MD5WITHRSA")]
    [DataRow(CaKeyKind.Rsa2048, "MD2WITHRSA")]
    [DataRow(CaKeyKind.Rsa2048, "SHA1WITHRSAANDMGF1")]
    [DataRow(CaKeyKind.P256, "SHA1WITHECDSA")]
    public void ASignatureWithAWeakHashIsRefusedButForTheTrustedOnesOwn(CaKeyKind kind, string algorithm)
    {
        CertificateSpec authority = CertificateSpec.Authority("old root", kind);
        authority.Algorithm = algorithm;
        IssuedCertificate root = TestCa.SelfSigned(authority);
        var bench = new Bench();
        bench.Trust(root);
        Assert.AreEqual(DtlsError.None, bench.Verify(TestCa.Issue(root, CertificateSpec.End(Bench.Host)), root));

        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Algorithm = algorithm;
        AssertRefused(DtlsError.CertificateTooWeak, Alert.BadCertificate, bench, TestCa.Issue(root, spec));
    }

    [TestMethod]
    public void WhatThePeerSendsIsSignedByWhatItWasOffered()
    {
        CertificateSpec authority = CertificateSpec.Authority("middle");
        authority.Algorithm = "SHA384WITHECDSA";
        IssuedCertificate middle = TestCa.Issue(Root, authority);
        IssuedCertificate end = TestCa.Issue(middle, CertificateSpec.End(Bench.Host));
        Bench bench = New();
        foreach (int[]? enough in new int[]?[] { null, [SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp256r1Sha256] })
        {
            bench.Offered = enough;
            Assert.AreEqual(DtlsError.None, bench.Verify(end, middle));
        }

        foreach (int[] tooFew in new int[][] { [SignatureScheme.EcdsaSecp384r1Sha384], [SignatureScheme.EcdsaSecp256r1Sha256], [] })
        {
            bench.Offered = tooFew;
            AssertRefused(DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, bench, end, middle);
        }

        // What the store has was not sent.
        bench.Offered = [SignatureScheme.EcdsaSecp256r1Sha256];
        bench.Store.AddIntermediate(new DtlsCertificate(middle.Der));
        Assert.AreEqual(DtlsError.None, bench.Verify(end));
    }

    [TestMethod]
    [DataRow(CaKeyKind.Rsa2048, "SHA224WITHRSA")]
    [DataRow(CaKeyKind.Rsa2048, "SHA224WITHRSAANDMGF1")]
    [DataRow(CaKeyKind.P256, "SHA224WITHECDSA")]
    public void AnUnknownSignatureAlgorithmIsRefused(CaKeyKind kind, string algorithm)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root", kind));
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Algorithm = algorithm;
        var bench = new Bench();
        bench.Trust(root);
        AssertRefused(DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, bench, TestCa.Issue(root, spec));
    }

    [TestMethod]
    public void AnUnknownCurveIsRefused()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.KeyKind = CaKeyKind.Secp256k1;
        AssertRefused(DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, New(), TestCa.Issue(Root, spec));
    }

    [TestMethod]
    public void AnAlgorithmThatTheProviderLacksIsUnsupported()
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root", CaKeyKind.Ed25519));
        var bench = new Bench(new NfDtls.Crypto.Host.HostProvider());
        bench.Trust(root);
        AssertRefused(DtlsError.UnsupportedCertificate, Alert.UnsupportedCertificate, bench, TestCa.Issue(root, CertificateSpec.End(Bench.Host)));
    }

    [TestMethod]
    public void NoCertificateAtAllIsMissing()
    {
        Assert.AreEqual(DtlsError.CertificateMissing, New().VerifyDer());
        Assert.AreEqual(Alert.HandshakeFailure, AlertTable.AlertFor(DtlsError.CertificateMissing));
    }

    [TestMethod]
    public void MoreCertificatesThanAllowedAreTooLarge()
    {
        IssuedCertificate[] chain = TestCa.Chain(4, CertificateSpec.End(Bench.Host));
        var bench = new Bench { MaxChainLength = 3 };
        bench.Trust(chain[^1]);
        AssertRefused(DtlsError.CertificateChainTooLarge, Alert.BadCertificate, bench, chain);
        Assert.AreEqual(DtlsError.None, bench.Verify(chain[..3]));
        bench.MaxChainLength = 2;
        bench.Store.AddIntermediate(new DtlsCertificate(chain[2].Der));
        AssertRefused(DtlsError.CertificateChainTooLarge, Alert.BadCertificate, bench, chain[..2]);
    }

    private static Bench New()
    {
        var bench = new Bench();
        bench.Trust(Root);
        return bench;
    }

    private static void AssertRefusedBehind(DtlsError error, int alert, CertificateSpec intermediate)
    {
        IssuedCertificate middle = TestCa.Issue(Root, intermediate);
        AssertRefused(error, alert, New(), TestCa.Issue(middle, CertificateSpec.End(Bench.Host)), middle);
    }

    private static void AssertOutcome(bool isAccepted, DtlsError error, int alert, Bench bench, params IssuedCertificate[] chain)
    {
        if (isAccepted)
        {
            Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        }
        else
        {
            AssertRefused(error, alert, bench, chain);
        }
    }

    private static void AssertRefused(DtlsError error, int alert, Bench bench, params IssuedCertificate[] chain)
    {
        Assert.AreEqual(error, bench.Verify(chain));
        Assert.AreEqual(alert, AlertTable.AlertFor(error));
        Assert.IsNull(bench.Verifier.Anchor);
        Assert.AreEqual(0, bench.Verifier.Count);
    }
}

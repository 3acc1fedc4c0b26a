using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Robustness;

/// <summary>A million changed certificates, lists, keys and chains: no exception escapes, and nothing changed is let in.</summary>
[TestClass]
public class MutationTests
{
    private const int Certificates = 600_000;
    private const int Lists = 150_000;
    private const int Keys = 100_000;
    private const int Chains = 150_000;

    /// <summary>One with every kind of name and of subtree.</summary>
    private static readonly DtlsCertificate s_middle = new(Constrained().Der);

    [TestMethod]
    public void NoCertificateMakesTheReaderThrow()
    {
        byte[][] good =
        [
            TestCa.Chain(2, Rich(CaKeyKind.P256))[0].Der, TestCa.Chain(2, Rich(CaKeyKind.Rsa2048))[0].Der, TestCa.Chain(2, Rich(CaKeyKind.Ed25519))[0].Der,
            Constrained().Der, TestCa.SelfSigned(new CertificateSpec { Version = 1 }).Der, Pss(),
        ];
        var read = new DtlsCertificate();
        int accepted = 0;
        ForEach(Certificates, good, (bytes, length) =>
        {
            if (read.Read(bytes, 0, length) == DtlsError.None)
            {
                accepted++;
                Use(read);
            }
        });
        // Most changes fall into signatures, keys and names, where a reader need not see them.
        Assert.IsTrue(accepted > Certificates / 20 && accepted < Certificates * 9 / 10, accepted.ToString());
    }

    [TestMethod]
    public void ListsMakeTheirReaderThrowArgumentExceptionsAndNoOthers()
    {
        IssuedCertificate[] chain = TestCa.Chain(2, CertificateSpec.End(Bench.Host));
        byte[] several = TestCa.Crl(chain[1], [[1], [2, 3], chain[0].Serial], CertificateSpec.Now, CertificateSpec.Now.AddDays(7));
        byte[] none = TestCa.Crl(chain[1], [], CertificateSpec.Now, null);
        var certificate = new DtlsCertificate(chain[0].Der);
        int accepted = 0;
        ForEach(Lists, [several, none], (bytes, length) =>
        {
            try
            {
                var list = new RevocationList(bytes[..length]);
                accepted++;
                int turns = 1000;
                list.IsAbout(certificate, ref turns);
                list.Search(certificate, list.FirstEntry, ref turns);
            }
            catch (ArgumentException)
            {
            }
        });
        Assert.IsTrue(accepted > Lists / 100, accepted.ToString());
    }

    [TestMethod]
    public void KeysMakeTheirReaderThrowArgumentExceptionsAndNoOthers()
    {
        CaKey[] keys = [new(CaKeyKind.P256), new(CaKeyKind.Rsa2048), new(CaKeyKind.Ed25519)];
        byte[] pem = System.Text.Encoding.ASCII.GetBytes(System.Security.Cryptography.PemEncoding.WriteString("PRIVATE KEY", keys[0].Pkcs8));
        byte[][] good = [keys[0].Pkcs8, keys[0].Traditional, keys[1].Pkcs8, keys[1].Traditional, keys[2].Pkcs8, pem];
        int accepted = 0;
        ForEach(Keys, good, (bytes, length) =>
        {
            try
            {
                StoredPrivateKey key = PrivateKeyReader.Read(bytes[..length]);
                accepted++;
                Assert.IsTrue(key.OffsetOf(0) + key.CountOf(0) <= key.Buffer.Length);
            }
            catch (ArgumentException)
            {
            }
        });
        Assert.IsTrue(accepted > Keys / 100, accepted.ToString());
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256, Chains * 2 / 3)]
    [DataRow(CaKeyKind.Rsa2048, Chains / 3)]
    public void NoChangedChainIsLetIn(CaKeyKind kind, int count)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        IssuedCertificate middle = TestCa.Issue(root, CertificateSpec.Authority("middle", kind));
        IssuedCertificate end = TestCa.Issue(middle, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(root);
        bench.Store.AddCrl(TestCa.Crl(middle, [[1]], CertificateSpec.Now, null));
        Assert.AreEqual(DtlsError.None, bench.Verify(end, middle));
        byte[] list = Bench.List([end.Der, middle.Der]);
        var outcomes = new Dictionary<DtlsError, int>();
        ForEach(count, [list], (bytes, length) =>
        {
            DtlsError error = bench.Run(bytes, 0, length, 1000);
            outcomes[error] = outcomes.GetValueOrDefault(error) + 1;
            if (error == DtlsError.None)
            {
                Assert.IsTrue(bytes.AsSpan(0, length).SequenceEqual(list), "a changed chain was let in");
            }
        });
        foreach (DtlsError expected in new[] { DtlsError.BadCertificate, DtlsError.DecodeError, DtlsError.UnknownCa, DtlsError.CertificateNameMismatch })
        {
            Assert.IsTrue(outcomes.ContainsKey(expected), expected.ToString());
        }
    }

    [TestMethod]
    public void NoChangedKeyOfAnIssuerMakesAVerificationThrow()
    {
        // Changes are to the issuer's key alone, so that each one is used.
        foreach (CaKeyKind kind in new[] { CaKeyKind.P256, CaKeyKind.P384, CaKeyKind.Rsa2048, CaKeyKind.Ed25519 })
        {
            IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root", kind));
            IssuedCertificate end = TestCa.Issue(root, CertificateSpec.End(Bench.Host));
            byte[] der = (byte[])root.Der.Clone();
            PublicKey key = new DtlsCertificate(der).PublicKey;
            var random = new Random(5280);
            for (int i = 0; i < 300; i++)
            {
                root.Der.CopyTo(der, 0);
                der[key.Offset + random.Next(kind == CaKeyKind.Rsa2048 ? 0 : 1, key.Count - 1)] ^= (byte)(1 << random.Next(7));
                var bench = new Bench();
                bench.Store.AddTrusted(new DtlsCertificate(der));
                Assert.AreEqual(DtlsError.BadCertificate, bench.Verify(end), Convert.ToHexString(der));
            }
        }
    }

    private static void ForEach(int count, byte[][] good, Action<byte[], int> action)
    {
        byte[][] scratch = [.. good.Select(bytes => new byte[2 * bytes.Length])];
        var mutator = new Mutator(20260615);
        for (int i = 0; i < count; i++)
        {
            int which = i % good.Length;
            int length = mutator.Mutate(good[which], scratch[which]);
            try
            {
                action(scratch[which], length);
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i} of {which}: {e.GetType()}: {e.Message}: {Convert.ToHexString(scratch[which], 0, length)}");
            }
        }
    }

    /// <summary>Everything that looks into the certificate's bytes again.</summary>
    private static void Use(DtlsCertificate certificate)
    {
        int turns = int.MaxValue;
        _ = certificate.CommonName;
        certificate.AltNameAt(AltNameKind.Dns, 0);
        certificate.AltNameAt(AltNameKind.Ip, 0);
        NameMatcher.Matches(certificate, Bench.Host, true);
        NameMatcher.Matches(certificate, "10.0.0.1", true);
        certificate.NamesAsIssuer(certificate, ref turns);
        certificate.IsSameSubject(certificate, ref turns);
        DirectoryName.AreEqual(
            certificate.Buffer, certificate.SubjectOffset, certificate.SubjectCount, s_middle.Buffer, s_middle.SubjectOffset, s_middle.SubjectCount, ref turns);
        foreach (DtlsCertificate[] path in new DtlsCertificate[][] { [s_middle, certificate], [certificate, s_middle] })
        {
            var chain = new VerifiedChain(2);
            chain.Push(path[0]);
            chain.Push(path[1]);
            var check = new ConstraintCheck(chain);
            check.Begin(true);
            Assert.IsTrue(check.Step(ref turns, out _));
        }

        Assert.IsTrue(certificate.PublicKey.Kind == 0 || certificate.PublicKey.Offset + certificate.PublicKey.Count <= certificate.Count);
    }

    private static CertificateSpec Rich(CaKeyKind kind)
    {
        return new CertificateSpec
        {
            KeyKind = kind, KeyUsage = 0xA0, Purposes = ["1.3.6.1.5.5.7.3.1"], DnsNames = [Bench.Host, "*.example.org"], IpAddresses = ["10.0.0.1"],
            Uris = ["coaps://x"], Extensions = [("1.2.3", false, [5, 0])],
        };
    }

    private static IssuedCertificate Constrained()
    {
        CertificateSpec spec = CertificateSpec.Authority("constrained");
        spec.PathLength = 2;
        spec.DnsNames = ["a.example.com"];
        spec.Uris = ["coaps://user@a.example.com:5684/x?y"];
        spec.Extensions.Add(("2.5.29.30", true, TestCa.NameConstraints(
            [(2, "example.com"u8.ToArray()), (4, TestCa.Name("constrained")), (1, "example.com"u8.ToArray()), (6, ".example.com"u8.ToArray())],
            [(7, [10, 0, 0, 0, 255, 0, 0, 0]), (2, "x.example.com"u8.ToArray()), (4, TestCa.Name("other")), (1, "a@example.com"u8.ToArray())])));
        spec.Extensions.Add(("2.5.29.32", false, TestCa.Value(writer => writer.PushSequence().Dispose())));
        return TestCa.SelfSigned(spec);
    }

    private static byte[] Pss()
    {
        CertificateSpec spec = CertificateSpec.Authority("pss", CaKeyKind.Rsa2048);
        spec.Algorithm = "SHA256WITHRSAANDMGF1";
        return TestCa.SelfSigned(spec).Der;
    }
}

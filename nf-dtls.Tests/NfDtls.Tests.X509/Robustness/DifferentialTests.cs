using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;

namespace NfDtls.Tests.X509.Robustness;

/// <summary>The same chains shown to .NET's verification (over OpenSSL's) and to ours, where the rules agree.</summary>
[TestClass]
public class DifferentialTests
{
    private const int Count = 400;

    [TestMethod]
    public void DotNetAcceptsAndRefusesTheSameChains()
    {
        var random = new Random(7925);
        int accepted = 0;
        for (int i = 0; i < Count; i++)
        {
            IssuedCertificate[] chain = Generate(random, out string what);
            bool theirs = AskDotNet(chain);
            var bench = new Bench { NameCheck = NameCheck.None };
            bench.Trust(chain[^1]);
            DtlsError ours = bench.Verify([chain[0], .. chain[1..^1].OrderBy(_ => random.Next())]);
            Assert.AreEqual(theirs, ours == DtlsError.None, $"chain {i} ({what}): {ours}");
            accepted += theirs ? 1 : 0;
        }

        Console.WriteLine($"{Count} chains compared, {accepted} accepted by both");
        Assert.IsTrue(accepted > Count / 5 && accepted < Count * 4 / 5, accepted.ToString());
    }

    private static IssuedCertificate[] Generate(Random random, out string what)
    {
        List<string> faults = [];
        int depth = 2 + random.Next(3);
        CaKeyKind[] kinds = [CaKeyKind.P256, CaKeyKind.P384, CaKeyKind.Rsa2048];
        IssuedCertificate? issuer = null;
        List<IssuedCertificate> chain = [];
        for (int level = depth - 1; level >= 0; level--)
        {
            CaKeyKind kind = kinds[random.Next(kinds.Length)];
            CertificateSpec spec = level > 0 ? CertificateSpec.Authority("level " + level, kind) : CertificateSpec.End(Bench.Host);
            spec.KeyKind = kind;
            if (level > 0 && random.Next(4) == 0)
            {
                spec.PathLength = random.Next(3);
                faults.Add($"path length {spec.PathLength} at {level}");
            }

            // OpenSSL and .NET differ from each other, and from RFC 5280, about faults of the root; leave it whole.
            if (level < depth - 1 && random.Next(4) == 0)
            {
                faults.Add(Spoil(random, spec, level));
            }

            issuer = issuer == null ? TestCa.SelfSigned(spec) : TestCa.Issue(random.Next(25) == 0 ? Impostor(issuer, faults) : issuer, spec);
            chain.Insert(0, issuer);
        }

        what = $"depth {depth}, " + string.Join(", ", faults);
        return [.. chain];
    }

    private static string Spoil(Random random, CertificateSpec spec, int level)
    {
        switch (random.Next(8))
        {
            case 0:
                spec.NotAfter = CertificateSpec.Now.AddDays(-1);
                return $"expired at {level}";
            case 1:
                spec.NotBefore = CertificateSpec.Now.AddDays(1);
                return $"not yet valid at {level}";
            case 2:
                spec.IsAuthority = level == 0 ? null : false;
                return $"no authority at {level}";
            case 3:
                spec.KeyUsage = level == 0 ? (byte)0x80 : (byte)0x82;
                return $"key usage at {level}";
            case 4:
                spec.Purposes = ["1.3.6.1.5.5.7.3.2"];
                return $"other purpose at {level}";
            case 5:
                spec.Purposes = ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"];
                return $"both purposes at {level}";
            case 6:
                spec.Extensions.Add(("1.2.3.4", random.Next(2) == 0, [5, 0]));
                return $"unknown extension at {level}";
            default:
                if (level > 0)
                {
                    string domain = random.Next(2) == 0 ? "example.com" : "example.org";
                    bool isPermitted = random.Next(2) == 0;
                    (int, byte[])[] subtree = [(2, System.Text.Encoding.ASCII.GetBytes(domain))];
                    spec.Extensions.Add(("2.5.29.30", true, isPermitted ? TestCa.NameConstraints(subtree, []) : TestCa.NameConstraints([], subtree)));
                    return $"{(isPermitted ? "only" : "not")} {domain} at {level}";
                }

                return "nothing";
        }
    }

    /// <summary>An issuer of the same name and key identifier with another key: the signature will not verify.</summary>
    private static IssuedCertificate Impostor(IssuedCertificate issuer, List<string> faults)
    {
        faults.Add("wrong signature");
        return new IssuedCertificate(issuer.Der, new CaKey(CaKeyKind.P256), issuer.Subject, issuer.Spec, issuer.Serial);
    }

    private static bool AskDotNet(IssuedCertificate[] certificates)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = CertificateSpec.Now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(certificates[^1].Der));
        foreach (IssuedCertificate certificate in certificates[1..^1])
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(certificate.Der));
        }

        using X509Certificate2 end = X509CertificateLoader.LoadCertificate(certificates[0].Der);
        return chain.Build(end);
    }
}

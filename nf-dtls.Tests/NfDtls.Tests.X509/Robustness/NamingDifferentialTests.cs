using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.X509.Chains;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Robustness;

/// <summary>Names written in several ways, and constraints of names, shown to .NET's verification (over OpenSSL's) and to ours.</summary>
[TestClass]
public class NamingDifferentialTests
{
    private const int Chains = 250;

    // .NET refuses some other strings before OpenSSL sees them.
    private static readonly int[] Types = [0x0C, 0x13, 0x14, 0x16, 0x1E];
    private static readonly string[] Words = ["Lab", "LAB", "lab", "Lab CA", "Lab  CA", " Lab CA", "Lab CA ", "LabCA", "Fab", "Lab-CA"];
    private static readonly string[] Kinds = ["2.5.4.10", "2.5.4.11", "2.5.4.3"];

    [TestMethod]
    public void DotNetFindsTheSameIssuers()
    {
        var random = new Random(5280);
        int found = 0;
        for (int i = 0; i < Chains; i++)
        {
            // The issuer's name is the authority's, written anew with some changes.
            (string Kind, string Word)[][] name = Name(random);
            CertificateSpec authority = CertificateSpec.Authority("x");
            authority.Subject = Write(name, random);
            CertificateSpec end = CertificateSpec.End(Bench.Host);
            end.Issuer = Write(Change(name, random), random);
            end.WithKeyIdentifiers = random.Next(2) == 0;
            IssuedCertificate root = TestCa.SelfSigned(authority);
            IssuedCertificate leaf = TestCa.Issue(root, end);
            found += AssertSame(root, leaf, Text(name)) ? 1 : 0;
        }

        Console.WriteLine($"{Chains} pairs of names compared, {found} equal for both");
        Assert.IsTrue(found > Chains / 10 && found < Chains * 9 / 10, found.ToString());
    }

    [TestMethod]
    public void DotNetAllowsTheSameNames()
    {
        var random = new Random(4210);
        int allowed = 0;
        for (int i = 0; i < Chains; i++)
        {
            int[] forms = [1, 2, 4, 6];
            int form = forms[random.Next(forms.Length)];
            CertificateSpec authority = CertificateSpec.Authority("root");
            (int, byte[])[] subtrees = [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => (form, Subtree(form, random)))];
            bool isPermitted = random.Next(2) == 0;
            authority.Extensions.Add(("2.5.29.30", true, isPermitted ? TestCa.NameConstraints(subtrees, []) : TestCa.NameConstraints([], subtrees)));
            CertificateSpec end = CertificateSpec.End();
            List<byte> names = [.. TestCa.Tagged(0x82, Encoding.ASCII.GetBytes(Bench.Host))];
            if (form == 4)
            {
                end.Subject = Write([[("2.5.4.10", Words[random.Next(Words.Length)])], [("2.5.4.3", "x")]], random);
            }
            else
            {
                names.AddRange(TestCa.Tagged(0x80 + form, Encoding.ASCII.GetBytes(Presented(form, random))));
            }

            end.Extensions.Add(("2.5.29.17", false, TestCa.Tagged(0x30, [.. names])));
            IssuedCertificate root = TestCa.SelfSigned(authority);
            allowed += AssertSame(root, TestCa.Issue(root, end), $"form {form}, {(isPermitted ? "permitted" : "excluded")}") ? 1 : 0;
        }

        Console.WriteLine($"{Chains} names compared with constraints, {allowed} allowed by both");
        Assert.IsTrue(allowed > Chains / 10 && allowed < Chains * 9 / 10, allowed.ToString());
    }

    private static string Presented(int form, Random random)
    {
        string[] hosts = ["example.com", "a.example.com", "A.B.example.COM", "badexample.com", "example.org"];
        string host = hosts[random.Next(hosts.Length)];
        return form switch
        {
            1 => (random.Next(2) == 0 ? "me@" : "You@") + host,
            6 => "coaps://" + (random.Next(3) == 0 ? "u@" : "") + host + (random.Next(2) == 0 ? ":5684" : "") + "/x",
            _ => host,
        };
    }

    private static byte[] Subtree(int form, Random random)
    {
        string[] texts = form switch
        {
            1 => ["example.com", ".example.com", "me@example.com", "EXAMPLE.com", "a.example.com"],
            6 => ["example.com", ".example.com", "a.example.com", ".b.EXAMPLE.com"],
            _ => ["example.com", "a.example.com", ".example.com", "EXAMPLE.com", "com"],
        };
        return form == 4 ? Write([[("2.5.4.10", Words[random.Next(Words.Length)])]], random) : Encoding.ASCII.GetBytes(texts[random.Next(texts.Length)]);
    }

    private static (string Kind, string Word)[][] Name(Random random)
    {
        return [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ =>
            Kinds.OrderBy(_ => random.Next()).Take(1 + (random.Next(4) == 0 ? 1 : 0)).Select(kind => (kind, Words[random.Next(Words.Length)])).ToArray())];
    }

    private static (string Kind, string Word)[][] Change((string Kind, string Word)[][] name, Random random)
    {
        (string Kind, string Word)[][] changed = [.. name.Select(set => set.ToArray())];
        switch (random.Next(5))
        {
            case 0:
                (string Kind, string Word)[] set = changed[random.Next(changed.Length)];
                set[0] = (set[0].Kind, Words[random.Next(Words.Length)]);
                break;
            case 1:
                set = changed[random.Next(changed.Length)];
                set[0] = (set[0].Kind, set[0].Word.ToUpperInvariant() + " ");
                break;
            case 2:
                Array.Reverse(changed);
                break;
        }

        return changed;
    }

    private static byte[] Write((string Kind, string Word)[][] name, Random random)
    {
        return TestCa.Name([.. name.Select(set => set.Select(attribute => (attribute.Kind, NameComparisonTests.Text(Types[random.Next(Types.Length)], attribute.Word))).ToArray())]);
    }

    private static string Text((string Kind, string Word)[][] name)
    {
        return string.Join('/', name.Select(set => string.Join('+', set.Select(attribute => attribute.Kind + "=" + attribute.Word))));
    }

    /// <summary>Whether both let the leaf in that the root issued.</summary>
    private static bool AssertSame(IssuedCertificate root, IssuedCertificate leaf, string what)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = CertificateSpec.Now.UtcDateTime;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root.Der));
        using X509Certificate2 end = X509CertificateLoader.LoadCertificate(leaf.Der);
        bool theirs = chain.Build(end);
        var bench = new Bench { NameCheck = NameCheck.None };
        bench.Trust(root);
        DtlsError ours = bench.Verify(leaf);
        Assert.AreEqual(theirs, ours == DtlsError.None, $"{what}: {ours}, {string.Join(' ', chain.ChainStatus.Select(status => status.Status))}: {Convert.ToHexString(leaf.Der)} {Convert.ToHexString(root.Der)}");
        return theirs;
    }
}

using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Store;

/// <summary>What the choice among several local certificates goes by.</summary>
[TestClass]
public class LocalCertificateTests
{
    private readonly IssuedCertificate[] _chain = TestCa.Chain(4, CertificateSpec.End("a.example.com", "*.b.example.com"));

    [TestMethod]
    public void ItKnowsWhatIsSentAndHowLongThatIs()
    {
        LocalCertificate local = Add();
        Assert.AreEqual(3, local.Count);
        Assert.AreSame(local.Certificate, local.At(0));
        Assert.AreEqual("authority 1", local.At(1).CommonName);
        Assert.AreEqual(Bench.List(_chain[..3].Select(certificate => certificate.Der)).Length, local.ListLength);
        Assert.AreEqual(KeyKind.Secp256r1, local.Key.Kind);
    }

    [TestMethod]
    public void ItMatchesTheServersName()
    {
        LocalCertificate local = Add();
        Assert.IsTrue(local.MatchesName("a.example.com"));
        Assert.IsTrue(local.MatchesName("x.b.example.com"));
        Assert.IsFalse(local.MatchesName("b.example.com"));
        Assert.IsFalse(local.MatchesName("device"));
        Assert.IsFalse(local.MatchesName(""));
        Assert.IsFalse(local.MatchesName(null!));
    }

    [TestMethod]
    public void ItWasIssuedByEveryAuthorityAboveIt()
    {
        LocalCertificate local = Add();
        Assert.IsTrue(Issued(local));
        Assert.IsTrue(Issued(local, _chain[1].Subject));
        Assert.IsTrue(Issued(local, _chain[2].Subject));
        Assert.IsTrue(Issued(local, _chain[3].Subject));
        Assert.IsTrue(Issued(local, TestCa.Name("x"), _chain[3].Subject, TestCa.Name("y")));
        Assert.IsFalse(Issued(local, _chain[0].Subject));
        Assert.IsFalse(Issued(local, TestCa.Name("x")));
    }

    [TestMethod]
    public void AMalformedListOfAuthoritiesNamesNobody()
    {
        LocalCertificate local = Add();
        byte[] list = Names(TestCa.Name("x"), _chain[3].Subject);
        for (int length = 1; length < list.Length; length++)
        {
            Assert.IsFalse(local.IsIssuedBy(list, 0, length), length.ToString());
        }

        byte[] more = [9, .. list, 0];
        Assert.IsTrue(local.IsIssuedBy(more, 1, list.Length));
        Assert.IsFalse(local.IsIssuedBy(more, 1, list.Length + 1));
    }

    private static bool Issued(LocalCertificate local, params byte[][] names)
    {
        byte[] list = Names(names);
        return local.IsIssuedBy(list, 0, list.Length);
    }

    private static byte[] Names(params byte[][] names)
    {
        return [.. names.SelectMany(name => (IEnumerable<byte>)[(byte)(name.Length >> 8), (byte)name.Length, .. name])];
    }

    private LocalCertificate Add()
    {
        CertificateStore store = new Bench().Store;
        DtlsCertificate[] chain = [new(_chain[1].Der), new(_chain[2].Der)];
        store.AddLocal(new DtlsCertificate(_chain[0].Der), chain, PrivateKeyReader.Read(_chain[0].Key.Pkcs8));
        return store.At(0).Local;
    }
}

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Certificates;

/// <summary>Blocks of PEM themselves, whatever is made of their bytes.</summary>
[TestClass]
public class PemTests
{
    private const string Begin = "-----BEGIN X-----";
    private const string End = "-----END X-----";

    [TestMethod]
    [DataRow("AAAA", "000000")]
    [DataRow("AAA=", "0000")]
    [DataRow("AA==", "00")]
    [DataRow("", "")]
    [DataRow("+/+/", "FBFFBF")]
    [DataRow("AZaz", "0196B3")]
    [DataRow("09AA", "D3D000")]
    [DataRow(" A\tA\vA\fA\r\n", "000000")]
    [DataRow("AA=\n=", "00")]
    [DataRow("AA=A", null)]
    [DataRow("A=AA", null)]
    [DataRow("AA=A====", null)]
    [DataRow("AAAAA", null)]
    [DataRow("AAA", null)]
    [DataRow("A===", null)]
    [DataRow("====", null)]
    [DataRow("AAA=====", null)]
    [DataRow("AAA*", null)]
    [DataRow("AAA-", null)]
    [DataRow("AAA.", null)]
    [DataRow("AAA,", null)]
    [DataRow("AAA:", null)]
    [DataRow("AAA@", null)]
    [DataRow("AAA[", null)]
    [DataRow("AAA`", null)]
    [DataRow("AAA{", null)]
    [DataRow("AAAA\b", null)]
    [DataRow("AAAA\u000e", null)]
    [DataRow("AAAA!", null)]
    [DataRow("AAA\u0141", null)]
    [DataRow("AAA\u00e9", null)]
    public void ABlockIsBase64WithItsPadding(string digits, string? hex)
    {
        Pem pem = Of("about it\n" + Begin + "\n" + digits + "\n" + End);
        Assert.IsTrue(pem.Next());
        if (hex == null)
        {
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => pem.Decode()).Message, "broken");
            return;
        }

        Assert.AreEqual(hex, Convert.ToHexString(pem.Decode()));
        Assert.IsFalse(pem.Next());
    }

    [TestMethod]
    public void ABlockWithoutItsEndIsBroken()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Of("about it\n-----BEGIN X").Next());
        Assert.ThrowsExactly<ArgumentException>(() => Of("about it\n-----BEGIN X----").Next());
        Pem pem = Of(Begin);
        Assert.IsTrue(pem.Next());
        Assert.IsTrue(pem.Is("X"));
        Assert.IsFalse(pem.Is("Y") || pem.Is("X ") || pem.Is(""));
        Assert.ThrowsExactly<ArgumentException>(() => pem.Decode());
        Assert.IsFalse(Of("-----BEGIN").Next());
        Assert.IsFalse(Of("").Next());
    }

    [TestMethod]
    public void ABlockIsEncryptedWhereItSaysSoItself()
    {
        Pem pem = Of(Begin + "\nAAAA\n" + End + "\n" + Begin + "\nProc-Type: 4,ENCRYPTED\n\nAAAA\n" + End + "\n" + Begin + "\nAAAA\n" + End);
        foreach (bool isEncrypted in new[] { false, true, false })
        {
            Assert.IsTrue(pem.Next());
            Assert.AreEqual(isEncrypted, pem.IsEncrypted());
        }
    }

    [TestMethod]
    public void DerIsNoTextEvenWhereItHoldsSome()
    {
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.CommonName = Begin;
        IssuedCertificate issued = TestCa.SelfSigned(spec);
        Assert.IsFalse(Pem.IsText(issued.Der));
        CollectionAssert.AreEqual(issued.Der, new DtlsCertificate(issued.Der).Buffer);

        // Text may begin with DER's first byte, and DER may be cut.
        Assert.IsTrue(Pem.IsText(Pem.BytesOf("0 is about it\n" + Begin + "\n" + End)));
        Assert.IsFalse(Pem.IsText(Pem.BytesOf("0 is no block")));
        Assert.IsTrue(Pem.IsText(Pem.BytesOf(Begin)));
        Assert.IsTrue(Pem.IsText([]));
        Assert.IsTrue(Pem.IsText([.. issued.Der, 0]));
    }

    private static Pem Of(string text)
    {
        return new Pem(Pem.BytesOf(text));
    }
}

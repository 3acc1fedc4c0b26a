using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

/// <summary>Names of issuers and subjects, RFC 5280 section 7.1.</summary>
[TestClass]
public class NameComparisonTests
{
    private const string Organization = "2.5.4.10";
    private const string Unit = "2.5.4.11";
    private const string CommonName = "2.5.4.3";
    private const string Uid = "0.9.2342.19200300.100.1.1";
    private const string UniqueId = "2.5.4.45";

    private const int Utf8 = 0x0C;
    private const int Numeric = 0x12;
    private const int Printable = 0x13;
    private const int Teletex = 0x14;
    private const int Ia5 = 0x16;
    private const int Visible = 0x1A;
    private const int Universal = 0x1C;
    private const int Bmp = 0x1E;

    private static readonly int[] Types = [Utf8, Printable, Teletex, Ia5, Visible, Universal, Bmp];

    [TestMethod]
    public void TheTypeOfAStringMakesNoDifference()
    {
        foreach (int one in Types)
        {
            foreach (int other in Types)
            {
                AssertSame(true, Text(one, "Lab CA 7"), Text(other, "Lab CA 7"));
                AssertSame(false, Text(one, "Lab CA 7"), Text(other, "Lab CA 8"));
                AssertSame(false, Text(one, "Lab CA 7"), Text(other, "Lab CA"));
            }
        }

        AssertSame(true, Text(Numeric, "12 34"), Text(Utf8, "12 34"));
        AssertSame(true, Text(Teletex, "B\u00fccher"), Text(Utf8, "B\u00fccher"));
        AssertSame(true, Text(Bmp, "\u65e5\u672c"), Text(Utf8, "\u65e5\u672c"));
        AssertSame(true, Text(Universal, "\U0001F512 box"), Text(Utf8, "\U0001F512 box"));
    }

    [TestMethod]
    [DataRow("Lab Root", "LAB ROOT", true)]
    [DataRow("lab root", "Lab rOOt", true)]
    [DataRow("Lab Root", "Lab Roo7", false)]
    [DataRow("Lab Root", "  Lab   Root ", true)]
    [DataRow("Lab Root", "Lab\tRoot\n", true)]
    [DataRow("Lab Root", "Lab\u00a0\u3000Root", true)]
    [DataRow("Lab Root", "LabRoot", false)]
    [DataRow("Lab Root", "L ab Root", false)]
    [DataRow("Lab Root", "Lab Ro\u00ador\u200bt", false)]
    [DataRow("Lab Root", "Lab Ro\u00ado\u200bt\ufeff", true)]
    [DataRow("Lab Root", "Lab Root\u0001", true)]
    [DataRow("Lab Root", "Lab Root\0x", false)]
    [DataRow("", "   ", true)]
    [DataRow("", "x", false)]
    [DataRow("B\u00dcCHER", "b\u00fccher", true)]
    [DataRow("\u00d7", "\u00f7", false)]
    [DataRow("\u0141\u00d3D\u0179 \u010d", "\u0142\u00f3d\u017a \u010c", true)]
    [DataRow("\u0138\u0131", "\u0139\u0130", false)]
    [DataRow("\u039b\u039f\u0393\u039f\u03a3", "\u03bb\u03bf\u03b3\u03bf\u03c3", true)]
    [DataRow("\u041c\u041e\u0421\u041a\u0412\u0410 \u0401\u0416", "\u043c\u043e\u0441\u043a\u0432\u0430 \u0451\u0436", true)]
    [DataRow("a@b", "A@B", true)]
    [DataRow("[\\]^_`{", "{|}~@[\\", false)]
    [DataRow("@", "`", false)]
    public void CaseAndWhiteSpaceMakeNoDifference(string one, string other, bool isSame)
    {
        AssertSame(isSame, Text(Utf8, one), Text(Utf8, other));
    }

    [TestMethod]
    public void TheAttributesOfARelativeNameAreASet()
    {
        // In DER the set is in the order of its bytes, and another type of string stands elsewhere in it.
        (string, byte[])[] one = [(CommonName, Text(Utf8, "a")), (Uid, Text(Printable, "7"))];
        byte[] name = TestCa.Name([(Organization, Text(Utf8, "o"))], one);
        Assert.IsTrue(AreSame(name, Unsorted([(Organization, Text(Printable, "O"))], [one[1], one[0]])));
        Assert.IsTrue(AreSame(name, Unsorted([(Organization, Text(Printable, "O"))], [(Uid, Text(Bmp, "7")), (CommonName, Text(Ia5, "A"))])));
        Assert.IsFalse(AreSame(name, Unsorted([(Organization, Text(Printable, "O"))], [one[1]])));
        Assert.IsFalse(AreSame(name, Unsorted([(Organization, Text(Printable, "O"))], [one[1], one[0], one[0]])));
        Assert.IsFalse(AreSame(name, Unsorted([(Organization, Text(Printable, "O"))], [one[1], (CommonName, Text(Utf8, "b"))])));
        Assert.IsFalse(AreSame(name, Unsorted([(Organization, Text(Printable, "O"))], [one[0]], [one[1]])));
        Assert.IsFalse(AreSame(name, Unsorted(one, [(Organization, Text(Printable, "O"))])));

        // Two of one type, which X.501 forbids: each counts once.
        (string, byte[]) x = (Unit, Text(Utf8, "x"));
        (string, byte[]) y = (Unit, Text(Printable, "Y"));
        Assert.IsTrue(AreSame(Unsorted([x, y]), Unsorted([(Unit, Text(Printable, "Y")), (Unit, Text(Printable, "X"))])));
        Assert.IsFalse(AreSame(Unsorted([x, x]), Unsorted([x, y])));
        Assert.IsFalse(AreSame(Unsorted([x, y]), Unsorted([x, x])));
    }

    [TestMethod]
    public void MoreAttributesInASetThanAnybodyHasAreComparedByteByByte()
    {
        (string, byte[])[] Many(string last) => [.. Enumerable.Range(0, 9).Select(i => ("2.5.4." + (20 + i), Text(Utf8, i == 8 ? last : "x")))];
        Assert.IsTrue(AreSame(Unsorted(Many("a")), Unsorted(Many("a"))));
        Assert.IsFalse(AreSame(Unsorted(Many("a")), Unsorted(Many("A"))));
        Assert.IsTrue(AreSame(Unsorted(Many("a")[1..]), Unsorted(Many("A")[1..])));
    }

    [TestMethod]
    public void AttributesOfAnotherTypeOrOrderOrNumberDiffer()
    {
        byte[] o = Text(Utf8, "o");
        byte[] name = TestCa.Name([(Organization, o)], [(CommonName, o)]);
        Assert.IsTrue(AreSame(name, TestCa.Name([(Organization, Text(Ia5, "O"))], [(CommonName, o)])));
        Assert.IsFalse(AreSame(name, TestCa.Name([(CommonName, o)], [(Organization, o)])));
        Assert.IsFalse(AreSame(name, TestCa.Name([(Organization, o)], [(Unit, o)])));
        Assert.IsFalse(AreSame(name, TestCa.Name([(Organization, o)])));
        Assert.IsFalse(AreSame(TestCa.Name([(Organization, o)]), name));
        Assert.IsFalse(AreSame(name, TestCa.Name("")));
        Assert.IsTrue(AreSame(TestCa.Name(""), TestCa.Name("")));
    }

    [TestMethod]
    public void WhatIsNoTextIsComparedByteByByte()
    {
        byte[] bits = TestCa.Tagged(0x03, [0, 0x41]);
        Assert.IsTrue(AreSame(TestCa.Name([(Organization, Text(Utf8, "O"))], [(UniqueId, bits)]), TestCa.Name([(Organization, Text(Ia5, "o"))], [(UniqueId, bits)])));
        Assert.IsFalse(AreSame(
            TestCa.Name([(Organization, Text(Utf8, "O"))], [(UniqueId, bits)]), TestCa.Name([(Organization, Text(Ia5, "o"))], [(UniqueId, TestCa.Tagged(0x03, [0, 0x61]))])));
        Assert.IsFalse(AreSame(TestCa.Name([(UniqueId, TestCa.Tagged(0x04, [0x41]))]), TestCa.Name([(UniqueId, Text(Utf8, "A"))])));
        Assert.IsFalse(AreSame(TestCa.Name([(UniqueId, TestCa.Tagged(0x04, [0x41]))]), TestCa.Name([(UniqueId, TestCa.Tagged(0x05, [0x41]))])));
    }

    [TestMethod]
    [DataRow("C3", "a cut character")]
    [DataRow("80", "the middle of one")]
    [DataRow("C1A1", "a longer form than needed")]
    [DataRow("E081A1", "a longer form of three bytes")]
    [DataRow("F08081A1", "one of four")]
    [DataRow("F5808080", "more than there are")]
    [DataRow("C361", "a character in another")]
    public void AStringThatIsMalformedEqualsOnlyItself(string hex, string why)
    {
        byte[] bad = TestCa.Tagged(Utf8, Convert.FromHexString(hex));
        AssertSame(true, bad, bad);
        foreach (byte[] other in new[] { Text(Utf8, "a"), Text(Printable, "a"), Text(Teletex, Encoding.Latin1.GetString(Convert.FromHexString(hex))), bad[..1].Concat(new byte[] { 0 }).ToArray() })
        {
            AssertSame(false, bad, other, why);
        }

        AssertSame(false, TestCa.Tagged(Bmp, [0, 0x61, 0]), Text(Utf8, "a"));
        AssertSame(false, TestCa.Tagged(Universal, [0, 0, 0, 0x61, 0]), Text(Utf8, "a"));
        AssertSame(false, TestCa.Tagged(Universal, [0xFF, 0xFF, 0xFF, 0xFF]), TestCa.Tagged(Universal, [0xFF, 0xFF, 0xFF, 0xFE]));
    }

    [TestMethod]
    public void AComparisonHasItsLimit()
    {
        string at = new('x', 400);
        string beyond = new('x', 600);
        AssertSame(true, Text(Utf8, at), Text(Printable, at.ToUpperInvariant()));
        AssertSame(true, Text(Utf8, beyond), Text(Utf8, beyond));
        AssertSame(false, Text(Utf8, beyond), Text(Printable, beyond));

        // Nobody can make more work than that by spaces, or by what is left out.
        AssertSame(false, Text(Utf8, new string(' ', 60_000)), Text(Printable, new string(' ', 59_000)));
        AssertSame(false, Text(Utf8, new string('\u00ad', 30_000)), Text(Printable, ""));
        int turns = 2000;
        byte[] one = TestCa.Name([(CommonName, Text(Utf8, new string(' ', 60_000)))]);
        byte[] other = TestCa.Name([(CommonName, Text(Printable, new string(' ', 59_000)))]);
        Assert.IsFalse(DirectoryName.AreEqual(one, 0, one.Length, other, 0, other.Length, ref turns));
        Assert.IsTrue(turns > 2000 - DirectoryName.MaxTurns - 10 && turns < 2000 - 100, turns.ToString());
    }

    [TestMethod]
    public void ChainsAreBuiltWhoeverWroteTheirNames()
    {
        foreach ((byte[] subject, byte[] issuer, bool isSame) in new[]
        {
            (Text(Utf8, "Lab Sub CA"), Text(Printable, "Lab Sub CA"), true),
            (Text(Printable, "Lab Sub CA"), Text(Utf8, "lab SUB ca"), true),
            (Text(Bmp, "Lab Sub CA"), Text(Teletex, "Lab  Sub CA "), true),
            (Text(Utf8, "Lab Sub CA"), Text(Utf8, "Lab Sub CB"), false),
        })
        {
            foreach (bool withIdentifiers in new[] { true, false })
            {
                CertificateSpec root = CertificateSpec.Authority("root");
                CertificateSpec middle = CertificateSpec.Authority("middle");
                CertificateSpec end = CertificateSpec.End(Bench.Host);
                middle.Subject = TestCa.Name([(CommonName, subject)]);
                end.Issuer = TestCa.Name([(CommonName, issuer)]);
                end.WithKeyIdentifiers = withIdentifiers;
                IssuedCertificate issuedRoot = TestCa.SelfSigned(root);
                IssuedCertificate issuedMiddle = TestCa.Issue(issuedRoot, middle);
                IssuedCertificate issuedEnd = TestCa.Issue(issuedMiddle, end);

                var bench = new Bench();
                bench.Trust(issuedRoot);
                Assert.AreEqual(isSame ? DtlsError.None : DtlsError.UnknownCa, bench.Verify(issuedEnd, issuedMiddle), "received");
                bench.Store.AddIntermediate(new DtlsCertificate(issuedMiddle.Der));
                Assert.AreEqual(isSame ? DtlsError.None : DtlsError.UnknownCa, bench.Verify(issuedEnd), "of the store");
                bench = new Bench();
                bench.Trust(issuedMiddle);
                Assert.AreEqual(isSame ? DtlsError.None : DtlsError.UnknownCa, bench.Verify(issuedEnd), "trusted");
            }
        }
    }

    [TestMethod]
    public void OneWithADifferentKeyIdentifierIsNotTheIssuer()
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        CertificateSpec end = CertificateSpec.End(Bench.Host);
        end.Issuer = TestCa.Name([(Organization, Text(Printable, "nfDTLS"))], [(CommonName, Text(Printable, "ROOT"))]);
        var bench = new Bench();
        bench.Trust(TestCa.SelfSigned(CertificateSpec.Authority("root")));
        Assert.AreEqual(DtlsError.UnknownCa, bench.Verify(TestCa.Issue(root, end)));
        Assert.AreEqual(0, bench.Verifier.Verifications);
        bench.Trust(root);
        Assert.AreEqual(DtlsError.None, bench.Verify(TestCa.Issue(root, end)));
    }

    [TestMethod]
    public void AnAuthorityThatWritesItsNameAnewIsStillSelfIssued()
    {
        CertificateSpec spec = CertificateSpec.Authority("rolling");
        spec.PathLength = 0;
        IssuedCertificate old = TestCa.SelfSigned(spec);
        CertificateSpec renewed = CertificateSpec.Authority("rolling");
        renewed.Subject = TestCa.Name([(Organization, Text(Printable, "NFDTLS"))], [(CommonName, Text(Printable, "Rolling"))]);
        IssuedCertificate middle = TestCa.Issue(old, renewed);
        Assert.IsTrue(new DtlsCertificate(middle.Der).IsSelfIssued);
        var bench = new Bench();
        bench.Trust(old);
        Assert.AreEqual(DtlsError.None, bench.Verify(TestCa.Issue(middle, CertificateSpec.End(Bench.Host)), middle));
    }

    [TestMethod]
    public void ARevocationListIsItsIssuersHoweverItIsWritten()
    {
        IssuedCertificate[] chain = TestCa.Chain(2, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(chain[1]);
        byte[] name = TestCa.Name([(Organization, Text(Printable, "NFDTLS"))], [(CommonName, Text(Printable, "Root"))]);
        byte[] other = TestCa.Name([(Organization, Text(Printable, "NFDTLS"))], [(CommonName, Text(Printable, "Other"))]);
        bench.Store.AddCrl(TestCa.Crl(chain[1], [chain[0].Serial], CertificateSpec.Now, null, issuerName: other));
        Assert.AreEqual(DtlsError.None, bench.Verify(chain));
        bench.Store.AddCrl(TestCa.Crl(chain[1], [chain[0].Serial], CertificateSpec.Now, null, issuerName: name));
        Assert.AreEqual(DtlsError.CertificateRevoked, bench.Verify(chain));
    }

    [TestMethod]
    public void AuthoritiesOfARequestAreKnownHoweverTheyAreWritten()
    {
        IssuedCertificate[] chain = TestCa.Chain(2, CertificateSpec.End(Bench.Host));
        CertificateStore store = new Bench().Store;
        store.AddLocal(new DtlsCertificate(chain[0].Der), [], PrivateKeyReader.Read(chain[0].Key.Pkcs8));
        LocalCertificate local = store.At(0).Local;
        byte[] good = TestCa.Name([(Organization, Text(Bmp, "NFDTLS"))], [(CommonName, Text(Printable, "Root"))]);
        byte[] other = TestCa.Name([(Organization, Text(Bmp, "NFDTLS"))], [(CommonName, Text(Printable, "Rood"))]);
        Assert.IsTrue(IsIssued(local, other, good));
        Assert.IsFalse(IsIssued(local, other));

        // What is no name at all is passed over, whatever it is, and names behind it still count.
        byte[] name = chain[1].Subject;
        for (int length = 0; length < name.Length; length++)
        {
            Assert.IsFalse(IsIssued(local, name[..length]), length.ToString());
            Assert.IsTrue(IsIssued(local, name[..length], good), length.ToString());
        }

        Assert.IsFalse(IsIssued(local, [.. good, 0]));
    }

    [TestMethod]
    public void ACommonNameIsReadFromAnyTypeOfString()
    {
        foreach (int type in Types)
        {
            CertificateSpec spec = CertificateSpec.End(Bench.Host);
            spec.Subject = TestCa.Name([(CommonName, Text(type, "Lab Root"))]);
            Assert.AreEqual("Lab Root", new DtlsCertificate(TestCa.SelfSigned(spec).Der).CommonName, type.ToString());
        }

        CertificateSpec bad = CertificateSpec.End(Bench.Host);
        bad.Subject = TestCa.Name([(CommonName, TestCa.Tagged(Utf8, [0x61, 0xC3, 0x62, 0x07]))]);
        Assert.AreEqual("a?b?", new DtlsCertificate(TestCa.SelfSigned(bad).Der).CommonName);
    }

    [TestMethod]
    public void ANameHasAsManyAttributesAsAnybodyNeeds()
    {
        byte[] Many(int count) => TestCa.Name([.. Enumerable.Range(0, count).Select(_ => new[] { (Unit, Text(Utf8, "x")) })]);
        CertificateSpec spec = CertificateSpec.End(Bench.Host);
        spec.Subject = Many(64);
        byte[] der = TestCa.SelfSigned(spec).Der;
        Assert.AreEqual(DtlsError.None, new DtlsCertificate().Read(der, 0, der.Length));
        spec.Subject = Many(65);
        der = TestCa.SelfSigned(spec).Der;
        Assert.AreEqual(DtlsError.BadCertificate, new DtlsCertificate().Read(der, 0, der.Length));
    }

    /// <summary>The DER of a string.</summary>
    internal static byte[] Text(int type, string text)
    {
        Encoding encoding = type switch
        {
            Utf8 => Encoding.UTF8,
            Bmp => Encoding.BigEndianUnicode,
            Universal => new UTF32Encoding(true, false),
            _ => Encoding.Latin1,
        };
        return TestCa.Tagged(type, encoding.GetBytes(text));
    }

    private static bool IsIssued(LocalCertificate local, params byte[][] names)
    {
        byte[] list = [.. names.SelectMany(name => (IEnumerable<byte>)[(byte)(name.Length >> 8), (byte)name.Length, .. name])];
        return local.IsIssuedBy(list, 0, list.Length);
    }

    private static void AssertSame(bool isSame, byte[] one, byte[] other, string why = "")
    {
        Assert.AreEqual(isSame, AreSame(TestCa.Name([(CommonName, one)]), TestCa.Name([(CommonName, other)])), why);
    }

    /// <summary>Compares in both directions, each name behind other bytes.</summary>
    private static bool AreSame(byte[] one, byte[] other)
    {
        byte[] a = [1, 2, 3, .. one];
        byte[] b = [4, .. other, 5];
        bool areSame = DirectoryName.AreEqual(a, 3, one.Length, b, 1, other.Length);
        Assert.AreEqual(areSame, DirectoryName.AreEqual(b, 1, other.Length, a, 3, one.Length));
        return areSame;
    }

    /// <summary>A Name whose sets stand as they are written here.</summary>
    private static byte[] Unsorted(params (string Oid, byte[] Value)[][] relativeNames)
    {
        byte[] Attribute((string Oid, byte[] Value) attribute) => TestCa.Value(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(attribute.Oid);
                writer.WriteEncodedValue(attribute.Value);
            }
        });
        byte[][] sets = [.. relativeNames.Select(set => TestCa.Tagged(0x31, [.. set.SelectMany(Attribute)]))];
        return TestCa.Tagged(0x30, [.. sets.SelectMany(set => set)]);
    }
}

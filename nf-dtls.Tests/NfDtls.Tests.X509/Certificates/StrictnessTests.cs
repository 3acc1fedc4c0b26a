using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Certificates;

/// <summary>Bytes that are nearly a certificate.</summary>
[TestClass]
public class StrictnessTests
{
    private static readonly byte[] Good = Make();

    [TestMethod]
    [DataRow("A003020102", "A003020103", "version 4")]
    [DataRow("A003020102", "A003020100", "version 1, which is the default")]
    [DataRow("A003020102", "A003020101", "version 2 with extensions")]
    [DataRow("A003020102", "A0030201FF", "a negative version")]
    [DataRow("0203112233", "0203002233", "a serial number with a leading zero")]
    [DataRow("06082A8648CE3D040302", "06082A8648CE3D040303", "two different algorithms")]
    [DataRow("170D323630313031303030303030", "170D323630323330303030303030", "30 February")]
    [DataRow("170D323630313031303030303030", "170D323630303031303030303030", "month 0")]
    [DataRow("170D323630313031303030303030", "170D323631333031303030303030", "month 13")]
    [DataRow("170D323630313031303030303030", "170D323630313030303030303030", "day 0")]
    [DataRow("170D323630313031303030303030", "170D323630313031323430303030", "hour 24")]
    [DataRow("170D323630313031303030303030", "170D323630313031303036303030", "minute 60")]
    [DataRow("170D323630313031303030303030", "170D323630313031303030303630", "second 60")]
    [DataRow("170D323630313031303030303030", "170D3236303130313030303030AB", "a digit that is none")]
    [DataRow("170D3236303130313030303030305A", "170D32363031303130303030303059", "another zone")]
    [DataRow("170D3236303130313030303030305A", "180D3236303130313030303030305A", "a short generalized time")]
    [DataRow("0101FF", "010101", "a boolean of 1")]
    [DataRow("03020106", "03020806", "8 unused bits")]
    [DataRow("03020106", "03020306", "unused bits that are set")]
    [DataRow("06032B6501", "06002B6501", "an empty identifier")]
    [DataRow("8704C0000207", "8703C0000207", "an address of 3 bytes")]
    [DataRow("8704C0000207", "8904C0000207", "a name of no kind")]
    [DataRow("8704C0000207", "A704C0000207", "a constructed address")]
    [DataRow("0C064E6644746C73", "0C804E6644746C73", "an indefinite length")]
    [DataRow("0C064E6644746C73", "1F064E6644746C73", "a tag of many bytes")]
    [DataRow("0C064E6644746C73", "0C8105446644746C73", "a length that is not the shortest")]
    public void ADeviationIsMalformed(string find, string replace, string why)
    {
        byte[] der = Replace(Good, find, replace);
        Assert.AreEqual(DtlsError.BadCertificate, new DtlsCertificate().Read(der, 0, der.Length), why);
    }

    [TestMethod]
    public void EachTruncationIsMalformed()
    {
        var read = new DtlsCertificate();
        foreach (byte[] der in new[] { Good, TestCa.SelfSigned(CertificateSpec.Authority("root", CaKeyKind.Rsa2048)).Der })
        {
            for (int length = 0; length < der.Length; length++)
            {
                Assert.AreEqual(DtlsError.BadCertificate, read.Read(der, 0, length));
                byte[] cut = der[..length];
                Assert.AreEqual(DtlsError.BadCertificate, read.Read(cut, 0, length));
            }

            Assert.AreEqual(DtlsError.None, read.Read(der, 0, der.Length));
            byte[] more = [.. der, 0];
            Assert.AreEqual(DtlsError.BadCertificate, read.Read(more, 0, more.Length));
        }
    }

    [TestMethod]
    public void EachTruncationOfAListOfCertificatesIsRefused()
    {
        IssuedCertificate[] chain = TestCa.Chain(3, CertificateSpec.End(Bench.Host));
        var bench = new Bench();
        bench.Trust(chain[^1]);
        byte[] list = Bench.List(chain[..2].Select(certificate => certificate.Der));
        Assert.AreEqual(DtlsError.None, bench.Verify(chain[..2]));
        int whole = 3 + chain[0].Der.Length;
        for (int length = 1; length < list.Length; length++)
        {
            DtlsError error = bench.Run(list, 0, length);
            Assert.AreEqual(length == whole ? DtlsError.UnknownCa : DtlsError.DecodeError, error);
        }

        byte[] empty = [.. list, 0, 0, 0];
        Assert.AreEqual(DtlsError.DecodeError, bench.Run(empty, 0, empty.Length));
    }

    [TestMethod]
    public void NestingBeyondTheLimitIsMalformed()
    {
        byte[] deep = [0x05, 0x00];
        for (int i = 0; i < 40; i++)
        {
            deep = [0x30, (byte)deep.Length, .. deep];
        }

        Assert.AreEqual(DtlsError.BadCertificate, new DtlsCertificate().Read(deep, 0, deep.Length));
        var reader = new DerReader();
        reader.Reset(deep, 0, deep.Length);
        for (int i = 0; i < DerReader.MaxDepth; i++)
        {
            Assert.IsTrue(reader.Enter(DerTag.Sequence));
        }

        Assert.IsFalse(reader.Enter(DerTag.Sequence));
        Assert.IsTrue(reader.Failed);
    }

    [TestMethod]
    public void LengthsMustBeTheShortestAndInsideTheirRange()
    {
        (string Hex, bool IsGood)[] cases =
        [
            ("0400", true), ("047F" + new string('0', 254), true), ("048180" + new string('0', 256), true), ("04817F" + new string('0', 254), false),
            ("04820100" + new string('0', 512), true), ("0482007F" + new string('0', 254), false), ("048200FF" + new string('0', 510), false),
            ("0483000100" + new string('0', 512), false), ("0480", false), ("0480" + new string('0', 256), false), ("0484000000010A", false), ("04FF", false), ("04", false), ("0481", false),
            ("0482FFFF", false), ("0483FFFFFF", false), ("048180" + new string('0', 254), false), ("0401", false), ("", false), ("1F0100", false),
        ];
        foreach ((string hex, bool isGood) in cases)
        {
            byte[] bytes = Convert.FromHexString(hex);
            var reader = new DerReader();
            reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(isGood, reader.ReadAny(), hex[..Math.Min(10, hex.Length)]);
            Assert.AreEqual(!isGood, reader.Failed);
            Assert.IsTrue(reader.IsAtEnd);
        }
    }

    [TestMethod]
    public void EachPrimitiveHasItsTagAndALengthThatItCanHave()
    {
        (string Kind, Func<DerReader, bool> Read)[] kinds =
        [
            ("boolean", reader => reader.ReadBoolean() || !reader.Failed), ("null", reader => reader.ReadNull()),
            ("identifier", reader => reader.ReadOid() != 0 && !reader.Failed), ("bits", reader => reader.ReadBits()),
            ("elements", reader => reader.EnterBits() && reader.ReadNull() && reader.Leave()), ("integer", reader => reader.ReadInteger()),
            ("nothing", reader => reader.EnterBits() && reader.Leave()),
        ];
        Dictionary<string, string> good = new()
        {
            ["0101FF"] = "boolean", ["010100"] = "boolean", ["0500"] = "null", ["06012A"] = "identifier", ["030100"] = "bits nothing", ["030200FF"] = "bits",
            ["0303000500"] = "bits elements", ["020100"] = "integer",
        };
        string[] bad = ["0100", "0102FFFF", "01020000", "050100", "0600", "0300", "030101", "0303010500", "0200", "", "0400", "040100", "0403000500"];
        foreach (string hex in good.Keys.Concat(bad))
        {
            // What stands behind does not count, and would do.
            byte[] bytes = Convert.FromHexString(hex + "00000500");
            foreach ((string kind, Func<DerReader, bool> read) in kinds)
            {
                var reader = new DerReader();
                reader.Reset(bytes, 0, hex.Length / 2);
                bool isGood = good.TryGetValue(hex, out string? its) && its.Split(' ').Contains(kind);
                Assert.AreEqual(isGood, read(reader), hex + " as " + kind);
                Assert.AreEqual(!isGood, reader.Failed, hex + " as " + kind);
                Assert.IsTrue(reader.IsAtEnd, hex + " as " + kind);
            }
        }
    }

    [TestMethod]
    [DataRow("170D3236303130313030303030305A", 1767225600L)]
    [DataRow("170E3236303130313030303030305A00", null)]
    [DataRow("170F32303236303130313030303030305A", null)]
    [DataRow("180F32303236303130313030303030305A", 1767225600L)]
    [DataRow("180D3236303130313030303030305A", null)]
    [DataRow("181032303236303130313030303030305A00", null)]
    [DataRow("180F30303030303130313030303030305A", -62167219200L)]
    [DataRow("180F32303234303232393030303030305A", 1709164800L)]
    [DataRow("180F32303030303232393030303030305A", 951782400L)]
    [DataRow("180F31393030303232393030303030305A", null)]
    [DataRow("180F32303233303232393030303030305A", null)]
    [DataRow("180F31393030303232383030303030305A", -2203977600L)]
    [DataRow("180F32303236303433313030303030305A", null)]
    [DataRow("180F32303236303633313030303030305A", null)]
    [DataRow("180F32303236303933313030303030305A", null)]
    [DataRow("180F32303236313133313030303030305A", null)]
    [DataRow("180F32303236313233313233353935395A", 1798761599L)]
    [DataRow("040D3236303130313030303030305A", null)]
    public void ATimeHasItsFormAndIsADay(string hex, long? seconds)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var reader = new DerReader();
        reader.Reset(bytes, 0, bytes.Length);
        Assert.AreEqual(seconds ?? 0, DerTime.Read(reader));
        Assert.AreEqual(seconds == null, reader.Failed);
    }

    [TestMethod]
    [DataRow("2A8648CE3D0201", 7, 0x2A8648CE3D0201)]
    [DataRow("2A86488648864886", 8, 0x2A86488648864886)]
    [DataRow("7F", 1, 0x7F)]
    [DataRow("2A864886F70D010101", 9, unchecked((long)0xAA4886F70D010101))]
    [DataRow("2A854886F70D010101", 9, 0)]
    [DataRow("2A864886F70D01010101", 10, 0)]
    [DataRow("2A86", 0, 0)]
    [DataRow("002A", 2, 0)]
    [DataRow("802A", 2, 0)]
    [DataRow("AA4886F70D010101", 8, 0)]
    [DataRow("802A4886F70D010101", 9, 0)]
    public void AnIdentifierThatIsTooLongOrBeginsWithAZeroIsKnownToNobody(string hex, int count, long number)
    {
        byte[] bytes = Convert.FromHexString("11" + hex);
        Assert.AreEqual(number, Oid.Number(bytes, 1, count));
    }

    [TestMethod]
    public void MoreExtensionsThanAnybodyNeedsAreMalformed()
    {
        foreach ((int count, DtlsError expected) in new[] { (39, DtlsError.None), (42, DtlsError.BadCertificate) })
        {
            var spec = new CertificateSpec { WithKeyIdentifiers = false };
            spec.Extensions.AddRange(Enumerable.Range(0, count).Select(i => ($"1.2.3.{i}", false, new byte[] { 5, 0 })));
            byte[] der = TestCa.SelfSigned(spec).Der;
            Assert.AreEqual(expected, new DtlsCertificate().Read(der, 0, der.Length));
        }
    }

    [TestMethod]
    public void AnRsaKeyThatIsNoneIsMalformedOrUnsupported()
    {
        IssuedCertificate good = TestCa.SelfSigned(CertificateSpec.Authority("root", CaKeyKind.Rsa2048));
        Dictionary<string, DtlsError> exponents = new()
        {
            ["0203010002"] = DtlsError.BadCertificate,
            ["0203000001"] = DtlsError.BadCertificate,
            ["0203810001"] = DtlsError.BadCertificate,
            ["0203010003"] = DtlsError.None,
        };
        foreach ((string exponent, DtlsError expected) in exponents)
        {
            byte[] der = Replace(good.Der, "0203010001", exponent);
            Assert.AreEqual(expected, new DtlsCertificate().Read(der, 0, der.Length), exponent);
        }
    }

    private static byte[] Make()
    {
        CertificateSpec spec = CertificateSpec.Authority("x");
        spec.Serial = [0x11, 0x22, 0x33];
        spec.NotBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        spec.IpAddresses = ["192.0.2.7"];
        spec.Extensions.Add(("1.3.101.1", false, [5, 0]));
        return TestCa.SelfSigned(spec).Der;
    }

    /// <summary>Replaces the first place; where the length changes, none of the lengths around is mended.</summary>
    private static byte[] Replace(byte[] der, string find, string replace)
    {
        string hex = Convert.ToHexString(der);
        int at = hex.IndexOf(find, StringComparison.Ordinal);
        Assert.IsTrue(at >= 0, find);
        return Convert.FromHexString(hex[..at] + replace + hex[(at + find.Length)..]);
    }
}

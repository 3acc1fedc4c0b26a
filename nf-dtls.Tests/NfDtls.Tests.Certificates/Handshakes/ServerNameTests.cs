using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>server_name as RFC 6066 section 3 has it, and as clients write it all the same.</summary>
[TestClass]
public class ServerNameTests
{
    private const int ServerName = 0;
    private const string Longest = "a123456789.b123456789.c123456789.d123456789.e123456789.f123456789.g123456789.h123456789.i123456789.j123456789.k123456789."
        + "l123456789.m123456789.n123456789.o123456789.p123456789.q123456789.r123456789.s123456789.t123456789.u123456789.v123456789.w1234567890";

    private static readonly Identity s_first = Named("first.example.com");
    private static readonly Identity s_second = Named("second.example.com");

    [TestMethod]
    [DataRow("device.example.com", "device.example.com")]
    [DataRow("device.example.com.", "device.example.com", DisplayName = "the dot at the end is not sent")]
    [DataRow("Device.EXAMPLE.com", "Device.EXAMPLE.com")]
    [DataRow("xn--gert-5qa.example", "xn--gert-5qa.example")]
    [DataRow("gateway", "gateway")]
    [DataRow("_coaps.example", "_coaps.example")]
    [DataRow("4g-modem.7", null, DisplayName = "a last label that is a number makes an address")]
    [DataRow("4g.7a", "4g.7a")]
    [DataRow("7.0xyz", "7.0xyz")]
    [DataRow("192.0.2.7", null)]
    [DataRow("192.0.2.7.", null)]
    [DataRow("192.0.2.0x7F", null)]
    [DataRow("0xC0000207", null)]
    [DataRow("7", null)]
    [DataRow("::1", null)]
    [DataRow("2001:db8::7", null)]
    [DataRow("fe80::1%eth0", null)]
    [DataRow(".", null)]
    [DataRow(".example.com", null)]
    [DataRow("device..example.com", null)]
    [DataRow("device.example.com..", null)]
    [DataRow("*.example.com", null)]
    [DataRow("de vice.example.com", null)]
    [DataRow("label-of-63-characters-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.a", "label-of-63-characters-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.a")]
    [DataRow("label-of-64-characters-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.a", null)]
    [DataRow(Longest, Longest)]
    [DataRow(Longest + ".", Longest)]
    [DataRow("x" + Longest, null)]
    public void A_client_sends_DNS_names_alone(string name, string? sent)
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, s_first));
        client.ServerName = name;
        client.NameCheck = NameCheck.None;
        TestBed bed = Bed(client, s_first).Connect();
        byte[]? expected = sent == null ? null : Wire.Vector(2, [0], Wire.Vector(2, TestBed.Text(sent)));
        CollectionAssert.AreEqual(expected, Wire.Extension(bed, true, ServerName));
    }

    [TestMethod]
    public void The_longest_name_has_253_characters()
    {
        Assert.AreEqual(253, Longest.Length);
        Assert.AreEqual(63, "label-of-63-characters-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".Length);
    }

    [TestMethod]
    public void A_name_that_is_not_ASCII_is_refused_with_what_to_give()
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, s_first));
        client.ServerName = "ger\u00E4t.example.com";
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Bed(client, s_first).Connect()).Message, "xn--");
    }

    [TestMethod]
    [DataRow("second.example.com", true)]
    [DataRow("SECOND.example.COM", true)]
    [DataRow("second.example.com.", true, DisplayName = "with the dot that RFC 6066 leaves out")]
    [DataRow("second.example.com..", false)]
    [DataRow("second.example.com\0.other.example", false)]
    [DataRow("192.0.2.7", false)]
    [DataRow("::1", false)]
    [DataRow("\u00FF\u00FE", false)]
    public void A_server_bears_any_name_and_takes_its_first_certificate_for_those_it_does_not_know(string name, bool isSecond)
    {
        byte[] text = [.. name.Select(c => (byte)c)];
        Chooses(isSecond ? s_second : s_first, Wire.Vector(2, [0], Wire.Vector(2, text)), isSecond);
    }

    [TestMethod]
    public void Names_of_other_types_are_passed_over()
    {
        byte[] name = [0, .. Wire.Vector(2, TestBed.Text("second.example.com"))];
        Chooses(s_second, Wire.Vector(2, [7, 0, 3, 1, 2, 3], name), true);
        Chooses(s_second, Wire.Vector(2, name, [7, 0, 0]), true);
        Chooses(s_first, Wire.Vector(2, [7, 0, 3, 1, 2, 3]), false);
        Chooses(s_first, Wire.Vector(2, [7, 0, 0]), false);
    }

    [TestMethod]
    [DataRow("", DisplayName = "nothing, which is a server's answer")]
    [DataRow("0000", DisplayName = "an empty list")]
    [DataRow("0003000000", DisplayName = "an empty name")]
    [DataRow("0008000001610000016200", DisplayName = "more than the list")]
    [DataRow("00080000016100000162", DisplayName = "two names of one type")]
    [DataRow("0004000002 61", DisplayName = "a name that is cut")]
    [DataRow("000407000561", DisplayName = "a name of another type that is cut")]
    public void A_list_that_breaks_its_syntax_is_answered_decode_error(string hex)
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, s_first));
        client.ServerName = null;
        client.NameCheck = NameCheck.None;
        client.Extensions = new HelloExtension[] { new FixedExtension(ServerName, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))) };
        TestBed bed = Bed(client, s_first);
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.DecodeError, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void A_server_that_knew_the_name_says_so_by_an_empty_extension()
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, s_second));
        client.ServerName = "second.example.com";
        TestBed bed = Bed(client, s_first, s_second).Connect();
        CollectionAssert.AreEqual(Array.Empty<byte>(), Wire.Extension(bed, false, ServerName));
    }

    private static void Chooses(Identity expected, byte[] extension, bool isAcknowledged)
    {
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, s_first, s_second));
        client.ServerName = null;
        client.NameCheck = NameCheck.None;
        client.Extensions = new HelloExtension[] { new FixedExtension(ServerName, extension) };
        TestBed bed = Bed(client, s_first, s_second).Connect();
        CollectionAssert.AreEqual(expected.End.Der, bed.Client.Association.PeerCertificates[0]);
        Assert.AreEqual(isAcknowledged, Wire.ExtensionTypes(bed, false).Contains(ServerName));
    }

    private static TestBed Bed(DtlsOptions client, params Identity[] identities)
    {
        CertificateStore store = Setup.Store(null);
        foreach (Identity identity in identities)
        {
            identity.AddLocalTo(store);
        }

        return new TestBed(client, Setup.Server(CertificateSuites.Modern(), store));
    }

    private static Identity Named(string name)
    {
        return Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, name);
    }
}

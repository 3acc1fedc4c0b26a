using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates;

/// <summary>signature_algorithms_cert (RFC 8446 section 4.2.3): other signatures in certificates than in the handshake.</summary>
[TestClass]
public class CertificateSchemeTests
{
    private const int OfMessages = 13;
    private const int OfCertificates = 50;

    private static readonly Identity s_byEcdsa = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_byRsa = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.Rsa2048);

    [TestMethod]
    public void A_client_that_takes_other_signatures_in_certificates_says_so_and_gets_them()
    {
        TestBed bed = Bed(new[] { 0x0403 }, new[] { 0x0401, 0x0501 }, s_byEcdsa, s_byRsa).Connect();
        CollectionAssert.AreEqual(new byte[] { 0, 2, 4, 3 }, Wire.Extension(bed, true, OfMessages));
        CollectionAssert.AreEqual(new byte[] { 0, 4, 4, 1, 5, 1 }, Wire.Extension(bed, true, OfCertificates));
        CollectionAssert.AreEqual(s_byRsa.End.Der, bed.Client.Association.PeerCertificates[0]);
        Assert.IsNull(Wire.Extension(bed, false, OfCertificates), "It is no answer of a server's.");
    }

    [TestMethod]
    public void A_client_without_a_difference_sends_one_list()
    {
        TestBed bed = Setup.Bed(() => Setup.One(EcdheSuites.EcdsaAes128Ccm8), s_byEcdsa).Connect();
        Assert.IsNotNull(Wire.Extension(bed, true, OfMessages));
        Assert.IsNull(Wire.Extension(bed, true, OfCertificates));
    }

    [TestMethod]
    public void A_server_that_has_nothing_signed_so_is_told_no_key_and_a_chain_signed_otherwise_is_refused()
    {
        TestBed bed = Bed(new[] { 0x0403 }, new[] { 0x0401 }, s_byEcdsa);
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);

        // One that does not look at the list shows what it has.
        DtlsOptions server = Setup.Server(Setup.One(EcdheSuites.EcdsaAes128Ccm8), Setup.Store(s_byEcdsa));
        server.Extensions = new HelloExtension[] { new FixedExtension(OfCertificates) };
        bed = new TestBed(Client(new[] { 0x0403 }, new[] { 0x0401 }), server);
        bed.VerifyClientFails(DtlsError.UnsupportedCertificate);

        // And what is in the list alone is taken where the handshake's list lacks it.
        DtlsOptions deaf = Setup.Server(Setup.One(EcdheSuites.EcdsaAes128Ccm8), Setup.Store(s_byRsa));
        deaf.Extensions = new HelloExtension[] { new FixedExtension(OfCertificates) };
        new TestBed(Client(new[] { 0x0403 }, new[] { 0x0401 }), deaf).Connect();
    }

    [TestMethod]
    public void A_list_that_is_none_is_a_decode_error()
    {
        foreach (byte[] content in new[] { Array.Empty<byte>(), new byte[] { 0, 0 }, new byte[] { 0, 1, 4 }, new byte[] { 0, 3, 4, 1, 4 }, new byte[] { 0, 2, 4 }, new byte[] { 0, 2, 4, 1, 0 } })
        {
            DtlsOptions client = Setup.Client(Setup.One(EcdheSuites.EcdsaAes128Ccm8), Setup.Store(null, s_byEcdsa));
            client.Extensions = new HelloExtension[] { new FixedExtension(OfCertificates, content) };
            TestBed bed = new TestBed(client, Setup.Server(Setup.One(EcdheSuites.EcdsaAes128Ccm8), Setup.Store(s_byEcdsa)));
            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(Alert.DecodeError, bed.Client.Association.AlertReceived, Convert.ToHexString(content));
        }
    }

    private static TestBed Bed(int[] messages, int[] certificates, params Identity[] server)
    {
        NfDtls.X509.CertificateStore store = Setup.Store(null);
        foreach (Identity identity in server)
        {
            identity.AddLocalTo(store);
        }

        return new TestBed(Client(messages, certificates), Setup.Server(Setup.One(EcdheSuites.EcdsaAes128Ccm8), store));
    }

    private static DtlsOptions Client(int[] messages, int[] certificates)
    {
        EcdheExtensions extensions = new EcdheExtensions(GroupTable.All(), Setup.Schemes(messages), Setup.Schemes(certificates));
        return Setup.Client(new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128Ccm8(extensions)), Setup.Store(null, s_byEcdsa, s_byRsa));
    }
}

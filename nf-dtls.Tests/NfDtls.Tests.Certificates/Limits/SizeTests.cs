using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

[TestClass]
public class SizeTests
{
    private const int CertificateLength = 376;
    private const int SignatureLength = 72;

    [TestMethod]
    public void A_handshake_of_the_constrained_profile_takes_at_most_1161_bytes_of_payload()
    {
        Identity identity = Padded();
        DtlsOptions client = Setup.Client(CertificateSuites.Constrained(), Setup.Store(null, identity));
        client.Psk = null;
        client.ServerName = null;
        client.NameCheck = NameCheck.None;
        DtlsOptions server = Setup.Server(CertificateSuites.Constrained(), Setup.Store(identity));
        server.Psk = null;
        TestBed bed = new TestBed(client, server).Connect();
        Assert.AreEqual(0xC0AE, bed.Client.Association.Suite.Id);
        byte[] exchange = Wire.Message(bed, false, HandshakeType.ServerKeyExchange)!;
        int signature = exchange.Length - 4 - 65 - 4;
        int cookie = Wire.Message(bed, false, HandshakeType.HelloVerifyRequest)![2];
        Assert.AreEqual(16, cookie);
        int total = bed.Network.Sent.Sum(datagram => datagram.Bytes.Length);
        int stated = total - (identity.End.Der.Length - CertificateLength) - (signature - SignatureLength);
        Assert.IsTrue(stated <= 1161, stated + " bytes with a certificate of 376 and a signature of 72.");
        Console.WriteLine(stated + " bytes of UDP payload with a certificate of 376 and a signature of 72.");
    }

    [TestMethod]
    public void Options_for_devices_receive_what_Ethernet_carries_where_there_are_certificates()
    {
        DtlsOptions options = DtlsOptions.Iot();
        Assert.AreEqual(1232, options.ReceiveSize);
        options.Authenticator = new CertificateAuthenticator(Setup.Store(null));
        Assert.AreEqual(1472, options.ReceiveSize);
        options.Mtu = 640;
        Assert.AreEqual(640, options.ReceiveSize);
    }

    /// <summary>A self-signed certificate of about the length that the standard figure speaks of, padded by its name.</summary>
    private static Identity Padded()
    {
        CertificateSpec spec = CertificateSpec.End(Setup.Host);
        spec.WithKeyIdentifiers = false;
        int length = TestCa.SelfSigned(spec).Der.Length;
        while (length < CertificateLength - 1)
        {
            spec.CommonName += "x";
            length = TestCa.SelfSigned(spec).Der.Length;
        }

        return new Identity(TestCa.SelfSigned(spec));
    }
}

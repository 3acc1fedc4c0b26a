using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>Types of certificates that the two ends do not have in common (RFC 7250 section 4).</summary>
[TestClass]
public class CertificateTypeTests
{
    private const int OfClient = 19;
    private const int OfServer = 20;
    private const byte X509 = 0;
    private const byte OpenPgp = 1;
    private const byte RawKey = 2;

    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");

    [TestMethod]
    [DataRow(ClientCertificates.None, null, -1, -1)]
    [DataRow(ClientCertificates.None, new[] { OpenPgp }, -1, -1)]
    [DataRow(ClientCertificates.Request, null, X509, -1)]
    [DataRow(ClientCertificates.Request, new[] { X509 }, X509, -1)]
    [DataRow(ClientCertificates.Request, new[] { RawKey, X509 }, X509, -1)]
    [DataRow(ClientCertificates.Request, new byte[] { OpenPgp, 77, X509 }, X509, -1)]
    [DataRow(ClientCertificates.Request, new[] { RawKey }, -1, Alert.UnsupportedCertificate)]
    [DataRow(ClientCertificates.Request, new[] { OpenPgp }, -1, Alert.UnsupportedCertificate)]
    [DataRow(ClientCertificates.Require, new[] { RawKey }, -1, Alert.UnsupportedCertificate)]
    [DataRow(ClientCertificates.Require, new byte[] { OpenPgp, 77 }, -1, Alert.UnsupportedCertificate)]
    public void A_server_that_asks_ends_where_no_type_of_the_clients_list_will_do(ClientCertificates clients, byte[]? types, int asked, int alert)
    {
        // It trusts certificates, and has a store of raw keys with nobody in it.
        AgainstServer end = Hello(new RawKeyStore(), Setup.Store(s_server, s_client), clients, types, null);
        AssertAnswer(end, OfClient, types == null ? -1 : asked, alert);
        Assert.AreEqual(asked >= 0, end.Peer.Bodies.ContainsKey(M.CertificateRequest));
    }

    [TestMethod]
    public void A_client_without_a_list_has_certificates_or_nothing_to_show()
    {
        // The server trusts raw keys alone. RFC 7250 section 4.1: a client that has none leaves the list out, and need not be asked.
        Setup.RawKey(CaKeyKind.P256, out byte[] trusted);
        RawKeyStore keys = new RawKeyStore();
        keys.AddTrusted(trusted);
        AgainstServer end = Hello(keys, Setup.Store(s_server), ClientCertificates.Request, null, null);
        AssertAnswer(end, OfClient, -1, -1);
        Assert.IsFalse(end.Peer.Bodies.ContainsKey(M.CertificateRequest));
        end = Hello(keys, Setup.Store(s_server), ClientCertificates.Require, null, null);
        AssertAnswer(end, OfClient, -1, Alert.UnsupportedCertificate);
    }

    [TestMethod]
    [DataRow(null, X509, -1)]
    [DataRow(new[] { X509 }, X509, -1)]
    [DataRow(new[] { RawKey, X509 }, X509, -1)]
    [DataRow(new[] { OpenPgp, X509 }, X509, -1)]
    [DataRow(new[] { RawKey }, -1, Alert.UnsupportedCertificate)]
    [DataRow(new[] { OpenPgp }, -1, Alert.UnsupportedCertificate)]
    [DataRow(new byte[] { 77, 255 }, -1, Alert.UnsupportedCertificate)]
    public void A_server_ends_where_it_has_none_of_the_types_that_the_client_takes(byte[]? types, int chosen, int alert)
    {
        AgainstServer end = Hello(new RawKeyStore(), Setup.Store(s_server), ClientCertificates.None, null, types);
        AssertAnswer(end, OfServer, types == null ? -1 : chosen, alert);
    }

    [TestMethod]
    public void A_type_in_common_is_not_the_reason_where_the_rest_does_not_fit()
    {
        // The type will do, and the key's curve will not.
        AgainstServer end = Hello(new RawKeyStore(), Setup.Store(Identity.Of(CaKeyKind.P384)), ClientCertificates.None, null, new[] { X509 });
        AssertAnswer(end, OfServer, -1, Alert.HandshakeFailure);
    }

    [TestMethod]
    public void A_suite_without_certificates_needs_no_type()
    {
        DtlsOptions options = Setup.Options(new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128Ccm8(Setup.Extensions)).Add(PskSuites.Aes128Ccm8()));
        options.Authenticator = new CertificateAuthenticator(Setup.Store(s_server), new RawKeyStore(), false);
        options.ClientCertificates = ClientCertificates.None;
        AgainstServer end = new AgainstServer(options);
        end.Peer.Suite = 0xC0A8;
        end.Peer.Extensions = Wire.Vector(2, CertificatePeer.ClientExtensions()[2..], CertificatePeer.Extension(OfServer, 1, RawKey));
        end.Hello();
        Assert.AreEqual(0, end.Peer.Alerts.Count);
        Assert.IsTrue(end.Peer.Bodies.ContainsKey(M.ServerHelloDone));
    }

    [TestMethod]
    public void A_client_refuses_a_certificate_of_a_type_that_it_did_not_list()
    {
        // It takes raw keys alone, though it has a store of certificates, and the server knows nothing of types.
        Setup.RawKey(CaKeyKind.P256, out byte[] info);
        RawKeyStore keys = new RawKeyStore();
        keys.AddTrusted(info);
        DtlsOptions options = Setup.Options(Setup.One(EcdheSuites.EcdsaAes128Ccm8));
        options.Authenticator = new CertificateAuthenticator(Setup.Store(null), keys, true);
        options.ServerName = Setup.Host;
        AgainstClient end = new AgainstClient(options);
        end.Begin(s_server);
        Assert.AreEqual(DtlsError.UnsupportedCertificate, end.Error);
        Assert.AreEqual(Alert.UnsupportedCertificate, end.Peer.Alerts.Single());
    }

    [TestMethod]
    [DataRow(OfServer, RawKey, true)]
    [DataRow(OfServer, X509, false)]
    [DataRow(OfServer, OpenPgp, false)]
    [DataRow(OfClient, RawKey, true)]
    [DataRow(OfClient, X509, false)]
    [DataRow(OfClient, (byte)77, false)]
    public void A_client_refuses_a_server_that_names_a_type_that_it_did_not_list(int extension, byte type, bool isListed)
    {
        // It has a store of certificates as well, but nobody in it: what it can read it has not offered.
        Setup.RawKey(CaKeyKind.P256, out byte[] info);
        RawKeyStore keys = new RawKeyStore();
        keys.AddTrusted(info);
        DtlsOptions options = Setup.Options(Setup.One(EcdheSuites.EcdsaAes128Ccm8));
        options.Authenticator = new CertificateAuthenticator(Setup.Store(null), keys, true);
        options.ServerName = Setup.Host;
        AgainstClient end = new AgainstClient(options);
        end.Peer.Extensions = Wire.Vector(2, CertificatePeer.Extension(extension, type));
        end.Send(M.ServerHello, end.Peer.ServerHello());
        Assert.AreEqual(isListed ? DtlsError.None : DtlsError.IllegalParameter, end.Error);
        Assert.AreEqual(isListed ? -1 : Alert.IllegalParameter, end.Peer.Alerts.SingleOrDefault(-1));
    }

    private static AgainstServer Hello(RawKeyStore keys, CertificateStore store, ClientCertificates clients, byte[]? ofClient, byte[]? ofServer)
    {
        DtlsOptions options = Setup.Options(Setup.One(EcdheSuites.EcdsaAes128Ccm8));
        options.Authenticator = new CertificateAuthenticator(store, keys, false);
        options.ClientCertificates = clients;
        AgainstServer end = new AgainstServer(options);
        byte[] Types(int type, byte[]? types) => types == null ? Array.Empty<byte>() : CertificatePeer.Extension(type, Wire.Vector(1, types));
        end.Peer.Extensions = Wire.Vector(2, CertificatePeer.ClientExtensions()[2..], Types(OfClient, ofClient), Types(OfServer, ofServer));
        return end.Hello();
    }

    /// <summary>The type in the server's hello, -1 where there is none, or the alert in its place.</summary>
    private static void AssertAnswer(AgainstServer end, int extension, int type, int alert)
    {
        Assert.AreEqual(alert, end.Peer.Alerts.SingleOrDefault(-1));
        Assert.AreEqual(alert >= 0, !end.Peer.Bodies.ContainsKey(M.ServerHello));
        if (alert >= 0)
        {
            return;
        }

        byte[] hello = end.Peer.Bodies[M.ServerHello];
        int at = 34 + 1 + hello[34] + 3 + 2;
        int found = -1;
        for (; at < hello.Length; at += 4 + Wire.Number(hello, at + 2, 2))
        {
            found = Wire.Number(hello, at, 2) == extension ? hello[at + 4] : found;
        }

        Assert.AreEqual(type, found);
    }
}

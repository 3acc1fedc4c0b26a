using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>What a client refuses of a server that chose wrongly, or proved itself wrongly.</summary>
[TestClass]
public class ServerChoiceTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_rsa = Identity.Of(CaKeyKind.Rsa2048);

    [TestMethod]
    public void The_scripted_server_completes_when_it_keeps_the_rules()
    {
        foreach (bool asks in new[] { false, true })
        {
            AgainstClient end = Start().Begin(s_server);
            end.Send(M.ServerKeyExchange, end.Peer.ServerKeyExchange(s_server.End.Key));
            if (asks)
            {
                end.Send(M.CertificateRequest, CertificatePeer.CertificateRequest());
            }

            end.Send(M.ServerHelloDone, Array.Empty<byte>()).Finish();
            Assert.AreEqual(AssociationState.Connected, end.Client.Association.State, end.Error.ToString());
            Assert.AreEqual(asks, end.Peer.Received.Contains(M.Certificate));
        }
    }

    [TestMethod]
    [DataRow("group not offered", DtlsError.IllegalParameter)]
    [DataRow("group unknown", DtlsError.IllegalParameter)]
    [DataRow("explicit prime", DtlsError.IllegalParameter)]
    [DataRow("curve type 0", DtlsError.IllegalParameter)]
    [DataRow("scheme not offered", DtlsError.IllegalParameter)]
    [DataRow("scheme with SHA-1", DtlsError.IllegalParameter)]
    [DataRow("scheme of another key", DtlsError.IllegalParameter)]
    [DataRow("scheme unknown", DtlsError.IllegalParameter)]
    [DataRow("signature flipped", DtlsError.DecryptError)]
    [DataRow("signature empty", DtlsError.DecryptError)]
    [DataRow("signature with a byte behind", DtlsError.DecryptError)]
    [DataRow("signature of another key", DtlsError.DecryptError)]
    [DataRow("point changed", DtlsError.DecryptError)]
    [DataRow("point compressed", DtlsError.IllegalParameter)]
    [DataRow("point at infinity", DtlsError.IllegalParameter)]
    [DataRow("point empty", DtlsError.DecodeError)]
    [DataRow("point too long", DtlsError.IllegalParameter)]
    [DataRow("point not on the curve", DtlsError.IllegalParameter)]
    [DataRow("point hybrid", DtlsError.IllegalParameter)]
    [DataRow("bytes behind", DtlsError.DecodeError)]
    public void A_wrong_key_exchange_is_refused_with_its_alert(string fault, DtlsError expected)
    {
        AgainstClient end = Start().Begin(s_server);
        CertificatePeer peer = end.Peer;
        byte[] good = peer.ServerKeyExchange(s_server.End.Key);
        byte[] Point(byte[] point) => peer.ServerKeyExchange(s_server.End.Key, point: point);
        byte[] body = fault switch
        {
            "group not offered" => peer.ServerKeyExchange(s_server.End.Key, group: NamedGroup.Secp384r1, point: LargePoint()),
            "group unknown" => peer.ServerKeyExchange(s_server.End.Key, group: 25),
            "explicit prime" => peer.ServerKeyExchange(s_server.End.Key, curveType: 1),
            "curve type 0" => peer.ServerKeyExchange(s_server.End.Key, curveType: 0),
            "scheme not offered" => peer.ServerKeyExchange(s_server.End.Key, SignatureScheme.EcdsaSecp384r1Sha384),
            "scheme with SHA-1" => peer.ServerKeyExchange(s_server.End.Key, SignatureScheme.EcdsaSha1),
            "scheme of another key" => peer.ServerKeyExchange(s_rsa.End.Key, SignatureScheme.RsaPkcs1Sha256),
            "scheme unknown" => peer.ServerKeyExchange(s_server.End.Key, 0x7A7A),
            "signature flipped" => Changed(good, good.Length - 1),
            "signature empty" => good.AsSpan(0, 71).ToArray().Concat(new byte[2]).ToArray(),
            "signature with a byte behind" => good.AsSpan(0, 71).ToArray().Concat(Wire.Vector(2, good[73..], new byte[1])).ToArray(),
            "signature of another key" => peer.ServerKeyExchange(new CaKey(CaKeyKind.P256)),
            "point changed" => good.AsSpan(0, 4).ToArray().Concat(new CertificatePeer(true).Public).Concat(good[69..]).ToArray(),
            "point compressed" => Point(new byte[] { 2 }.Concat(peer.Public[1..33]).ToArray()),
            "point at infinity" => Point(new byte[1]),
            "point empty" => Point(Array.Empty<byte>()),
            "point too long" => Point(peer.Public.Append((byte)0).ToArray()),
            "point not on the curve" => Point(Changed(peer.Public, 64)),
            "point hybrid" => Point(new byte[] { 6 }.Concat(peer.Public[1..]).ToArray()),
            _ => good.Append((byte)0).ToArray(),
        };
        end.Send(M.ServerKeyExchange, body);
        if (end.Error == DtlsError.None)
        {
            end.Send(M.ServerHelloDone, Array.Empty<byte>());
        }

        Refused(end, expected);
    }

    [TestMethod]
    public void An_x25519_key_that_gives_zeros_is_refused()
    {
        DtlsOptions options = Options(EcdheSuites.EcdsaAes128Ccm8, new[] { NamedGroup.Secp256r1, NamedGroup.X25519 }, new[] { 0x0403 });
        AgainstClient end = new AgainstClient(options).Begin(s_server);
        end.Send(M.ServerKeyExchange, end.Peer.ServerKeyExchange(s_server.End.Key, group: NamedGroup.X25519, point: new byte[32]));
        end.Send(M.ServerHelloDone, Array.Empty<byte>());
        Refused(end, DtlsError.IllegalParameter);
    }

    [TestMethod]
    public void A_key_of_the_wrong_kind_for_the_suite_is_refused()
    {
        AgainstClient end = new AgainstClient(Options(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403, 0x0401 })).Begin(s_rsa);
        end.Send(M.ServerKeyExchange, end.Peer.ServerKeyExchange(s_rsa.End.Key, SignatureScheme.RsaPkcs1Sha256));
        Refused(end, DtlsError.IllegalParameter);

        end = new AgainstClient(Options(EcdheSuites.RsaAes128GcmSha256, new[] { 23 }, new[] { 0x0403, 0x0401 }));
        end.Peer.Suite = 0xC02F;
        end.Begin(s_server).Send(M.ServerKeyExchange, end.Peer.ServerKeyExchange(s_server.End.Key));
        Refused(end, DtlsError.IllegalParameter);

        // A signature key does not encrypt: neither an elliptic one, nor by its certificate.
        foreach (Identity identity in new[] { s_server, Identity.With(spec => spec.KeyUsage = 0x80, CaKeyKind.Rsa2048) })
        {
            end = new AgainstClient(Options(CertificateSuites.RsaAes128GcmSha256, new[] { 23 }, new[] { 0x0403, 0x0401 }));
            end.Peer.Suite = 0x009C;
            end.Begin(identity);
            if (end.Error == DtlsError.None)
            {
                end.Send(M.ServerHelloDone, Array.Empty<byte>());
            }

            Refused(end, DtlsError.CertificatePurpose);
        }
    }

    [TestMethod]
    public void A_scheme_that_was_offered_but_does_not_fit_the_key_is_refused()
    {
        AgainstClient end = new AgainstClient(Options(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403, 0x0401 })).Begin(s_server);
        end.Send(M.ServerKeyExchange, end.Peer.ServerKeyExchange(s_rsa.End.Key, SignatureScheme.RsaPkcs1Sha256));
        Refused(end, DtlsError.IllegalParameter);
    }

    [TestMethod]
    public void A_certificate_on_a_curve_that_was_not_offered_is_refused()
    {
        Identity large = Identity.Of(CaKeyKind.P384);
        AgainstClient end = Start().Begin(large);
        end.Send(M.ServerKeyExchange, end.Peer.ServerKeyExchange(large.End.Key));
        Refused(end, DtlsError.IllegalParameter);
    }

    [TestMethod]
    [DataRow(new[] { M.ServerKeyExchange })]
    [DataRow(new[] { M.ServerHelloDone })]
    [DataRow(new[] { M.CertificateRequest })]
    [DataRow(new[] { M.Certificate, M.Certificate })]
    [DataRow(new[] { M.Certificate, M.ServerHelloDone })]
    [DataRow(new[] { M.Certificate, M.CertificateRequest })]
    [DataRow(new[] { M.Certificate, M.ServerKeyExchange, M.ServerKeyExchange })]
    [DataRow(new[] { M.Certificate, M.ServerKeyExchange, M.CertificateRequest, M.CertificateRequest })]
    [DataRow(new[] { M.Certificate, M.ServerKeyExchange, M.CertificateRequest, M.Certificate })]
    [DataRow(new[] { M.Certificate, M.ServerKeyExchange, M.Certificate })]
    [DataRow(new[] { M.Certificate, M.ServerKeyExchange, M.CertificateVerify })]
    [DataRow(new[] { M.Certificate, M.ServerKeyExchange, M.ServerHelloDone, M.CertificateRequest })]
    public void Messages_that_are_missing_doubled_or_out_of_order_are_refused(int[] types)
    {
        AgainstClient end = Start();
        end.Send(M.ServerHello, end.Peer.ServerHello());
        foreach (int type in types)
        {
            Assert.AreEqual(DtlsError.None, end.Error);
            end.Send(type, Body(end.Peer, type));
        }

        Refused(end, DtlsError.UnexpectedMessage);
    }

    [TestMethod]
    public void A_certificate_or_its_request_in_a_suite_without_certificates_is_refused()
    {
        foreach (int type in new[] { M.Certificate, M.CertificateRequest })
        {
            DtlsOptions options = Setup.Client(new CipherSuiteTable().Add(PskSuites.Aes128Ccm8()), Setup.Store(null, s_server));
            AgainstClient end = new AgainstClient(options);
            end.Peer.Suite = 0xC0A8;
            end.Send(M.ServerHello, end.Peer.ServerHello());
            end.Send(type, Body(end.Peer, type));
            Refused(end, DtlsError.UnexpectedMessage);
        }
    }

    [TestMethod]
    public void A_server_without_a_certificate_is_refused()
    {
        AgainstClient end = Start();
        end.Send(M.ServerHello, end.Peer.ServerHello()).Send(M.Certificate, CertificatePeer.Certificate());
        Refused(end, DtlsError.CertificateMissing, Alert.HandshakeFailure);
    }

    [TestMethod]
    public void Answers_in_the_hello_that_nobody_asked_for_or_that_are_doubled_are_refused()
    {
        void Hello(DtlsError expected, params byte[][] extensions)
        {
            AgainstClient end = Start();
            end.Peer.Extensions = Wire.Vector(2, extensions);
            end.Send(M.ServerHello, end.Peer.ServerHello());
            Refused(end, expected);
        }

        Hello(DtlsError.UnsupportedExtension, CertificatePeer.Extension(20, 2));
        Hello(DtlsError.UnsupportedExtension, CertificatePeer.Extension(19, 2));
        Hello(DtlsError.UnsupportedExtension, CertificatePeer.Extension(50, 0, 2, 4, 3));
        Hello(DtlsError.IllegalParameter, CertificatePeer.Extension(11, 1, 1));
        Hello(DtlsError.DecodeError, CertificatePeer.Extension(11, 0));
        Hello(DtlsError.DecodeError, CertificatePeer.Extension(11, 1, 0, 0));
        Hello(DtlsError.DecodeError, CertificatePeer.Extension(11, 1, 0), CertificatePeer.Extension(11, 1, 0));
        Hello(DtlsError.DecodeError, CertificatePeer.Extension(0), CertificatePeer.Extension(0));
    }

    [TestMethod]
    public void A_certificate_type_that_was_not_offered_is_refused()
    {
        Setup.RawKey(CaKeyKind.P256, out byte[] info);
        RawKeyStore keys = new RawKeyStore();
        keys.AddTrusted(info);
        foreach ((int type, int choice) in new[] { (20, 0), (20, 1), (20, 255) })
        {
            DtlsOptions options = Setup.Options(Setup.One(EcdheSuites.EcdsaAes128Ccm8));
            options.Authenticator = new CredentialAuthenticator(new CredentialSource[] { keys });
            AgainstClient end = new AgainstClient(options);
            end.Peer.Extensions = Wire.Vector(2, CertificatePeer.Extension(type, (byte)choice));
            end.Send(M.ServerHello, end.Peer.ServerHello());
            Refused(end, DtlsError.IllegalParameter);
        }
    }

    private static AgainstClient Start()
    {
        return new AgainstClient(Options(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403 }));
    }

    private static DtlsOptions Options(Func<EcdheExtensions, CipherSuite> suite, int[] groups, int[] schemes)
    {
        return Setup.Client(Setup.One(suite, groups, schemes), Setup.Store(null, s_server, s_rsa, Identity.Of(CaKeyKind.P384)));
    }

    private static byte[] Body(CertificatePeer peer, int type)
    {
        return type switch
        {
            M.Certificate => CertificatePeer.Certificate(s_server.End.Der),
            M.ServerKeyExchange => peer.ServerKeyExchange(s_server.End.Key),
            M.CertificateRequest => CertificatePeer.CertificateRequest(),
            M.CertificateVerify => peer.CertificateVerify(s_server.End.Key),
            _ => Array.Empty<byte>(),
        };
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        byte[] copy = (byte[])bytes.Clone();
        copy[at] ^= 1;
        return copy;
    }

    private static byte[] LargePoint()
    {
        byte[] point = new byte[97];
        Setup.Crypto().GenerateKey(NamedGroup.Secp384r1, new byte[48], 0, point, 0);
        return point;
    }

    private static void Refused(AgainstClient end, DtlsError expected, int alert = -2)
    {
        Assert.AreEqual(expected, end.Error);
        Assert.AreEqual(AssociationState.Closed, end.Client.Association.State);
        Assert.AreEqual(alert == -2 ? AlertTable.AlertFor(expected) : alert, end.Peer.Alerts.Single());
        Assert.AreEqual(end.Peer.Alerts.Single(), end.Client.Association.AlertSent);
        Assert.AreEqual(0, end.Client.Statistics.HandshakesCompleted);
        Assert.AreEqual(end.Client.Pool.Count, end.Client.Pool.Available);
    }
}

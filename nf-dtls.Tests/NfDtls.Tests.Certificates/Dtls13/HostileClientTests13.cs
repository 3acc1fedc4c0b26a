using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>What a server of DTLS 1.3 refuses of a client that holds right keys and does not prove itself, or proves itself wrongly.</summary>
[TestClass]
public class HostileClientTests13
{
    private const int Unknown = 0xABCD;

    private static readonly byte[] s_none = [0, 0];
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256, 3);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 3, CaKeyKind.P256, "client");
    private static readonly Identity s_rsa = Identity.Of(CaKeyKind.Rsa2048, 2, CaKeyKind.P256, "client");

    [TestMethod]
    public void The_scripted_client_completes_when_it_keeps_the_rules()
    {
        AgainstServer13 end = Start(ClientCertificates.Require).Certificate(s_client).Verify(s_client).Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
        CollectionAssert.AreEqual(s_client.End.Der, end.Association!.PeerCertificates[0]);
        end = Start(ClientCertificates.Require).Certificate(s_rsa).Verify(s_rsa, SignatureScheme.RsaPssRsaeSha256).Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
        end = Start(ClientCertificates.Request).Send(M.Certificate, Peer13.Certificate([])).Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
        end = Start(ClientCertificates.None).Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
    }

    [TestMethod]
    [DataRow("a context that was not the request's", DtlsError.IllegalParameter)]
    [DataRow("no certificate", DtlsError.CertificateMissing)]
    [DataRow("an empty certificate", DtlsError.DecodeError)]
    [DataRow("status_request, which was not asked for", DtlsError.UnsupportedExtension)]
    [DataRow("an unknown extension", DtlsError.UnsupportedExtension)]
    [DataRow("signature_algorithms", DtlsError.IllegalParameter)]
    [DataRow("key_share", DtlsError.IllegalParameter)]
    [DataRow("an extension twice", DtlsError.DecodeError)]
    [DataRow("no block of extensions", DtlsError.DecodeError)]
    [DataRow("bytes behind", DtlsError.DecodeError)]
    [DataRow("a list that is too long", DtlsError.DecodeError)]
    [DataRow("more certificates than are allowed", DtlsError.CertificateChainTooLarge)]
    [DataRow("more bytes than are allowed", DtlsError.CertificateChainTooLarge)]
    [DataRow("no DER", DtlsError.BadCertificate)]
    public void A_certificate_message_that_breaks_a_rule_is_refused_with_its_alert(string fault, DtlsError expected)
    {
        byte[] der = s_client.End.Der;
        byte[] plain = Peer13.Certificate(s_client);
        byte[] body = fault switch
        {
            "a context that was not the request's" => Peer13.Certificate([0x77], (der, s_none)),
            "no certificate" => Peer13.Certificate([]),
            "an empty certificate" => Peer13.Certificate([], ([], s_none)),
            "status_request, which was not asked for" => Peer13.Certificate([], (der, Peer13.Block([(5, [1, 0, 0, 1, 0])]))),
            "an unknown extension" => Peer13.Certificate([], (der, Peer13.Block([(Unknown, [])]))),
            "signature_algorithms" => Peer13.Certificate([], (der, Peer13.Block([(13, [0, 2, 4, 3])]))),
            "key_share" => Peer13.Certificate([], (der, Peer13.Block([(51, [0, 23])]))),
            "an extension twice" => Peer13.Certificate([], (der, Peer13.Block([(Unknown, []), (Unknown, [])]))),
            "no block of extensions" => Peer13.Certificate([], (der, [])),
            "bytes behind" => [.. plain, 0],
            "a list that is too long" => HostileServerTests13.Longer(plain),
            "more certificates than are allowed" => Peer13.Certificate([], [.. Enumerable.Repeat((der, s_none), 9)]),
            "more bytes than are allowed" => Peer13.Certificate([], (new byte[20_000], s_none)),
            _ => Peer13.Certificate([], (TestBed.Bytes(200), s_none)),
        };
        Refused(Start(ClientCertificates.Require).Send(M.Certificate, body), expected, fault);
    }

    [TestMethod]
    public void A_certificate_message_cut_at_any_length_is_a_decode_error()
    {
        byte[] whole = Peer13.Certificate(s_client);
        for (int length = 0; length < whole.Length; length += length < 16 || length > whole.Length - 16 ? 1 : 37)
        {
            Refused(Start(ClientCertificates.Require).Send(M.Certificate, whole[..length]), DtlsError.DecodeError, "length " + length);
        }
    }

    [TestMethod]
    [DataRow("a scheme of another curve", ClientCertificates.Require, DtlsError.IllegalParameter)]
    [DataRow("PKCS #1", ClientCertificates.Require, DtlsError.IllegalParameter)]
    [DataRow("ECDSA with SHA-1", ClientCertificates.Require, DtlsError.IllegalParameter)]
    [DataRow("a scheme of another key", ClientCertificates.Require, DtlsError.IllegalParameter)]
    [DataRow("another key", ClientCertificates.Require, DtlsError.DecryptError)]
    [DataRow("the server's words", ClientCertificates.Require, DtlsError.DecryptError)]
    [DataRow("another transcript", ClientCertificates.Require, DtlsError.DecryptError)]
    [DataRow("no signature", ClientCertificates.Require, DtlsError.DecryptError)]
    [DataRow("bytes behind", ClientCertificates.Require, DtlsError.DecodeError)]
    [DataRow("left out", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("left out", ClientCertificates.Request, DtlsError.UnexpectedMessage)]
    [DataRow("before the certificate", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("twice", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("certificate twice", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("without a certificate", ClientCertificates.Request, DtlsError.UnexpectedMessage)]
    [DataRow("neither certificate nor proof", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("neither certificate nor proof", ClientCertificates.Request, DtlsError.UnexpectedMessage)]
    [DataRow("a certificate that nobody asked for", ClientCertificates.None, DtlsError.UnexpectedMessage)]
    [DataRow("a request", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    public void A_proof_that_breaks_a_rule_is_refused_with_its_alert(string fault, ClientCertificates clients, DtlsError expected)
    {
        AgainstServer13 end = Start(clients);
        Peer13 peer = end.Peer;
        CaKey key = s_client.End.Key;
        switch (fault)
        {
            case "a scheme of another curve": end.Certificate(s_client).Verify(s_client, SignatureScheme.EcdsaSecp384r1Sha384); break;
            case "PKCS #1": end.Certificate(s_rsa).Verify(s_rsa, SignatureScheme.RsaPkcs1Sha256); break;
            case "ECDSA with SHA-1": end.Certificate(s_client).Verify(s_client, SignatureScheme.EcdsaSha1); break;
            case "a scheme of another key": end.Certificate(s_client).Verify(s_rsa, SignatureScheme.RsaPssRsaeSha256); break;
            case "another key": end.Certificate(s_client).Verify(s_server); break;
            case "the server's words": end.Certificate(s_client).Send(M.CertificateVerify, peer.CertificateVerify(key, asServer: true)); break;
            case "another transcript":
                byte[] early = peer.CertificateVerify(key);
                end.Certificate(s_client).Send(M.CertificateVerify, early);
                break;
            case "no signature": end.Certificate(s_client).Send(M.CertificateVerify, [4, 3, 0, 0]); break;
            case "bytes behind": end.Certificate(s_client).Send(M.CertificateVerify, [.. peer.CertificateVerify(key), 0]); break;
            case "left out": end.Certificate(s_client).Finish(); break;
            case "before the certificate": end.Verify(s_client); break;
            case "twice": end.Certificate(s_client).Verify(s_client).Verify(s_client); break;
            case "certificate twice": end.Certificate(s_client).Certificate(s_client); break;
            case "without a certificate": end.Send(M.Certificate, Peer13.Certificate([])).Verify(s_client); break;
            case "a certificate that nobody asked for": end.Certificate(s_client); break;
            case "a request": end.Send(M.CertificateRequest, Peer13.CertificateRequest(Peer13.Schemes(0x0403))); break;
            default: end.Finish(); break;
        }

        Refused(end, expected, fault);
    }

    [TestMethod]
    public void A_certificate_after_the_handshake_is_unexpected()
    {
        AgainstServer13 end = Start(ClientCertificates.Require).Certificate(s_client).Verify(s_client).Finish();
        Assert.IsTrue(end.IsConnected);
        Association association = end.Association!;
        end.Certificate(s_client);
        Assert.AreEqual(DtlsError.UnexpectedMessage, association.LastError);
        Assert.AreEqual(Alert.UnexpectedMessage, end.Peer.Alerts.Single());
    }

    /// <summary>While a proof is checked what came behind it waits, and nothing of the flight is missing.</summary>
    [TestMethod]
    public void A_flight_that_comes_whole_is_acknowledged_once_and_not_before_it_is_over()
    {
        AgainstServer13 end = Start(ClientCertificates.Require);
        byte[] certificate = end.Peer.Message(M.Certificate, Peer13.Certificate(s_client));
        byte[] proof = end.Peer.Message(M.CertificateVerify, end.Peer.CertificateVerify(s_client.End.Key));
        end.Send([.. certificate, .. proof, .. end.Peer.Message(M.Finished, end.Peer.Finished())]);
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
        Assert.AreEqual(1, end.Peer.Acks);

        // With one of it missing the client is told at once what has come.
        end = Start(ClientCertificates.Require);
        certificate = end.Peer.Message(M.Certificate, Peer13.Certificate(s_client));
        end.Send(end.Peer.Message(M.CertificateVerify, end.Peer.CertificateVerify(s_client.End.Key)));
        Assert.AreEqual(1, end.Peer.Acks);
        end.Send(certificate).Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
    }

    private static AgainstServer13 Start(ClientCertificates clients)
    {
        DtlsOptions options = Setup13.Server(Setup.Store(s_server, s_client, s_rsa), clients);
        return new AgainstServer13(Setup13.Versioned(options, true, [NamedGroup.Secp256r1])).Hello();
    }

    /// <summary>The handshake has failed with this, its alert was sent and was the only one, and nothing is kept.</summary>
    private static void Refused(AgainstServer13 end, DtlsError expected, string what)
    {
        int alert = expected == DtlsError.CertificateMissing ? Alert.CertificateRequired : AlertTable.AlertFor(expected);
        Assert.AreEqual(1, end.Server.Statistics.HandshakesFailedWith(expected), what + ": " + end.Error);
        Assert.AreEqual(alert, end.Peer.Alerts.Single(), what);
        Assert.AreEqual(0, end.Server.Statistics.HandshakesCompleted, what);
        Assert.IsTrue(end.Association == null || end.Association.PeerCertificates == null, what);
        Assert.AreEqual(end.Server.Pool.Count, end.Server.Pool.Available, what);
    }
}

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>What a server refuses of a client that does not prove itself, or proves itself wrongly.</summary>
[TestClass]
public class ClientProofTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");

    [TestMethod]
    public void The_scripted_client_completes_when_it_keeps_the_rules()
    {
        AgainstServer end = Start(ClientCertificates.Require).Certificate(s_client).KeyExchange().Verify(s_client).Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
        end = Start(ClientCertificates.Request).Certificate().KeyExchange().Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
        end = Start(ClientCertificates.None).KeyExchange().Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
    }

    [TestMethod]
    [DataRow("no certificate at all", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("no certificate at all", ClientCertificates.Request, DtlsError.UnexpectedMessage)]
    [DataRow("empty list", ClientCertificates.Require, DtlsError.CertificateMissing)]
    [DataRow("unrequested certificate", ClientCertificates.None, DtlsError.UnexpectedMessage)]
    [DataRow("key exchange before certificate", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("certificate twice", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("verify before key exchange", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("verify without certificate", ClientCertificates.Request, DtlsError.UnexpectedMessage)]
    [DataRow("verify after an empty list", ClientCertificates.Request, DtlsError.UnexpectedMessage)]
    [DataRow("verify twice", ClientCertificates.Require, DtlsError.UnexpectedMessage)]
    [DataRow("verify of another key", ClientCertificates.Require, DtlsError.DecryptError)]
    [DataRow("verify of another transcript", ClientCertificates.Require, DtlsError.DecryptError)]
    [DataRow("verify by a scheme not offered", ClientCertificates.Require, DtlsError.IllegalParameter)]
    [DataRow("verify by SHA-1", ClientCertificates.Require, DtlsError.IllegalParameter)]
    [DataRow("verify by a scheme of another key", ClientCertificates.Require, DtlsError.IllegalParameter)]
    [DataRow("verify with bytes behind", ClientCertificates.Require, DtlsError.DecodeError)]
    [DataRow("verify empty", ClientCertificates.Require, DtlsError.DecryptError)]
    [DataRow("point not on the curve", ClientCertificates.None, DtlsError.IllegalParameter)]
    [DataRow("point compressed", ClientCertificates.None, DtlsError.IllegalParameter)]
    [DataRow("point at infinity", ClientCertificates.None, DtlsError.IllegalParameter)]
    [DataRow("point empty", ClientCertificates.None, DtlsError.DecodeError)]
    [DataRow("point too short", ClientCertificates.None, DtlsError.IllegalParameter)]
    public void A_wrong_proof_is_refused_with_its_alert(string fault, ClientCertificates clients, DtlsError expected)
    {
        AgainstServer end = Start(clients);
        CertificatePeer peer = end.Peer;
        void Exchange(byte[] point) => end.Send(M.ClientKeyExchange, Wire.Vector(1, point));
        switch (fault)
        {
            case "no certificate at all": end.KeyExchange(); break;
            case "empty list": end.Certificate(); break;
            case "unrequested certificate": end.Certificate(s_client); break;
            case "key exchange before certificate": end.KeyExchange(); break;
            case "certificate twice": end.Certificate(s_client).Certificate(s_client); break;
            case "verify before key exchange": end.Certificate(s_client).Verify(s_client); break;
            case "verify without certificate": end.Verify(s_client); break;
            case "verify after an empty list": end.Certificate().KeyExchange().Verify(s_client); break;
            case "verify twice": end.Certificate(s_client).KeyExchange().Verify(s_client).Verify(s_client); break;
            case "verify of another key": end.Certificate(s_client).KeyExchange().Verify(s_server); break;
            case "verify of another transcript":
                byte[] early = peer.CertificateVerify(s_client.End.Key);
                end.Certificate(s_client).KeyExchange().Send(M.CertificateVerify, early);
                break;
            case "verify by a scheme not offered": end.Certificate(s_client).KeyExchange().Verify(s_client, SignatureScheme.EcdsaSecp384r1Sha384); break;
            case "verify by SHA-1": end.Certificate(s_client).KeyExchange().Verify(s_client, SignatureScheme.EcdsaSha1); break;
            case "verify by a scheme of another key":
                end.Certificate(s_client).KeyExchange().Verify(Identity.Of(CaKeyKind.Rsa2048), SignatureScheme.RsaPkcs1Sha256);
                break;
            case "verify with bytes behind":
                end.Certificate(s_client).KeyExchange();
                end.Send(M.CertificateVerify, peer.CertificateVerify(s_client.End.Key).Append((byte)0).ToArray());
                break;
            case "verify empty": end.Certificate(s_client).KeyExchange().Send(M.CertificateVerify, new byte[] { 4, 3, 0, 0 }); break;
            case "point not on the curve": Exchange(peer.Public[..64].Append((byte)(peer.Public[64] ^ 1)).ToArray()); break;
            case "point compressed": Exchange(new byte[] { 3 }.Concat(peer.Public[1..33]).ToArray()); break;
            case "point at infinity": Exchange(new byte[1]); break;
            case "point empty": Exchange(Array.Empty<byte>()); break;
            default: Exchange(peer.Public[..64]); break;
        }

        Refused(end, expected);
    }

    [TestMethod]
    [DataRow(SignatureScheme.RsaPkcs1Sha256, DtlsError.None)]
    [DataRow(SignatureScheme.RsaPssRsaeSha256, DtlsError.IllegalParameter)]
    [DataRow(SignatureScheme.RsaPkcs1Sha512, DtlsError.IllegalParameter)]
    public void A_scheme_that_the_request_did_not_name_is_refused_though_it_fits_the_key_and_the_hash_is_kept(int scheme, DtlsError expected)
    {
        Identity client = Identity.Of(CaKeyKind.Rsa2048, 2, CaKeyKind.Rsa2048, "client");

        // SHA-512 is in the server's table, but of a transcript in SHA-256 it has none, and so its request leaves that out.
        CipherSuiteTable suites = Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403, 0x0401, 0x0601 });
        AgainstServer end = new AgainstServer(Setup.Server(suites, Setup.Store(s_server, client), ClientCertificates.Require)).Hello();
        end.Certificate(client).KeyExchange().Verify(client, scheme);
        Assert.AreEqual(expected, end.Error);
        if (expected == DtlsError.None)
        {
            Assert.IsTrue(end.Finish().IsConnected);
            return;
        }

        Refused(end, expected);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_certificate_without_its_verify_does_not_complete(bool asksOnly)
    {
        // ChangeCipherSpec out of its place is ignored; Finished then has no keys to be read with.
        AgainstServer end = Start(asksOnly ? ClientCertificates.Request : ClientCertificates.Require).Certificate(s_client).KeyExchange().Finish();
        Assert.IsFalse(end.IsConnected);
        end.Send(end.Peer.ChangeCipherSpec()).Send(end.Peer.Finished());
        Assert.IsFalse(end.IsConnected);
        Assert.IsNull(end.Server.At(0).PeerCertificates);
    }

    [TestMethod]
    public void A_ChangeCipherSpec_before_the_proof_is_dropped_and_counts_for_nothing_later()
    {
        AgainstServer end = Start(ClientCertificates.Require).Certificate(s_client).KeyExchange();
        end.Send(end.Peer.ChangeCipherSpec());
        Assert.AreEqual(1, end.Server.Statistics.Dropped(DropReason.ChangeCipherSpec));
        end.Verify(s_client).Send(end.Peer.Finished());
        Assert.IsFalse(end.IsConnected);
        end.Send(end.Peer.ChangeCipherSpec());
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
    }

    [TestMethod]
    public void An_unproven_client_stays_out_whatever_it_leaves_away()
    {
        AgainstServer end = Start(ClientCertificates.Require);
        end.Peer.ClientKeyExchange();
        end.Finish();
        Assert.IsFalse(end.IsConnected);
        end = Start(ClientCertificates.Require).Certificate(s_client);
        end.Peer.ClientKeyExchange();
        end.Finish();
        Assert.IsFalse(end.IsConnected);
    }

    [TestMethod]
    public void A_list_of_types_groups_or_names_that_breaks_its_syntax_is_refused()
    {
        void Hello(int expected, params byte[][] extensions)
        {
            DtlsOptions options = Setup.Options(Setup.One(EcdheSuites.EcdsaAes128Ccm8));
            options.Authenticator = new CertificateAuthenticator(Setup.Store(s_server), new RawKeyStore(), false);
            AgainstServer end = new AgainstServer(options);
            end.Peer.Extensions = Wire.Vector(2, extensions);
            end.Hello();
            Assert.AreEqual(expected, end.Peer.Alerts.SingleOrDefault(-1), BitConverter.ToString(extensions[0]));
        }

        byte[] good = CertificatePeer.ClientExtensions()[2..];
        Hello(-1, good);
        Hello(Alert.DecodeError, CertificatePeer.Extension(10, 0, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(10, 0, 1, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(10, 0, 2, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(10, 0, 2, 0, 23, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(13, 0, 3, 4, 3, 4));
        Hello(Alert.DecodeError, CertificatePeer.Extension(50, 0, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(19, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(20, 2, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(0, 0, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(0, 0, 3, 0, 0, 0));
        Hello(Alert.DecodeError, CertificatePeer.Extension(0, 0, 8, 0, 0, 1, 0x61, 0, 0, 1, 0x62));
        Hello(Alert.DecodeError, CertificatePeer.Extension(0, 0, 4, 0, 0, 9, 0x61));
        Hello(Alert.IllegalParameter, CertificatePeer.Extension(11, 1, 1));
        Hello(Alert.DecodeError, good, CertificatePeer.Extension(10, 0, 2, 0, 23));
        Hello(Alert.HandshakeFailure, CertificatePeer.Extension(13, 0, 2, 2, 3));
        Hello(Alert.HandshakeFailure, CertificatePeer.Extension(10, 0, 2, 0, 25), CertificatePeer.Extension(13, 0, 2, 4, 3));
        Hello(Alert.HandshakeFailure, CertificatePeer.Extension(10, 0, 2, 0, 23));
    }

    [TestMethod]
    [DataRow("good")]
    [DataRow("newer")]
    [DataRow("newer answered")]
    [DataRow("padding")]
    [DataRow("version")]
    [DataRow("length")]
    [DataRow("short")]
    [DataRow("number")]
    public void Every_wrong_ciphertext_of_rsa_looks_the_same_until_the_finished(string fault)
    {
        Identity rsa = Identity.Of(CaKeyKind.Rsa2048);
        AgainstServer end = new AgainstServer(Setup.Server(Setup.One(CertificateSuites.RsaAes128GcmSha256), Setup.Store(rsa)));
        end.Peer.Suite = 0x009C;
        end.Peer.OfferedVersion = fault.StartsWith("newer", System.StringComparison.Ordinal) ? 0xFEFC : 0xFEFD;
        end.Hello();
        byte[] premaster = TestBed.Bytes(48, 7);
        premaster[0] = 0xFE;
        premaster[1] = (byte)(fault == "version" ? 0xFF : fault == "newer" ? 0xFC : 0xFD);
        end.Peer.Premaster = premaster;
        using System.Security.Cryptography.RSA key = System.Security.Cryptography.RSA.Create();
        key.ImportSubjectPublicKeyInfo(rsa.End.Key.PublicInfo, out _);
        byte[] plain = fault == "length" ? premaster[..47] : premaster;
        byte[] cipher = key.Encrypt(plain, System.Security.Cryptography.RSAEncryptionPadding.Pkcs1);
        cipher = fault switch
        {
            "padding" => key.Encrypt(premaster, System.Security.Cryptography.RSAEncryptionPadding.OaepSHA256),
            "short" => cipher[..255],
            "number" => Enumerable.Repeat((byte)0xFF, 256).ToArray(),
            _ => cipher,
        };
        end.Send(M.ClientKeyExchange, Wire.Vector(2, cipher)).Finish();

        // The version in it is the one offered, not the one agreed on (RFC 5246 section 7.4.7.1).
        bool isGood = fault is "good" or "newer";
        Assert.AreEqual(isGood, end.IsConnected);
        if (!isGood)
        {
            // No alert, and the session waits for a Finished that it can read.
            Assert.AreEqual(0, end.Peer.Alerts.Count);
            Assert.AreEqual(AssociationState.Connecting, end.Server.At(0).State);
            end.Server.HandleTimeout(end.Server.NextDeadline);
            Assert.AreEqual(0, end.Peer.Alerts.Count);
        }
    }

    [TestMethod]
    [DataRow("version", false)]
    [DataRow("version", true)]
    [DataRow("padding", false)]
    [DataRow("padding", true)]
    [DataRow("length", false)]
    [DataRow("number", false)]
    public void Nobody_comes_in_by_guessing_what_stands_for_a_wrong_ciphertext_of_rsa(string fault, bool asSent)
    {
        // Zeros, zeros behind the version, or what was encrypted: none of them is the secret that the server goes on with.
        Identity rsa = Identity.Of(CaKeyKind.Rsa2048);
        foreach (bool hasVersion in new[] { false, true })
        {
            AgainstServer end = new AgainstServer(Setup.Server(Setup.One(CertificateSuites.RsaAes128GcmSha256), Setup.Store(rsa)));
            end.Peer.Suite = 0x009C;
            end.Hello();
            byte[] secret = asSent ? TestBed.Bytes(48, 7) : new byte[48];
            secret[0] = (byte)(hasVersion ? 0xFE : 0);
            secret[1] = (byte)(hasVersion && fault != "version" ? 0xFD : 0);
            using System.Security.Cryptography.RSA key = System.Security.Cryptography.RSA.Create();
            key.ImportSubjectPublicKeyInfo(rsa.End.Key.PublicInfo, out _);
            byte[] cipher = fault switch
            {
                "padding" => key.Encrypt(secret, System.Security.Cryptography.RSAEncryptionPadding.OaepSHA256),
                "number" => Enumerable.Repeat((byte)0xFF, 256).ToArray(),
                "length" => key.Encrypt(secret[..47], System.Security.Cryptography.RSAEncryptionPadding.Pkcs1),
                _ => key.Encrypt(secret, System.Security.Cryptography.RSAEncryptionPadding.Pkcs1),
            };
            end.Peer.Premaster = secret;
            end.Send(M.ClientKeyExchange, Wire.Vector(2, cipher)).Finish();
            Assert.IsFalse(end.IsConnected);
            Assert.AreEqual(AssociationState.Connecting, end.Server.At(0).State);
        }
    }

    private static AgainstServer Start(ClientCertificates clients)
    {
        CipherSuiteTable suites = Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403, 0x0401 });
        return new AgainstServer(Setup.Server(suites, Setup.Store(s_server, s_client), clients)).Hello();
    }

    private static void Refused(AgainstServer end, DtlsError expected)
    {
        Assert.AreEqual(expected, end.Error);
        Assert.AreEqual(AssociationState.Closed, end.Server.At(0).State);
        Assert.AreEqual(AlertTable.AlertFor(expected), end.Peer.Alerts.Single());
        Assert.AreEqual(0, end.Server.Statistics.HandshakesCompleted);
        Assert.AreEqual(end.Server.Pool.Count, end.Server.Pool.Available);
    }
}

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>What a client of DTLS 1.3 refuses of a server that holds right keys: requests, certificates and proofs that break a rule.</summary>
[TestClass]
public class HostileServerTests13
{
    private const int Unknown = 0xABCD;
    private const int StatusRequest = 5;

    private static readonly byte[] s_none = [0, 0];
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256, 3);
    private static readonly Identity s_rsa = Identity.Of(CaKeyKind.Rsa2048);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");
    private static readonly (int Type, byte[] Content) s_schemes = Peer13.Schemes(SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPssRsaeSha256);

    [TestMethod]
    public void The_scripted_server_completes_when_it_keeps_the_rules()
    {
        AgainstClient13 end = Start().Certificate(s_server).Verify(s_server).Finish();
        Assert.IsTrue(end.HasFinished, end.Error.ToString());
        CollectionAssert.DoesNotContain(end.Peer.Received, M.Certificate);
        end = Start().Send(M.CertificateRequest, Peer13.CertificateRequest(s_schemes)).Certificate(s_server).Verify(s_server).Finish();
        Assert.IsTrue(end.HasFinished, end.Error.ToString());
        CollectionAssert.IsSubsetOf(new[] { M.Certificate, M.CertificateVerify }, end.Peer.Received);
        end = Start().Certificate(s_rsa).Verify(s_rsa, SignatureScheme.RsaPssRsaeSha256).Finish();
        Assert.IsTrue(end.HasFinished, end.Error.ToString());
    }

    [TestMethod]
    [DataRow("a context", DtlsError.IllegalParameter)]
    [DataRow("no signature_algorithms", DtlsError.MissingExtension)]
    [DataRow("no extension at all", DtlsError.MissingExtension)]
    [DataRow("an extension twice", DtlsError.DecodeError)]
    [DataRow("an unknown extension twice", DtlsError.DecodeError)]
    [DataRow("no scheme", DtlsError.DecodeError)]
    [DataRow("half a scheme", DtlsError.DecodeError)]
    [DataRow("schemes with bytes behind", DtlsError.DecodeError)]
    [DataRow("schemes that reach into the authorities", DtlsError.DecodeError)]
    [DataRow("no authority", DtlsError.DecodeError)]
    [DataRow("an authority without a name", DtlsError.DecodeError)]
    [DataRow("an authority cut short", DtlsError.DecodeError)]
    [DataRow("authorities with bytes behind", DtlsError.DecodeError)]
    [DataRow("half a scheme for certificates", DtlsError.DecodeError)]
    [DataRow("no scheme for certificates", DtlsError.DecodeError)]
    [DataRow("supported_versions", DtlsError.IllegalParameter)]
    [DataRow("server_name", DtlsError.IllegalParameter)]
    [DataRow("key_share", DtlsError.IllegalParameter)]
    [DataRow("bytes behind the block", DtlsError.DecodeError)]
    [DataRow("a block that is too short", DtlsError.DecodeError)]
    public void A_request_that_breaks_a_rule_is_refused_with_its_alert(string fault, DtlsError expected)
    {
        (int Type, byte[] Content) authority = (47, Wire.Vector(2, Wire.Vector(2, [0x30, 0])));
        byte[] body = fault switch
        {
            "a context" => [1, 0x77, .. Peer13.Block([s_schemes])],
            "no signature_algorithms" => Peer13.CertificateRequest(authority),
            "no extension at all" => Peer13.CertificateRequest(),
            "an extension twice" => Peer13.CertificateRequest(s_schemes, s_schemes),
            "an unknown extension twice" => Peer13.CertificateRequest(s_schemes, (Unknown, []), (Unknown, [])),
            "no scheme" => Peer13.CertificateRequest((13, [0, 0])),
            "half a scheme" => Peer13.CertificateRequest((13, [0, 3, 4, 3, 8])),
            "schemes with bytes behind" => Peer13.CertificateRequest((13, [0, 2, 4, 3, 0, 0])),
            "schemes that reach into the authorities" => Peer13.CertificateRequest((13, [0, 6, 4, 3]), (47, [8, 4, 8, 5, 0, 0])),
            "no authority" => Peer13.CertificateRequest(s_schemes, (47, [0, 0])),
            "an authority without a name" => Peer13.CertificateRequest(s_schemes, (47, [0, 6, 0, 0, 0, 2, 0x30, 0])),
            "an authority cut short" => Peer13.CertificateRequest(s_schemes, (47, [0, 4, 0, 3, 0x30, 0])),
            "authorities with bytes behind" => Peer13.CertificateRequest(s_schemes, (47, [0, 4, 0, 2, 0x30, 0, 0])),
            "half a scheme for certificates" => Peer13.CertificateRequest(s_schemes, (50, [0, 1, 4])),
            "no scheme for certificates" => Peer13.CertificateRequest(s_schemes, (50, [0, 0])),
            "supported_versions" => Peer13.CertificateRequest(s_schemes, (43, [0xFE, 0xFC])),
            "server_name" => Peer13.CertificateRequest(s_schemes, (0, [])),
            "key_share" => Peer13.CertificateRequest(s_schemes, (51, [0, 23])),
            "bytes behind the block" => [.. Peer13.CertificateRequest(s_schemes), 0],
            _ => Peer13.CertificateRequest(s_schemes)[..^1],
        };
        Refused(Start().Send(M.CertificateRequest, body), expected, fault);
    }

    [TestMethod]
    public void A_request_cut_at_any_length_is_a_decode_error()
    {
        byte[] whole = Peer13.CertificateRequest(s_schemes, (Unknown, [1, 2]), (47, Wire.Vector(2, Wire.Vector(2, [0x30, 0]))), (50, [0, 2, 4, 3]));
        Assert.IsTrue(Start().Send(M.CertificateRequest, whole).Certificate(s_server).Verify(s_server).Finish().HasFinished);
        for (int length = 0; length < whole.Length; length++)
        {
            Refused(Start().Send(M.CertificateRequest, whole[..length]), DtlsError.DecodeError, "length " + length);
        }
    }

    [TestMethod]
    public void A_request_with_extensions_that_nobody_knows_here_is_answered()
    {
        byte[] request = Peer13.CertificateRequest((Unknown, [1, 2, 3]), (StatusRequest, []), s_schemes, (48, [0, 0]));
        AgainstClient13 end = Start().Send(M.CertificateRequest, request).Certificate(s_server).Verify(s_server).Finish();
        Assert.IsTrue(end.HasFinished, end.Error.ToString());
        CollectionAssert.AreEqual(Peer13.Certificate(s_client), end.Peer.Bodies[M.Certificate]);
    }

    [TestMethod]
    public void A_request_in_a_wrong_place_is_unexpected()
    {
        byte[] request = Peer13.CertificateRequest(s_schemes);
        Refused(Start().Send(M.CertificateRequest, request).Send(M.CertificateRequest, request), DtlsError.UnexpectedMessage, "twice");
        Refused(Start().Certificate(s_server).Send(M.CertificateRequest, request), DtlsError.UnexpectedMessage, "behind the certificate");
        Refused(Start().Certificate(s_server).Verify(s_server).Send(M.CertificateRequest, request), DtlsError.UnexpectedMessage, "behind the proof");
    }

    [TestMethod]
    public void A_request_after_the_handshake_is_unexpected_as_nobody_has_offered_to_answer()
    {
        AgainstClient13 end = Start().Certificate(s_server).Verify(s_server).Finish();
        Assert.IsFalse(Peer13.HasExtension(end.Peer.Bodies[M.ClientHello], 49), "post_handshake_auth");

        // Only the ACK of its Finished connects the client.
        byte[] number = [.. new byte[7], 2, .. new byte[8]];
        end.Send(end.Peer.Record(ContentType.Ack, [.. Wire.Vector(2, number)]));
        Assert.AreEqual(AssociationState.Connected, end.Client.Association.State);
        byte[] request = [2, 1, 2, .. Peer13.Block([s_schemes])];
        end.Send(end.Peer.Record(ContentType.Handshake, TestBed.Fragment(M.CertificateRequest, end.Peer.NextMessage, request)));
        Assert.AreEqual(DtlsError.UnexpectedMessage, end.Error);
        Assert.AreEqual(Alert.UnexpectedMessage, end.Peer.Alerts.Single());
        Assert.AreEqual(AssociationState.Closed, end.Client.Association.State);
    }

    [TestMethod]
    public void Certificates_are_chosen_by_the_authorities_that_a_request_names()
    {
        Identity other = Identity.Under("another root", "client");
        foreach (Identity wanted in new[] { s_client, other })
        {
            CertificateStore store = Setup.Store(s_client, s_server);
            other.AddLocalTo(store);
            AgainstClient13 end = Start(store);
            end.Send(M.CertificateRequest, Peer13.CertificateRequest(s_schemes, Authorities(wanted))).Certificate(s_server).Verify(s_server).Finish();
            CollectionAssert.AreEqual(Peer13.Certificate(wanted), end.Peer.Bodies[M.Certificate]);
        }

        // Of an authority that stands behind none of its own, a client shows nothing.
        AgainstClient13 without = Start().Send(M.CertificateRequest, Peer13.CertificateRequest(s_schemes, (47, Wire.Vector(2, Wire.Vector(2, [0x30, 0])))));
        without.Certificate(s_server).Verify(s_server).Finish();
        Assert.IsTrue(without.HasFinished);
        CollectionAssert.AreEqual(new byte[4], without.Peer.Bodies[M.Certificate]);
        CollectionAssert.DoesNotContain(without.Peer.Received, M.CertificateVerify);
    }

    [TestMethod]
    public void Certificates_are_chosen_by_the_signatures_that_a_request_takes_in_them()
    {
        Identity byRsa = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.Rsa2048, "client");
        foreach ((int scheme, Identity wanted) in new[] { (SignatureScheme.EcdsaSecp256r1Sha256, s_client), (SignatureScheme.RsaPkcs1Sha256, byRsa) })
        {
            CertificateStore store = Setup.Store(s_client, s_server);
            byRsa.AddLocalTo(store);
            AgainstClient13 end = Start(store);
            end.Send(M.CertificateRequest, Peer13.CertificateRequest(s_schemes, (50, Wire.Vector(2, Wire.Numbers(scheme)))));
            end.Certificate(s_server).Verify(s_server).Finish();
            CollectionAssert.AreEqual(Peer13.Certificate(wanted), end.Peer.Bodies[M.Certificate]);
        }
    }

    [TestMethod]
    [DataRow("a context", DtlsError.IllegalParameter)]
    [DataRow("no certificate", DtlsError.DecodeError)]
    [DataRow("an empty certificate", DtlsError.DecodeError)]
    [DataRow("an empty certificate behind", DtlsError.DecodeError)]
    [DataRow("status_request, which was not asked for", DtlsError.UnsupportedExtension)]
    [DataRow("an unknown extension", DtlsError.UnsupportedExtension)]
    [DataRow("an unknown extension behind the first", DtlsError.UnsupportedExtension)]
    [DataRow("server_name", DtlsError.IllegalParameter)]
    [DataRow("supported_versions", DtlsError.IllegalParameter)]
    [DataRow("an unknown extension and supported_versions", DtlsError.IllegalParameter)]
    [DataRow("an extension twice", DtlsError.DecodeError)]
    [DataRow("an extension cut short", DtlsError.DecodeError)]
    [DataRow("no block of extensions", DtlsError.DecodeError)]
    [DataRow("bytes behind", DtlsError.DecodeError)]
    [DataRow("a list that is too long", DtlsError.DecodeError)]
    [DataRow("more certificates than are allowed", DtlsError.CertificateChainTooLarge)]
    [DataRow("more bytes than are allowed", DtlsError.CertificateChainTooLarge)]
    [DataRow("no DER", DtlsError.BadCertificate)]
    [DataRow("the form of 1.2", DtlsError.DecodeError)]
    public void A_certificate_message_that_breaks_a_rule_is_refused_with_its_alert(string fault, DtlsError expected)
    {
        byte[] der = s_server.End.Der;
        byte[] status = Peer13.Block([(StatusRequest, [1, 0, 0, 1, 0])]);
        byte[] unknown = Peer13.Block([(Unknown, [])]);
        byte[] plain = Peer13.Certificate(s_server);
        byte[] body = fault switch
        {
            "a context" => Peer13.Certificate([0x77], (der, s_none)),
            "no certificate" => Peer13.Certificate([]),
            "an empty certificate" => Peer13.Certificate([], ([], s_none)),
            "an empty certificate behind" => Peer13.Certificate([], (der, s_none), ([], s_none)),
            "status_request, which was not asked for" => Peer13.Certificate([], (der, status)),
            "an unknown extension" => Peer13.Certificate([], (der, unknown)),
            "an unknown extension behind the first" => Peer13.Certificate([], (der, s_none), (s_server.Sent[1].Der, unknown)),
            "server_name" => Peer13.Certificate([], (der, Peer13.Block([(0, [])]))),
            "supported_versions" => Peer13.Certificate([], (der, Peer13.Block([(43, [0xFE, 0xFC])]))),
            "an unknown extension and supported_versions" => Peer13.Certificate([], (der, Peer13.Block([(Unknown, []), (43, [0xFE, 0xFC])]))),
            "an extension twice" => Peer13.Certificate([], (der, Peer13.Block([(Unknown, []), (Unknown, [])]))),
            "an extension cut short" => Peer13.Certificate([], (der, [0, 4, 0xAB, 0xCD, 0, 1])),
            "no block of extensions" => Peer13.Certificate([], (der, [])),
            "bytes behind" => [.. plain, 0],
            "a list that is too long" => Longer(plain),
            "more certificates than are allowed" => Peer13.Certificate([], [.. Enumerable.Repeat((der, s_none), 9)]),
            "more bytes than are allowed" => Peer13.Certificate([], (new byte[20_000], s_none)),
            "no DER" => Peer13.Certificate([], (TestBed.Bytes(200), s_none)),
            _ => CertificatePeer.Certificate(der),
        };
        Refused(Start().Send(M.Certificate, body), expected, fault);
    }

    [TestMethod]
    public void A_certificate_message_cut_at_any_length_is_a_decode_error()
    {
        byte[] whole = Peer13.Certificate(s_server);
        for (int length = 0; length < whole.Length; length += length < 16 || length > whole.Length - 16 ? 1 : 37)
        {
            Refused(Start().Send(M.Certificate, whole[..length]), DtlsError.DecodeError, "length " + length);
        }
    }

    [TestMethod]
    [DataRow("nothing wrong", DtlsError.None)]
    [DataRow("two keys", DtlsError.IllegalParameter)]
    [DataRow("no key", DtlsError.DecodeError)]
    [DataRow("a key with an extension", DtlsError.UnsupportedExtension)]
    [DataRow("bytes behind", DtlsError.DecodeError)]
    [DataRow("a key that nobody trusts", DtlsError.UnknownCa)]
    [DataRow("a certificate", DtlsError.UnsupportedCertificate)]
    [DataRow("a type that was not offered", DtlsError.IllegalParameter)]
    public void Raw_keys_that_break_a_rule_are_refused_with_their_alert(string fault, DtlsError expected)
    {
        CaKey key = new CaKey(CaKeyKind.P256);
        RawKeyStore keys = new RawKeyStore();
        keys.AddTrusted(key.PublicInfo);
        AgainstClient13 end = new AgainstClient13(Setup13.Versioned(Setup13.Raw(keys, false), false, [NamedGroup.Secp256r1]));
        byte type = (byte)(fault == "a type that was not offered" ? 0 : CertificateType.RawPublicKey);
        end.Send(M.ServerHello, end.Peer.ServerHello()).Send(8, Peer13.Block([(20, [type])]));
        byte[] body = fault switch
        {
            "two keys" => Peer13.Certificate([], (key.PublicInfo, s_none), (key.PublicInfo, s_none)),
            "no key" => Peer13.Certificate([]),
            "a key with an extension" => Peer13.Certificate([], (key.PublicInfo, Peer13.Block([(Unknown, [])]))),
            "bytes behind" => [.. Peer13.Certificate([], (key.PublicInfo, s_none)), 0],
            "a key that nobody trusts" => Peer13.Certificate([], (new CaKey(CaKeyKind.P256).PublicInfo, s_none)),
            "a certificate" => Peer13.Certificate([], (s_server.End.Der, s_none)),
            _ => Peer13.Certificate([], (key.PublicInfo, s_none)),
        };
        if (end.Error == DtlsError.None)
        {
            end.Send(M.Certificate, body);
        }

        if (expected == DtlsError.None)
        {
            end.Send(M.CertificateVerify, end.Peer.CertificateVerify(key)).Finish();
            Assert.IsTrue(end.HasFinished, end.Error.ToString());
            return;
        }

        Refused(end, expected, fault);
    }

    [TestMethod]
    [DataRow("a scheme that was not offered", DtlsError.IllegalParameter)]
    [DataRow("a scheme of another curve", DtlsError.IllegalParameter)]
    [DataRow("PKCS #1", DtlsError.IllegalParameter)]
    [DataRow("PKCS #1 with SHA-1", DtlsError.IllegalParameter)]
    [DataRow("ECDSA with SHA-1", DtlsError.IllegalParameter)]
    [DataRow("a scheme of another key", DtlsError.IllegalParameter)]
    [DataRow("another key", DtlsError.DecryptError)]
    [DataRow("the client's words", DtlsError.DecryptError)]
    [DataRow("another transcript", DtlsError.DecryptError)]
    [DataRow("no signature", DtlsError.DecryptError)]
    [DataRow("bytes behind", DtlsError.DecodeError)]
    [DataRow("a signature cut short", DtlsError.DecodeError)]
    [DataRow("nothing", DtlsError.DecodeError)]
    [DataRow("left out", DtlsError.UnexpectedMessage)]
    [DataRow("before the certificate", DtlsError.UnexpectedMessage)]
    [DataRow("twice", DtlsError.UnexpectedMessage)]
    [DataRow("certificate twice", DtlsError.UnexpectedMessage)]
    [DataRow("neither certificate nor proof", DtlsError.UnexpectedMessage)]
    public void A_proof_that_breaks_a_rule_is_refused_with_its_alert(string fault, DtlsError expected)
    {
        AgainstClient13 end = Start();
        Peer13 peer = end.Peer;
        CaKey key = s_server.End.Key;
        switch (fault)
        {
            case "a scheme that was not offered":
                DtlsOptions options = Options(Setup.Store(s_client, s_rsa));
                options.Extensions = HandshakeTests13.Signatures(SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPkcs1Sha256);
                end = new AgainstClient13(options).Begin().Certificate(s_rsa).Verify(s_rsa, SignatureScheme.RsaPssRsaeSha256);
                break;
            case "a scheme of another curve": end.Certificate(s_server).Verify(s_server, SignatureScheme.EcdsaSecp384r1Sha384); break;
            case "PKCS #1": end.Certificate(s_rsa).Verify(s_rsa, SignatureScheme.RsaPkcs1Sha256); break;
            case "PKCS #1 with SHA-1": end.Certificate(s_rsa).Verify(s_rsa, SignatureScheme.RsaPkcs1Sha1); break;
            case "ECDSA with SHA-1": end.Certificate(s_server).Verify(s_server, SignatureScheme.EcdsaSha1); break;
            case "a scheme of another key": end.Certificate(s_server).Verify(s_rsa, SignatureScheme.RsaPssRsaeSha256); break;
            case "another key": end.Certificate(s_server).Verify(s_client); break;
            case "the client's words": end.Certificate(s_server).Send(M.CertificateVerify, peer.CertificateVerify(key, asServer: false)); break;
            case "another transcript":
                byte[] early = peer.CertificateVerify(key);
                end.Certificate(s_server).Send(M.CertificateVerify, early);
                break;
            case "no signature": end.Certificate(s_server).Send(M.CertificateVerify, [4, 3, 0, 0]); break;
            case "bytes behind": end.Certificate(s_server).Send(M.CertificateVerify, [.. peer.CertificateVerify(key), 0]); break;
            case "a signature cut short": end.Certificate(s_server).Send(M.CertificateVerify, peer.CertificateVerify(key)[..^1]); break;
            case "nothing": end.Certificate(s_server).Send(M.CertificateVerify, []); break;
            case "left out": end.Certificate(s_server).Finish(); break;
            case "before the certificate": end.Verify(s_server); break;
            case "twice": end.Certificate(s_server).Verify(s_server).Verify(s_server); break;
            case "certificate twice": end.Certificate(s_server).Certificate(s_server); break;
            default: end.Finish(); break;
        }

        Refused(end, expected, fault);
    }

    [TestMethod]
    [DataRow("neither key_share nor pre_shared_key", DtlsError.MissingExtension)]
    [DataRow("a key of another group", DtlsError.IllegalParameter)]
    [DataRow("a pre-shared key that nobody offered", DtlsError.UnsupportedExtension)]
    [DataRow("server_name in the clear", DtlsError.IllegalParameter)]
    [DataRow("signature_algorithms in the clear", DtlsError.IllegalParameter)]
    public void A_ServerHello_that_breaks_a_rule_is_refused_with_its_alert(string fault, DtlsError expected)
    {
        AgainstClient13 end = new AgainstClient13(Options(Setup.Store(s_client, s_server)));
        switch (fault)
        {
            case "neither key_share nor pre_shared_key": end.Peer.Extensions.RemoveAt(1); break;
            case "a key of another group": end.Peer.Extensions[1] = (51, [0, 24, .. end.Peer.ServerShare.Content[2..]]); break;
            case "a pre-shared key that nobody offered": end.Peer.Extensions.Add((41, [0, 0])); break;
            case "server_name in the clear": end.Peer.Extensions.Add((0, [])); break;
            default: end.Peer.Extensions.Add(s_schemes); break;
        }

        Refused(end.Send(M.ServerHello, end.Peer.ServerHello()), expected, fault);
    }

    [TestMethod]
    [DataRow("signature_algorithms", DtlsError.IllegalParameter)]
    [DataRow("certificate_authorities, which were not sent", DtlsError.UnsupportedExtension)]
    [DataRow("key_share", DtlsError.IllegalParameter)]
    [DataRow("supported_versions", DtlsError.IllegalParameter)]
    [DataRow("an unknown extension", DtlsError.UnsupportedExtension)]
    [DataRow("an extension twice", DtlsError.DecodeError)]
    [DataRow("no block", DtlsError.DecodeError)]
    [DataRow("bytes behind", DtlsError.DecodeError)]
    public void EncryptedExtensions_that_break_a_rule_are_refused_with_their_alert(string fault, DtlsError expected)
    {
        AgainstClient13 end = new AgainstClient13(Options(Setup.Store(s_client, s_server)));
        byte[] body = fault switch
        {
            "signature_algorithms" => Peer13.Block([s_schemes]),
            "certificate_authorities, which were not sent" => Peer13.Block([(47, [0, 4, 0, 2, 0x30, 0])]),
            "key_share" => Peer13.Block([(51, [0, 23])]),
            "supported_versions" => Peer13.Block([(43, [0xFE, 0xFC])]),
            "an unknown extension" => Peer13.Block([(Unknown, [])]),
            "an extension twice" => Peer13.Block([(0, []), (0, [])]),
            "no block" => [],
            _ => [0, 0, 0],
        };
        Refused(end.Send(M.ServerHello, end.Peer.ServerHello()).Send(8, body), expected, fault);
    }

    [TestMethod]
    public void A_flight_that_comes_whole_is_answered_and_not_acknowledged_before()
    {
        AgainstClient13 end = new AgainstClient13(Options(Setup.Store(s_client, s_server)));
        Peer13 peer = end.Peer;
        byte[] hello = peer.Message(M.ServerHello, peer.ServerHello());
        byte[] extensions = peer.Message(8, [0, 0]);
        byte[] request = peer.Message(M.CertificateRequest, Peer13.CertificateRequest(s_schemes));
        byte[] certificate = peer.Message(M.Certificate, Peer13.Certificate(s_server));
        byte[] proof = peer.Message(M.CertificateVerify, peer.CertificateVerify(s_server.End.Key));
        end.Send([.. hello, .. extensions, .. request, .. certificate, .. proof, .. peer.Message(M.Finished, peer.Finished())]);
        Assert.IsTrue(end.HasFinished, end.Error.ToString());
        Assert.AreEqual(0, peer.Acks);
    }

    internal static (int Type, byte[] Content) Authorities(Identity identity)
    {
        DtlsCertificate root = new DtlsCertificate(identity.Root.Der);
        return (47, Wire.Vector(2, Wire.Vector(2, root.Buffer.AsSpan(root.SubjectOffset, root.SubjectCount).ToArray())));
    }

    internal static byte[] Longer(byte[] message)
    {
        byte[] longer = (byte[])message.Clone();
        longer[3]++;
        return longer;
    }

    private static AgainstClient13 Start(CertificateStore? store = null)
    {
        return new AgainstClient13(Options(store ?? Setup.Store(s_client, s_server, s_rsa))).Begin();
    }

    private static DtlsOptions Options(CertificateStore store)
    {
        return Setup13.Versioned(Setup13.Client(store), false, [NamedGroup.Secp256r1]);
    }

    /// <summary>The handshake has failed with this, its alert was sent and was the only one, and nothing is kept.</summary>
    private static void Refused(AgainstClient13 end, DtlsError expected, string what)
    {
        Assert.AreEqual(expected, end.Error, what);
        Assert.AreEqual(AlertTable.AlertFor(expected), end.Peer.Alerts.Single(), what);
        Assert.AreEqual(1, end.Client.Statistics.HandshakesFailedWith(expected), what);
        Assert.AreEqual(0, end.Client.Statistics.HandshakesCompleted, what);
        Assert.IsFalse(end.HasFinished, what);
        Assert.AreEqual(AssociationState.Closed, end.Client.Association.State, what);
        Assert.IsNull(end.Client.Association.PeerCertificates, what);
        Assert.AreEqual(end.Client.Pool.Count, end.Client.Pool.Available, what);
    }
}

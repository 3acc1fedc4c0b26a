using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>What a ClientHello of DTLS 1.3 must have (RFC 8446 section 9.2), and how a server chooses by it.</summary>
[TestClass]
public class HelloRuleTests13
{
    private const int ServerName = 0;
    private const int SupportedGroups = 10;
    private const int SignatureAlgorithms = 13;
    private const int PreSharedKey = 41;
    private const int PskModes = 45;
    private const int Authorities = 47;
    private const int OfCertificates = 50;
    private const int KeyShare = 51;

    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_other = Identity.Under("another root");
    private static readonly Identity s_third = Identity.Under("a third root", Setup.Host, CaKeyKind.P384);
    private static readonly Identity s_byRsa = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.Rsa2048);

    [TestMethod]
    [DataRow("groups without keys")]
    [DataRow("keys without groups")]
    [DataRow("neither groups nor keys")]
    [DataRow("no signatures")]
    [DataRow("a pre-shared key without modes")]
    [DataRow("a pre-shared key alone without modes")]
    [DataRow("a pre-shared key and groups without keys")]
    [DataRow("a pre-shared key and keys without groups")]
    public void A_hello_without_an_extension_that_it_must_have_hears_missing_extension(string fault)
    {
        foreach (bool second in new[] { false, true })
        {
            AgainstServer13 end = new AgainstServer13(Options());
            if (second)
            {
                end.Send(M.ClientHello, end.Peer.ClientHello());
                Assert.IsNotEmpty(end.Peer.Cookie);
            }

            Change(end.Peer.Extensions, fault);
            end.Send(M.ClientHello, end.Peer.ClientHello());
            string what = fault + (second ? " in the second hello" : "");
            Assert.AreEqual(Alert.MissingExtension, end.Peer.Alerts.SingleOrDefault(-1), what);
            Assert.AreEqual(second ? 1 : 0, end.Server.Statistics.HandshakesFailedWith(DtlsError.MissingExtension), what);
            Assert.AreEqual(0, end.Server.Statistics.HandshakesCompleted, what);
            Assert.AreEqual(end.Server.Pool.Count, end.Server.Pool.Available, what);
        }
    }

    [TestMethod]
    public void An_empty_list_of_keys_is_enough_and_is_answered_by_a_group()
    {
        AgainstServer13 end = new AgainstServer13(Options());
        List<(int Type, byte[] Content)> extensions = end.Peer.Extensions;
        end.Peer.Extensions = [.. extensions.Select(one => one.Type == KeyShare ? (KeyShare, new byte[2]) : one)];
        end.Send(M.ClientHello, end.Peer.ClientHello());
        Assert.IsNotEmpty(end.Peer.Cookie);
        Assert.IsTrue(Peer13.HasExtension(end.Peer.Bodies[M.ServerHello], KeyShare));
        end.Peer.Extensions = extensions;
        end.Send(M.ClientHello, end.Peer.ClientHello()).Finish();
        Assert.IsTrue(end.IsConnected, end.Error.ToString());
    }

    [TestMethod]
    public void Extensions_that_nobody_knows_are_ignored_and_one_that_comes_twice_is_a_decode_error()
    {
        AgainstServer13 end = new AgainstServer13(Options());
        end.Peer.Extensions.Add((0xABCD, [1, 2, 3]));
        end.Peer.Extensions.Add((0x0A0A, []));
        Assert.IsTrue(end.Hello().Finish().IsConnected, end.Error.ToString());
        end = new AgainstServer13(Options());
        end.Peer.Extensions.Add((0xABCD, []));
        end.Peer.Extensions.Add((0xABCD, []));
        end.Hello();
        Assert.AreEqual(Alert.DecodeError, end.Peer.Alerts.Single());
    }

    [TestMethod]
    [DataRow("0000")]
    [DataRow("")]
    [DataRow("00020000")]
    [DataRow("000400033000")]
    [DataRow("000300023000")]
    [DataRow("00040002300000")]
    public void Authorities_that_break_their_syntax_are_a_decode_error(string content)
    {
        AgainstServer13 end = new AgainstServer13(Options());
        end.Peer.Extensions.Add((Authorities, Convert.FromHexString(content)));
        end.Hello();
        Assert.AreEqual(Alert.DecodeError, end.Peer.Alerts.Single());
    }

    [TestMethod]
    [DataRow("0000")]
    [DataRow("000104")]
    [DataRow("000204030000")]
    public void Schemes_of_certificates_that_break_their_syntax_are_a_decode_error(string content)
    {
        AgainstServer13 end = new AgainstServer13(Options());
        end.Peer.Extensions.Add((OfCertificates, Convert.FromHexString(content)));
        end.Hello();
        Assert.AreEqual(Alert.DecodeError, end.Peer.Alerts.Single());
    }

    [TestMethod]
    public void A_server_shows_the_chain_of_an_authority_that_the_client_names()
    {
        foreach (Identity wanted in new[] { s_server, s_other, s_third })
        {
            AgainstServer13 end = new AgainstServer13(Options(s_server, s_other, s_third));
            end.Peer.Extensions.Add(HostileServerTests13.Authorities(wanted));
            end.Hello();
            CollectionAssert.AreEqual(Peer13.Certificate(wanted), end.Peer.Bodies[M.Certificate]);
        }

        // Nobody's authority: the first is as good as any.
        AgainstServer13 without = new AgainstServer13(Options(s_third, s_server));
        without.Peer.Extensions.Add((Authorities, Wire.Vector(2, Wire.Vector(2, [0x30, 0]))));
        without.Hello();
        CollectionAssert.AreEqual(Peer13.Certificate(s_server), without.Peer.Bodies[M.Certificate], "The one whose signatures the client has named.");
    }

    [TestMethod]
    public void A_name_comes_before_an_authority()
    {
        Identity named = Identity.Under("another root", "other.example.com");
        AgainstServer13 end = new AgainstServer13(Options(s_server, named));
        end.Peer.Extensions.Add((ServerName, Wire.Vector(2, [0], Wire.Vector(2, TestBed.Text("other.example.com")))));
        end.Peer.Extensions.Add(HostileServerTests13.Authorities(s_server));
        end.Hello();
        CollectionAssert.AreEqual(Peer13.Certificate(named), end.Peer.Bodies[M.Certificate]);
    }

    [TestMethod]
    public void A_client_that_names_its_authorities_gets_the_chain_that_it_can_verify()
    {
        foreach (bool names in new[] { true, false })
        {
            CertificateStore store = Setup.Store(s_server);
            s_other.AddLocalTo(store);
            DtlsOptions client = Setup13.Client(Setup.Store(null, s_other));
            ((CredentialAuthenticator)client.Authenticator).NamesAuthorities = names;
            TestBed bed = new TestBed(client, Setup13.Server(store));
            DtlsError error = HandshakeTests13.ErrorOfClient(bed);
            Assert.AreEqual(names ? DtlsError.None : DtlsError.UnknownCa, error);
            byte[]? sent = Wire.Extension(bed, true, Authorities);
            CollectionAssert.AreEqual(names ? HostileServerTests13.Authorities(s_other).Content : null, sent);
        }

        // A client that trusts nobody by a certificate has no name to tell.
        RawKeyStore keys = new RawKeyStore();
        Setup.RawKey(CaKeyKind.P256, out byte[] info);
        keys.AddTrusted(info);
        DtlsOptions raw = Setup13.Raw(keys, false);
        ((CredentialAuthenticator)raw.Authenticator).NamesAuthorities = true;
        TestBed without = new TestBed(raw, Setup13.Server(Setup.Store(s_server)));
        HandshakeTests13.ErrorOfClient(without);
        Assert.IsNull(Wire.Extension(without, true, Authorities));
    }

    [TestMethod]
    public void A_server_shows_a_chain_that_is_signed_as_the_client_takes_it()
    {
        foreach ((int scheme, Identity wanted) in new[] { (SignatureScheme.EcdsaSecp256r1Sha256, s_server), (SignatureScheme.RsaPkcs1Sha256, s_byRsa) })
        {
            AgainstServer13 end = new AgainstServer13(Options(s_server, s_byRsa));
            end.Peer.Extensions.Add((OfCertificates, Wire.Vector(2, Wire.Numbers(scheme))));
            end.Hello();
            CollectionAssert.AreEqual(Peer13.Certificate(wanted), end.Peer.Bodies[M.Certificate]);
        }
    }

    /// <summary>A server with these certificates, and a pre-shared key that may do without a key agreement.</summary>
    private static DtlsOptions Options(params Identity[] identities)
    {
        CertificateStore store = Setup.Store(identities.Length == 0 ? s_server : null);
        foreach (Identity identity in identities)
        {
            identity.AddLocalTo(store);
        }

        DtlsOptions options = Setup13.Server(store);
        options.Versions = new VersionTable().Add(new ServerVersion13([NamedGroup.Secp256r1], true));
        options.Psk = new PskStore();
        options.Psk.Add(TestBed.Key, "known", null);
        return options;
    }

    private static void Change(List<(int Type, byte[] Content)> extensions, string fault)
    {
        void Remove(params int[] types) => extensions.RemoveAll(one => types.Contains(one.Type));
        (int Type, byte[] Content) key = (PreSharedKey, [.. Wire.Vector(2, Wire.Vector(2, TestBed.Text("known")), new byte[4]), .. Wire.Vector(2, Wire.Vector(1, new byte[32]))]);
        (int Type, byte[] Content) modes = (PskModes, [2, 0, 1]);
        switch (fault)
        {
            case "groups without keys": Remove(KeyShare); break;
            case "keys without groups": Remove(SupportedGroups); break;
            case "neither groups nor keys": Remove(SupportedGroups, KeyShare); break;
            case "no signatures": Remove(SignatureAlgorithms); break;
            case "a pre-shared key without modes": extensions.Add(key); break;
            case "a pre-shared key alone without modes":
                Remove(SupportedGroups, KeyShare, SignatureAlgorithms);
                extensions.Add(key);
                break;
            case "a pre-shared key and groups without keys":
                Remove(KeyShare);
                extensions.AddRange([modes, key]);
                break;
            default:
                Remove(SupportedGroups);
                extensions.AddRange([modes, key]);
                break;
        }
    }
}

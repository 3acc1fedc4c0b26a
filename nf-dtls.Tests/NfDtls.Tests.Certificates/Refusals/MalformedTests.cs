using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.X509;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>Bodies of every message of a handshake with certificates, cut at every length and changed at random: an alert, never an exception.</summary>
[TestClass]
public class MalformedTests
{
    private const int Changes = 250;
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");
    private static readonly Identity s_rsa = Identity.Of(CaKeyKind.Rsa2048);

    [TestMethod]
    [DataRow(M.Certificate)]
    [DataRow(M.ServerKeyExchange)]
    [DataRow(M.CertificateRequest)]
    public void A_client_answers_every_cut_message_with_decode_error(int type)
    {
        int length = Before(type, out _).Length;
        for (int count = 0; count < length; count++)
        {
            byte[] body = Before(type, out AgainstClient end);

            // Signatures are not always of one length.
            end.Send(type, body[..Math.Min(count, body.Length - 1)]);
            Assert.AreEqual(DtlsError.DecodeError, end.Error, type + " cut at " + count);
            Assert.AreEqual(Alert.DecodeError, end.Peer.Alerts.Single());
        }
    }

    [TestMethod]
    [DataRow(M.ServerHello)]
    [DataRow(M.Certificate)]
    [DataRow(M.ServerKeyExchange)]
    [DataRow(M.CertificateRequest)]
    public void A_client_bears_every_changed_message(int type)
    {
        Random random = new Random(type);
        for (int i = 0; i < Changes; i++)
        {
            byte[] body = Changed(Before(type, out AgainstClient end), random);
            end.Send(type, body);
            Answered(end.Error, end.Peer, BitConverter.ToString(body));
            Assert.AreEqual(0, end.Client.Statistics.HandshakesCompleted);
        }
    }

    [TestMethod]
    [DataRow(M.Certificate)]
    [DataRow(M.ClientKeyExchange)]
    [DataRow(M.CertificateVerify)]
    public void A_server_answers_every_cut_message_with_decode_error(int type)
    {
        int length = BeforeClients(type, out _).Length;
        for (int count = 0; count < length; count++)
        {
            byte[] body = BeforeClients(type, out AgainstServer end);

            // Signatures are not always of one length.
            end.Send(type, body[..Math.Min(count, body.Length - 1)]);
            Assert.AreEqual(DtlsError.DecodeError, end.Error, type + " cut at " + count);
            Assert.AreEqual(Alert.DecodeError, end.Peer.Alerts.Single());
        }
    }

    [TestMethod]
    [DataRow(M.ClientHello)]
    [DataRow(M.Certificate)]
    [DataRow(M.ClientKeyExchange)]
    [DataRow(M.CertificateVerify)]
    public void A_server_bears_every_changed_message(int type)
    {
        Random random = new Random(type);
        for (int i = 0; i < Changes; i++)
        {
            byte[] body = Changed(BeforeClients(type, out AgainstServer end), random);
            end.Send(type, body);
            Answered(end.Error, end.Peer, BitConverter.ToString(body));
            Assert.AreEqual(0, end.Server.Statistics.HandshakesCompleted);
        }
    }

    [TestMethod]
    public void A_server_of_rsa_answers_every_cut_key_exchange_with_decode_error()
    {
        for (int count = 0; count < 258; count += count < 10 ? 1 : 31)
        {
            AgainstServer end = new AgainstServer(Setup.Server(Setup.One(CertificateSuites.RsaAes128GcmSha256), Setup.Store(s_rsa)));
            end.Peer.Suite = 0x009C;
            end.Hello().Send(M.ClientKeyExchange, Wire.Vector(2, new byte[256])[..count]);
            Assert.AreEqual(DtlsError.DecodeError, end.Error);
            Assert.AreEqual(Alert.DecodeError, end.Peer.Alerts.Single());
        }
    }

    [TestMethod]
    public void A_raw_key_that_is_cut_or_changed_is_never_taken()
    {
        Setup.RawKey(CaKeyKind.P256, out byte[] info);
        byte[] good = Wire.Vector(3, info);
        for (int at = 0; at < 2 * good.Length; at++)
        {
            RawKeyStore keys = new RawKeyStore();
            keys.AddTrusted(info);
            DtlsOptions options = Setup.Options(Setup.One(EcdheSuites.EcdsaAes128Ccm8));
            options.Authenticator = new CredentialAuthenticator(new CredentialSource[] { keys });
            AgainstClient end = new AgainstClient(options);
            end.Peer.Extensions = Wire.Vector(2, CertificatePeer.Extension(20, 2));
            end.Send(M.ServerHello, end.Peer.ServerHello());
            byte[] body = at < good.Length ? good[..at] : (byte[])good.Clone();
            if (at >= good.Length)
            {
                body[at - good.Length] ^= 0x40;
            }

            end.Send(M.Certificate, body);
            Assert.AreNotEqual(DtlsError.None, end.Error, at.ToString());
            Answered(end.Error, end.Peer, at.ToString());
        }
    }

    private static void Answered(DtlsError error, CertificatePeer peer, string what)
    {
        if (error != DtlsError.None)
        {
            Assert.AreEqual(AlertTable.AlertFor(error), peer.Alerts.SingleOrDefault(-1), error + ": " + what);
            Assert.AreNotEqual(DtlsError.InternalError, error, what);
        }
    }

    private static byte[] Changed(byte[] good, Random random)
    {
        List<byte> body = new List<byte>(good);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            // Lengths stand mostly at the beginning.
            int at = Math.Min(random.Next(body.Count), random.Next(body.Count));
            switch (random.Next(4))
            {
                case 0: body[at] = (byte)random.Next(256); break;
                case 1: body[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: body.Insert(at, (byte)random.Next(256)); break;
                default: body.RemoveAt(at); break;
            }
        }

        return body.ToArray();
    }

    private static byte[] Before(int type, out AgainstClient end)
    {
        CipherSuiteTable suites = Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403 });
        end = new AgainstClient(Setup.Client(suites, Setup.Store(s_client, s_server)));
        CertificatePeer peer = end.Peer;
        peer.Extensions = Wire.Vector(2, CertificatePeer.Extension(0), CertificatePeer.Extension(11, 1, 0));
        if (type == M.ServerHello)
        {
            return peer.ServerHello();
        }

        end.Send(M.ServerHello, peer.ServerHello());
        if (type == M.Certificate)
        {
            return CertificatePeer.Certificate(s_server.End.Der, s_server.Root.Der);
        }

        end.Send(M.Certificate, CertificatePeer.Certificate(s_server.End.Der));
        if (type == M.ServerKeyExchange)
        {
            return peer.ServerKeyExchange(s_server.End.Key);
        }

        end.Send(M.ServerKeyExchange, peer.ServerKeyExchange(s_server.End.Key));
        return CertificatePeer.CertificateRequest();
    }

    private static byte[] BeforeClients(int type, out AgainstServer end)
    {
        CipherSuiteTable suites = Setup.One(EcdheSuites.EcdsaAes128Ccm8, new[] { 23 }, new[] { 0x0403 });
        DtlsOptions options = Setup.Options(suites);
        RawKeyStore keys = new RawKeyStore();
        options.Authenticator = new CertificateAuthenticator(Setup.Store(s_server, s_client), keys, false);
        options.ClientCertificates = ClientCertificates.Require;
        end = new AgainstServer(options);
        CertificatePeer peer = end.Peer;
        if (type == M.ClientHello)
        {
            end.Send(M.ClientHello, peer.ClientHello());
            peer.Extensions = Wire.Vector(
                2,
                CertificatePeer.Extension(0, 0, 5, 0, 0, 2, 0x61, 0x62), CertificatePeer.Extension(19, 2, 0, 2), CertificatePeer.Extension(20, 2, 2, 0),
                CertificatePeer.ClientExtensions()[2..], CertificatePeer.Extension(50, 0, 2, 4, 3));
            return peer.ClientHello();
        }

        end.Hello();
        if (type == M.Certificate)
        {
            return CertificatePeer.Certificate(s_client.End.Der, s_client.Root.Der);
        }

        end.Certificate(s_client);
        if (type == M.ClientKeyExchange)
        {
            return peer.ClientKeyExchange();
        }

        end.KeyExchange();
        return peer.CertificateVerify(s_client.End.Key);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates.Fuzz;

/// <summary>What is fed with inputs that a fuzzer makes up: each returns, whatever it gets, or what it throws is a finding.</summary>
internal static class Targets
{
    /// <summary>Every target by its name. Nothing of NfDtls is made beside them: instrumented, that runs under the fuzzer alone.</summary>
    internal static readonly string[] Names = ["psk12", "psk13", "cert12", "cert13", "extensions", "ticket", "import", "decode", "certificate", "pem", "key", "crl", "rawkey"];

    internal static void Run(string name, ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        switch (name)
        {
            case "extensions": Extensions(bytes); break;
            case "ticket": Ticket(bytes); break;
            case "import": Imported.Play(bytes); break;
            case "decode": Decoded.Play(bytes); break;
            case "certificate": Refuses(() => Use(new DtlsCertificate(bytes))); break;
            case "pem": Refuses(() => Array.ForEach(DtlsCertificate.ReadAll(Encoding.Latin1.GetString(bytes)), Use)); break;
            case "key": Refuses(() => PrivateKeyReader.Read(bytes)); break;
            case "crl": Refuses(() => _ = new RevocationList(bytes)); break;
            case "rawkey": SubjectPublicKeyInfo.TryRead(bytes, 0, bytes.Length, new PublicKey()); break;
            default: Duel.Play(name, input); break;
        }
    }

    /// <summary>Inputs to begin with: what our own two ends say, what our own authority issues, and what strangers have said.</summary>
    internal static IEnumerable<byte[]> Seeds(string name)
    {
        return Own(name).Concat(Strangers.Seeds(name));
    }

    private static IEnumerable<byte[]> Own(string name)
    {
        IssuedCertificate[] chain = TestCa.Chain(2, CertificateSpec.End("device.example.com"));
        CaKey[] keys = [new(CaKeyKind.P256), new(CaKeyKind.Ed25519)];
        return name switch
        {
            "extensions" => [[0, .. CertificatePeer.ClientExtensions()[2..]], [1, 0, 43, 0, 3, 2, 0xFE, 0xFC, 0, 45, 0, 2, 1, 0], [0, 0, 54, 0, 2, 1, 7, 0, 23, 0, 0], [0, 0xFF, 1, 0, 1, 0, 0, 28, 0, 2, 1, 0]],
            "ticket" => [TestBed.Bytes(100), new byte[120]],
            "import" => Imported.Seeds(),
            "decode" => Decoded.Seeds(),
            "certificate" => [chain[0].Der, chain[1].Der, TestCa.SelfSigned(new CertificateSpec { Version = 1 }).Der],
            "pem" => [Pem("CERTIFICATE", chain[0].Der), [.. Pem("CERTIFICATE", chain[0].Der), 10, .. Pem("CERTIFICATE", chain[1].Der)]],
            "key" => [keys[0].Pkcs8, keys[0].Traditional, keys[1].Pkcs8, Pem("PRIVATE KEY", keys[0].Pkcs8)],
            "crl" => [TestCa.Crl(chain[1], [[1], [2, 3]], CertificateSpec.Now, CertificateSpec.Now.AddDays(7)), TestCa.Crl(chain[1], [], CertificateSpec.Now, null)],
            "rawkey" => keys.Select(key => key.PublicInfo),
            _ => Duel.Seeds(name),
        };
    }

    private static byte[] Pem(string label, byte[] der)
    {
        return Encoding.ASCII.GetBytes(System.Security.Cryptography.PemEncoding.WriteString(label, der));
    }

    /// <summary>What is read from a file may be refused, in words, and in no other way.</summary>
    private static void Refuses(Action reading)
    {
        try
        {
            reading();
        }
        catch (ArgumentException)
        {
        }
    }

    private static void Use(DtlsCertificate certificate)
    {
        _ = certificate.Copy().Matches(certificate);
    }

    /// <summary>A block of extensions in a hello, first without a cookie and then with it; the first byte says which version is spoken.</summary>
    private static void Extensions(byte[] input)
    {
        if (input.Length == 0 || input.Length > 1000)
        {
            return;
        }

        bool is13 = (input[0] & 1) != 0;
        DtlsOptions options = TestBed.Options(2);
        options.Features = [new ConnectionIdFeature(4), new ReturnRoutability(), new SessionResumption()];
        if (is13)
        {
            options.Suites = Dtls13.Suites13.Constrained();
            options.Versions = new VersionTable().Add(new Dtls13.Server.ServerVersion13([], true));
        }

        DtlsServerEngine server = new(options);
        ScriptedClient client = new(server, TestBed.Address);
        client.Peer.Suites = is13 ? [0x13, 0x05] : [0xC0, 0xA8, 0x00, 0xFF];
        client.Peer.Extensions = Wire.Vector(2, input[1..]);
        client.SendHello();
        client.SendHello();
        server.Reset();
        Check(server.Pool.Count == server.Pool.Available, "a packet is kept");
    }

    /// <summary>A session in a ticket that was sealed with the server's own key, whatever stands in it.</summary>
    private static void Ticket(byte[] session)
    {
        if (session.Length == 0 || session.Length > 900)
        {
            return;
        }

        DtlsOptions options = TestBed.Options(2);
        options.Features = [new SessionResumption { TicketKeys = new OneKey(), MaxTicketLength = 1000 }];
        DtlsServerEngine server = new(options);
        ScriptedClient client = new(server, TestBed.Address);
        byte[] ticket = [.. TestBed.Bytes(4, 1), .. new byte[12], .. session, .. new byte[16]];
        AeadContext aead = options.Crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, TestBed.Bytes(16, 0x30), 0, 16);
        aead.Seal(ticket, 4, ticket, 0, 4, ticket, 16, session.Length);
        client.Peer.SessionId = TestBed.Bytes(8, 9);
        client.Peer.Extensions = Wire.Vector(2, CertificatePeer.Extension(35, ticket), CertificatePeer.Extension(23));
        client.SendHello();
        client.SendHello();
        server.Reset();
        Check(server.Pool.Count == server.Pool.Available, "a packet is kept");
    }

    private static void Check(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }

    private sealed class OneKey : TicketKeys
    {
        private readonly TicketKey _key = new(TestBed.Bytes(4, 1), CryptoAlgorithm.Aes128Ccm, TestBed.Bytes(16, 0x30));

        public override TicketKey GetCurrent(CryptoProvider crypto, long now) => _key;

        public override TicketKey Find(byte[] name, int offset, long now) => name[offset] == 1 ? _key : null!;
    }
}

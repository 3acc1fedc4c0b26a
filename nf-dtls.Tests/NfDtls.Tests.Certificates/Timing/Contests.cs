using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.OpenSsl;
using NfDtls.Crypto.Software;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates.Timing;

/// <summary>What an attacker with a stopwatch would compare, over managed cryptography and over the host's.</summary>
internal static class Contests
{
    private const int FirstIdentity = 10;
    private const int Identities = 54;

    internal static IEnumerable<Contest> All()
    {
        (string Name, Func<CryptoProvider> Make)[] providers = [("managed", Managed), ("host", () => new HostProvider()), ("OpenSSL", () => new OpenSslProvider())];
        foreach ((string name, Func<CryptoProvider> make) in providers.Where(provider => provider.Name != "OpenSSL" || OpenSslProvider.IsAvailable))
        {
            yield return new Contest("tag of a record wrong at its begin / at its end, " + name, Tag(make()));
            yield return new Contest("CBC without encrypt-then-MAC: wrong MAC / wrong padding, " + name, Padding(make()));
            yield return new Contest("cookie wrong at its begin / at its end, " + name, Cookie(make));
            yield return new Contest("ticket's tag wrong at its begin / at its end, " + name, Ticket(make));
            yield return new Contest("PSK, hidden: identity that is known, with a wrong key / that is not, " + name, Psk(make));
            yield return new Contest("PSK: first identity of 54 / last one, each with a wrong key, " + name, PskPlace(make));
        }

        yield return new Contest("Finished wrong at its begin / at its end", FinishedBytes());
        yield return new Contest("RSA decryption: right padding / wrong, managed, 1024 bits", Rsa(new SoftwareRsaProvider(Managed())));
        if (OpenSslProvider.IsAvailable)
        {
            yield return new Contest("RSA decryption: right padding / wrong, OpenSSL, 1024 bits", Rsa(new OpenSslProvider()));
        }
    }

    private static CryptoProvider Managed()
    {
        return new SoftwareProvider(new SeededEntropy(1));
    }

    private static Func<bool, Action> Tag(CryptoProvider crypto)
    {
        AeadContext aead = crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, TestBed.Bytes(16), 0, 16);
        byte[] nonce = new byte[12];
        byte[] text = new byte[116];
        aead.Seal(nonce, 0, nonce, 0, 12, text, 0, 100);
        byte[][] records = WrongAt(text, 100, 115);
        byte[] record = new byte[116];
        return atEnd =>
        {
            records[atEnd ? 1 : 0].CopyTo(record, 0);
            return () => aead.Open(nonce, 0, nonce, 0, 12, record, 0, 100);
        };
    }

    /// <summary>Records of 256 random bytes whose MAC is wrong, with one byte of padding, or that decrypt to no padding at all.</summary>
    private static Func<bool, Action> Padding(CryptoProvider crypto)
    {
        byte[] keys = TestBed.Bytes(48);
        CbcContext cbc = crypto.CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha256, keys, 0, false);
        byte[] header = new byte[13];
        byte[] iv = new byte[16];
        using Aes aes = Aes.Create();
        aes.Key = keys[32..];
        Random random = new(5);
        byte[][][] records = new[] { 0, 200 }.Select(last => Enumerable.Range(0, 256).Select(_ =>
        {
            byte[] plain = new byte[256];
            random.NextBytes(plain);
            plain[255] = (byte)last;
            return aes.EncryptCbc(plain, iv, PaddingMode.None);
        }).ToArray()).ToArray();
        byte[] record = new byte[300];
        return isPadding =>
        {
            records[isPadding ? 1 : 0][random.Next(256)].CopyTo(record, 0);
            return () => cbc.Open(header, 0, 13, iv, 0, record, 0, 256);
        };
    }

    private static Func<bool, Action> Cookie(Func<CryptoProvider> make)
    {
        DtlsOptions options = TestBed.Options(2);
        options.Crypto = make();
        DtlsServerEngine server = new(options);
        ScriptedClient client = new(server, TestBed.Address);
        client.SendHello();
        byte[] hello = client.Peer.Message(HandshakeType.ClientHello, client.Peer.ClientHelloBody());
        int cookie = 25 + 34 + 1 + client.Peer.SessionId.Length + 1;
        byte[][] hellos = WrongAt(hello, cookie, cookie + client.Peer.Cookie.Length - 1);
        byte[] datagram = new byte[hello.Length];
        return atEnd =>
        {
            hellos[atEnd ? 1 : 0].CopyTo(datagram, 0);
            return () => Hear(server, datagram, client.Now);
        };
    }

    private static Func<bool, Action> Ticket(Func<CryptoProvider> make)
    {
        byte[] ticket = new byte[4 + 12 + 100 + 16];
        DtlsOptions options = TestBed.Options(2);
        options.Crypto = make();
        options.Features = [new SessionResumption { TicketKeys = new OneKey(), MaxTicketLength = 1000 }];
        AeadContext aead = options.Crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, TestBed.Bytes(16, 0x30), 0, 16);
        DtlsServerEngine server = new(options);
        byte number = 0;
        return atEnd =>
        {
            Array.Clear(ticket);
            ticket[3] = 1;
            aead.Seal(ticket, 4, ticket, 0, 4, ticket, 16, 100);
            ticket[atEnd ? ^1 : ^16] ^= 1;
            server.Reset();
            ScriptedClient client = new(server, [192, 0, 2, 7, 1, number++]);
            client.Peer.SessionId = TestBed.Bytes(8, 9);
            client.Peer.Extensions = Wire.Vector(2, CertificatePeer.Extension(35, ticket), CertificatePeer.Extension(23));
            client.SendHello();
            byte[] hello = client.Peer.Message(HandshakeType.ClientHello, client.Peer.ClientHelloBody());
            return () => client.Send(hello);
        };
    }

    private static Func<bool, Action> Psk(Func<CryptoProvider> make)
    {
        Random random = new(3);
        return Psk(make, isUnknown => (isUnknown ? "Device-" : "device-") + random.Next(FirstIdentity, FirstIdentity + Identities));
    }

    private static Func<bool, Action> PskPlace(Func<CryptoProvider> make)
    {
        return Psk(make, isLast => "device-" + (FirstIdentity + (isLast ? Identities - 1 : 0)));
    }

    /// <summary>What a server does with ClientKeyExchange and a Finished, for some identity and a key that is not its own.</summary>
    private static Func<bool, Action> Psk(Func<CryptoProvider> make, Func<bool, string> identity)
    {
        DtlsOptions options = TestBed.Options(2);
        options.Crypto = make();
        options.HideUnknownIdentities = true;
        options.Psk = new PskStore();
        for (int i = FirstIdentity; i < FirstIdentity + Identities; i++)
        {
            options.Psk.Add(TestBed.Bytes(16, i), "device-" + i);
        }

        DtlsServerEngine server = new(options);
        byte number = 0;
        return isOther =>
        {
            server.Reset();
            byte[] address = [192, 0, 2, 7, 1, number++];
            ScriptedClient client = new(server, address);
            client.Peer.Identity = TestBed.Text(identity(isOther));
            client.Peer.Key = TestBed.Bytes(16, 200);
            client.Hello();
            byte[] exchange = client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody());
            byte[] datagram = [.. exchange, .. client.Peer.ChangeCipherSpec(), .. client.Peer.Finished(true)];
            return () => server.HandleDatagram(datagram, 0, datagram.Length, address, address.Length, client.Now);
        };
    }

    private static Func<bool, Action> FinishedBytes()
    {
        byte[] expected = TestBed.Bytes(Finished.VerifyDataLength, 9);
        byte[][] wrong = WrongAt(expected, 0, Finished.VerifyDataLength - 1);
        byte[] received = new byte[Finished.VerifyDataLength];
        WireReader reader = new();
        return atEnd =>
        {
            wrong[atEnd ? 1 : 0].CopyTo(received, 0);
            return () =>
            {
                for (int i = 0; i < 100; i++)
                {
                    reader.Reset(received, 0, received.Length);
                    Finished.Read(reader, expected);
                }
            };
        };
    }

    private static Func<bool, Action> Rsa(CryptoProvider crypto)
    {
        using RSA rsa = RSA.Create(1024);
        RSAParameters key = rsa.ExportParameters(true);
        byte[][] parts = [key.Modulus!, key.Exponent!, key.D!, key.P!, key.Q!, key.DP!, key.DQ!, key.InverseQ!];
        byte[] all = parts.SelectMany(part => part).ToArray();
        int[] counts = parts.Select(part => part.Length).ToArray();
        StoredPrivateKey stored = new(all, counts.Select((_, i) => counts[..i].Sum()).ToArray(), counts);
        byte[][] right = Enumerable.Range(0, 64).Select(_ => rsa.Encrypt(RandomNumberGenerator.GetBytes(48), RSAEncryptionPadding.Pkcs1)).ToArray();

        // Ciphertexts of any size, like the right ones, of blocks that begin otherwise.
        byte[][] wrong = Enumerable.Range(0, 64).Select(_ => Power([0, 3, .. RandomNumberGenerator.GetBytes(126)], key)).ToArray();
        Random random = new(4);
        byte[] secret = new byte[48];
        return isWrong =>
        {
            byte[] cipher = (byte[])(isWrong ? wrong : right)[random.Next(64)].Clone();
            return () =>
            {
                CryptoOperation operation = crypto.RsaDecrypt(stored, cipher, 0, cipher.Length, secret, 0, 48);
                while (!operation.Step(int.MaxValue))
                {
                }
            };
        };
    }

    private static byte[] Power(byte[] block, RSAParameters key)
    {
        BigInteger power = BigInteger.ModPow(new BigInteger(block, true, true), new BigInteger(key.Exponent, true, true), new BigInteger(key.Modulus, true, true));
        byte[] bytes = power.ToByteArray(true, true);
        return [.. new byte[block.Length - bytes.Length], .. bytes];
    }

    /// <summary>The same bytes with one of them changed here or there: made ahead, since a byte that was just written reads otherwise.</summary>
    private static byte[][] WrongAt(byte[] bytes, params int[] places)
    {
        return places.Select(place =>
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[place] ^= 1;
            return changed;
        }).ToArray();
    }

    private static void Hear(DtlsServerEngine server, byte[] datagram, long now)
    {
        server.HandleDatagram(datagram, 0, datagram.Length, TestBed.Address, TestBed.Address.Length, now);
        for (Packet packet = server.PollDatagram(now); packet != null; packet = server.PollDatagram(now))
        {
            packet.Return();
        }
    }

    private sealed class OneKey : TicketKeys
    {
        private readonly TicketKey _key = new([0, 0, 0, 1], CryptoAlgorithm.Aes128Ccm, TestBed.Bytes(16, 0x30));

        public override TicketKey GetCurrent(CryptoProvider crypto, long now) => _key;

        public override TicketKey Find(byte[] name, int offset, long now) => name[offset + 3] == 1 ? _key : null!;
    }
}

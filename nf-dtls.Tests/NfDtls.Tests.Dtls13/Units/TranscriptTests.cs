using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

[TestClass]
public class TranscriptTests
{
    private static readonly byte[] Hello = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [TestMethod]
    public void Messages_are_hashed_with_the_header_of_TLS_alone()
    {
        foreach (CryptoProvider crypto in Providers.All())
        {
            Transcript13 transcript = Make(crypto, false);
            transcript.Add(HandshakeType.ClientHello, 0, 9, Hello, 0, 9);
            transcript.Add(HandshakeType13.EncryptedExtensions, 1, 2, [9, 0, 0], 1, 2);
            Is(transcript, "01000009" + "010203040506070809" + "08000002" + "0000");
        }
    }

    [TestMethod]
    public void A_HelloRetryRequest_makes_the_hello_before_it_a_hash_by_each_of_the_hashes()
    {
        Transcript13 transcript = Make(Providers.All()[0], false);
        transcript.Add(HandshakeType.ClientHello, 0, 9, Hello, 0, 9);
        byte[] retry = Retry();
        transcript.Add(HandshakeType.ServerHello, 0, retry.Length, retry, 0, retry.Length);
        string first = "01000009" + "010203040506070809";
        string rest = "02000029" + Convert.ToHexString(retry);
        byte[] digest = new byte[48];
        Assert.AreEqual(32, transcript.Peek(CryptoAlgorithm.Sha256, digest, 0));
        byte[] expected = SHA256.HashData(Convert.FromHexString("FE000020" + Convert.ToHexString(SHA256.HashData(Convert.FromHexString(first))) + rest));
        Assert.AreEqual(Convert.ToHexString(expected), Convert.ToHexString(digest, 0, 32));
        Assert.AreEqual(48, transcript.Peek(CryptoAlgorithm.Sha384, digest, 0));
        expected = SHA384.HashData(Convert.FromHexString("FE000030" + Convert.ToHexString(SHA384.HashData(Convert.FromHexString(first))) + rest));
        Assert.AreEqual(Convert.ToHexString(expected), Convert.ToHexString(digest));
    }

    [TestMethod]
    public void A_server_goes_on_from_the_hash_that_a_cookie_brought_back()
    {
        CryptoProvider crypto = Providers.All()[0];
        Transcript13 client = Make(crypto, false);
        Transcript13 server = Make(crypto, true);
        byte[] retry = Retry();
        byte[] digest = new byte[32];
        client.Add(HandshakeType.ClientHello, 0, 9, Hello, 0, 9);
        client.Peek(CryptoAlgorithm.Sha256, digest, 0);
        client.Add(HandshakeType.ServerHello, 0, retry.Length, retry, 0, retry.Length);
        client.Add(HandshakeType.ClientHello, 1, 9, Hello, 0, 9);

        server.Add(HandshakeType.ClientHello, 1, 9, Hello, 0, 9);
        server.Begin(digest, 0, 32);
        server.AddPart(HandshakeType.ServerHello, retry.Length, retry, 0, retry.Length);
        server.AddPart(HandshakeType.ClientHello, 9, Hello, 0, 9);
        byte[] other = new byte[32];
        client.Peek(CryptoAlgorithm.Sha256, digest, 0);
        server.Peek(CryptoAlgorithm.Sha256, other, 0);
        CollectionAssert.AreEqual(digest, other);
    }

    [TestMethod]
    public void What_comes_before_the_binders_is_hashed_ahead_and_not_twice()
    {
        Transcript13 transcript = Make(Providers.All()[0], false);
        transcript.AddPart(HandshakeType.ClientHello, 9, Hello, 0, 6);
        Is(transcript, "01000009" + "010203040506");
        transcript.Add(HandshakeType.ClientHello, 0, 9, Hello, 0, 9);
        Is(transcript, "01000009" + "010203040506070809");
        transcript.AddPart(HandshakeType.ClientHello, 9, Hello, 0, 6);
        transcript.Reset();
        transcript.Add(HandshakeType.ClientHello, 0, 9, Hello, 0, 9);
        Is(transcript, "01000009" + "010203040506070809");
    }

    private static byte[] Retry()
    {
        byte[] retry = new byte[41];
        retry[0] = 0xFE;
        retry[1] = 0xFD;
        HelloRetry.Random.CopyTo(retry, 2);
        Assert.AreEqual(Convert.ToHexString(SHA256.HashData("HelloRetryRequest"u8)), Convert.ToHexString(HelloRetry.Random));
        return retry;
    }

    private static Transcript13 Make(CryptoProvider crypto, bool isServer)
    {
        return new Transcript13(crypto, Suites13.AddTo(new CipherSuiteTable())) { HoldsHello = isServer };
    }

    private static void Is(Transcript13 transcript, string hex)
    {
        byte[] digest = new byte[32];
        transcript.Peek(CryptoAlgorithm.Sha256, digest, 0);
        Assert.AreEqual(Convert.ToHexString(SHA256.HashData(Convert.FromHexString(hex))), Convert.ToHexString(digest));
    }
}

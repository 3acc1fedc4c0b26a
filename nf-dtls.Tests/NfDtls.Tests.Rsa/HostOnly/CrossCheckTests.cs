using System;
using System.Collections.Generic;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace NfDtls.Tests.Rsa;

/// <summary>Software RSA against BouncyCastle's with keys of every kind, and against .NET's, by way of the host provider, with those it takes.</summary>
[TestClass]
public class CrossCheckTests
{
    private static readonly int[] Schemes =
    [
        SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512,
        SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512,
    ];

    private readonly CryptoProvider _software = Providers.Software();
    private readonly HostProvider _host = new();
    private readonly Random _random = new(7);

    [TestMethod]
    public void Signatures_go_both_ways_with_BouncyCastle()
    {
        foreach (TestKey key in TestKeys.All)
        {
            foreach (int scheme in Schemes)
            {
                if (scheme == SignatureScheme.RsaPssRsaeSha512 && key.Public.Bits < 1034)
                {
                    continue;
                }

                string what = key + ", scheme " + scheme.ToString("X");
                byte[] hash = Hash(scheme);
                byte[] signature = Providers.Sign(_software, scheme, key.Stored, hash);
                Assert.AreEqual(DtlsError.None, Providers.Verify(_software, scheme, key.Public, hash, signature), what);
                ISigner verifier = Signer(scheme, false, new RsaKeyParameters(false, Big(key.N), Big(key.E)));
                verifier.BlockUpdate(hash);
                Assert.IsTrue(verifier.VerifySignature(signature), what);

                ISigner signer = Signer(scheme, true, Private(key));
                signer.BlockUpdate(hash);
                byte[] other = signer.GenerateSignature();
                Assert.AreEqual(DtlsError.None, Providers.Verify(_software, scheme, key.Public, hash, other), what);
                if (!IsPss(scheme))
                {
                    CollectionAssert.AreEqual(other, signature, what);
                }
            }
        }
    }

    [TestMethod]
    public void Encryption_goes_both_ways_with_BouncyCastle()
    {
        foreach (TestKey key in TestKeys.All)
        {
            foreach (int length in new[] { 0, 1, 48, key.Size - 11 })
            {
                byte[] plain = new byte[length];
                _random.NextBytes(plain);
                byte[] cipher = Providers.Encrypt(_software, key.Public, plain);
                Pkcs1Encoding other = new(new RsaEngine());
                other.Init(false, Private(key));
                CollectionAssert.AreEqual(plain, other.ProcessBlock(cipher, 0, cipher.Length), key + ", " + length);
                CollectionAssert.AreEqual(plain, Providers.Decrypt(_software, key.Stored, cipher, length), key + ", " + length);

                other.Init(true, new RsaKeyParameters(false, Big(key.N), Big(key.E)));
                byte[] theirs = other.ProcessBlock(plain, 0, plain.Length);
                CollectionAssert.AreEqual(plain, Providers.Decrypt(_software, key.Stored, theirs, length), key + ", " + length);
            }
        }
    }

    [TestMethod]
    public void Both_go_both_ways_with_DotNET()
    {
        int run = 0;
        foreach (TestKey key in KeysForDotNet())
        {
            foreach (int scheme in Schemes)
            {
                if (scheme == SignatureScheme.RsaPssRsaeSha512 && key.Public.Bits < 1034)
                {
                    continue;
                }

                string what = key + ", scheme " + scheme.ToString("X");
                byte[] hash = Hash(scheme);
                byte[] signature = Providers.Sign(_software, scheme, key.Stored, hash);
                Assert.AreEqual(DtlsError.None, Providers.Verify(_host, scheme, key.Public, hash, signature), what);
                byte[] theirs = Providers.Sign(_host, scheme, key.Stored, hash);
                Assert.AreEqual(DtlsError.None, Providers.Verify(_software, scheme, key.Public, hash, theirs), what);
                run++;
            }

            byte[] plain = new byte[48];
            _random.NextBytes(plain);
            byte[] cipher = Providers.Encrypt(_host, key.Public, plain);
            CollectionAssert.AreEqual(plain, Providers.Decrypt(_software, key.Stored, cipher, 48), key.ToString());
            using RSA rsa = Import(key);
            byte[] ours = Providers.Encrypt(_software, key.Public, plain);
            CollectionAssert.AreEqual(plain, rsa.Decrypt(ours, RSAEncryptionPadding.Pkcs1), key.ToString());
        }

        Assert.IsGreaterThan(16, run);
    }

    [TestMethod]
    public void Fresh_keys_of_DotNET_work()
    {
        for (int i = 0; i < 20; i++)
        {
            using RSA rsa = RSA.Create(1024);
            StoredPrivateKey key = RsaKeys.Store(RsaKeys.Parts(rsa.ExportParameters(true)));
            byte[] hash = Hash(SignatureScheme.RsaPkcs1Sha256);
            byte[] expected = rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            CollectionAssert.AreEqual(expected, Providers.Sign(_software, SignatureScheme.RsaPkcs1Sha256, key, hash));
        }
    }

    /// <summary>.NET takes primes of half the modulus' bytes only.</summary>
    private static IEnumerable<TestKey> KeysForDotNet()
    {
        foreach (TestKey key in TestKeys.All)
        {
            int half = (key.Size + 1) / 2;
            if (key.P.GetByteCount(true) <= half && key.Q.GetByteCount(true) <= half)
            {
                yield return key;
            }
        }
    }

    private static RSA Import(TestKey key)
    {
        RSA rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(new DerSequence(
            DerInteger.Zero, new DerInteger(Big(key.N)), new DerInteger(Big(key.E)), new DerInteger(Big(key.D)),
            new DerInteger(Big(key.P)), new DerInteger(Big(key.Q)), new DerInteger(Big(key.D % (key.P - 1))),
            new DerInteger(Big(key.D % (key.Q - 1))), new DerInteger(Private(key).QInv)).GetEncoded(), out _);
        return rsa;
    }

    private static RsaPrivateCrtKeyParameters Private(TestKey key)
    {
        Org.BouncyCastle.Math.BigInteger p = Big(key.P);
        Org.BouncyCastle.Math.BigInteger q = Big(key.Q);
        return new RsaPrivateCrtKeyParameters(
            Big(key.N), Big(key.E), Big(key.D), p, q, Big(key.D % (key.P - 1)), Big(key.D % (key.Q - 1)), q.ModInverse(p));
    }

    private static Org.BouncyCastle.Math.BigInteger Big(BigInteger number)
    {
        return new Org.BouncyCastle.Math.BigInteger(1, number.ToByteArray(true, true));
    }

    private static ISigner Signer(int scheme, bool signs, ICipherParameters key)
    {
        ISigner signer = IsPss(scheme)
            ? PssSigner.CreateRawSigner(new RsaEngine(), Digest(scheme), Digest(scheme), Digest(scheme).GetDigestSize(), PssSigner.TrailerImplicit)
            : new RsaDigestSigner(new NullDigest(), Oid(scheme));
        signer.Init(signs, key);
        return signer;
    }

    private static bool IsPss(int scheme)
    {
        return scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512;
    }

    private static IDigest Digest(int scheme)
    {
        return scheme switch
        {
            SignatureScheme.RsaPssRsaeSha256 => new Sha256Digest(),
            SignatureScheme.RsaPssRsaeSha384 => new Sha384Digest(),
            _ => new Sha512Digest(),
        };
    }

    private static DerObjectIdentifier Oid(int scheme)
    {
        return scheme switch
        {
            SignatureScheme.RsaPkcs1Sha256 => NistObjectIdentifiers.IdSha256,
            SignatureScheme.RsaPkcs1Sha384 => NistObjectIdentifiers.IdSha384,
            _ => NistObjectIdentifiers.IdSha512,
        };
    }

    private byte[] Hash(int scheme)
    {
        byte[] hash = new byte[CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme))];
        _random.NextBytes(hash);
        return hash;
    }
}

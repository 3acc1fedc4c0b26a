using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;

namespace NfDtls.Tests.Rsa;

/// <summary>The host provider's elliptic curves against BouncyCastle's, and what it makes of bad input.</summary>
[TestClass]
public class HostEccTests
{
    private const byte Guard = 0xA5;

    private readonly HostProvider _host = new();

    [TestMethod]
    [DataRow(NamedGroup.Secp256r1, "P-256")]
    [DataRow(NamedGroup.Secp384r1, "P-384")]
    public void A_secret_is_what_BouncyCastle_agrees_on(int group, string curve)
    {
        ECDomainParameters domain = Domain(curve);
        int size = NamedGroup.SecretLength(group);
        SecureRandom random = new();
        for (int i = 0; i < 20; i++)
        {
            byte[] secret = Generate(group, out byte[] point);
            BigInteger other = new(domain.N.BitLength - 1, random);
            BigInteger expected = domain.Curve.DecodePoint(point).Multiply(other).Normalize().AffineXCoord.ToBigInteger();
            byte[] otherPoint = domain.G.Multiply(other).GetEncoded(false);
            CollectionAssert.AreEqual(BigIntegers.AsUnsignedByteArray(size, expected), Agree(group, secret, otherPoint), "agreement " + i);
        }
    }

    [TestMethod]
    [DataRow(NamedGroup.Secp256r1, "P-256")]
    [DataRow(NamedGroup.Secp384r1, "P-384")]
    public void A_secret_keeps_its_leading_zeros(int group, string curve)
    {
        // The first multiple of 7G whose coordinate begins with a zero: secret 7, and the peer's key the same multiple of G.
        ECDomainParameters domain = Domain(curve);
        byte[] secret = new byte[NamedGroup.SecretLength(group)];
        secret[^1] = 7;
        BigInteger step = BigInteger.ValueOf(7);
        int other = 1;
        byte[] expected;
        do
        {
            other++;
            expected = domain.G.Multiply(step.Multiply(BigInteger.ValueOf(other))).Normalize().AffineXCoord.GetEncoded();
        }
        while (expected[0] != 0);

        byte[] peer = domain.G.Multiply(BigInteger.ValueOf(other)).GetEncoded(false);
        CollectionAssert.AreEqual(expected, Agree(group, secret, peer));
    }

    [TestMethod]
    [DataRow(NamedGroup.Secp256r1, "P-256")]
    [DataRow(NamedGroup.Secp384r1, "P-384")]
    public void A_generated_key_is_a_pair_of_full_length_and_nothing_beside_it_is_written(int group, string curve)
    {
        ECDomainParameters domain = Domain(curve);
        int secretLength = NamedGroup.SecretLength(group);
        int publicLength = NamedGroup.PublicKeyLength(group);
        byte[] buffer = new byte[secretLength + publicLength + 3];
        Array.Fill(buffer, Guard);
        CryptoOperation operation = _host.GenerateKey(group, buffer, 1, buffer, 2 + secretLength);
        Assert.AreEqual(DtlsError.None, operation.Error);
        byte[] expected = domain.G.Multiply(new BigInteger(1, buffer, 1, secretLength)).GetEncoded(false);
        CollectionAssert.AreEqual(expected, buffer.AsSpan(2 + secretLength, publicLength).ToArray());
        Assert.AreEqual(Guard, buffer[0]);
        Assert.AreEqual(Guard, buffer[1 + secretLength]);
        Assert.AreEqual(Guard, buffer[^1]);
    }

    [TestMethod]
    [DataRow(NamedGroup.Secp256r1)]
    [DataRow(NamedGroup.Secp384r1)]
    public void A_point_beside_the_curve_or_in_another_form_is_refused(int group)
    {
        byte[] secret = Generate(group, out byte[] point);
        int size = secret.Length;
        byte[] agreed = new byte[size];

        DtlsError Try(byte[] peer)
        {
            return _host.Agree(group, secret, 0, peer, 0, peer.Length, agreed, 0).Error;
        }

        Assert.AreEqual(DtlsError.None, Try(point));
        agreed.AsSpan().Clear();
        for (int i = 0; i < point.Length; i++)
        {
            byte[] changed = [.. point];
            changed[i] ^= 1;
            Assert.AreEqual(DtlsError.IllegalParameter, Try(changed), "byte " + i);
        }

        byte[] compressed = point[..(1 + size)];
        compressed[0] = (byte)(2 + (point[^1] & 1));
        Assert.AreEqual(DtlsError.IllegalParameter, Try(compressed), "compressed");
        byte[] hybrid = [.. point];
        hybrid[0] = (byte)(6 + (point[^1] & 1));
        Assert.AreEqual(DtlsError.IllegalParameter, Try(hybrid), "hybrid");
        Assert.AreEqual(DtlsError.IllegalParameter, Try([0]), "infinity");
        Assert.AreEqual(DtlsError.IllegalParameter, Try([]), "nothing");
        Assert.AreEqual(DtlsError.IllegalParameter, Try([.. point, 0]), "too long");
        Assert.AreEqual(DtlsError.IllegalParameter, Try(point[..^1]), "too short");
        Assert.AreEqual(DtlsError.IllegalParameter, Try([4, .. new byte[2 * size]]), "(0, 0)");
        byte[] large = [4, .. new byte[2 * size]];
        large.AsSpan(1).Fill(0xFF);
        Assert.AreEqual(DtlsError.IllegalParameter, Try(large), "coordinates beyond the prime");
        CollectionAssert.AreEqual(new byte[size], agreed, "a refused point gave a secret");
    }

    [TestMethod]
    public void A_private_key_that_is_none_is_an_internal_error()
    {
        Generate(NamedGroup.Secp256r1, out byte[] point);
        byte[] agreed = new byte[32];
        Assert.AreEqual(DtlsError.InternalError, _host.Agree(NamedGroup.Secp256r1, new byte[32], 0, point, 0, 65, agreed, 0).Error);
        byte[] large = new byte[32];
        large.AsSpan().Fill(0xFF);
        Assert.AreEqual(DtlsError.InternalError, _host.Agree(NamedGroup.Secp256r1, large, 0, point, 0, 65, agreed, 0).Error);
    }

    [TestMethod]
    [DataRow(KeyKind.Secp256r1, "P-256", SignatureScheme.EcdsaSecp256r1Sha256)]
    [DataRow(KeyKind.Secp256r1, "P-256", SignatureScheme.EcdsaSecp384r1Sha384)]
    [DataRow(KeyKind.Secp384r1, "P-384", SignatureScheme.EcdsaSecp256r1Sha256)]
    [DataRow(KeyKind.Secp384r1, "P-384", SignatureScheme.EcdsaSecp384r1Sha384)]
    public void A_signature_goes_both_ways_with_BouncyCastle(int kind, string curve, int scheme)
    {
        ECDomainParameters domain = Domain(curve);
        StoredPrivateKey key = MakeKey(kind, out byte[] secret);
        byte[] hash = RandomNumberGenerator.GetBytes(CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme)));
        for (int i = 0; i < 20; i++)
        {
            byte[] signature = new byte[key.Public.MaxSignatureLength];
            CryptoOperation operation = _host.Sign(scheme, key, hash, 0, hash.Length, signature, 0);
            Assert.AreEqual(DtlsError.None, operation.Error);
            byte[] der = signature[..operation.Length];
            BigInteger[] parts = StandardDsaEncoding.Instance.Decode(domain.N, der);
            ECDsaSigner verifier = new();
            verifier.Init(false, new ECPublicKeyParameters(domain.Curve.DecodePoint(key.Public.Buffer), domain));
            Assert.IsTrue(verifier.VerifySignature(hash, parts[0], parts[1]));
            Assert.AreEqual(DtlsError.None, Verify(scheme, key.Public, hash, der));

            ECDsaSigner signer = new();
            signer.Init(true, new ParametersWithRandom(new ECPrivateKeyParameters(new BigInteger(1, secret), domain), new SecureRandom()));
            BigInteger[] made = signer.GenerateSignature(hash);
            Assert.AreEqual(DtlsError.None, Verify(scheme, key.Public, hash, StandardDsaEncoding.Instance.Encode(domain.N, made[0], made[1])));
        }
    }

    [TestMethod]
    [DataRow(KeyKind.Secp256r1, SignatureScheme.EcdsaSecp256r1Sha256)]
    [DataRow(KeyKind.Secp384r1, SignatureScheme.EcdsaSecp384r1Sha384)]
    public void A_signature_that_is_changed_or_not_DER_is_refused(int kind, int scheme)
    {
        StoredPrivateKey key = MakeKey(kind, out _);
        byte[] hash = RandomNumberGenerator.GetBytes(CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme)));
        byte[] room = new byte[key.Public.MaxSignatureLength];
        byte[] der = room[.._host.Sign(scheme, key, hash, 0, hash.Length, room, 0).Length];
        Assert.AreEqual(DtlsError.None, Verify(scheme, key.Public, hash, der));
        for (int i = 0; i < der.Length; i++)
        {
            byte[] changed = [.. der];
            changed[i] ^= 1;
            Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, changed), "byte " + i);
            Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, der[..i]), "cut to " + i);
        }

        Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, [.. der, 0]), "trailing byte");
        byte[] inside = [0x30, (byte)(der[1] + 1), .. der[2..], 0];
        Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, inside), "trailing byte inside");
        byte[] padded = [0x30, (byte)(der[1] + 1), 2, (byte)(der[3] + 1), 0, .. der[4..]];
        Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, padded), "leading zero too many");
        Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, [0x30, 0x81, .. der[1..]]), "long form of the length");
        Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, [0x30, 0x80, .. der[2..], 0, 0]), "indefinite length");
        Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, [0x30, 6, 2, 1, 0, 2, 1, 0]), "zeros");
        hash[0] ^= 1;
        Assert.AreEqual(DtlsError.DecryptError, Verify(scheme, key.Public, hash, der), "another hash");
    }

    [TestMethod]
    public void A_public_key_beside_the_curve_verifies_nothing()
    {
        StoredPrivateKey key = MakeKey(KeyKind.Secp256r1, out _);
        byte[] hash = new byte[32];
        byte[] room = new byte[72];
        byte[] der = room[.._host.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, hash, 0, 32, room, 0).Length];
        byte[] point = [.. key.Public.Buffer];
        point[64] ^= 1;
        PublicKey wrong = new();
        wrong.Set(KeyKind.Secp256r1, point, 0, 65);
        Assert.AreEqual(DtlsError.DecryptError, Verify(SignatureScheme.EcdsaSecp256r1Sha256, wrong, hash, der));
        wrong.Set(KeyKind.Secp256r1, point, 0, 64);
        Assert.AreEqual(DtlsError.DecryptError, Verify(SignatureScheme.EcdsaSecp256r1Sha256, wrong, hash, der));
    }

    [TestMethod]
    public void A_signing_key_may_have_leading_zeros_but_must_be_a_key()
    {
        StoredPrivateKey key = MakeKey(KeyKind.Secp256r1, out byte[] secret);
        StoredPrivateKey longer = new(KeyKind.Secp256r1, [0, 0, .. secret], 0, 34, key.Public);
        byte[] hash = new byte[32];
        byte[] room = new byte[72];
        CryptoOperation operation = _host.Sign(SignatureScheme.EcdsaSecp256r1Sha256, longer, hash, 0, 32, room, 0);
        Assert.AreEqual(DtlsError.None, Verify(SignatureScheme.EcdsaSecp256r1Sha256, key.Public, hash, room[..operation.Length]));

        byte[][] bad = [new byte[32], [1, .. new byte[32]]];
        foreach (byte[] scalar in bad)
        {
            StoredPrivateKey none = new(KeyKind.Secp256r1, scalar, 0, scalar.Length, null);
            Assert.AreEqual(DtlsError.InternalError, _host.Sign(SignatureScheme.EcdsaSecp256r1Sha256, none, hash, 0, 32, room, 0).Error);
        }
    }

    private DtlsError Verify(int scheme, PublicKey key, byte[] hash, byte[] signature)
    {
        return _host.Verify(scheme, key, hash, 0, hash.Length, signature, 0, signature.Length).Error;
    }

    private byte[] Agree(int group, byte[] secret, byte[] peer)
    {
        byte[] agreed = new byte[secret.Length];
        CryptoOperation operation = _host.Agree(group, secret, 0, peer, 0, peer.Length, agreed, 0);
        Assert.IsTrue(operation.Step(1));
        Assert.AreEqual(DtlsError.None, operation.Error);
        return agreed;
    }

    private byte[] Generate(int group, out byte[] point)
    {
        byte[] secret = new byte[NamedGroup.SecretLength(group)];
        point = new byte[NamedGroup.PublicKeyLength(group)];
        Assert.AreEqual(DtlsError.None, _host.GenerateKey(group, secret, 0, point, 0).Error);
        return secret;
    }

    private StoredPrivateKey MakeKey(int kind, out byte[] secret)
    {
        secret = Generate(kind == KeyKind.Secp256r1 ? NamedGroup.Secp256r1 : NamedGroup.Secp384r1, out byte[] point);
        PublicKey known = new();
        known.Set(kind, point, 0, point.Length);
        return new StoredPrivateKey(kind, secret, 0, secret.Length, known);
    }

    private static ECDomainParameters Domain(string curve)
    {
        return new ECDomainParameters(CustomNamedCurves.GetByName(curve));
    }
}

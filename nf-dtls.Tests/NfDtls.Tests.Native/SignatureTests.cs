using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>Signatures of the provider, which .NET verifies, and .NET's, which the provider verifies.</summary>
[TestClass]
public class SignatureTests
{
    private static readonly int[] EcdsaSchemes = [SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512];

    private static readonly int[] RsaSchemes =
    [
        SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512,
        SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512,
    ];

    [TestMethod]
    public void ECDSA_signatures_are_exchanged_with_NET_on_each_curve_with_each_hash()
    {
        CryptoProvider provider = Providers.Tested();
        foreach (int kind in new[] { KeyKind.Secp256r1, KeyKind.Secp384r1, KeyKind.Secp521r1 })
        {
            for (int round = 0; round < 10; round++)
            {
                using ECDsa dotnet = ECDsa.Create(CurveOf(kind));
                ECParameters parameters = dotnet.ExportParameters(true);
                PublicKey publicKey = Work.PublicKey(kind, Work.Point(parameters));
                byte[] scalar = [0, 0, .. parameters.D!];
                StoredPrivateKey key = new(kind, scalar, 0, scalar.Length, publicKey);
                byte[] derived = new byte[publicKey.Count + 1];
                Work.Succeed(provider.DerivePublic(key, derived, 1), "derived");
                CollectionAssert.AreEqual(publicKey.Buffer, derived[1..]);
                foreach (int scheme in EcdsaSchemes)
                {
                    byte[] hash = Work.Hash(scheme, [(byte)round]);
                    byte[] signature = new byte[publicKey.MaxSignatureLength];
                    int length = Work.Succeed(provider.Sign(scheme, key, hash, 0, hash.Length, signature, 0), "signed");
                    Assert.IsTrue(dotnet.VerifyHash(hash, signature.AsSpan(0, length), DSASignatureFormat.Rfc3279DerSequence), "NET refuses it");
                    byte[] theirs = dotnet.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
                    VerifyAllBits(provider, scheme, publicKey, hash, theirs, round < 2 ? 11 : 1000);
                }
            }
        }
    }

    [TestMethod]
    public void RSA_signatures_are_exchanged_with_NET_in_every_scheme()
    {
        CryptoProvider provider = Providers.Tested();

        // 1033 bits: one more than whole bytes, where PSS has one byte less than the modulus.
        foreach (int bits in new[] { 1024, 1032, 2048, 3072 })
        {
            using RSA dotnet = RSA.Create(bits);
            StoredPrivateKey key = Work.PrivateKey(dotnet);
            foreach (int scheme in RsaSchemes)
            {
                if (scheme == SignatureScheme.RsaPssRsaeSha512 && bits < 1040)
                {
                    continue;
                }

                byte[] hash = Work.Hash(scheme, [(byte)scheme]);
                HashAlgorithmName name = hash.Length == 32 ? HashAlgorithmName.SHA256 : hash.Length == 48 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA512;
                RSASignaturePadding padding = scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
                byte[] signature = new byte[key.Public.MaxSignatureLength];
                int length = Work.Succeed(provider.Sign(scheme, key, hash, 0, hash.Length, signature, 0), "signed");
                Assert.AreEqual(bits / 8, length);
                Assert.IsTrue(dotnet.VerifyHash(hash, signature, name, padding), "NET refuses it, " + bits + " bits, scheme " + scheme);
                VerifyAllBits(provider, scheme, key.Public, hash, dotnet.SignHash(hash, name, padding), 101);
            }
        }
    }

    private static ECCurve CurveOf(int kind)
    {
        return kind switch
        {
            KeyKind.Secp256r1 => ECCurve.NamedCurves.nistP256,
            KeyKind.Secp384r1 => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
    }

    [TestMethod]
    public void A_hash_of_another_length_is_neither_signed_nor_accepted()
    {
        CryptoProvider provider = Providers.Tested();
        using ECDsa dotnet = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters parameters = dotnet.ExportParameters(true);
        PublicKey publicKey = Work.PublicKey(KeyKind.Secp256r1, Work.Point(parameters));
        StoredPrivateKey key = new(KeyKind.Secp256r1, parameters.D!, 0, 32, publicKey);
        Assert.AreEqual(DtlsError.InternalError, Work.Run(provider.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, new byte[31], 0, 31, new byte[72], 0)));
        byte[] theirs = dotnet.SignHash(new byte[48], DSASignatureFormat.Rfc3279DerSequence);
        Assert.AreEqual(DtlsError.DecryptError, Work.Run(provider.Verify(SignatureScheme.EcdsaSecp256r1Sha256, publicKey, new byte[48], 0, 48, theirs, 0, theirs.Length)));
    }

    [TestMethod]
    public void Keys_that_are_none_fail_without_an_exception()
    {
        CryptoProvider provider = Providers.Tested();
        byte[] hash = new byte[32];
        int scheme = SignatureScheme.EcdsaSecp256r1Sha256;
        PublicKey offCurve = Work.PublicKey(KeyKind.Secp256r1, Check.Pattern(65, 1));
        Assert.AreEqual(DtlsError.DecryptError, Work.Run(provider.Verify(scheme, offCurve, hash, 0, 32, new byte[70], 0, 70)));
        StoredPrivateKey zero = new(KeyKind.Secp256r1, new byte[32], 0, 32, null);
        Assert.AreEqual(DtlsError.InternalError, Work.Run(provider.Sign(scheme, zero, hash, 0, 32, new byte[72], 0)));
        using RSA dotnet = RSA.Create(1024);
        StoredPrivateKey key = Work.PrivateKey(dotnet);
        key.Buffer[key.OffsetOf(StoredPrivateKey.Prime1) + 20] ^= 1;
        Assert.AreEqual(DtlsError.InternalError, Work.Run(provider.Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, new byte[128], 0)));
    }

    [TestMethod]
    public void An_RSA_key_with_an_endless_exponent_or_an_even_modulus_is_refused()
    {
        CryptoProvider provider = Providers.Tested();
        using RSA dotnet = RSA.Create(2048);
        byte[] modulus = dotnet.ExportParameters(false).Modulus!;
        byte[] signature = new byte[256];
        foreach (byte[] exponent in new byte[][] { [1], [], [2], [1, 0, 0], Check.Pattern(256, 1) })
        {
            PublicKey key = Work.PublicKey(modulus, exponent);
            Assert.AreEqual(DtlsError.DecryptError, Work.Run(provider.Verify(SignatureScheme.RsaPkcs1Sha256, key, new byte[32], 0, 32, signature, 0, 256)));
        }

        modulus[255] &= 0xFE;
        PublicKey even = Work.PublicKey(modulus, [1, 0, 1]);
        Assert.AreEqual(DtlsError.DecryptError, Work.Run(provider.Verify(SignatureScheme.RsaPkcs1Sha256, even, new byte[32], 0, 32, signature, 0, 256)));
    }

    /// <summary>The signature is right; with a bit changed, a byte more or a byte less it is not.</summary>
    private static void VerifyAllBits(CryptoProvider provider, int scheme, PublicKey key, byte[] hash, byte[] signature, int step)
    {
        Assert.AreEqual(DtlsError.None, Verify(provider, scheme, key, hash, signature), "scheme " + scheme);
        for (int bit = 0; bit < 8 * signature.Length; bit += step)
        {
            byte[] wrong = (byte[])signature.Clone();
            wrong[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.AreEqual(DtlsError.DecryptError, Verify(provider, scheme, key, hash, wrong), "bit " + bit);
        }

        Assert.AreEqual(DtlsError.DecryptError, Verify(provider, scheme, key, hash, [.. signature, 0]), "a byte more");
        Assert.AreEqual(DtlsError.DecryptError, Verify(provider, scheme, key, hash, signature[..^1]), "a byte less");
        Assert.AreEqual(DtlsError.DecryptError, Verify(provider, scheme, key, hash, []), "nothing");
        byte[] other = (byte[])hash.Clone();
        other[7] ^= 1;
        Assert.AreEqual(DtlsError.DecryptError, Verify(provider, scheme, key, other, signature), "another hash");
    }

    private static DtlsError Verify(CryptoProvider provider, int scheme, PublicKey key, byte[] hash, byte[] signature)
    {
        return Work.Run(provider.Verify(scheme, key, hash, 0, hash.Length, signature, 0, signature.Length));
    }
}

using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Org.BouncyCastle.Math;
using X9 = Org.BouncyCastle.Crypto.EC.CustomNamedCurves;

namespace NfDtls.Tests.Ecc;

/// <summary>Private keys as files have them, with zeros in front too many or too few, over every provider that has the curve.</summary>
[TestClass]
public class ScalarFormTests
{
    private static readonly (string Name, int Kind, int Scheme, ECCurve Curve)[] Curves =
    [
        ("secp256r1", KeyKind.Secp256r1, SignatureScheme.EcdsaSecp256r1Sha256, ECCurve.NamedCurves.nistP256),
        ("secp384r1", KeyKind.Secp384r1, SignatureScheme.EcdsaSecp384r1Sha384, ECCurve.NamedCurves.nistP384),
        ("secp521r1", KeyKind.Secp521r1, SignatureScheme.EcdsaSecp521r1Sha512, ECCurve.NamedCurves.nistP521),
    ];

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Public_keys_and_signatures_do_not_depend_on_zeros_in_front(int index)
    {
        (string curveName, int kind, int scheme, ECCurve curve) = Curves[index];
        Org.BouncyCastle.Asn1.X9.X9ECParameters parameters = X9.GetByName(curveName);
        int size = (parameters.N.BitLength + 7) / 8;
        byte[] hash = RandomNumberGenerator.GetBytes(CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme)));
        foreach ((string name, CryptoProvider provider) in Providers.With(CryptoAlgorithm.DerivePublic + kind))
        {
            foreach (BigInteger scalar in new[]
            {
                BigInteger.One, BigInteger.Two, parameters.N.Subtract(BigInteger.One), parameters.N.Subtract(BigInteger.Two),
                new BigInteger(8 * (size - 2) + 3, new Org.BouncyCastle.Security.SecureRandom()).SetBit(8 * (size - 2)),
            })
            {
                byte[] shortest = scalar.ToByteArrayUnsigned();
                byte[] full = [.. new byte[size - shortest.Length], .. shortest];
                byte[] expected = parameters.G.Multiply(scalar).Normalize().GetEncoded(false);
                using ECDsa verifier = ECDsa.Create(new ECParameters { Curve = curve, D = full });
                foreach (byte[] form in new[] { shortest, full, [0, .. full], [0, 0, 0, .. full] })
                {
                    StoredPrivateKey key = new(kind, [7, .. form], 1, form.Length, null!);
                    byte[] made = new byte[expected.Length + 1];
                    Assert.AreEqual(DtlsError.None, Ecc.Run(provider.DerivePublic(key, made, 1)), name);
                    Ecc.Equal([0, .. expected], made, name + " " + scalar);

                    byte[] signature = new byte[139];
                    CryptoOperation signing = provider.Sign(scheme, key, hash, 0, hash.Length, signature, 0);
                    Assert.AreEqual(DtlsError.None, Ecc.Run(signing), name);
                    Assert.IsTrue(verifier.VerifyHash(hash, signature.AsSpan(0, signing.Length), DSASignatureFormat.Rfc3279DerSequence), name);
                }
            }
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Zero_and_what_is_not_below_the_order_is_no_key(int index)
    {
        (string curveName, int kind, _, _) = Curves[index];
        byte[] order = X9.GetByName(curveName).N.ToByteArrayUnsigned();
        foreach ((string name, CryptoProvider provider) in Providers.With(CryptoAlgorithm.DerivePublic + kind))
        {
            foreach (byte[] scalar in new byte[][] { [], [0], new byte[order.Length], order, [1, .. new byte[order.Length]] })
            {
                StoredPrivateKey key = new(kind, scalar, 0, scalar.Length, null!);
                Assert.AreEqual(DtlsError.InternalError, Ecc.Run(provider.DerivePublic(key, new byte[2 * order.Length + 1], 0)), name + " " + scalar.Length);
            }
        }
    }

    [TestMethod]
    public void Ecdsa_with_P521_is_that_of_NET_and_each_hash_goes_with_each_curve()
    {
        foreach ((_, int kind, _, ECCurve curve) in Curves)
        {
            foreach (int scheme in new[] { SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512 })
            {
                byte[] hash = RandomNumberGenerator.GetBytes(CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme)));
                using ECDsa pair = ECDsa.Create(curve);
                ECParameters parts = pair.ExportParameters(true);
                PublicKey known = new();
                byte[] point = [4, .. parts.Q.X!, .. parts.Q.Y!];
                known.Set(kind, point, 0, point.Length);
                foreach ((string name, CryptoProvider provider) in Providers.With(CryptoAlgorithm.SignWith(scheme, kind)))
                {
                    for (int i = 0; i < 8; i++)
                    {
                        byte[] made = new byte[known.MaxSignatureLength];
                        CryptoOperation signing = provider.Sign(scheme, new StoredPrivateKey(kind, parts.D, 0, parts.D!.Length, known), hash, 0, hash.Length, made, 0);
                        Assert.AreEqual(DtlsError.None, Ecc.Run(signing), name);
                        Assert.IsTrue(pair.VerifyHash(hash, made.AsSpan(0, signing.Length), DSASignatureFormat.Rfc3279DerSequence), name);
                        byte[] theirs = pair.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
                        Assert.IsTrue(Ecc.Verify(provider, scheme, kind, point, hash, theirs), name);
                        theirs[^1] ^= 1;
                        Assert.IsFalse(Ecc.Verify(provider, scheme, kind, point, hash, theirs), name);
                    }
                }
            }
        }
    }
}

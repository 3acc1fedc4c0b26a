using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using X9 = Org.BouncyCastle.Crypto.EC.CustomNamedCurves;

namespace NfDtls.Tests.Ecc;

/// <summary>The managed code against .NET and BouncyCastle.</summary>
[TestClass]
public class CrossCheckTests
{
    private static readonly string[] CurveNames = ["secp256r1", "secp384r1"];
    private static readonly int[] Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1];
    private static readonly int[] Kinds = [KeyKind.Secp256r1, KeyKind.Secp384r1];
    private static readonly ECCurve[] Curves = [ECCurve.NamedCurves.nistP256, ECCurve.NamedCurves.nistP384];

    [TestMethod]
    public void Agreement_on_Weierstrass_curves_gives_what_BouncyCastle_gives()
    {
        for (int c = 0; c < 2; c++)
        {
            Org.BouncyCastle.Asn1.X9.X9ECParameters curve = X9.GetByName(CurveNames[c]);
            CryptoProvider provider = Ecc.Software(c);
            Random random = new(c + 10);
            int size = NamedGroup.SecretLength(Groups[c]);
            foreach (BigInteger scalar in Scalars(curve.N, random))
            {
                BigInteger other = NextNumber(random, size).Mod(curve.N);
                byte[] peer = curve.G.Multiply(other.Add(BigInteger.One)).Normalize().GetEncoded(false);
                byte[] expected = curve.Curve.DecodePoint(peer).Multiply(scalar).Normalize().AffineXCoord.GetEncoded();
                byte[]? actual = Ecc.Agree(provider, Groups[c], Fixed(scalar, size), peer);
                Assert.IsNotNull(actual);
                Ecc.Equal(expected, actual, CurveNames[c] + " scalar " + scalar.ToString(16));
            }
        }
    }

    [TestMethod]
    public void Key_pairs_belong_together_and_agree_with_those_of_NET()
    {
        for (int c = 0; c < 2; c++)
        {
            CryptoProvider provider = Ecc.Software(c + 20);
            int size = NamedGroup.SecretLength(Groups[c]);
            for (int i = 0; i < 20; i++)
            {
                byte[] privateKey = new byte[size];
                byte[] publicKey = new byte[1 + 2 * size];
                Assert.AreEqual(DtlsError.None, Ecc.Run(provider.GenerateKey(Groups[c], privateKey, 0, publicKey, 0)));
                using ECDiffieHellman ours = ECDiffieHellman.Create(new ECParameters
                {
                    Curve = Curves[c],
                    D = privateKey,
                    Q = new ECPoint { X = publicKey[1..(1 + size)], Y = publicKey[(1 + size)..] },
                });
                using ECDiffieHellman theirs = ECDiffieHellman.Create(Curves[c]);
                ECPoint q = theirs.ExportParameters(false).Q;
                byte[]? secret = Ecc.Agree(provider, Groups[c], privateKey, [4, .. q.X!, .. q.Y!]);
                Assert.IsNotNull(secret);
                Ecc.Equal(theirs.DeriveRawSecretAgreement(ours.PublicKey), secret, CurveNames[c]);
            }
        }
    }

    [TestMethod]
    public void Signatures_verify_here_and_with_NET_in_both_directions()
    {
        Random random = new(3);
        for (int c = 0; c < 2; c++)
        {
            CryptoProvider provider = Ecc.Software(c + 40);
            foreach (int scheme in new[] { SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384 })
            {
                for (int i = 0; i < 12; i++)
                {
                    byte[] hash = new byte[CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme))];
                    random.NextBytes(hash);
                    if (i == 0)
                    {
                        hash.AsSpan().Fill(0xFF);
                    }
                    else if (i == 1)
                    {
                        hash.AsSpan().Clear();
                    }

                    using ECDsa key = ECDsa.Create(Curves[c]);
                    ECParameters parameters = key.ExportParameters(true);
                    byte[] publicKey = [4, .. parameters.Q.X!, .. parameters.Q.Y!];
                    byte[] theirs = key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
                    Assert.IsTrue(Ecc.Verify(provider, scheme, Kinds[c], publicKey, hash, theirs), CurveNames[c] + ": theirs");
                    byte[] ours = Ecc.Sign(provider, scheme, Kinds[c], parameters.D!, hash);
                    Assert.IsTrue(key.VerifyHash(hash, ours, DSASignatureFormat.Rfc3279DerSequence), CurveNames[c] + ": ours");
                    Assert.IsTrue(Ecc.Verify(provider, scheme, Kinds[c], publicKey, hash, ours), CurveNames[c] + ": ours, here");
                    hash[3] ^= 1;
                    Assert.IsFalse(Ecc.Verify(provider, scheme, Kinds[c], publicKey, hash, ours), CurveNames[c] + ": another hash");
                }
            }
        }
    }

    [TestMethod]
    public void X25519_gives_what_BouncyCastle_gives()
    {
        CryptoProvider provider = Ecc.Software(5);
        Random random = new(5);
        for (int i = 0; i < 60; i++)
        {
            byte[] privateKey = new byte[32];
            byte[] publicKey = new byte[32];
            Assert.AreEqual(DtlsError.None, Ecc.Run(provider.GenerateKey(NamedGroup.X25519, privateKey, 0, publicKey, 0)));
            Ecc.Equal(new X25519PrivateKeyParameters(privateKey).GeneratePublicKey().GetEncoded(), publicKey, "public key");
            byte[] peer = new byte[32];
            random.NextBytes(peer);
            if (i < 8)
            {
                // Coordinates around p and with the ignored bit set.
                peer.AsSpan().Fill(0xFF);
                peer[0] = (byte)(0xF0 + i);
                peer[31] = (byte)((i & 1) == 0 ? 0x7F : 0xFF);
            }

            byte[] expected = new byte[32];
            Org.BouncyCastle.Math.EC.Rfc7748.X25519.ScalarMult(privateKey, 0, peer, 0, expected, 0);
            byte[]? secret = Ecc.Agree(provider, NamedGroup.X25519, privateKey, peer);
            if (expected.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                Assert.IsNull(secret);
            }
            else
            {
                Assert.IsNotNull(secret);
                Ecc.Equal(expected, secret, "secret");
            }
        }
    }

    /// <summary>Small and large ones, with the last addition's exception among them, runs of ones and zeros, and random ones.</summary>
    private static BigInteger[] Scalars(BigInteger order, Random random)
    {
        BigInteger[] scalars = new BigInteger[140];
        int count = 0;
        for (int i = 1; i <= 34; i++)
        {
            scalars[count++] = BigInteger.ValueOf(i);
            scalars[count++] = order.Subtract(BigInteger.ValueOf(i));
        }

        int bits = order.BitLength;
        for (int i = 0; i < 16; i++)
        {
            scalars[count++] = BigInteger.One.ShiftLeft(bits - 1 - i * 15);
            scalars[count++] = BigInteger.One.ShiftLeft(bits - 1 - i * 15).Subtract(BigInteger.One);
        }

        while (count < scalars.Length)
        {
            scalars[count++] = NextNumber(random, bits / 8).Mod(order);
        }

        return scalars;
    }

    private static BigInteger NextNumber(Random random, int size)
    {
        byte[] bytes = new byte[size];
        random.NextBytes(bytes);
        return new BigInteger(1, bytes);
    }

    private static byte[] Fixed(BigInteger number, int size)
    {
        byte[] bytes = number.ToByteArrayUnsigned();
        byte[] result = new byte[size];
        bytes.CopyTo(result, size - bytes.Length);
        return result;
    }
}

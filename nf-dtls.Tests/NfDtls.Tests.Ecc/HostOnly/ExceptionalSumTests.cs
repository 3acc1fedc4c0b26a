using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Point = Org.BouncyCastle.Math.EC.ECPoint;

namespace NfDtls.Tests.Ecc;

/// <summary>
/// Signatures made so that, on the way to u1 G + u2 Q, a point meets itself or its negative, for which the formula of an
/// addition has no answer. An attacker can make such signatures for a key of his own.
/// </summary>
[TestClass]
public class ExceptionalSumTests
{
    private static readonly X9ECParameters P256Curve = CustomNamedCurves.GetByName("secp256r1");
    private static readonly BigInteger N = P256Curve.N;

    [TestMethod]
    public void A_sum_may_meet_itself()
    {
        RunMeeting(1);
    }

    [TestMethod]
    public void A_sum_may_meet_its_negative_and_go_on_from_infinity()
    {
        RunMeeting(-1);
    }

    [TestMethod]
    public void A_sum_at_infinity_is_no_signature()
    {
        // Q = -G, u1 = u2.
        BigInteger u = BigInteger.Two.Pow(200).Add(BigInteger.ValueOf(12345));
        BigInteger r = BigInteger.ValueOf(7);
        Assert.IsFalse(Verify(P256Curve.G.Negate(), u, r, r.Multiply(u.ModInverse(N)).Mod(N)));
    }

    [TestMethod]
    public void A_hash_of_zero_adds_nothing_of_the_base_point()
    {
        BigInteger u2 = BigInteger.ValueOf(987654321);
        Point sum = P256Curve.G.Multiply(u2).Normalize();
        BigInteger r = sum.AffineXCoord.ToBigInteger().Mod(N);
        Assert.IsTrue(Verify(P256Curve.G, BigInteger.Zero, r, r.Multiply(u2.ModInverse(N)).Mod(N)));
    }

    /// <summary>
    /// With Q = G, what u2 has brought to the sum at bit 31 is u2 / 2^31: chosen to be what u1's highest column brings, or its
    /// negative.
    /// </summary>
    private static void RunMeeting(int sign)
    {
        Random random = new(sign + 5);
        byte[] order = N.ToByteArrayUnsigned();
        int made = 0;
        while (made < 20)
        {
            byte[] bytes = new byte[32];
            random.NextBytes(bytes);
            BigInteger u1 = new BigInteger(1, bytes).Mod(N);
            byte[] recoded = new byte[32];
            u1.ToByteArrayUnsigned().CopyTo(recoded, 32 - u1.ToByteArrayUnsigned().Length);
            int negative = Scalar.Recode(recoded, order);
            int digit = Scalar.Column(recoded, 63);
            BigInteger column = BigInteger.Zero;
            for (int i = 0; i < 4; i++)
            {
                BigInteger power = BigInteger.Two.Pow(32 + 64 * i);
                column = (digit >> i & 1) != 0 ? column.Add(power) : column.Subtract(power);
            }

            column = negative == 0 ? column : column.Negate();
            if (column.SignValue != sign)
            {
                continue;
            }

            BigInteger u2 = column.Abs().ShiftLeft(31);
            Point sum = P256Curve.G.Multiply(u1.Add(u2).Mod(N)).Normalize();
            BigInteger r = sum.AffineXCoord.ToBigInteger().Mod(N);
            Assert.IsTrue(Verify(P256Curve.G, u1, r, r.Multiply(u2.ModInverse(N)).Mod(N)), "u1 = " + u1.ToString(16));

            // The same sum, and another r.
            r = r.Add(BigInteger.One);
            Assert.IsFalse(Verify(P256Curve.G, u1, r, r.Multiply(u2.ModInverse(N)).Mod(N)), "r + 1, u1 = " + u1.ToString(16));
            made++;
        }
    }

    private static bool Verify(Point key, BigInteger u1, BigInteger r, BigInteger s)
    {
        byte[] hash = Bytes(u1.Multiply(s).Mod(N));
        byte[] signature = new byte[72];
        int count = DerSignature.Write(Bytes(r), Bytes(s), signature, 0);
        return Ecc.Verify(Ecc.Software(1), SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, key.Normalize().GetEncoded(false), hash, signature[..count]);
    }

    private static byte[] Bytes(BigInteger number)
    {
        byte[] bytes = number.ToByteArrayUnsigned();
        byte[] result = new byte[32];
        bytes.CopyTo(result, 32 - bytes.Length);
        return result;
    }
}

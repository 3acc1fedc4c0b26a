using System;
using System.Numerics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>The arithmetic against .NET's, with moduli and factors at the edges of what its words hold.</summary>
[TestClass]
public class MontgomeryTests
{
    private readonly Random _random = new(13);

    /// <summary>Every size with another number of limbs, to the largest of either width, and some in between.</summary>
    [TestMethod]
    public void R_squared_is_right_for_every_kind_of_modulus()
    {
        for (int bits = 320; bits <= 4096; bits += bits < 420 || (bits > 3330 && bits < 3370) || bits > 4080 ? 1 : 61)
        {
            foreach (BigInteger modulus in Moduli(bits))
            {
                Montgomery montgomery = Create(modulus, bits);
                BigInteger r = BigInteger.One << montgomery.Rows * montgomery.Width;
                Assert.IsTrue(r > 16 * modulus, bits + " bits");
                BigInteger square = Number(montgomery, montgomery.Square);
                Assert.IsTrue(square < 2 * modulus, bits + " bits");
                Assert.AreEqual(r * r % modulus, square % modulus, bits + " bits");
            }
        }
    }

    /// <summary>Factors as large as they may be, all of whose limbs are full: the sums come nearest to the end of their words.</summary>
    [TestMethod]
    [DataRow(512)]
    [DataRow(1000)]
    [DataRow(1024)]
    [DataRow(1060)]
    [DataRow(1088)]
    [DataRow(1536)]
    [DataRow(2048)]
    [DataRow(3355)]
    [DataRow(3356)]
    [DataRow(3357)]
    [DataRow(3800)]
    [DataRow(4095)]
    [DataRow(4096)]
    public void Products_of_the_largest_and_of_other_factors_are_right(int bits)
    {
        foreach (BigInteger modulus in Moduli(bits))
        {
            Montgomery montgomery = Create(modulus, bits);
            BigInteger r = BigInteger.One << montgomery.Rows * montgomery.Width;
            BigInteger full = (BigInteger.One << bits + 1) - 1;
            Multiply(4 * modulus - 1, 4 * modulus - 1);
            Multiply(r - 1, modulus - 1);
            Multiply(full, full);
            Multiply(0, modulus);
            Multiply(1, 1);
            for (int i = 0; i < 5; i++)
            {
                Multiply(Random(bits), Random(bits));
                Square(Random(bits));
            }

            Square(4 * modulus - 1);
            Square(full);
            Square(1);
            Square(BigInteger.One << bits);

            void Square(BigInteger number)
            {
                ulong[] a = Limbs(montgomery, number);
                montgomery.Begin(a, a, a);
                Finish(montgomery);
                BigInteger product = Number(montgomery, a);
                Assert.IsTrue(product < 2 * modulus, bits + " bits");
                Assert.AreEqual(number * number % modulus, product * r % modulus, bits + " bits squared");
            }

            void Multiply(BigInteger left, BigInteger right)
            {
                ulong[] a = Limbs(montgomery, left);
                montgomery.Begin(a, a, Limbs(montgomery, right));
                Finish(montgomery);
                BigInteger product = Number(montgomery, a);
                Assert.IsTrue(product < 2 * modulus, bits + " bits");
                Assert.AreEqual(left * right % modulus, product * r % modulus, bits + " bits");
                montgomery.Reduce(a);
                Assert.AreEqual(product >= modulus ? product - modulus : product, Number(montgomery, a), bits + " bits");
            }
        }
    }

    [TestMethod]
    public void Sums_and_differences_are_right()
    {
        foreach (BigInteger modulus in Moduli(1024))
        {
            Montgomery montgomery = Create(modulus, 1024);
            foreach (BigInteger left in new[] { 0, 1, modulus, 2 * modulus - 1 })
            {
                foreach (BigInteger right in new[] { 0, 1, modulus, 4 * modulus - 1 })
                {
                    ulong[] sum = Limbs(montgomery, left);
                    montgomery.Add(sum, Limbs(montgomery, right));
                    Assert.AreEqual(left + right, Number(montgomery, sum));
                    ulong[] difference = Limbs(montgomery, left);
                    montgomery.Subtract(difference, Limbs(montgomery, right));
                    Assert.AreEqual(left + 4 * modulus - right, Number(montgomery, difference));
                }
            }
        }
    }

    [TestMethod]
    public void One_modulus_after_another_leaves_nothing_behind()
    {
        Montgomery montgomery = new(2048);
        foreach (int bits in new[] { 2048, 700, 1400, 341 })
        {
            BigInteger modulus = (BigInteger.One << bits) - 1;
            byte[] bytes = modulus.ToByteArray(true, true);
            montgomery.SetModulus(bytes, 0, bytes.Length, bits);
            Finish(montgomery);
            BigInteger r = BigInteger.One << montgomery.Rows * montgomery.Width;
            Assert.AreEqual(r * r % modulus, Number(montgomery, montgomery.Square) % modulus, bits + " bits");
        }
    }

    private BigInteger[] Moduli(int bits)
    {
        BigInteger high = BigInteger.One << bits - 1;
        return [2 * high - 1, high + 1, high + (high >> 1) - 1, high + (high >> 29) - 1, 2 * high - (high >> 28) - 1, high | Random(bits - 1) | 1];
    }

    private BigInteger Random(int bits)
    {
        byte[] bytes = new byte[bits / 8];
        _random.NextBytes(bytes);
        return new BigInteger(bytes, true, true);
    }

    private static Montgomery Create(BigInteger modulus, int bits)
    {
        Montgomery montgomery = new(bits);
        byte[] bytes = modulus.ToByteArray(true, true);
        montgomery.SetModulus(bytes, 0, bytes.Length, bits);
        Finish(montgomery);
        return montgomery;
    }

    private static void Finish(Montgomery montgomery)
    {
        while (montgomery.IsBusy)
        {
            montgomery.Work();
        }
    }

    private static ulong[] Limbs(Montgomery montgomery, BigInteger number)
    {
        ulong[] limbs = new ulong[montgomery.Length];
        byte[] bytes = number.ToByteArray(true, true);
        Crypto.Software.Limbs.Load(limbs, montgomery.Width, bytes, 0, bytes.Length);
        return limbs;
    }

    private static BigInteger Number(Montgomery montgomery, ulong[] limbs)
    {
        BigInteger number = 0;
        for (int i = limbs.Length - 1; i >= 0; i--)
        {
            Assert.IsLessThan(1UL << montgomery.Width, limbs[i]);
            number = (number << montgomery.Width) + limbs[i];
        }

        return number;
    }
}

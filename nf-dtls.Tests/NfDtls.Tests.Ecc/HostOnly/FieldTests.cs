using System;
using System.Collections.Generic;
using System.Numerics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>The fields' arithmetic, and that modulo the orders, against BigInteger, with numbers at the edges and limbs as large as they may be.</summary>
[TestClass]
public class FieldTests
{
    private static readonly PrimeField[] Fields = [new P256Field(), new P384Field(), new Field25519()];

    [TestMethod]
    public void Products_squares_and_combinations_are_right_at_the_edges()
    {
        foreach (PrimeField field in Fields)
        {
            BigInteger p = ValueOf(field.Modulus.Value, field.Modulus.LimbBits);
            List<BigInteger> numbers = Numbers(p, new Random(1));
            long[] result = field.NewElement();
            foreach (BigInteger x in numbers)
            {
                long[] a = Enter(field, x);
                Assert.AreEqual(x, Leave(field, a), "there and back");
                field.Square(result, a);
                Assert.AreEqual(x * x % p, Leave(field, result), "square");
                foreach (BigInteger y in numbers)
                {
                    long[] b = Enter(field, y);
                    field.Multiply(result, a, b);
                    Assert.AreEqual(x * y % p, Leave(field, result), "product");
                    field.Combine(result, a, b, -8);
                    Assert.AreEqual((x - 8 * y + 8 * p) % p, Leave(field, result), "combination");
                    field.Add(result, a, b);
                    Assert.AreEqual((x + y) % p, Leave(field, result), "sum");
                    field.Subtract(result, a, b);
                    Assert.AreEqual((x - y + p) % p, Leave(field, result), "difference");
                }
            }
        }
    }

    /// <summary>A double factor with every limb at its largest, of either sign: a column that overflowed would give another product.</summary>
    [TestMethod]
    public void Products_of_the_largest_limbs_do_not_overflow()
    {
        foreach (PrimeField field in Fields)
        {
            int bits = field.Modulus.LimbBits;
            BigInteger p = ValueOf(field.Modulus.Value, bits);
            BigInteger unit = ValueOf(Enter(field, 1), bits);
            BigInteger inverse = BigInteger.ModPow(unit, p - 2, p);
            long full = (1L << bits) - 1;
            foreach (long signA in new[] { 1, -1 })
            {
                foreach (long signB in new[] { 1, -1 })
                {
                    long[] a = Filled(field, 2 * full * signA);
                    long[] b = Filled(field, full * signB);
                    long[] result = field.NewElement();
                    field.Multiply(result, a, b);
                    BigInteger expected = Modulo(ValueOf(a, bits) * inverse * ValueOf(b, bits) * inverse, p);
                    Assert.AreEqual(expected, Leave(field, result), field.GetType().Name);
                    field.Square(result, b);
                    expected = Modulo(BigInteger.Pow(ValueOf(b, bits) * inverse, 2), p);
                    Assert.AreEqual(expected, Leave(field, result), field.GetType().Name + " square");
                }
            }
        }
    }

    [TestMethod]
    public void Inverses_are_right_for_every_modulus()
    {
        foreach (Modulus modulus in Moduli())
        {
            BigInteger m = ValueOf(modulus.Value, modulus.LimbBits);
            Inversion inversion = new(modulus.Limbs, modulus.Limbs == 9 ? 256 : 384, modulus.LimbBits);
            foreach (BigInteger x in Numbers(m, new Random(2)))
            {
                inversion.Begin(modulus, LimbsOf(x, modulus));
                while (!inversion.Advance())
                {
                }

                long[] inverse = new long[modulus.Limbs];
                inversion.Finish(inverse);
                Assert.AreEqual(BigInteger.ModPow(x, m - 2, m), ValueOf(inverse, modulus.LimbBits), "1 / " + x);
            }
        }
    }

    [TestMethod]
    public void Arithmetic_modulo_the_orders_is_right()
    {
        foreach (Modulus modulus in Moduli()[3..])
        {
            BigInteger m = ValueOf(modulus.Value, modulus.LimbBits);
            BigInteger all = BigInteger.Pow(2, modulus.Limbs == 9 ? 256 : 384) - 1;
            long[] result = new long[modulus.Limbs];
            long[] product = new long[modulus.Limbs];
            long[] scratch = new long[modulus.Limbs];
            List<BigInteger> numbers = Numbers(m, new Random(3));
            foreach (BigInteger x in (List<BigInteger>)[.. numbers, all])
            {
                foreach (BigInteger y in numbers)
                {
                    modulus.MultiplyPlain(result, LimbsOf(x, modulus), LimbsOf(y, modulus), product, scratch);
                    Assert.AreEqual(x * y % m, ValueOf(result, modulus.LimbBits));
                }
            }
        }
    }

    private static Modulus[] Moduli()
    {
        return
        [
            Fields[0].Modulus, Fields[1].Modulus, Fields[2].Modulus,
            P256.Make(Fields[0]).Order, P384.Make(Fields[1]).Order, new Edwards25519(Fields[2]).Order,
        ];
    }

    private static List<BigInteger> Numbers(BigInteger modulus, Random random)
    {
        List<BigInteger> numbers = [0, 1, 2, 3, modulus - 1, modulus - 2, (modulus - 1) / 2, (modulus + 1) / 2];
        for (int i = 16; i < (int)modulus.GetBitLength(); i += 16)
        {
            numbers.Add(BigInteger.Pow(2, i));
            numbers.Add(BigInteger.Pow(2, i) - 1);
            numbers.Add(modulus - BigInteger.Pow(2, i));
        }

        byte[] bytes = new byte[48];
        for (int i = 0; i < 40; i++)
        {
            random.NextBytes(bytes);
            numbers.Add(new BigInteger(bytes, true) % modulus);
        }

        return numbers.FindAll(n => n.Sign >= 0 && n < modulus);
    }

    private static long[] Filled(PrimeField field, long limb)
    {
        long[] value = field.NewElement();
        Array.Fill(value, limb);

        // The top limb of a number below 2^(8 Size) has fewer bits.
        value[^1] >>= field.Limbs * field.Modulus.LimbBits - 8 * field.Size;
        return value;
    }

    private static long[] Enter(PrimeField field, BigInteger value)
    {
        long[] result = LimbsOf(value, field.Modulus);
        field.Enter(result);
        return result;
    }

    private static BigInteger Leave(PrimeField field, long[] value)
    {
        long[] result = field.NewElement();
        field.Leave(result, value);
        return ValueOf(result, field.Modulus.LimbBits);
    }

    private static long[] LimbsOf(BigInteger value, Modulus modulus)
    {
        long[] limbs = new long[modulus.Limbs];
        for (int i = 0; i < limbs.Length; i++)
        {
            limbs[i] = (long)(value & modulus.Mask);
            value >>= modulus.LimbBits;
        }

        return limbs;
    }

    private static BigInteger ValueOf(long[] limbs, int bits)
    {
        BigInteger value = 0;
        for (int i = limbs.Length - 1; i >= 0; i--)
        {
            value = (value << bits) + limbs[i];
        }

        return value;
    }

    private static BigInteger Modulo(BigInteger value, BigInteger modulus)
    {
        BigInteger rest = value % modulus;
        return rest.Sign < 0 ? rest + modulus : rest;
    }
}

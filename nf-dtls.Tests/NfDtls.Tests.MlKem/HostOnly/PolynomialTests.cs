using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.MlKem;

/// <summary>What is divided without a division, and the transform.</summary>
[TestClass]
public class PolynomialTests
{
    [TestMethod]
    public void Compression_is_right_for_every_number()
    {
        foreach (int bits in new[] { 1, 4, 10 })
        {
            for (int x = 0; x < Polynomials.Q; x++)
            {
                Assert.AreEqual((((x << bits) + 1664) / Polynomials.Q) & ((1 << bits) - 1), Polynomials.Compress(x, bits), x + " to " + bits + " bits");
            }
        }
    }

    [TestMethod]
    public void Numbers_at_their_limits_multiply_as_polynomials_do()
    {
        Polynomials ring = new(new KemTables());
        foreach (int top in new[] { 1, 2, 1664, 1665, 3327, 3328 })
        {
            ushort[] a = new ushort[Polynomials.Degree];
            ushort[] b = new ushort[Polynomials.Degree];
            for (int i = 0; i < Polynomials.Degree; i++)
            {
                a[i] = (ushort)(i % 3 == 2 ? 0 : top);
                b[i] = (ushort)(i % 5 == 4 ? top - 1 : 3328);
            }

            int[] expected = Product(a, b);
            ring.Transform(a);
            ring.Transform(b);
            ushort[] sum = new ushort[Polynomials.Degree];
            ring.Multiply(sum, a, b);
            ring.TransformBack(sum);
            for (int i = 0; i < Polynomials.Degree; i++)
            {
                Assert.AreEqual(expected[i], sum[i], "number " + i + " of " + top);
            }
        }
    }

    /// <summary>By the book, modulo x^256 + 1.</summary>
    private static int[] Product(ushort[] a, ushort[] b)
    {
        int[] product = new int[Polynomials.Degree];
        for (int i = 0; i < Polynomials.Degree; i++)
        {
            for (int j = 0; j < Polynomials.Degree; j++)
            {
                int at = (i + j) % Polynomials.Degree;
                int sign = i + j < Polynomials.Degree ? 1 : Polynomials.Q - 1;
                product[at] = (int)((product[at] + ((long)a[i] * b[j] * sign)) % Polynomials.Q);
            }
        }

        return product;
    }
}

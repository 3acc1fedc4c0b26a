using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Ecc;

/// <summary>Operations work in bounded steps, and those on secrets in the same steps for every secret.</summary>
[TestClass]
public class StepTests
{
    private const int MultiplicationsPerUnit = 6;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_unit_has_at_most_six_multiplications()
    {
        for (int i = 0; i < Operations.Names.Length; i++)
        {
            for (int seed = 1; seed < 6; seed++)
            {
                Operations operations = new(seed);
                CryptoOperation operation = operations.Start(i);
                int units = 0;
                int before = 0;
                bool hasEnded = false;
                while (!hasEnded)
                {
                    hasEnded = operation.Step(1);
                    units++;
                    Assert.IsLessThanOrEqualTo(MultiplicationsPerUnit, operations.Multiplications - before, Operations.Names[i] + " unit " + units);
                    before = operations.Multiplications;
                }

                Assert.AreEqual(DtlsError.None, operation.Error, Operations.Names[i]);
                if (seed == 1)
                {
                    TestContext.WriteLine(Operations.Names[i] + ": " + before + " multiplications in " + units + " units");
                }
            }
        }
    }

    [TestMethod]
    public void The_result_does_not_depend_on_the_budget()
    {
        for (int i = 0; i < Operations.Names.Length; i++)
        {
            byte[]? first = null;
            foreach (int budget in new[] { 1, 2, 7, 100, int.MaxValue })
            {
                Operations operations = new(3);
                CryptoOperation operation = operations.Start(i);
                while (!operation.Step(budget))
                {
                }

                Assert.AreEqual(DtlsError.None, operation.Error, Operations.Names[i]);
                byte[] output = [.. operations.Output, .. operations.Output2, (byte)operation.Length];
                first ??= output;
                Ecc.Equal(first, output, Operations.Names[i] + " at " + budget);
                Assert.IsTrue(operation.Step(budget), "still ended");
            }
        }
    }

    [TestMethod]
    public void A_budget_of_nothing_does_nothing()
    {
        Operations operations = new(3);
        CryptoOperation operation = operations.Start(1);
        Assert.IsFalse(operation.Step(0));
        Assert.AreEqual(0, operations.Multiplications);
    }

    [TestMethod]
    public void The_work_does_not_depend_on_the_secret()
    {
        foreach (int i in new[] { 0, 1, 2, 4, 5, 6, 8, 9, 11, 12, 13, 14 })
        {
            List<int>? first = null;
            for (int seed = 1; seed < 12; seed++)
            {
                Operations operations = new(seed);
                CryptoOperation operation = operations.Start(i);
                List<int> counts = [];
                bool hasEnded = false;
                while (!hasEnded)
                {
                    hasEnded = operation.Step(1);
                    counts.Add(operations.Multiplications);
                }

                first ??= counts;
                CollectionAssert.AreEqual(first, counts, Operations.Names[i]);
            }
        }
    }

    /// <summary>The edges, 2 and n - 2 among them, for which the last addition is of a point to itself.</summary>
    [TestMethod]
    public void The_work_does_not_depend_on_an_agreements_scalar_at_its_edges()
    {
        int expected = 0;
        for (int scalar = 1; scalar < 40; scalar++)
        {
            CountingField field = new(new NfDtls.Crypto.Software.P256Field());
            NfDtls.Crypto.Software.SoftwareEccProvider provider = new(Ecc.Software(1), field, new NfDtls.Crypto.Software.P384Field(), new NfDtls.Crypto.Software.Field25519());
            byte[] privateKey = new byte[32];
            privateKey[31] = (byte)scalar;
            byte[] basePoint = Ecc.Bytes("046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5");
            field.Multiplications = 0;
            Assert.IsNotNull(Ecc.Agree(provider, NamedGroup.Secp256r1, privateKey, basePoint));
            expected = expected == 0 ? field.Multiplications : expected;
            Assert.AreEqual(expected, field.Multiplications, "scalar " + scalar);
        }
    }

    /// <summary>Of nine limbs of 29 bits eight products meet in a column: 63 bits hold less than four times the full size.</summary>
    [TestMethod]
    public void No_product_comes_near_an_overflow()
    {
        for (int i = 0; i < Operations.Names.Length; i++)
        {
            for (int seed = 1; seed < 10; seed++)
            {
                Operations operations = new(seed);
                CryptoOperation operation = operations.Start(i);
                Ecc.Run(operation);
                Assert.IsLessThan(3.0, operations.Growth29, Operations.Names[i]);
                Assert.IsLessThan(4.5, operations.Growth28, Operations.Names[i]);
            }
        }
    }
}

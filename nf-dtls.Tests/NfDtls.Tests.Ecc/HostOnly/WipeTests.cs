using System;
using System.Collections.Generic;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>An operation that has ended holds nothing but zeros in its arrays, which reflection finds.</summary>
[TestClass]
public class WipeTests
{
    [TestMethod]
    public void Cancel_at_every_step_leaves_zeros()
    {
        for (int i = 0; i < Operations.Names.Length; i++)
        {
            // P-384 has the same code as P-256 and many more steps.
            int stride = Operations.Names[i].StartsWith("P-384", StringComparison.Ordinal) ? 37 : 1;
            bool hasEnded = false;
            for (int steps = 0; !hasEnded; steps += stride)
            {
                Operations operations = new(2);
                CryptoOperation operation = operations.Start(i);
                hasEnded = operation.Step(steps);
                if (steps > 30 && !hasEnded)
                {
                    Assert.AreNotEqual("", FindSecrets(operation), "the test sees what an operation holds");
                }

                operation.Cancel();
                Assert.AreEqual("", FindSecrets(operation), Operations.Names[i] + " after " + steps);
                if (!hasEnded)
                {
                    Assert.AreNotEqual(DtlsError.None, operation.Error);
                    Assert.IsTrue(operations.Output.AsSpan().IndexOfAnyExcept((byte)0) < 0, "output");
                    Assert.IsTrue(operation.Step(1));
                }
            }
        }
    }

    [TestMethod]
    public void The_end_leaves_zeros()
    {
        for (int i = 0; i < Operations.Names.Length; i++)
        {
            CryptoOperation operation = new Operations(2).Start(i);
            Assert.AreEqual(DtlsError.None, Ecc.Run(operation));
            Assert.AreEqual("", FindSecrets(operation), Operations.Names[i]);
            operation.Cancel();
            Assert.AreEqual(DtlsError.None, operation.Error, "cancelled after its end");
        }
    }

    /// <summary>Names what is not zero in the operation itself; not what the caller owns, nor constants.</summary>
    private static string FindSecrets(object start)
    {
        string found = "";
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Queue<object> open = new([start]);
        while (open.TryDequeue(out object? owner))
        {
            if (owner is PrimeField or Curve or Edwards25519 or Modulus or CryptoProvider or StoredPrivateKey or PublicKey or HashContext || !seen.Add(owner))
            {
                continue;
            }

            foreach (FieldInfo field in owner.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                if (field.Name is "_privateKey" or "_publicKey" or "_peerKey" or "_secret" or "_result" or "_data" or "_signature"
                    or "_order" or "_squarings" or "_factors" or "_constant")
                {
                    continue;
                }

                object? value = field.GetValue(owner);
                if (value is Array array)
                {
                    found += HasValue(array) ? owner.GetType().Name + "." + field.Name + " " : "";
                }
                else if (value != null && !field.FieldType.IsPrimitive && !field.FieldType.IsEnum)
                {
                    open.Enqueue(value);
                }
            }
        }

        return found;
    }

    private static bool HasValue(Array array)
    {
        foreach (object? element in array)
        {
            if (element is Array inner ? HasValue(inner) : element != null && Convert.ToInt64(element) != 0)
            {
                return true;
            }
        }

        return false;
    }
}

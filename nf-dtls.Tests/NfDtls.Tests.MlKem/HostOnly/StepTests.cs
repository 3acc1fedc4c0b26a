using System;
using System.Collections.Generic;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.MlKem;

/// <summary>Operations work in steps, as many for every secret, and hold nothing but zeros when they have ended.</summary>
[TestClass]
public class StepTests
{
    private const int Kinds = 3;
    private static readonly byte[] _seed = Kem.Pattern(Kem.SeedLength, 11, 9);
    private static readonly byte[] _key = Kem.Key(_seed);
    private static readonly byte[] _cipher = Kem.Encapsulate(Kem.Over(new byte[32]), _key)[Kem.SecretLength..];

    private byte[] _own = [];
    private byte[] _output = [];

    [TestMethod]
    public void The_result_does_not_depend_on_the_budget()
    {
        for (int kind = 0; kind < Kinds; kind++)
        {
            byte[] first = [];
            foreach (int budget in new[] { 1, 33, 1000, int.MaxValue })
            {
                CryptoOperation operation = Start(kind);
                Assert.IsFalse(operation.Step(0));
                while (!operation.Step(budget))
                {
                }

                Assert.AreEqual(DtlsError.None, operation.Error);
                first = first.Length == 0 ? _output : first;
                CollectionAssert.AreEqual(first, _output, kind + " at " + budget);
                Assert.IsTrue(operation.Step(budget), "still ended");
            }
        }
    }

    [TestMethod]
    public void The_steps_depend_neither_on_the_message_nor_on_whether_a_ciphertext_is_right()
    {
        int right = Steps(Kem.Over([]).Agree(NamedGroup.MlKem768, _seed, 0, _cipher, 0, _cipher.Length, new byte[32], 0));
        int made = Steps(Start(1));
        for (int i = 0; i < 20; i++)
        {
            byte[] message = Kem.Pattern(32, i + 2, i);
            byte[] wrong = (byte[])_cipher.Clone();
            wrong[i * 54] ^= (byte)(i + 1);
            Assert.AreEqual(made, Steps(Kem.Over(message).Agree(NamedGroup.MlKem768Encapsulation, null!, 0, _key, 0, _key.Length, new byte[32 + Kem.CipherLength], 0)));
            Assert.AreEqual(right, Steps(Kem.Over([]).Agree(NamedGroup.MlKem768, _seed, 0, wrong, 0, wrong.Length, new byte[32], 0)));
        }
    }

    [TestMethod]
    public void Cancel_at_every_step_leaves_zeros()
    {
        for (int kind = 0; kind < Kinds; kind++)
        {
            bool hasEnded = false;
            for (int steps = 0; !hasEnded; steps++)
            {
                CryptoOperation operation = Start(kind);
                for (int i = 0; i < steps && !hasEnded; i++)
                {
                    hasEnded = operation.Step(1);
                }

                if (steps > 3 && !hasEnded)
                {
                    Assert.AreNotEqual("", FindSecrets(operation), "the test sees what an operation holds");
                }

                operation.Cancel();
                Assert.AreEqual("", FindSecrets(operation), kind + " after " + steps);
                Assert.AreEqual(hasEnded ? DtlsError.None : DtlsError.InternalError, operation.Error);
                Assert.AreEqual(hasEnded, _output.AsSpan().IndexOfAnyExcept((byte)0) >= 0, "output of " + kind + " after " + steps);
                Assert.AreEqual(kind != 0 || hasEnded, _own.AsSpan().IndexOfAnyExcept((byte)0) >= 0, "private key of " + kind + " after " + steps);
                Assert.IsTrue(operation.Step(1));
            }
        }
    }

    private CryptoOperation Start(int kind)
    {
        _own = (byte[])_seed.Clone();
        _output = new byte[kind == 0 ? Kem.KeyLength : kind == 1 ? Kem.SecretLength + Kem.CipherLength : Kem.SecretLength];
        CryptoProvider provider = Kem.Over(_seed);
        switch (kind)
        {
            case 0:
                return provider.GenerateKey(NamedGroup.MlKem768, _own, 0, _output, 0);
            case 1:
                return provider.Agree(NamedGroup.MlKem768Encapsulation, null!, 0, _key, 0, _key.Length, _output, 0);
            default:
                return provider.Agree(NamedGroup.MlKem768, _own, 0, _cipher, 0, _cipher.Length, _output, 0);
        }
    }

    private static int Steps(CryptoOperation operation)
    {
        int steps = 1;
        while (!operation.Step(1))
        {
            steps++;
        }

        Assert.AreEqual(DtlsError.None, operation.Error);
        return steps;
    }

    /// <summary>Names what is not zero in the operation itself; not what the caller owns, nor constants, nor the own public key.</summary>
    private static string FindSecrets(object start)
    {
        string found = "";
        Queue<object> open = new([start]);
        while (open.TryDequeue(out object? owner))
        {
            foreach (FieldInfo field in owner.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
            {
                object? value = field.GetValue(owner);
                if (field.Name is "_private" or "_key" or "_cipher" or "_secret" or "_zetas" || value is KemTables)
                {
                    continue;
                }

                if (value is Array array)
                {
                    found += HasValue(array) ? owner.GetType().Name + "." + field.Name + " " : "";
                }
                else if (value is Keccak or Polynomials)
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
            if (element is Array inner ? HasValue(inner) : Convert.ToUInt64(element) != 0)
            {
                return true;
            }
        }

        return false;
    }
}

using System;
using System.Collections.Generic;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Rsa;

/// <summary>An operation leaves nothing in its arrays, which reflection finds, whether it ends or is cancelled at any step.</summary>
[TestClass]
public class WipeTests
{
    private static readonly byte[] _hash = [.. new byte[31], 1];

    private readonly CryptoProvider _provider = Providers.Software();
    private readonly TestKey _key = TestKeys.Of(1024);
    private readonly byte[] _room = new byte[128];
    private readonly HashSet<object> _callers = new(ReferenceEqualityComparer.Instance);

    [TestMethod]
    [DataRow("sign PKCS #1")]
    [DataRow("sign PSS")]
    [DataRow("verify")]
    [DataRow("encrypt")]
    [DataRow("decrypt")]
    public void Nothing_is_left_at_the_end_or_after_Cancel_at_any_step(string what)
    {
        CryptoOperation whole = Create(what);
        Assert.AreNotEqual("", Step(whole, 3), "the test sees what is at work");
        int steps = 3 + Providers.Run(whole, 1);
        Assert.AreEqual("", FindSecrets(whole), "at the end");
        for (int i = 0; i < steps; i += i < 120 || i > steps - 120 ? 1 : 37)
        {
            CryptoOperation operation = Create(what);
            Step(operation, i);
            Array.Clear(_room);
            operation.Cancel();
            Assert.AreEqual("", FindSecrets(operation), "cancelled after " + i + " steps");
            Assert.IsTrue(operation.Step(int.MaxValue), "it has ended");
            operation.Cancel();
            Assert.AreEqual("", FindSecrets(operation), "cancelled twice after " + i + " steps");
            CollectionAssert.AreEqual(new byte[128], _room, "a cancelled operation wrote its result");
        }
    }

    private CryptoOperation Create(string what)
    {
        _callers.Add(_room);
        _callers.Add(_hash);
        byte[] input = _key.Encrypt([.. new byte[127], 5]);
        switch (what)
        {
            case "sign PKCS #1": return _provider.Sign(SignatureScheme.RsaPkcs1Sha256, _key.Stored, _hash, 0, 32, _room, 0);
            case "sign PSS": return _provider.Sign(SignatureScheme.RsaPssRsaeSha256, _key.Stored, _hash, 0, 32, _room, 0);
            case "verify": return _provider.Verify(SignatureScheme.RsaPkcs1Sha256, _key.Public, _hash, 0, 32, input, 0, 128);
            case "encrypt": return _provider.RsaEncrypt(_key.Public, _hash, 0, 32, _room, 0);
            default: return _provider.RsaDecrypt(_key.Stored, input, 0, 128, _room, 0, 48);
        }
    }

    private string Step(CryptoOperation operation, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            operation.Step(1);
        }

        return FindSecrets(operation);
    }

    /// <summary>Names the arrays that are not zero in what an object holds; keys, the provider and the caller's buffers are not its own.</summary>
    private string FindSecrets(object start)
    {
        string found = "";
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Queue<object> open = new([start]);
        while (open.TryDequeue(out object? owner))
        {
            if (owner is PublicKey or PrivateKey or CryptoProvider or HashContext || _callers.Contains(owner) || !seen.Add(owner))
            {
                continue;
            }

            if (owner is Array array)
            {
                foreach (object? item in array)
                {
                    if (item is Array inner)
                    {
                        open.Enqueue(inner);
                    }
                    else if (Convert.ToUInt64(item) != 0)
                    {
                        found += array.GetType().Name + "[" + array.Length + "] ";
                        break;
                    }
                }

                continue;
            }

            foreach (FieldInfo field in owner.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            {
                object? value = field.GetValue(owner);
                if (value is Array || (value != null && !field.FieldType.IsValueType && value.GetType().Assembly == start.GetType().Assembly))
                {
                    open.Enqueue(value);
                }
            }
        }

        return found;
    }
}

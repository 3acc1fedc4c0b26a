using System;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>What the private exponentiation works on is another number each time, modulo either prime.</summary>
[TestClass]
public class BlindingTests
{
    [TestMethod]
    public void The_same_signature_is_made_from_other_numbers_each_time()
    {
        string[] first = TablesOf(1);
        CollectionAssert.AreEqual(first, TablesOf(1), "the test is repeatable");
        string[] second = TablesOf(2);
        Assert.HasCount(2, first);
        Assert.AreNotEqual(first[0], second[0], "modulo one prime");
        Assert.AreNotEqual(first[1], second[1], "modulo the other");
        Assert.AreNotEqual(first[0], first[1]);
    }

    /// <summary>The base's powers once they are complete, for the second prime and for the first.</summary>
    private static string[] TablesOf(int seed)
    {
        TestKey key = TestKeys.Of(1024);
        byte[] random = new byte[64];
        new Random(seed).NextBytes(random);
        PrivatePower power = new(key.Stored, [.. new byte[127], 2], random);
        FieldInfo phase = typeof(PrivatePower).GetField("_phase", BindingFlags.Instance | BindingFlags.NonPublic)!;
        FieldInfo table = typeof(PrivatePower).GetField("_table", BindingFlags.Instance | BindingFlags.NonPublic)!;
        FieldInfo entries = typeof(PowerTable).GetField("_entries", BindingFlags.Instance | BindingFlags.NonPublic)!;
        int exponentiate = (int)typeof(PrivatePower).GetField("Exponentiate", BindingFlags.Static | BindingFlags.NonPublic)!.GetRawConstantValue()!;
        string[] tables = [];
        int before = -1;
        while (!power.IsDone)
        {
            power.Work();
            int now = (int)phase.GetValue(power)!;
            if (now == exponentiate && before != exponentiate)
            {
                uint[][] powers = (uint[][])entries.GetValue(table.GetValue(power))!;
                tables = [.. tables, string.Join(' ', powers[1])];
            }

            before = now;
        }

        return tables;
    }
}

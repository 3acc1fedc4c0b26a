using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>Decryption's implicit rejection: every kind of wrong padding gives random bytes, after the same work as a right one.</summary>
[TestClass]
public class PaddingTests
{
    private const int Length = 48;

    private readonly Random _random = new(11);

    [TestMethod]
    [DataRow(1024)]
    [DataRow(2049)]
    public void Every_kind_of_wrong_padding_gives_random_bytes_after_the_same_work(int bits)
    {
        TestKey key = TestKeys.Of(bits);
        CryptoProvider provider = Providers.Software();
        byte[] good = Block(key);
        byte[] plain = good[^Length..];
        (byte[] result, string work) = Decrypt(provider, key, key.Encrypt(good));
        CollectionAssert.AreEqual(plain, result);
        foreach ((string name, byte[] cipher) in WrongOnes(key, good))
        {
            (byte[] first, string wrongWork) = Decrypt(provider, key, cipher);
            (byte[] second, _) = Decrypt(provider, key, cipher);
            Assert.AreEqual(work, wrongWork, name);
            Assert.AreNotEqual(Convert.ToHexString(plain), Convert.ToHexString(first), name);
            Assert.AreNotEqual(Convert.ToHexString(first), Convert.ToHexString(second), name + ": not random");
            Assert.IsLessThan(4, Same(plain, first), name + ": bytes of the plaintext");
        }
    }

    [TestMethod]
    public void A_plaintext_longer_than_any_the_key_holds_is_random()
    {
        TestKey key = TestKeys.Of(1024);
        CryptoProvider provider = Providers.Software();
        byte[] block = Block(key);
        foreach (int length in new[] { key.Size - 10, key.Size, key.Size + 40 })
        {
            byte[] result = Providers.Decrypt(provider, key.Stored, key.Encrypt(block), length);
            Assert.IsLessThan(length / 4 + 2, Array.FindAll(result, b => b == 0).Length);
        }

        block.AsSpan(2).Fill(1);
        block[10] = 0;
        CollectionAssert.AreEqual(block[11..], Providers.Decrypt(provider, key.Stored, key.Encrypt(block), key.Size - 11), "the longest");
    }

    [TestMethod]
    public void Nothing_but_the_destination_is_written()
    {
        TestKey key = TestKeys.Of(1024);
        byte[] good = Block(key);
        byte[] cipher = [9, .. key.Encrypt(good), 9];
        byte[] before = [.. cipher];
        byte[] result = new byte[Length + 7];
        CryptoOperation operation = Providers.Software().RsaDecrypt(key.Stored, cipher, 1, key.Size, result, 3, Length);
        Assert.AreEqual(DtlsError.None, Providers.End(operation));
        CollectionAssert.AreEqual(good[^Length..], result[3..^4]);
        CollectionAssert.AreEqual(new byte[3], result[..3]);
        CollectionAssert.AreEqual(new byte[4], result[^4..]);
        CollectionAssert.AreEqual(before, cipher);
    }

    private IEnumerable<(string, byte[])> WrongOnes(TestKey key, byte[] good)
    {
        byte[] Change(int index, byte value)
        {
            byte[] changed = [.. good];
            changed[index] = value;
            return key.Encrypt(changed);
        }

        yield return ("block type 1", Change(1, 1));
        yield return ("block type 0", Change(1, 0));
        yield return ("block type 3", Change(1, 3));
        if ((key.Bits & 7) != 1)
        {
            yield return ("first byte 1", Change(0, 1));
        }

        for (int i = 2; i < good.Length - Length - 1; i++)
        {
            if (i < 12 || i % 16 == 0 || i > good.Length - Length - 4)
            {
                yield return ("zero at " + i, Change(i, 0));
            }
        }

        for (int bit = 0; bit < 8; bit++)
        {
            yield return ("separator " + (1 << bit), Change(good.Length - Length - 1, (byte)(1 << bit)));
        }

        byte[] none = [.. good];
        none.AsSpan(2).Replace((byte)0, (byte)7);
        yield return ("no separator at all", key.Encrypt(none));
        byte[] longer = [.. good];
        longer[^(Length + 1)] = 5;
        longer[^(Length + 2)] = 0;
        yield return ("one byte longer", key.Encrypt(longer));
        byte[] shorter = [.. good];
        shorter[^(Length + 1)] = 5;
        shorter[^Length] = 0;
        yield return ("one byte shorter", key.Encrypt(shorter));
        byte[] zeros = new byte[key.Size];
        yield return ("all zeros", zeros);
        byte[] one = [.. zeros];
        one[^1] = 1;
        yield return ("one", one);
        byte[] modulus = key.N.ToByteArray(true, true);
        yield return ("the modulus", modulus);
        byte[] largest = [.. zeros];
        largest.AsSpan().Fill(0xFF);
        yield return ("above the modulus", largest);
        yield return ("empty", []);
        yield return ("a byte short", key.Encrypt(good)[1..]);
        yield return ("a byte long", [0, .. key.Encrypt(good)]);
    }

    /// <summary>00 02, padding without zeros, 00, random bytes.</summary>
    private byte[] Block(TestKey key)
    {
        byte[] block = new byte[key.Size];
        _random.NextBytes(block);
        block[0] = 0;
        block[1] = 2;
        block.AsSpan(2, key.Size - Length - 3).Replace((byte)0, (byte)0x55);
        block[key.Size - Length - 1] = 0;
        return block;
    }

    private static (byte[] Result, string Work) Decrypt(CryptoProvider provider, TestKey key, byte[] cipher)
    {
        byte[] result = new byte[Length];
        RsaOperation operation = (RsaOperation)provider.RsaDecrypt(key.Stored, cipher, 0, cipher.Length, result, 0, Length);
        int steps = Providers.Run(operation, 1);
        Assert.AreEqual(DtlsError.None, operation.Error);
        return (result, steps + " steps, " + operation.Multiplications + " multiplications");
    }

    private static int Same(byte[] a, byte[] b)
    {
        int same = 0;
        for (int i = 0; i < a.Length; i++)
        {
            same += a[i] == b[i] ? 1 : 0;
        }

        return same;
    }
}

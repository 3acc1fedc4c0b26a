using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.MlKem;

/// <summary>Operations of ML-KEM-768 over a provider, run to their end.</summary>
internal static class Kem
{
    internal const int SeedLength = NamedGroup.MlKem768PrivateLength;
    internal const int KeyLength = NamedGroup.MlKem768PublicLength;
    internal const int SecretLength = NamedGroup.MlKem768SecretLength;
    internal const int CipherLength = NamedGroup.MlKem768CipherLength;

    internal static CryptoProvider Over(byte[] random)
    {
        return new SoftwareMlKemProvider(new GivenBytes(random));
    }

    /// <summary>The public key of a seed.</summary>
    internal static byte[] Key(byte[] seed)
    {
        byte[] again = new byte[SeedLength];
        byte[] key = new byte[KeyLength];
        Succeed(Over(seed).GenerateKey(NamedGroup.MlKem768, again, 0, key, 0));
        Same(seed, again);
        return key;
    }

    /// <summary>A secret, and behind it the ciphertext.</summary>
    internal static byte[] Encapsulate(CryptoProvider provider, byte[] key)
    {
        byte[] answer = new byte[SecretLength + CipherLength];
        Succeed(provider.Agree(NamedGroup.MlKem768Encapsulation, null!, 0, key, 0, key.Length, answer, 0));
        return answer;
    }

    internal static byte[] Decapsulate(CryptoProvider provider, byte[] seed, byte[] cipher)
    {
        byte[] secret = new byte[SecretLength];
        Succeed(provider.Agree(NamedGroup.MlKem768, seed, 0, cipher, 0, cipher.Length, secret, 0));
        return secret;
    }

    /// <summary>Runs an operation to its end and returns how it ended.</summary>
    internal static DtlsError Run(CryptoOperation operation)
    {
        while (!operation.Step(100))
        {
        }

        return operation.Error;
    }

    internal static void Succeed(CryptoOperation operation)
    {
        Assert.AreEqual((int)DtlsError.None, (int)Run(operation));
    }

    internal static void Same(byte[] expected, byte[] actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i]);
        }
    }

    internal static byte[] Part(byte[] bytes, int offset, int count)
    {
        byte[] part = new byte[count];
        Array.Copy(bytes, offset, part, 0, count);
        return part;
    }

    /// <summary>Bytes that no two tests need be told.</summary>
    internal static byte[] Pattern(int count, int factor, int first)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)((i * factor) + first);
        }

        return bytes;
    }

    internal static byte[] Bytes(string hex)
    {
        byte[] bytes = new byte[hex.Length / 2];
        for (int i = 0; i < hex.Length; i++)
        {
            int digit = hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10;
            bytes[i / 2] = (byte)(bytes[i / 2] << 4 | digit);
        }

        return bytes;
    }
}

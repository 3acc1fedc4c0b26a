using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace NfDtls.Tests.Ecc;

/// <summary>Nonces without additional data against BouncyCastle's.</summary>
[TestClass]
public class NonceTests
{
    /// <summary>Orders of 256 and 384 bits, hashes of both lengths; half of all numbers are not below the orders, and so made anew.</summary>
    [TestMethod]
    public void Nonces_are_those_of_RFC_6979_for_every_length_and_after_a_number_out_of_range()
    {
        Random random = new(9);
        foreach (int size in new[] { 32, 48 })
        {
            BigInteger order = BigInteger.One.ShiftLeft(8 * size - 1).Add(BigInteger.One);
            foreach (int hash in new[] { CryptoAlgorithm.Sha256, CryptoAlgorithm.Sha384 })
            {
                for (int i = 0; i < 12; i++)
                {
                    byte[] privateKey = Number(random, order, size);
                    byte[] number = Number(random, order, size);
                    IDigest digest = hash == CryptoAlgorithm.Sha256 ? new Sha256Digest() : new Sha384Digest();
                    HMacDsaKCalculator calculator = new(digest);
                    calculator.Init(order, new BigInteger(1, privateKey), number);

                    Nonce nonce = new(new SoftwareProvider(new FixedEntropy(1)), order.ToByteArrayUnsigned(), hash, 0);
                    nonce.Begin(privateKey, number);
                    int turns = 1;
                    while (!nonce.Advance())
                    {
                        turns++;
                    }

                    Assert.AreEqual(calculator.NextK(), new BigInteger(1, nonce.Value), size + " bytes, " + turns + " turns");
                }
            }
        }
    }

    private static byte[] Number(Random random, BigInteger order, int size)
    {
        byte[] bytes = new byte[size];
        random.NextBytes(bytes);
        byte[] number = new BigInteger(1, bytes).Mod(order).ToByteArrayUnsigned();
        byte[] result = new byte[size];
        number.CopyTo(result, size - number.Length);
        return result;
    }
}

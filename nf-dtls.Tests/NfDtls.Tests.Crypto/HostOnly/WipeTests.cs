using System;
using System.Collections.Generic;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>The managed code leaves no secret in its arrays, which reflection finds.</summary>
[TestClass]
public class WipeTests
{
    [TestMethod]
    public void A_cleared_context_holds_nothing_but_zeros()
    {
        SoftwareProvider provider = Providers.Software();
        byte[] record = new byte[200];
        byte[] nonce = Check.Pattern(16, 1);
        for (int a = 0; a < AeadTests.Algorithms.Length; a++)
        {
            AeadContext context = AeadTests.Create(provider, a, 1);
            context.Seal(nonce, 0, nonce, 0, 13, record, 0, 75);
            Assert.AreNotEqual("", FindSecrets(context), "the test sees the key");
            context.Clear();
            Assert.AreEqual("", FindSecrets(context), "algorithm " + a);
        }

        foreach (int algorithm in new[] { CryptoAlgorithm.Aes256Ccm, CryptoAlgorithm.ChaCha20Poly1305 })
        {
            MaskContext context = provider.CreateMask(algorithm, Check.Pattern(32, 1), 0);
            context.Compute(nonce, 0, record, 0);
            Assert.AreNotEqual("", FindSecrets(context), "the test sees the key");
            context.Clear();
            Assert.AreEqual("", FindSecrets(context), "mask of algorithm " + algorithm);
        }

        for (int order = 0; order < 2; order++)
        {
            CbcContext context = provider.CreateCbc(CryptoAlgorithm.Aes256CbcHmacSha256, Check.Pattern(64, 1), 0, order == 1);
            int count = context.Seal(new byte[13], 0, 13, nonce, 0, record, 0, 75);
            context.Open(new byte[13], 0, 13, nonce, 0, record, 0, count);
            Assert.AreNotEqual("", FindSecrets(context), "the test sees the key");
            context.Clear();
            Assert.AreEqual("", FindSecrets(context), "CBC order " + order);
        }
    }

    [TestMethod]
    public void HMAC_and_PRF_leave_nothing_in_the_provider()
    {
        SoftwareProvider provider = Providers.Software();
        byte[] data = Check.Pattern(200, 1);
        foreach (int hash in HashTests.Hashes)
        {
            provider.Hmac(hash, data, 0, 150, data, 0, 100, new byte[64], 0);
            Assert.AreEqual("", FindSecrets(provider), "HMAC over hash " + hash);
            provider.Prf(hash, data, 0, 150, data, 0, 100, new byte[300], 0, 300);
            Assert.AreEqual("", FindSecrets(provider), "PRF over hash " + hash);
        }
    }

    [TestMethod]
    public void A_master_secret_is_kept_for_the_next_PRF_and_no_longer_than_until_Forget()
    {
        SoftwareProvider provider = Providers.Software();
        byte[] secret = Check.Pattern(48, 1);
        foreach (int hash in HashTests.Hashes)
        {
            provider.Prf(hash, secret, 0, 48, secret, 0, 40, new byte[300], 0, 12);
            Assert.AreNotEqual("", FindSecrets(provider), "kept, hash " + hash);
            provider.Forget();
            Assert.AreEqual("", FindSecrets(provider), "forgotten, hash " + hash);

            provider.Prf(hash, secret, 0, 48, secret, 0, 40, new byte[300], 0, 12);
            provider.Prf(hash, secret, 0, 20, secret, 0, 40, new byte[300], 0, 12);
            Assert.AreEqual("", FindSecrets(provider), "another secret, hash " + hash);

            provider.Prf(hash, secret, 0, 48, secret, 0, 40, new byte[300], 0, 12);
            provider.Hmac(hash, secret, 0, 20, secret, 0, 40, new byte[64], 0);
            Assert.AreEqual("", FindSecrets(provider), "an HMAC, hash " + hash);
        }

        provider.Prf(CryptoAlgorithm.Sha256, secret, 0, 48, secret, 0, 40, new byte[300], 0, 12);
        provider.Prf(CryptoAlgorithm.Sha384, secret, 0, 48, secret, 0, 40, new byte[300], 0, 12);
        provider.Forget();
        Assert.AreEqual("", FindSecrets(provider), "two hashes");
    }

    /// <summary>Where memory ends in between, a secret would stay in the HMAC's pads, and nobody would know of it.</summary>
    [TestMethod]
    public void The_PRF_makes_all_its_room_before_it_takes_the_secret()
    {
        foreach (int hash in HashTests.Hashes)
        {
            // The end of the secret is missing: it cannot be taken.
            SoftwareProvider provider = Providers.Software();
            Assert.ThrowsExactly<ArgumentException>(() => provider.Prf(hash, new byte[60], 20, 48, new byte[1], 0, 1, new byte[12], 0, 12));
            foreach (string name in new[] { "_chain", "_output", "_master" })
            {
                FieldInfo field = typeof(ConstrainedProvider).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
                Assert.IsNotNull(field.GetValue(provider), name + " of hash " + hash);
            }
        }
    }

    [TestMethod]
    [DataRow(64, "in the generator's own array")]
    [DataRow(96, "in one made for it")]
    public void A_reseed_that_fails_leaves_nothing_of_the_seed(int count, string where)
    {
        for (int failing = 1; failing <= 4; failing++)
        {
            FailingHmac hmac = new();
            HmacDrbg drbg = new(hmac);
            byte[] seed = Check.Pattern(count, 1);
            drbg.Instantiate(seed, 0, count);
            hmac.CallsLeft = failing;
            Assert.ThrowsExactly<InvalidOperationException>(() => drbg.Reseed(seed, 0, count));
            Assert.IsTrue(Check.IsZero(hmac.Input, 0, hmac.Input.Length), where + ", call " + failing);
        }
    }

    /// <summary>Names the arrays that are not zero in what an object holds. Constants, and the generator's state, are none.</summary>
    private static string FindSecrets(object start)
    {
        string found = "";
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Queue<object> open = new([start]);
        while (open.TryDequeue(out object? owner))
        {
            if (owner is AesTables or Sha2Constants or HmacDrbg or EntropyReader or EntropySource || !seen.Add(owner))
            {
                continue;
            }

            for (Type? type = owner.GetType(); type != null && type != typeof(object); type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    object? value = field.GetValue(owner);
                    if (value is Array array && array.GetType().GetElementType()!.IsPrimitive)
                    {
                        foreach (object element in array)
                        {
                            if (field.Name != "_reduction" && !element.Equals(Activator.CreateInstance(element.GetType())))
                            {
                                found += type.Name + "." + field.Name + " ";
                                break;
                            }
                        }
                    }
                    else if (value is Array objects)
                    {
                        foreach (object? element in objects)
                        {
                            if (element != null)
                            {
                                open.Enqueue(element);
                            }
                        }
                    }
                    else if (value != null && !field.FieldType.IsPrimitive)
                    {
                        open.Enqueue(value);
                    }
                }
            }
        }

        return found;
    }

    /// <summary>An HMAC that finds no memory at a call.</summary>
    private sealed class FailingHmac : HmacContext
    {
        private readonly KeptHmac _hmac = new(new HmacState(new Sha256(new Sha2Constants())));

        internal int CallsLeft { get; set; } = int.MaxValue;

        /// <summary>What a seed was last read from.</summary>
        internal byte[] Input { get; private set; } = [];

        public override void SetKey(byte[] key, int offset, int count)
        {
            _hmac.SetKey(key, offset, count);
        }

        public override void Compute(byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            Input = count > 33 ? data : Input;
            if (--CallsLeft == 0)
            {
                throw new InvalidOperationException("There is no memory.");
            }

            _hmac.Compute(data, offset, count, destination, destinationOffset);
        }
    }
}

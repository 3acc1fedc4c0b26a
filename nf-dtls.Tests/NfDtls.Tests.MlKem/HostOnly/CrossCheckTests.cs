using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.Software;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace NfDtls.Tests.MlKem;

/// <summary>Against BouncyCastle, and against the native core where it was built, in both directions.</summary>
[TestClass]
public class CrossCheckTests
{
    private const int Rounds = 20;

    [TestMethod]
    public void BouncyCastle_and_this_understand_each_other_and_reject_alike()
    {
        for (int round = 0; round < Rounds; round++)
        {
            byte[] seed = Seeded(round, Kem.SeedLength);
            byte[] key = Kem.Key(seed);
            MLKemPrivateKeyParameters theirs = MLKemPrivateKeyParameters.FromSeed(MLKemParameters.ml_kem_768, seed);
            CollectionAssert.AreEqual(theirs.GetPublicKeyEncoded(), key, "round " + round);

            MLKemEncapsulator encapsulator = new(MLKemParameters.ml_kem_768);
            encapsulator.Init(new ParametersWithRandom(theirs.GetPublicKey(), new SecureRandom()));
            byte[] cipher = new byte[Kem.CipherLength];
            byte[] secret = new byte[Kem.SecretLength];
            encapsulator.Encapsulate(cipher, 0, Kem.CipherLength, secret, 0, Kem.SecretLength);
            CryptoProvider none = Kem.Over([]);
            CollectionAssert.AreEqual(secret, Kem.Decapsulate(none, seed, cipher), "round " + round);

            byte[] answer = Kem.Encapsulate(Kem.Over(Seeded(round + 1000, 32)), key);
            CollectionAssert.AreEqual(answer[..Kem.SecretLength], Decapsulate(theirs, answer[Kem.SecretLength..]), "round " + round);

            cipher[(round * 57) % Kem.CipherLength] ^= (byte)(1 << (round % 8));
            byte[] rejected = Kem.Decapsulate(none, seed, cipher);
            CollectionAssert.AreEqual(Decapsulate(theirs, cipher), rejected, "round " + round);
            CollectionAssert.AreNotEqual(secret, rejected);
        }
    }

    [TestMethod]
    public void The_native_core_and_this_understand_each_other_and_reject_alike()
    {
        NativeProvider native = Native();
        for (int round = 0; round < Rounds; round++)
        {
            byte[] pair = new byte[Kem.SeedLength + Kem.KeyLength];
            Kem.Succeed(native.GenerateKey(NamedGroup.MlKem768, pair, 0, pair, Kem.SeedLength));
            byte[] seed = pair[..Kem.SeedLength];
            byte[] key = Kem.Key(seed);
            CollectionAssert.AreEqual(pair[Kem.SeedLength..], key, "round " + round);

            CryptoProvider none = Kem.Over([]);
            byte[] answer = Kem.Encapsulate(native, key);
            CollectionAssert.AreEqual(answer[..Kem.SecretLength], Kem.Decapsulate(none, seed, answer[Kem.SecretLength..]), "round " + round);
            answer = Kem.Encapsulate(Kem.Over(Seeded(round, 32)), key);
            byte[] cipher = answer[Kem.SecretLength..];
            CollectionAssert.AreEqual(answer[..Kem.SecretLength], Kem.Decapsulate(native, pair, cipher), "round " + round);

            cipher[(round * 57) % Kem.CipherLength] ^= (byte)(1 << (round % 8));
            CollectionAssert.AreEqual(Kem.Decapsulate(native, pair, cipher), Kem.Decapsulate(none, seed, cipher), "round " + round);
        }
    }

    private static NativeProvider Native()
    {
        try
        {
            return new NativeProvider();
        }
        catch (NotSupportedException)
        {
            Assert.Inconclusive("The native library is missing; run ./build.sh native.");
            throw;
        }
    }

    private static byte[] Seeded(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Decapsulate(MLKemPrivateKeyParameters key, byte[] cipher)
    {
        MLKemDecapsulator decapsulator = new(MLKemParameters.ml_kem_768);
        decapsulator.Init(key);
        byte[] secret = new byte[Kem.SecretLength];
        decapsulator.Decapsulate(cipher, 0, cipher.Length, secret, 0, Kem.SecretLength);
        return secret;
    }
}

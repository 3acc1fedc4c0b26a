using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>Operations in steps: of any size, several at a time, as many whatever the numbers are.</summary>
[TestClass]
public class StepTests
{
    private readonly CryptoProvider _provider = Providers.Software();

    [TestMethod]
    public void Results_do_not_depend_on_the_budget()
    {
        TestKey key = TestKeys.Of(1031);
        byte[] hash = new byte[64];
        foreach (int budget in new[] { 1, 3, 100, int.MaxValue, 0, -1 })
        {
            byte[] signature = new byte[key.Size];
            CryptoOperation signing = _provider.Sign(SignatureScheme.RsaPkcs1Sha512, key.Stored, hash, 0, 64, signature, 0);
            int steps = Providers.Run(signing, budget);
            Assert.AreEqual(budget == int.MaxValue, steps == 1);
            Assert.AreEqual(DtlsError.None, signing.Error);
            Assert.AreEqual(key.Size, signing.Length);
            CollectionAssert.AreEqual(Providers.Sign(_provider, SignatureScheme.RsaPkcs1Sha512, key.Stored, hash), signature, "budget " + budget);
            CryptoOperation verifying = _provider.Verify(SignatureScheme.RsaPkcs1Sha512, key.Public, hash, 0, 64, signature, 0, key.Size);
            Providers.Run(verifying, budget);
            Assert.AreEqual(DtlsError.None, verifying.Error);

            byte[] cipher = new byte[key.Size];
            CryptoOperation encrypting = _provider.RsaEncrypt(key.Public, hash, 0, 48, cipher, 0);
            Providers.Run(encrypting, budget);
            byte[] plain = new byte[48];
            CryptoOperation decrypting = _provider.RsaDecrypt(key.Stored, cipher, 0, key.Size, plain, 0, 48);
            Providers.Run(decrypting, budget);
            CollectionAssert.AreEqual(hash[..48], plain, "budget " + budget);
        }
    }

    [TestMethod]
    public void A_step_of_a_larger_budget_does_the_work_of_so_many()
    {
        TestKey key = TestKeys.Of(2048);
        byte[] room = new byte[key.Size];
        int single = Providers.Run(_provider.Sign(SignatureScheme.RsaPkcs1Sha256, key.Stored, new byte[32], 0, 32, room, 0), 1);
        int hundreds = Providers.Run(_provider.Sign(SignatureScheme.RsaPkcs1Sha256, key.Stored, new byte[32], 0, 32, room, 0), 100);
        Assert.IsTrue(hundreds >= single / 100 && hundreds <= single / 80, single + " and " + hundreds);
    }

    [TestMethod]
    public void Operations_may_take_turns()
    {
        TestKey key = TestKeys.Of(1024);
        TestKey other = TestKeys.Of(1536);
        byte[] hash = new byte[32];
        byte[] first = new byte[key.Size];
        byte[] second = new byte[other.Size];
        byte[] third = new byte[key.Size];
        CryptoOperation[] operations =
        [
            _provider.Sign(SignatureScheme.RsaPkcs1Sha256, key.Stored, hash, 0, 32, first, 0),
            _provider.Sign(SignatureScheme.RsaPssRsaeSha256, other.Stored, hash, 0, 32, second, 0),
            _provider.Sign(SignatureScheme.RsaPssRsaeSha256, key.Stored, hash, 0, 32, third, 0),
        ];
        bool[] done = new bool[3];
        while (Array.IndexOf(done, false) >= 0)
        {
            for (int i = 0; i < 3; i++)
            {
                done[i] = operations[i].Step(2);
            }
        }

        Assert.AreEqual(DtlsError.None, Providers.Verify(_provider, SignatureScheme.RsaPkcs1Sha256, key.Public, hash, first));
        Assert.AreEqual(DtlsError.None, Providers.Verify(_provider, SignatureScheme.RsaPssRsaeSha256, other.Public, hash, second));
        Assert.AreEqual(DtlsError.None, Providers.Verify(_provider, SignatureScheme.RsaPssRsaeSha256, key.Public, hash, third));
    }

    /// <summary>Private exponents of all ones, of a single bit and of what comes: the key is none, but the work is its size's.</summary>
    [TestMethod]
    public void The_work_depends_on_no_bit_of_the_key_or_of_the_number()
    {
        TestKey key = TestKeys.Of(1024);
        string expected = "";
        Random random = new(3);
        for (int i = 0; i < 12; i++)
        {
            StoredPrivateKey stored = key.Stored;
            if (i < 6)
            {
                byte[][] parts = RsaKeys.Parts(stored);
                for (int part = StoredPrivateKey.PrivateExponent; part < StoredPrivateKey.RsaParts; part++)
                {
                    if (part is StoredPrivateKey.Prime1 or StoredPrivateKey.Prime2)
                    {
                        continue;
                    }

                    parts[part].AsSpan().Fill((byte)(i % 2 == 0 ? 0xFF : 0));
                    parts[part][0] |= (byte)(i + 1);
                }

                stored = RsaKeys.Store(parts);
            }

            byte[] hash = new byte[32];
            random.NextBytes(hash);
            byte[] signature = new byte[key.Size];
            RsaOperation operation = (RsaOperation)_provider.Sign(SignatureScheme.RsaPkcs1Sha256, stored, hash, 0, 32, signature, 0);
            int steps = Providers.Run(operation, 1);
            Assert.AreEqual(i < 6 ? DtlsError.InternalError : DtlsError.None, operation.Error);
            string work = steps + " steps, " + operation.Multiplications + " multiplications";
            expected = i == 0 ? work : expected;
            Assert.AreEqual(expected, work);
        }
    }

    [TestMethod]
    public void A_signature_of_2048_bits_takes_no_more_than_it_should()
    {
        // 1,024 squares and 256 factors a prime, 15 for the table, 37 for remainder and blinding, 2 at the end; then 18 to verify.
        TestKey key = TestKeys.Of(2048);
        RsaOperation operation = (RsaOperation)_provider.Sign(SignatureScheme.RsaPkcs1Sha256, key.Stored, new byte[32], 0, 32, new byte[key.Size], 0);
        int steps = Providers.Run(operation, 1);
        Assert.IsLessThan(2690, operation.Multiplications);
        Assert.IsLessThan(32_000, steps);
        RsaOperation verifying = (RsaOperation)_provider.Verify(
            SignatureScheme.RsaPkcs1Sha256, key.Public, new byte[32], 0, 32, new byte[key.Size], 0, key.Size);
        Providers.Run(verifying, 1);
        Assert.AreEqual(18, verifying.Multiplications);
    }
}

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Stock;

namespace NfDtls.Tests.Crypto;

[TestClass]
public class StockTests
{
    private static readonly byte[] Aad = new byte[13];

    [TestMethod]
    public void A_record_takes_at_most_two_calls_of_the_firmware_and_four_arrays()
    {
        foreach (int algorithm in new[] { CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes128Gcm })
        {
            using AeadHolder aead = new(algorithm);
            foreach (int count in new[] { 0, 1, 16, 500, 1200 })
            {
                byte[] data = new byte[count + 16];
                int calls = StockAes.Calls;
                aead.Context.Seal(aead.Nonce, 0, Aad, 0, 13, data, 0, count);
                Assert.IsLessThanOrEqualTo(2, StockAes.Calls - calls, "Sealing.");

                calls = StockAes.Calls;
                Assert.IsTrue(aead.Context.Open(aead.Nonce, 0, Aad, 0, 13, data, 0, count));
                Assert.IsLessThanOrEqualTo(2, StockAes.Calls - calls, "Opening.");
            }

            long bytes = SealedBytes(aead, 1200);
            Assert.IsLessThanOrEqualTo(4 * (1200 + 64 + 32), bytes, "Bytes for a record of another length than the one before.");
        }
    }

    [TestMethod]
    public void A_cbc_record_takes_one_call()
    {
        StockProvider provider = new(Providers.Software());
        CbcContext cbc = provider.CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha256, new byte[48], 0, false);
        byte[] data = new byte[600];
        int calls = StockAes.Calls;
        int length = cbc.Seal(Aad, 0, 13, new byte[16], 0, data, 0, 500);
        Assert.AreEqual(1, StockAes.Calls - calls);
        Assert.AreEqual(500, cbc.Open(Aad, 0, 13, new byte[16], 0, data, 0, length));
        Assert.AreEqual(2, StockAes.Calls - calls);
    }

    [TestMethod]
    public void Each_algorithm_goes_to_the_firmware_where_it_has_it()
    {
        CompositeProvider provider = StockProvider.Create(new TestEntropySource(1));
        int[] stock =
        [
            CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes128Gcm, CryptoAlgorithm.Aes128CbcHmacSha1, CryptoAlgorithm.Aes128CbcHmacSha256,
            CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha256, CryptoAlgorithm.Prf + CryptoAlgorithm.Sha256,
            CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Gcm,
        ];
        int[] software =
        [
            CryptoAlgorithm.Sha256, CryptoAlgorithm.Aes256Ccm, CryptoAlgorithm.Aes256Gcm, CryptoAlgorithm.ChaCha20Poly1305,
            CryptoAlgorithm.Aes256CbcHmacSha256, CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha384, CryptoAlgorithm.Random,
            CryptoAlgorithm.Mask + CryptoAlgorithm.Aes256Ccm, CryptoAlgorithm.Mask + CryptoAlgorithm.ChaCha20Poly1305,
        ];
        foreach (int algorithm in stock)
        {
            Assert.IsInstanceOfType<StockProvider>(provider.ProviderFor(algorithm), algorithm.ToString());
        }

        foreach (int algorithm in software)
        {
            Assert.IsNotInstanceOfType<StockProvider>(provider.ProviderFor(algorithm), algorithm.ToString());
        }
    }

    [TestMethod]
    public void Entropy_is_read_on_listed_targets_alone()
    {
        Assert.IsTrue(StockEntropy.IsListed("ESP32", "ESP32_REV0"));
        Assert.IsTrue(StockEntropy.IsListed("STM32F7", "ST_STM32F769I_DISCOVERY"));
        Assert.IsFalse(StockEntropy.IsListed("STM32F7", "ORGPAL_PALTHREE"), "Its firmware under ThreadX has rand().");
        Assert.IsFalse(StockEntropy.IsListed("RP2040", "PICO_RP2040"), "Its oscillator is not made for keys.");
        Assert.IsFalse(StockEntropy.IsListed("Linux", "nanoCLR"));
        Assert.IsFalse(StockEntropy.IsListed(null, null));
        Assert.IsFalse(StockEntropy.IsAvailable);
        Assert.ThrowsExactly<InvalidOperationException>(() => new StockEntropy().Read(new byte[16], 0, 16));

        Platform.Family = "ESP32";
        try
        {
            byte[] bytes = new byte[40];
            new StockEntropy().Read(bytes, 4, 33);
            Assert.IsTrue(bytes.AsSpan(4, 33).IndexOfAnyExcept((byte)0) >= 0);
            Assert.AreEqual(0, bytes[3] | bytes[37]);
        }
        finally
        {
            Platform.Family = "none";
        }
    }

    private static long SealedBytes(AeadHolder aead, int count)
    {
        byte[] data = new byte[count + 16];

        // The least of some: a collection that another thread begins adds to what this one seems to have taken.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            aead.Context.Seal(aead.Nonce, 0, Aad, 0, 13, new byte[40], 0, 20);
            long before = GC.GetAllocatedBytesForCurrentThread();
            aead.Context.Seal(aead.Nonce, 0, Aad, 0, 13, data, 0, count);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private sealed class AeadHolder : IDisposable
    {
        internal AeadHolder(int algorithm)
        {
            Context = new StockProvider(Providers.Software()).CreateAead(algorithm, new byte[16], 0, 16);
        }

        internal AeadContext Context { get; }

        internal byte[] Nonce { get; } = new byte[12];

        public void Dispose()
        {
            Context.Clear();
        }
    }
}

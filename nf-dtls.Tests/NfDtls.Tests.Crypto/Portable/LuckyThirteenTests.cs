using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>The managed MAC-then-encrypt check does the same amount of hashing whatever the plaintext is.</summary>
[TestClass]
public class LuckyThirteenTests
{
    [TestMethod]
    public void The_number_of_compressions_follows_from_the_ciphertexts_length_alone()
    {
        byte[] keys = Check.Pattern(64, 3);
        CryptoProvider provider = Providers.Software();
        ToyHash hash = new ToyHash();
        HmacState hmac = new HmacState(hash);
        hmac.SetKey(keys, 0, 32);
        CbcContext context = new AesCbcContext(new AesKey(new AesTables(), keys, 32, 16), hmac, false);
        for (int total = 48; total <= 640; total += 16)
        {
            int expected = 0;
            int expectedDigests = 0;
            for (int padding = 0; padding < 256; padding++)
            {
                // Right padding of every length that fits, and wrong padding of those that do not.
                int count = total - 32 - padding - 1;
                byte[] record = count >= 0
                    ? CbcTests.MakeRecord(provider, 1, keys, count, padding, -1, -1)
                    : CbcTests.MakeRecord(provider, 1, keys, total - 48, 15, -1, padding);
                Assert.AreEqual(total, record.Length);
                hash.Compressions = 0;
                hash.Digests = 0;
                context.Open(new byte[13], 0, 13, Check.Pattern(16, 6), 0, record, 0, total);
                if (padding == 0)
                {
                    expected = hash.Compressions;
                    expectedDigests = hash.Digests;
                }

                // There is a digest after each block that could be the last one.
                Assert.AreEqual(expected, hash.Compressions, "length " + total + " padding " + padding);
                Assert.AreEqual(expectedDigests, hash.Digests, "length " + total + " padding " + padding);
            }
        }
    }

    [TestMethod]
    public void HMAC_of_a_hidden_length_is_HMAC()
    {
        byte[] key = Check.Pattern(32, 1);
        byte[] data = Check.Pattern(700, 2);
        HmacState hmac = new HmacState(new Sha256(new Sha2Constants()));
        hmac.SetKey(key, 0, 32);
        byte[] hidden = new byte[32];
        byte[] open = new byte[32];
        for (int maximum = 0; maximum < 600; maximum += 7)
        {
            int minimum = maximum < 256 ? 0 : maximum - 256;
            for (int length = minimum; length <= maximum; length += 3)
            {
                int headerCount = length % 32;
                hmac.ComputeHidden(key, 0, headerCount, data, 5, minimum, maximum, length, hidden);
                hmac.Start();
                hmac.Update(key, 0, headerCount);
                hmac.Update(data, 5, length);
                hmac.Finish(open, 0);
                Check.Equal(open, hidden, "length " + length + " of " + maximum);
            }
        }
    }
}

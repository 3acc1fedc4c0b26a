using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>What hides the sequence numbers of records, over every provider.</summary>
[TestClass]
public class MaskTests
{
    [TestMethod]
    public void AES_masks_are_the_blocks_of_FIPS_197()
    {
        string key = "000102030405060708090a0b0c0d0e0f";
        string sample = "00112233445566778899aabbccddeeff";
        Verify(CryptoAlgorithm.Aes128Ccm, key, sample, "69c4e0d86a7b0430d8cdb78070b4c55a");
        Verify(CryptoAlgorithm.Aes128Gcm, key, sample, "69c4e0d86a7b0430d8cdb78070b4c55a");
        Verify(CryptoAlgorithm.Aes256Ccm, key + "101112131415161718191a1b1c1d1e1f", sample, "8ea2b7ca516745bfeafc49904b496089");
        Verify(CryptoAlgorithm.Aes256Gcm, key + "101112131415161718191a1b1c1d1e1f", sample, "8ea2b7ca516745bfeafc49904b496089");
    }

    [TestMethod]
    public void ChaCha20_masks_are_blocks_whose_number_and_nonce_the_sample_is()
    {
        // RFC 8439 section 2.3.2, appendix A.1 vectors 1, 2 and 4, and RFC 9001 appendix A.5, which asks the same of QUIC.
        string zeros = "0000000000000000000000000000000000000000000000000000000000000000";
        Verify(
            CryptoAlgorithm.ChaCha20Poly1305, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "01000000000000090000004a00000000",
            "10f1e7e4d13b5915500fdd1fa32071c4");
        Verify(CryptoAlgorithm.ChaCha20Poly1305, zeros, "00000000000000000000000000000000", "76b8e0ada0f13d90405d6ae55386bd28");
        Verify(CryptoAlgorithm.ChaCha20Poly1305, zeros, "01000000000000000000000000000000", "9f07e7be5551387a98ba977c732d080d");
        Verify(
            CryptoAlgorithm.ChaCha20Poly1305, "00ff" + zeros.Substring(4), "02000000000000000000000000000000",
            "72d54dfbf12ec44b362692df94137f32");
        CryptoProvider[] providers = Providers.All();
        byte[] key = Check.Bytes("25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4");
        byte[] mask = new byte[16];
        for (int p = 0; p < providers.Length; p++)
        {
            MaskContext context = providers[p].CreateMask(CryptoAlgorithm.ChaCha20Poly1305, key, 0);
            context.Compute(Check.Bytes("5e5cd55c41f69080575d7999c25a5bfb"), 0, mask, 0);
            Check.Equal("aefefe7d03", Head(mask, 5), Providers.Names[p]);
        }
    }

    [TestMethod]
    public void A_mask_key_stays_what_it_was_beside_others_and_after_its_bytes_are_gone()
    {
        CryptoProvider[] providers = Providers.All();
        int[] algorithms = [CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.ChaCha20Poly1305];
        byte[] sample = Check.Pattern(16, 5);
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < algorithms.Length; a++)
            {
                string what = Providers.Names[p] + " algorithm " + algorithms[a];
                byte[] key = Check.Pattern(32, 1);
                byte[] other = Check.Pattern(32, 2);
                MaskContext first = providers[p].CreateMask(algorithms[a], key, 0);
                MaskContext second = providers[p].CreateMask(algorithms[a], other, 0);
                AeadContext aead = providers[p].CreateAead(algorithms[a], other, 0, 16);
                byte[] expected = new byte[16];
                first.Compute(sample, 0, expected, 0);
                Array.Clear(key, 0, 32);
                byte[] mask = new byte[16];
                second.Compute(sample, 0, mask, 0);
                Assert.AreNotEqual(expected[0] << 8 | expected[1], mask[0] << 8 | mask[1], what);
                aead.Seal(sample, 0, sample, 0, 5, new byte[32], 0, 16);
                first.Compute(sample, 0, mask, 0);
                Check.Equal(expected, mask, what);
                first.Clear();
                first.Clear();
            }
        }
    }

    private static void Verify(int algorithm, string key, string sample, string expected)
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            string what = Providers.Names[p] + " algorithm " + algorithm;
            Assert.IsTrue(providers[p].Supports(CryptoAlgorithm.Mask + algorithm), what);
            MaskContext context = providers[p].CreateMask(algorithm, Check.Bytes("ee" + key), 1);
            byte[] mask = new byte[18];
            context.Compute(Check.Bytes("eeee" + sample), 2, mask, 1);
            Check.Equal("00" + expected + "00", mask, what);

            // Over the sample itself, too.
            byte[] bytes = Check.Bytes(sample);
            context.Compute(bytes, 0, bytes, 0);
            Check.Equal(expected, bytes, what);
        }
    }

    private static byte[] Head(byte[] bytes, int count)
    {
        byte[] head = new byte[count];
        Array.Copy(bytes, 0, head, 0, count);
        return head;
    }
}

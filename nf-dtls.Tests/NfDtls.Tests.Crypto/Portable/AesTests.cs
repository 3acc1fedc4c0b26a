using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>The managed AES block cipher.</summary>
[TestClass]
public class AesTests
{
    private const string Key128 = "2b7e151628aed2a6abf7158809cf4f3c";
    private const string Key256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";

    [TestMethod]
    public void A_block_is_encrypted_as_in_FIPS_197()
    {
        Verify("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32");
        Verify("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a");
        Verify("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "00112233445566778899aabbccddeeff", "8ea2b7ca516745bfeafc49904b496089");
    }

    [TestMethod]
    public void A_block_is_encrypted_as_in_SP_800_38A()
    {
        Verify(Key128, "6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97");
        Verify(Key128, "ae2d8a571e03ac9c9eb76fac45af8e51", "f5d3d58503b9699de785895a96fdbaaf");
        Verify(Key128, "30c81c46a35ce411e5fbc1191a0a52ef", "43b1cd7f598ece23881b00e3ed030688");
        Verify(Key128, "f69f2445df4f9b17ad2b417be66c3710", "7b0c785e27e8ad3f8223207104725dd4");
        Verify(Key256, "6bc1bee22e409f96e93d7e117393172a", "f3eed1bdb5d2a03c064b5a7e3db181f8");
        Verify(Key256, "ae2d8a571e03ac9c9eb76fac45af8e51", "591ccb10d410ed26dc5ba74a31362870");
        Verify(Key256, "30c81c46a35ce411e5fbc1191a0a52ef", "b6ed21b99ca6f4f9f153e7b1beafed1d");
        Verify(Key256, "f69f2445df4f9b17ad2b417be66c3710", "23304b7a39f9f3ff067d8d8f9e24ecc7");
    }

    [TestMethod]
    public void The_inverse_box_undoes_the_box()
    {
        AesTables tables = new AesTables();
        for (int i = 0; i < 256; i++)
        {
            Assert.AreEqual(i, tables.InverseBox[(byte)(tables.Columns[i] >> 8)]);
        }

        Assert.AreEqual(0x63, (byte)(tables.Columns[0] >> 8));
        Assert.AreEqual(0x16, (byte)(tables.Columns[255] >> 8));
    }

    internal static void EncryptBlock(AesKey key, byte[] bytes, int offset)
    {
        int[] block = new int[4];
        for (int i = 0; i < 4; i++)
        {
            block[i] = BigEndian.Load32(bytes, offset + 4 * i);
        }

        key.Encrypt(block);
        for (int i = 0; i < 4; i++)
        {
            BigEndian.Store32(bytes, offset + 4 * i, block[i]);
        }
    }

    private static void Verify(string keyHex, string plain, string cipher)
    {
        byte[] keyBytes = Check.Bytes(keyHex);
        AesKey key = new AesKey(new AesTables(), keyBytes, 0, keyBytes.Length);
        byte[] bytes = Check.Bytes(plain);
        EncryptBlock(key, bytes, 0);
        Check.Equal(cipher, bytes, "encrypted");

        int[] block = new int[4];
        for (int i = 0; i < 4; i++)
        {
            block[i] = BigEndian.Load32(bytes, 4 * i);
        }

        key.Decrypt(block);
        for (int i = 0; i < 4; i++)
        {
            BigEndian.Store32(bytes, 4 * i, block[i]);
        }

        Check.Equal(plain, bytes, "decrypted");
    }
}

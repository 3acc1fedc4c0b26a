using System;
using System.Numerics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>Keys, signatures and data that are refused, and how.</summary>
[TestClass]
public class LimitTests
{
    private static readonly int[] Schemes = [SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPssRsaeSha256];

    private readonly CryptoProvider _provider = Providers.Software();

    [TestMethod]
    public void A_signature_that_is_changed_too_large_or_of_another_length_is_refused()
    {
        TestKey key = TestKeys.Of(1031);
        byte[] hash = new byte[32];
        foreach (int scheme in Schemes)
        {
            byte[] signature = Providers.Sign(_provider, scheme, key.Stored, hash);
            BigInteger number = new(signature, true, true);
            Assert.AreEqual(DtlsError.None, Verify(signature));
            for (int i = 0; i < signature.Length; i++)
            {
                byte[] changed = [.. signature];
                changed[i] ^= 0x10;
                Assert.AreEqual(DtlsError.DecryptError, Verify(changed), "byte " + i);
            }

            Assert.AreEqual(DtlsError.DecryptError, Verify(Number(number + key.N, key.Size)), "plus the modulus");
            Assert.AreEqual(DtlsError.DecryptError, Verify(Number(key.N - number, key.Size)), "negative");
            Assert.AreEqual(DtlsError.DecryptError, Verify(Number(key.N, key.Size)), "the modulus");
            Assert.AreEqual(DtlsError.DecryptError, Verify(new byte[key.Size]), "zero");
            Assert.AreEqual(DtlsError.DecryptError, Verify(Number(1, key.Size)), "one");
            Assert.AreEqual(DtlsError.DecryptError, Verify([0, .. signature]), "longer");
            Assert.AreEqual(DtlsError.DecryptError, Verify(signature[..^1]), "shorter");
            Assert.AreEqual(DtlsError.DecryptError, Verify([]), "nothing");
            Assert.AreEqual(DtlsError.DecryptError, Providers.Verify(_provider, scheme, TestKeys.Of(1024).Public, hash, signature), "another key");
            byte[] other = [.. hash];
            other[31] = 1;
            Assert.AreEqual(DtlsError.DecryptError, Providers.Verify(_provider, scheme, key.Public, other, signature), "another hash");
            Assert.AreEqual(DtlsError.DecryptError, Providers.Verify(_provider, scheme, key.Public, new byte[31], signature), "a short hash");

            DtlsError Verify(byte[] shown)
            {
                return Providers.Verify(_provider, scheme, key.Public, hash, shown);
            }
        }
    }

    [TestMethod]
    public void The_block_of_PSS_with_SHA512_does_not_fit_into_1024_bits()
    {
        TestKey key = TestKeys.Of(1024);
        CryptoOperation signing = _provider.Sign(SignatureScheme.RsaPssRsaeSha512, key.Stored, new byte[64], 0, 64, new byte[key.Size], 0);
        Assert.AreEqual(DtlsError.InternalError, Providers.End(signing));
        byte[] signature = Providers.Sign(_provider, SignatureScheme.RsaPkcs1Sha256, key.Stored, new byte[32]);
        Assert.AreEqual(DtlsError.DecryptError, Providers.Verify(_provider, SignatureScheme.RsaPssRsaeSha512, key.Public, new byte[64], signature));
    }

    /// <summary>Blocks under the key itself: what is right but for one thing must not pass.</summary>
    [TestMethod]
    [DataRow(1024)]
    [DataRow(1025)]
    [DataRow(1031)]
    public void A_PSS_block_that_is_wrong_in_one_place_is_refused(int bits)
    {
        TestKey key = TestKeys.Of(bits);
        byte[] hash = new byte[32];
        byte[] signature = Providers.Sign(_provider, SignatureScheme.RsaPssRsaeSha256, key.Stored, hash);
        byte[] block = key.Encrypt(signature);
        for (int bit = 0; bit < 8 * key.Size; bit += bit < 16 || bit >= 8 * key.Size - 16 ? 1 : 5)
        {
            byte[] changed = [.. block];
            changed[bit / 8] ^= (byte)(0x80 >> bit % 8);
            BigInteger number = new(changed, true, true);
            if (number < key.N)
            {
                byte[] forged = Number(BigInteger.ModPow(number, key.D, key.N), key.Size);
                DtlsError error = Providers.Verify(_provider, SignatureScheme.RsaPssRsaeSha256, key.Public, hash, forged);

                // The bits of the salt are signed with the hash, so they count, too; all do.
                Assert.AreEqual(DtlsError.DecryptError, error, "bit " + bit);
            }
        }
    }

    [TestMethod]
    public void Keys_out_of_range_are_refused()
    {
        byte[] n1024 = TestKeys.Of(1024).N.ToByteArray(true, true);
        byte[] tooSmall = [.. n1024];
        tooSmall[0] = 0x7F;
        byte[] tooLarge = new byte[513];
        tooLarge[0] = 1;
        tooLarge[512] = 1;
        byte[] even = [.. n1024];
        even[^1] &= 0xFE;
        byte[] three = [3];
        Refuse(tooSmall, three);
        Refuse(tooLarge, three);
        Refuse(even, three);
        Refuse([], three);
        Refuse(n1024, []);
        Refuse(n1024, [0]);
        Refuse(n1024, [1]);
        Refuse(n1024, [2]);
        Refuse(n1024, [1, 0, 0]);
        Refuse(n1024, [1, 0, 0, 0, 1]);
        Assert.AreEqual(DtlsError.None, Providers.End(_provider.RsaEncrypt(Key(n1024, three), new byte[48], 0, 48, new byte[128], 0)));
        Assert.AreEqual(DtlsError.None, Providers.End(_provider.RsaEncrypt(Key(n1024, [0, 0xFF, 0xFF, 0xFF, 0xFF]), new byte[48], 0, 48, new byte[128], 0)));
    }

    [TestMethod]
    public void A_private_key_whose_parts_do_not_fit_is_refused()
    {
        TestKey key = TestKeys.Of(1024);
        byte[] one = [1];
        byte[] longer = [1, .. new byte[64], 1];
        for (int part = StoredPrivateKey.Prime1; part <= StoredPrivateKey.Coefficient; part++)
        {
            RefusePart(part, longer);
        }

        RefusePart(StoredPrivateKey.Prime1, one);
        RefusePart(StoredPrivateKey.Prime2, [0]);
        RefusePart(StoredPrivateKey.Prime2, (key.Q - 1).ToByteArray(true, true));
        RefusePart(StoredPrivateKey.Prime1, (key.P - 1).ToByteArray(true, true));
        RefusePart(StoredPrivateKey.PublicExponent, [4]);

        void RefusePart(int part, byte[] value)
        {
            byte[][] parts = RsaKeys.Parts(key.Stored);
            parts[part] = value;
            StoredPrivateKey wrong = RsaKeys.Store(parts);
            byte[] room = new byte[128];
            Assert.AreEqual(DtlsError.InternalError, Providers.End(_provider.Sign(SignatureScheme.RsaPkcs1Sha256, wrong, room, 0, 32, room, 0)), "part " + part);
            Assert.AreEqual(DtlsError.InternalError, Providers.End(_provider.RsaDecrypt(wrong, room, 0, 128, room, 0, 48)), "part " + part);
        }
    }

    [TestMethod]
    public void Leading_zeros_of_a_private_keys_parts_change_nothing()
    {
        TestKey key = TestKeys.Of(1024);
        byte[][] parts = RsaKeys.Parts(key.Stored);
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = [0, 0, .. parts[i]];
        }

        byte[] hash = new byte[32];
        byte[] expected = Providers.Sign(_provider, SignatureScheme.RsaPkcs1Sha256, key.Stored, hash);
        CollectionAssert.AreEqual(expected, Providers.Sign(_provider, SignatureScheme.RsaPkcs1Sha256, RsaKeys.Store(parts), hash));
    }

    [TestMethod]
    public void Data_too_long_to_encrypt_is_refused()
    {
        TestKey key = TestKeys.Of(1024);
        byte[] data = new byte[118];
        Assert.AreEqual(DtlsError.None, Providers.End(_provider.RsaEncrypt(key.Public, data, 0, 117, new byte[128], 0)));
        Assert.AreEqual(DtlsError.IllegalParameter, Providers.End(_provider.RsaEncrypt(key.Public, data, 0, 118, new byte[128], 0)));
    }

    [TestMethod]
    public void It_supports_RSA_and_nothing_else()
    {
        for (int scheme = 0; scheme < 0x0900; scheme++)
        {
            bool has = scheme is SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPkcs1Sha512
                or SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512;
            Assert.AreEqual(has, _provider.Supports(CryptoAlgorithm.SignWith(scheme, KeyKind.Rsa)));
            Assert.AreEqual(has, _provider.Supports(CryptoAlgorithm.VerifyWith(scheme, KeyKind.Rsa)));
            Assert.IsFalse(_provider.Supports(CryptoAlgorithm.VerifyWith(scheme, KeyKind.Secp256r1)));
            Assert.IsFalse(_provider.Supports(scheme) && scheme != CryptoAlgorithm.RsaEncrypt && scheme != CryptoAlgorithm.RsaDecrypt);
        }

        Assert.IsTrue(_provider.Supports(CryptoAlgorithm.RsaEncrypt) && _provider.Supports(CryptoAlgorithm.RsaDecrypt));
        PublicKey point = new();
        point.Set(KeyKind.Secp256r1, new byte[65], 0, 65);
        Assert.ThrowsExactly<NotSupportedException>(() => _provider.Verify(SignatureScheme.RsaPkcs1Sha256, point, new byte[32], 0, 32, new byte[9], 0, 9));
        Assert.ThrowsExactly<NotSupportedException>(
            () => _provider.Sign(SignatureScheme.RsaPkcs1Sha1, TestKeys.Of(1024).Stored, new byte[20], 0, 20, new byte[128], 0));
        Assert.ThrowsExactly<ArgumentNullException>(() => new SoftwareRsaProvider(null));
    }

    private void Refuse(byte[] modulus, byte[] exponent)
    {
        PublicKey key = Key(modulus, exponent);
        byte[] signature = new byte[key.Count];
        Assert.AreEqual(DtlsError.DecryptError, Providers.Verify(_provider, SignatureScheme.RsaPkcs1Sha256, key, new byte[32], signature));
        Assert.AreEqual(DtlsError.IllegalParameter, Providers.End(_provider.RsaEncrypt(key, new byte[48], 0, 48, new byte[600], 0)));
    }

    private static PublicKey Key(byte[] modulus, byte[] exponent)
    {
        PublicKey key = new();
        key.SetRsa([.. modulus, .. exponent], 0, modulus.Length, modulus.Length, exponent.Length);
        return key;
    }

    private static byte[] Number(BigInteger number, int size)
    {
        byte[] bytes = number.ToByteArray(true, true);
        return [.. new byte[Math.Max(0, size - bytes.Length)], .. bytes];
    }
}

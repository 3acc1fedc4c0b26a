using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.OpenSsl;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace NfDtls.Tests.Crypto;

/// <summary>What is this provider's alone: all of the seam, keys that are kept, contexts that end.</summary>
[TestClass]
public class OpenSslTests
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int EnableFips(IntPtr library, int enable);

    private readonly OpenSslProvider _provider = new();

    [TestMethod]
    public void All_that_the_seam_has_is_there()
    {
        int[] has =
        [
            1, 2, 3, 4, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0x22, 0x101, 0x102, 0x103, 0x104, 0x201, 0x202, 0x203, 0x204, 0x300,
            0x510, 0x511, 0x512, 0x513, 0x514, CryptoAlgorithm.RsaEncrypt, CryptoAlgorithm.RsaDecrypt,
            CryptoAlgorithm.Agree + NamedGroup.Secp256r1, CryptoAlgorithm.Agree + NamedGroup.Secp384r1,
            CryptoAlgorithm.Agree + NamedGroup.Secp521r1, CryptoAlgorithm.Agree + NamedGroup.X25519,
            CryptoAlgorithm.DerivePublic + KeyKind.Secp256r1, CryptoAlgorithm.DerivePublic + KeyKind.Secp384r1,
            CryptoAlgorithm.DerivePublic + KeyKind.Secp521r1, CryptoAlgorithm.DerivePublic + KeyKind.Ed25519,
            CryptoAlgorithm.SignWith(SignatureScheme.Ed25519, KeyKind.Ed25519), CryptoAlgorithm.VerifyWith(SignatureScheme.Ed25519, KeyKind.Ed25519),
            CryptoAlgorithm.SignWith(SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp521r1), CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPssRsaeSha512, KeyKind.Rsa),
        ];
        int[] lacks =
        [
            -1, 0, 5, 0x15, 0x1F, 0x23, 0x100, 0x105, 0x10000, int.MaxValue, int.MinValue, 0x515, CryptoAlgorithm.Agree, CryptoAlgorithm.Agree + 30,
            CryptoAlgorithm.DerivePublic + KeyKind.Rsa, CryptoAlgorithm.DerivePublic + KeyKind.X25519,
            CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPkcs1Sha1, KeyKind.Rsa), CryptoAlgorithm.SignWith(SignatureScheme.EcdsaSha1, KeyKind.Secp256r1),
            CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPkcs1Sha256, KeyKind.Secp256r1), CryptoAlgorithm.VerifyWith(0, KeyKind.Rsa),
        ];
        foreach (int algorithm in has)
        {
            Assert.IsTrue(_provider.Supports(algorithm), algorithm.ToString("X"));
        }

        foreach (int algorithm in lacks)
        {
            Assert.IsFalse(_provider.Supports(algorithm), algorithm.ToString("X"));
        }
    }

    [TestMethod]
    public void What_it_lacks_is_refused_by_name()
    {
        byte[] bytes = new byte[80];
        foreach (int number in new[] { -1, 0, 5, 0x15, 0x23, 0x105, int.MaxValue })
        {
            Assert.ThrowsExactly<NotSupportedException>(() => _provider.CreateHash(number));
            Assert.ThrowsExactly<NotSupportedException>(() => _provider.CreateAead(number, bytes, 0, 16));
            Assert.ThrowsExactly<NotSupportedException>(() => _provider.CreateCbc(number, bytes, 0, true));
            Assert.ThrowsExactly<NotSupportedException>(() => _provider.Hmac(number, bytes, 0, 1, bytes, 0, 1, bytes, 0));
            Assert.ThrowsExactly<NotSupportedException>(() => _provider.CreateHmac(number, 1));
            Assert.ThrowsExactly<NotSupportedException>(() => _provider.Prf(number, bytes, 0, 1, bytes, 0, 1, bytes, 0, 1));
            Assert.ThrowsExactly<NotSupportedException>(() => _provider.CreateMask(number, bytes, 0));
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_forged_record_of_any_cipher_allocates_nothing(bool useProcessor)
    {
        OpenSslProvider provider = new(useProcessor);
        byte[] record = new byte[200];
        foreach (int algorithm in new[] { CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes128Gcm, CryptoAlgorithm.ChaCha20Poly1305 })
        {
            AeadContext context = provider.CreateAead(algorithm, new byte[32], 0, 16);
            Assert.IsFalse(context.Open(record, 0, record, 0, 13, record, 20, 100));
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 3 && least > 0; attempt++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 1000; i++)
                {
                    context.Open(record, 0, record, 0, 13, record, 20, 100);
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.AreEqual(0L, least, "algorithm " + algorithm);
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_cleared_context_is_refused_and_may_be_cleared_again(bool useProcessor)
    {
        OpenSslProvider provider = new(useProcessor);
        byte[] bytes = new byte[100];
        AeadContext aead = provider.CreateAead(CryptoAlgorithm.Aes128Gcm, bytes, 0, 16);
        aead.Clear();
        aead.Clear();
        Assert.ThrowsExactly<ObjectDisposedException>(() => aead.Seal(bytes, 0, bytes, 0, 1, bytes, 10, 10));
        CbcContext cbc = _provider.CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha256, bytes, 0, false);
        cbc.Clear();
        cbc.Clear();
        Assert.ThrowsExactly<ObjectDisposedException>(() => cbc.Seal(bytes, 0, 13, bytes, 0, bytes, 10, 10));
        MaskContext mask = provider.CreateMask(CryptoAlgorithm.ChaCha20Poly1305, bytes, 0);
        mask.Clear();
        mask.Clear();
        Assert.ThrowsExactly<ObjectDisposedException>(() => mask.Compute(bytes, 0, bytes, 0));
    }

    [TestMethod]
    public void AES_records_are_the_processors_where_it_can_and_may_and_the_name_says_so()
    {
        OpenSslProvider own = new();
        OpenSslProvider plain = new(false);
        Assert.AreEqual(X86Base.IsSupported && Aes.X64.IsSupported && Pclmulqdq.X64.IsSupported, own.UsesProcessor);
        Assert.IsFalse(plain.UsesProcessor);
        Assert.AreEqual(OpenSslProvider.LibraryVersion, plain.ToString());
        Assert.AreEqual(OpenSslProvider.LibraryVersion + (own.UsesProcessor ? ", AES-CCM and AES-GCM by the processor" : ""), own.ToString());
        foreach (int algorithm in new[] { CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes256Ccm, CryptoAlgorithm.Aes128Gcm, CryptoAlgorithm.Aes256Gcm })
        {
            string kind = algorithm is CryptoAlgorithm.Aes128Gcm or CryptoAlgorithm.Aes256Gcm ? "ProcessorGcm" : "ProcessorCcm";
            Assert.AreEqual(own.UsesProcessor ? kind : "OpenSslAead", own.CreateAead(algorithm, new byte[32], 0, 16).GetType().Name);
            Assert.AreEqual(own.UsesProcessor ? "ProcessorMask" : "OpenSslMask", own.CreateMask(algorithm, new byte[32], 0).GetType().Name);
            Assert.AreEqual("OpenSslAead", plain.CreateAead(algorithm, new byte[32], 0, 16).GetType().Name);
            Assert.AreEqual("OpenSslMask", plain.CreateMask(algorithm, new byte[32], 0).GetType().Name);
        }

        Assert.AreEqual("OpenSslAead", own.CreateAead(CryptoAlgorithm.ChaCha20Poly1305, new byte[32], 0, 16).GetType().Name);
        AppContext.SetSwitch("NfDtls.Crypto.UseProcessor", false);
        try
        {
            Assert.IsFalse(new OpenSslProvider().UsesProcessor);
            Assert.IsFalse(new OpenSslProvider(true).UsesProcessor);
        }
        finally
        {
            AppContext.SetSwitch("NfDtls.Crypto.UseProcessor", true);
        }

        Assert.AreEqual(own.UsesProcessor, new OpenSslProvider(true).UsesProcessor);
    }

    /// <summary>AES leaves a validated module by an explicit wish alone. The library is put into that mode and back; nothing is fetched meanwhile.</summary>
    [TestMethod]
    public void In_FIPS_mode_AES_records_are_the_processors_only_where_the_application_says_so()
    {
        bool has = new OpenSslProvider(true).UsesProcessor;
        IntPtr library = NativeLibrary.Load("libcrypto.so.3");
        EnableFips enable = Marshal.GetDelegateForFunctionPointer<EnableFips>(NativeLibrary.GetExport(library, "EVP_default_properties_enable_fips"));
        Assert.AreEqual(1, enable(IntPtr.Zero, 1));
        try
        {
            Assert.IsFalse(new OpenSslProvider().UsesProcessor);
            Assert.AreEqual(OpenSslProvider.LibraryVersion, new OpenSslProvider().ToString());
            Assert.AreEqual(has, new OpenSslProvider(true).UsesProcessor);
        }
        finally
        {
            Assert.AreEqual(1, enable(IntPtr.Zero, 0));
        }

        Assert.AreEqual(has, new OpenSslProvider().UsesProcessor);
    }

    [TestMethod]
    public void A_kept_key_whose_bytes_change_is_another_key()
    {
        using ECDsa dotnet = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] scalar = dotnet.ExportParameters(true).D!;
        StoredPrivateKey key = new(KeyKind.Secp256r1, scalar, 0, 32, null);
        byte[] hash = SHA256.HashData([1]);
        Assert.IsTrue(dotnet.VerifyHash(hash, Sign(key, hash), DSASignatureFormat.Rfc3279DerSequence));
        second.ExportParameters(true).D!.CopyTo(scalar, 0);
        Assert.IsTrue(second.VerifyHash(hash, Sign(key, hash), DSASignatureFormat.Rfc3279DerSequence));
        Array.Clear(scalar);
        Assert.AreEqual(DtlsError.InternalError, _provider.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, hash, 0, 32, new byte[72], 0).Error);
    }

    /// <summary>RFC 8032 section 7.1, TEST 3.</summary>
    [TestMethod]
    public void Ed25519_signs_as_RFC_8032_has_it()
    {
        byte[] seed = Convert.FromHexString("C5AA8DF43F9F837BEDB7442F31DCB7B166D38535076F094B85CE3A2E0B4458F7");
        byte[] expected = Convert.FromHexString("6291D657DEEC24024827E69C3ABE01A30CE548A284743A445E3680D7DB5AC3AC18FF9B538D16F290AE67F760984DC6594A7C15E9716ED28DC027BECEEA1EC40A");
        StoredPrivateKey key = new(KeyKind.Ed25519, seed, 0, 32, null);
        byte[] publicKey = new byte[32];
        Assert.AreEqual(DtlsError.None, _provider.DerivePublic(key, publicKey, 0).Error);
        Assert.AreEqual("FC51CD8E6218A1A38DA47ED00230F0580816ED13BA3303AC5DEB911548908025", Convert.ToHexString(publicKey));
        byte[] signature = new byte[64];
        CryptoOperation operation = _provider.Sign(SignatureScheme.Ed25519, key, [0xAF, 0x82], 0, 2, signature, 0);
        Assert.AreEqual(64, operation.Length);
        Check.Equal(expected, signature, "signature");
        PublicKey known = Work.PublicKey(KeyKind.Ed25519, publicKey);
        Assert.AreEqual(DtlsError.None, _provider.Verify(SignatureScheme.Ed25519, known, [0xAF, 0x82], 0, 2, signature, 0, 64).Error);
        for (int bit = 0; bit < 512; bit += 7)
        {
            byte[] wrong = (byte[])signature.Clone();
            wrong[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.AreEqual(DtlsError.DecryptError, _provider.Verify(SignatureScheme.Ed25519, known, [0xAF, 0x82], 0, 2, wrong, 0, 64).Error);
        }

        Assert.AreEqual(DtlsError.DecryptError, _provider.Verify(SignatureScheme.Ed25519, known, [0xAF, 0x82], 0, 2, [.. signature, 0], 0, 65).Error);
        known = Work.PublicKey(KeyKind.Ed25519, publicKey[..31]);
        Assert.AreEqual(DtlsError.DecryptError, _provider.Verify(SignatureScheme.Ed25519, known, [0xAF, 0x82], 0, 2, signature, 0, 64).Error);
    }

    [TestMethod]
    public void Threads_share_a_provider_and_its_keys()
    {
        using RSA rsa = RSA.Create(1024);
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        StoredPrivateKey rsaKey = Work.PrivateKey(rsa);
        StoredPrivateKey curveKey = new(KeyKind.Secp256r1, curve.ExportParameters(true).D!, 0, 32, null);
        Parallel.For(0, 40, i =>
        {
            byte[] hash = SHA256.HashData([(byte)i]);
            byte[] signature = new byte[128];
            Assert.AreEqual(DtlsError.None, _provider.Sign(SignatureScheme.RsaPkcs1Sha256, rsaKey, hash, 0, 32, signature, 0).Error);
            Assert.IsTrue(rsa.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            Assert.IsTrue(curve.VerifyHash(hash, Sign(curveKey, hash), DSASignatureFormat.Rfc3279DerSequence));
            byte[] output = new byte[100];
            _provider.Prf(CryptoAlgorithm.Sha256, hash, 0, 32, hash, 0, 32, output, 0, 100);
            byte[] again = new byte[100];
            _provider.Prf(CryptoAlgorithm.Sha256, hash, 0, 32, hash, 0, 32, again, 0, 100);
            Check.Equal(output, again, "PRF");
        });
    }

    /// <summary>An RSA key with one number changed: OpenSSL alone would sign with it, by way of the others.</summary>
    [TestMethod]
    public void Every_number_of_an_RSA_key_is_checked()
    {
        using RSA rsa = RSA.Create(1024);
        byte[] hash = new byte[32];
        for (int part = StoredPrivateKey.Modulus; part < StoredPrivateKey.RsaParts; part++)
        {
            StoredPrivateKey key = Work.PrivateKey(rsa);
            Assert.AreEqual(DtlsError.None, _provider.Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, new byte[128], 0).Error);
            key.Buffer[key.OffsetOf(part) + key.CountOf(part) - 1] ^= 2;
            Assert.AreEqual(DtlsError.InternalError, _provider.Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, new byte[128], 0).Error, "part " + part);
            byte[] secret = new byte[48];
            Assert.AreEqual(DtlsError.InternalError, _provider.RsaDecrypt(key, new byte[128], 0, 128, secret, 0, 48).Error, "part " + part);
        }
    }

    private byte[] Sign(StoredPrivateKey key, byte[] hash)
    {
        byte[] signature = new byte[72];
        CryptoOperation operation = _provider.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, hash, 0, hash.Length, signature, 0);
        Assert.AreEqual(DtlsError.None, operation.Error);
        return signature[..operation.Length];
    }
}

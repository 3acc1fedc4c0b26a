using System;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;

namespace NfDtls.Tests.Rsa;

/// <summary>The host provider keeps what .NET made of private keys: for as long as their bytes are the same, and no longer.</summary>
[TestClass]
public class KeptKeyTests
{
    private readonly HostProvider _host = new();

    [TestMethod]
    public void A_curve_key_whose_bytes_change_is_another_key()
    {
        using ECDsa first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] scalar = first.ExportParameters(true).D!;
        StoredPrivateKey key = new(KeyKind.Secp256r1, scalar, 0, 32, null);
        byte[] hash = SHA256.HashData([1]);
        Assert.IsTrue(first.VerifyHash(hash, SignCurve(key, hash), DSASignatureFormat.Rfc3279DerSequence));
        second.ExportParameters(true).D!.CopyTo(scalar, 0);
        Assert.IsTrue(second.VerifyHash(hash, SignCurve(key, hash), DSASignatureFormat.Rfc3279DerSequence));
        Array.Clear(scalar);
        Assert.AreEqual(DtlsError.InternalError, _host.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, hash, 0, 32, new byte[72], 0).Error);
    }

    [TestMethod]
    public void An_RSA_key_whose_bytes_change_is_another_key()
    {
        using RSA first = RSA.Create(1024);
        using RSA second = RSA.Create(1024);
        StoredPrivateKey key = RsaKeys.Store(RsaKeys.Parts(first.ExportParameters(true)));
        byte[] hash = SHA256.HashData([1]);
        Assert.IsTrue(first.VerifyHash(hash, SignRsa(key, hash), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        RsaKeys.Store(RsaKeys.Parts(second.ExportParameters(true))).Buffer.CopyTo(key.Buffer, 0);
        Assert.IsTrue(second.VerifyHash(hash, SignRsa(key, hash), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Array.Clear(key.Buffer);
        Assert.AreEqual(DtlsError.InternalError, _host.Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, new byte[128], 0).Error);
    }

    [TestMethod]
    public void A_key_that_signed_before_is_not_read_again()
    {
        using RSA rsa = RSA.Create(2048);
        StoredPrivateKey key = RsaKeys.Store(RsaKeys.Parts(rsa.ExportParameters(true)));
        byte[] hash = SHA256.HashData([1]);
        byte[] signature = new byte[256];
        for (int i = 0; i < 3; i++)
        {
            _host.Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, signature, 0);
        }

        // The least of some: a collection that another thread begins adds to what this one seems to have taken.
        long allocated = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            _host.Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, signature, 0);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // The eight numbers alone, as .NET wants them to read them, take 1,412 bytes.
        Assert.IsLessThan(1024L, allocated);
    }

    [TestMethod]
    public void Threads_share_a_key()
    {
        using RSA rsa = RSA.Create(1024);
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        StoredPrivateKey rsaKey = RsaKeys.Store(RsaKeys.Parts(rsa.ExportParameters(true)));
        StoredPrivateKey curveKey = new(KeyKind.Secp256r1, curve.ExportParameters(true).D!, 0, 32, null);
        Parallel.For(0, 100, i =>
        {
            byte[] hash = SHA256.HashData([(byte)i]);
            Assert.IsTrue(rsa.VerifyHash(hash, SignRsa(rsaKey, hash), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            Assert.IsTrue(curve.VerifyHash(hash, SignCurve(curveKey, hash), DSASignatureFormat.Rfc3279DerSequence));
        });
    }

    private byte[] SignCurve(StoredPrivateKey key, byte[] hash)
    {
        byte[] signature = new byte[72];
        CryptoOperation operation = _host.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, hash, 0, hash.Length, signature, 0);
        Assert.AreEqual(DtlsError.None, operation.Error);
        return signature[..operation.Length];
    }

    private byte[] SignRsa(StoredPrivateKey key, byte[] hash)
    {
        byte[] signature = new byte[128];
        CryptoOperation operation = _host.Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, hash.Length, signature, 0);
        Assert.AreEqual(DtlsError.None, operation.Error);
        return signature[..operation.Length];
    }
}

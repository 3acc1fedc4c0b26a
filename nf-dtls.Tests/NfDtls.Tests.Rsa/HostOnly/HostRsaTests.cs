using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;

namespace NfDtls.Tests.Rsa;

/// <summary>What the host provider makes of RSA keys that are none.</summary>
[TestClass]
public class HostRsaTests
{
    private readonly HostProvider _host = new();

    [TestMethod]
    public void No_public_key_whatever_its_bytes_throws()
    {
        Random random = new(5);
        byte[] hash = new byte[32];
        int[] counts = [0, 1, 2, 63, 64, 65, 128, 256, 512];
        foreach (int modulusCount in counts)
        {
            foreach (int exponentCount in new[] { 0, 1, 3, 9, modulusCount })
            {
                for (int i = 0; i < 4; i++)
                {
                    byte[] buffer = new byte[modulusCount + exponentCount];
                    random.NextBytes(buffer);
                    PublicKey key = new();
                    key.SetRsa(buffer, 0, modulusCount, modulusCount, exponentCount);
                    byte[] signature = new byte[key.Count];
                    random.NextBytes(signature);
                    string what = modulusCount + " and " + exponentCount + " bytes";
                    DtlsError verified = _host.Verify(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, signature, 0, signature.Length).Error;
                    Assert.AreEqual(DtlsError.DecryptError, verified, what);
                    DtlsError pss = _host.Verify(SignatureScheme.RsaPssRsaeSha256, key, hash, 0, 32, signature, 0, signature.Length).Error;
                    Assert.AreEqual(DtlsError.DecryptError, pss, what);
                    DtlsError encrypted = _host.RsaEncrypt(key, hash, 0, 32, new byte[key.Count], 0).Error;
                    Assert.IsTrue(encrypted is DtlsError.None or DtlsError.IllegalParameter, what);
                }
            }
        }
    }

    [TestMethod]
    public void A_private_key_with_a_part_too_long_or_of_zeros_is_an_internal_error()
    {
        using RSA rsa = RSA.Create(1024);
        byte[] hash = new byte[32];
        for (int part = StoredPrivateKey.PrivateExponent; part < StoredPrivateKey.RsaParts; part++)
        {
            foreach (bool isLong in new[] { false, true })
            {
                byte[][] parts = RsaKeys.Parts(rsa.ExportParameters(true));
                parts[part] = isLong ? [1, .. new byte[128]] : new byte[3];
                StoredPrivateKey key = RsaKeys.Store(parts);
                byte[] signature = new byte[128];
                DtlsError error = _host.Sign(SignatureScheme.RsaPkcs1Sha256, key, hash, 0, 32, signature, 0).Error;
                Assert.AreEqual(DtlsError.InternalError, error, "part " + part);
            }
        }
    }
}

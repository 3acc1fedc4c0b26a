using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Rsa;

/// <summary>An operation allocates no more than the documentation says.</summary>
[TestClass]
public class MemoryTests
{
    [TestMethod]
    [DataRow(1024, 4, 9, 5)]
    [DataRow(2048, 6, 13, 8)]
    [DataRow(3072, 8, 18, 11)]
    [DataRow(4096, 10, 23, 13)]
    public void An_operation_allocates_so_many_kilobytes(int bits, int publicWork, int signing, int decrypting)
    {
        CryptoProvider provider = Providers.Software();
        TestKey key = TestKeys.Of(bits);
        byte[] hash = new byte[32];
        byte[] room = new byte[key.Size];
        byte[] signature = Providers.Sign(provider, SignatureScheme.RsaPssRsaeSha256, key.Stored, hash);
        Check(publicWork, () => provider.Verify(SignatureScheme.RsaPssRsaeSha256, key.Public, hash, 0, 32, signature, 0, key.Size));
        Check(publicWork, () => provider.RsaEncrypt(key.Public, hash, 0, 32, room, 0));
        Check(signing, () => provider.Sign(SignatureScheme.RsaPssRsaeSha256, key.Stored, hash, 0, 32, room, 0));
        Check(decrypting, () => provider.RsaDecrypt(key.Stored, signature, 0, key.Size, room, 0, 48));
    }

    private static void Check(int kilobytes, Func<CryptoOperation> create)
    {
        Providers.End(create());

        // The least of some: a collection that another thread begins adds to what this one seems to have taken.
        long allocated = long.MaxValue;
        for (int attempt = 0; attempt < 3 && allocated > 1024 * kilobytes; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            CryptoOperation operation = create();
            while (!operation.Step(1000))
            {
            }

            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.IsTrue(allocated <= 1024 * kilobytes && allocated > 512 * kilobytes, allocated + " bytes, and " + kilobytes + " KB documented");
    }
}

using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>As <see cref="AllocationTests"/>, for the provider that is there in this project alone.</summary>
[TestClass]
public class ConstrainedAllocationTests
{
    [TestMethod]
    public void The_constrained_provider_allocates_nothing()
    {
        CryptoProvider provider = Providers.Constrained()[0];
        byte[] header = new byte[13];
        byte[] nonce = new byte[16];
        byte[] record = new byte[200];
        byte[] output = new byte[104];
        AeadContext context = AeadTests.Create(provider, 0, 1);
        MaskContext mask = provider.CreateMask(CryptoAlgorithm.Aes128Ccm, new byte[32], 0);
        HashContext hash = provider.CreateHash(CryptoAlgorithm.Sha256);
        AllocationTests.Verify("constrained", delegate
        {
            hash.Update(record, 0, 150);
            hash.Peek(output, 0);
            hash.Reset();
            mask.Compute(record, 0, output, 1);
            provider.Hmac(CryptoAlgorithm.Sha256, nonce, 0, 16, record, 0, 100, output, 0);
            provider.Prf(CryptoAlgorithm.Sha256, nonce, 0, 16, record, 0, 77, output, 0, 104);
            provider.Random(output, 0, 48);
            context.Seal(nonce, 0, header, 0, 13, record, 20, 100);
            return context.Open(nonce, 0, header, 0, 13, record, 20, 100);
        });
    }
}

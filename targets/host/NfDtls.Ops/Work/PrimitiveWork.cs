using NfDtls.Crypto.Software;

namespace NfDtls.Ops;

/// <summary>The primitives of the managed provider by themselves.</summary>
internal static class PrimitiveWork
{
    internal static void Run(Counter counter)
    {
        SoftwareProvider software = new(new SeededEntropy(7));
        AeadContext ccm = software.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8);
        byte[] data = new byte[72];
        byte[] nonce = new byte[12];
        byte[] additional = new byte[13];
        counter.Count("AES-128-CCM_8 of 64 bytes", () => ccm.Seal(nonce, 0, additional, 0, 13, data, 0, 64));
        counter.Count("AES-128-CCM_8 of 64 bytes, opened", () => ccm.Open(nonce, 0, additional, 0, 13, data, 0, 64));

        MaskContext mask = software.CreateMask(CryptoAlgorithm.Aes128Ccm, new byte[16], 0);
        byte[] block = new byte[16];
        mask.Compute(block, 0, block, 0);
        counter.Count("AES-128 block, as a mask", () => mask.Compute(block, 0, block, 0));

        HashContext hash = software.CreateHash(CryptoAlgorithm.Sha256);
        counter.Count("SHA-256 block", () => hash.Update(data, 0, 64));
        byte[] key = new byte[48];
        byte[] output = new byte[48];
        software.Prf(CryptoAlgorithm.Sha256, key, 0, 48, data, 0, 47, output, 0, 12);
        counter.Count("PRF of 12 bytes", () => software.Prf(CryptoAlgorithm.Sha256, key, 0, 48, data, 0, 47, output, 0, 12));
        software.Random(output, 0, 32);
        counter.Count("32 random bytes", () => software.Random(output, 0, 32));
    }
}

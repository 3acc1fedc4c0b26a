using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>Masks by AES: the block of the sample.</summary>
internal sealed class HostAesMask : MaskContext
{
    private readonly ICryptoTransform _blocks;

    internal HostAesMask(ReadOnlySpan<byte> key)
    {
        using Aes aes = Aes.Create();
        byte[] copy = key.ToArray();
        aes.Key = copy;
        CryptographicOperations.ZeroMemory(copy);
        aes.Padding = PaddingMode.None;
        aes.Mode = CipherMode.ECB;
        _blocks = aes.CreateEncryptor();
    }

    public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
    {
        _blocks.TransformBlock(sample, offset, SampleLength, mask, maskOffset);
    }

    public override void Clear()
    {
        _blocks.Dispose();
    }
}

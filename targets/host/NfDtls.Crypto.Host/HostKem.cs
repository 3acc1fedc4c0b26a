using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>.NET's ML-KEM-768 (FIPS 203), where the operating system's library has it. Each call imports its key, works, and forgets it.</summary>
internal static class HostKem
{
    internal static CryptoOperation GenerateKey(Span<byte> seed, Span<byte> publicKey)
    {
        using MLKem pair = MLKem.GenerateKey(MLKemAlgorithm.MLKem768);
        pair.ExportPrivateSeed(seed);
        pair.ExportEncapsulationKey(publicKey);
        return new CompletedOperation(DtlsError.None);
    }

    internal static CryptoOperation Decapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> cipher, Span<byte> secret)
    {
        if (cipher.Length != NamedGroup.MlKem768CipherLength)
        {
            return new CompletedOperation(DtlsError.IllegalParameter);
        }

        using MLKem own = MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed);
        own.Decapsulate(cipher, secret);
        return new CompletedOperation(DtlsError.None);
    }

    internal static CryptoOperation Encapsulate(ReadOnlySpan<byte> publicKey, Span<byte> secret, Span<byte> cipher)
    {
        try
        {
            // The length and the numbers of the key are checked here (FIPS 203 section 7.2).
            using MLKem peer = MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, publicKey);
            peer.Encapsulate(cipher, secret);
            return new CompletedOperation(DtlsError.None);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return new CompletedOperation(DtlsError.IllegalParameter);
        }
    }
}

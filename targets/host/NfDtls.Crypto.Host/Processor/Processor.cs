using System;
using System.Runtime.Intrinsics.X86;

namespace NfDtls.Crypto.Host;

/// <summary>Whether AES in CCM and GCM is done here, by the processor's own instructions for it, and not by a library.</summary>
internal static class Processor
{
    /// <summary>The switch of <see cref="AppContext"/> that turns this off when it is false.</summary>
    internal const string Switch = "NfDtls.Crypto.UseProcessor";

    /// <summary>What a provider's name has behind it where this is used.</summary>
    internal const string Suffix = ", AES-CCM and AES-GCM by the processor";

    /// <summary>
    /// Whether the processor has what it takes: AES rounds, products without carries and shuffles of bytes on x86-64, in a
    /// process of 64 bits. ARM64 has its own, which nobody has run this code on: there it is the library's.
    /// </summary>
    internal static bool IsThere
    {
        get { return Aes.X64.IsSupported && Pclmulqdq.X64.IsSupported && Ssse3.X64.IsSupported; }
    }

    /// <summary>Whether it may be used: read when a provider is made, so that an application may set it in its first line.</summary>
    internal static bool IsAllowed
    {
        get { return !AppContext.TryGetSwitch(Switch, out bool isOn) || isOn; }
    }

    /// <summary>The context of an algorithm, or null for those that are not done here. Whether the tag's length fits was asked before.</summary>
    internal static AeadContext? CreateAead(int algorithm, byte[] key, int offset, int tagLength)
    {
        switch (algorithm)
        {
            case CryptoAlgorithm.Aes128Ccm:
                return new ProcessorCcm(key.AsSpan(offset, 16), tagLength);
            case CryptoAlgorithm.Aes256Ccm:
                return new ProcessorCcm(key.AsSpan(offset, 32), tagLength);
            case CryptoAlgorithm.Aes128Gcm:
                return new ProcessorGcm(key.AsSpan(offset, 16));
            case CryptoAlgorithm.Aes256Gcm:
                return new ProcessorGcm(key.AsSpan(offset, 32));
            default:
                return null;
        }
    }

    /// <summary>The mask of an algorithm, or null for those that are not done here.</summary>
    internal static MaskContext? CreateMask(int algorithm, byte[] key, int offset)
    {
        switch (algorithm)
        {
            case CryptoAlgorithm.Aes128Ccm:
            case CryptoAlgorithm.Aes128Gcm:
                return new ProcessorMask(key.AsSpan(offset, 16));
            case CryptoAlgorithm.Aes256Ccm:
            case CryptoAlgorithm.Aes256Gcm:
                return new ProcessorMask(key.AsSpan(offset, 32));
            default:
                return null;
        }
    }
}

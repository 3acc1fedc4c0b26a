using System;
using System.Runtime.InteropServices;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>Finds the system's libcrypto, of OpenSSL 3 or later, and says whether it is there.</summary>
internal static class LibCrypto
{
    internal const string Name = "nfdtls-libcrypto";

    private const uint LeastVersion = 0x30000000;

    /// <summary>What the library is called, by system; the first one that loads is taken.</summary>
    private static readonly string[] FileNames =
    [
        "libcrypto.so.3", "libcrypto.so.4", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto-3-arm64.dll",
    ];

    // What a build without the functions for single hashes lacks; without them the provider is not there.
    private static readonly string[] Needed =
    [
        "SHA1_Init", "SHA256_Init", "SHA384_Init", "SHA512_Init", "EVP_aes_128_ccm", "EVP_aes_128_gcm", "EVP_chacha20_poly1305",
        "EVP_PKEY_fromdata", "EVP_PKEY_new_raw_private_key", "EC_POINT_mul", "RAND_bytes",
    ];

    private static readonly Lazy<IntPtr> Found = new(Find);

    static LibCrypto()
    {
        NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, (name, _, _) => name == Name ? Found.Value : IntPtr.Zero);
    }

    internal static bool IsAvailable
    {
        get { return Found.Value != IntPtr.Zero; }
    }

    /// <summary>
    /// Whether what is fetched comes from a validated module alone, by the library's configuration or because the program said
    /// so (EVP_default_properties_enable_fips), which it may do at any time. A library without that function is not.
    /// </summary>
    internal static unsafe bool IsInFipsMode
    {
        get
        {
            return IsAvailable && NativeLibrary.TryGetExport(Found.Value, "EVP_default_properties_is_fips_enabled", out IntPtr ask)
                && ((delegate* unmanaged<IntPtr, int>)ask)(IntPtr.Zero) == 1;
        }
    }

    internal static string Version
    {
        get { return Marshal.PtrToStringUTF8(NativeMethods.OpenSSL_version(0)) ?? ""; }
    }

    private static IntPtr Find()
    {
        foreach (string file in FileNames)
        {
            if (NativeLibrary.TryLoad(file, out IntPtr library))
            {
                if (IsFit(library))
                {
                    return library;
                }

                NativeLibrary.Free(library);
            }
        }

        return IntPtr.Zero;
    }

    private static unsafe bool IsFit(IntPtr library)
    {
        foreach (string function in Needed)
        {
            if (!NativeLibrary.TryGetExport(library, function, out _))
            {
                return false;
            }
        }

        return NativeLibrary.TryGetExport(library, "OpenSSL_version_num", out IntPtr version)
            && (ulong)((delegate* unmanaged<CULong>)version)().Value >= LeastVersion;
    }
}

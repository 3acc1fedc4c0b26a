#nullable enable
using System.Runtime.InteropServices;

namespace NfDtls.Native;

/// <summary>The functions of nfdtls.h that take bytes.</summary>
internal static unsafe class Library
{
    private const string Name = "nfdtls";

    [DllImport(Name)]
    internal static extern int nfdtls_query(int what);

    [DllImport(Name)]
    internal static extern int nfdtls_supports(int algorithm);

    [DllImport(Name)]
    internal static extern int nfdtls_free(int handle);

    [DllImport(Name)]
    internal static extern int nfdtls_random(byte* bytes, nuint count);

    [DllImport(Name)]
    internal static extern int nfdtls_hash_new(int algorithm);

    [DllImport(Name)]
    internal static extern int nfdtls_hash_update(int handle, byte* data, nuint count);

    [DllImport(Name)]
    internal static extern int nfdtls_hash_peek(int handle, byte* digest, nuint room);

    [DllImport(Name)]
    internal static extern int nfdtls_hash_reset(int handle);

    [DllImport(Name)]
    internal static extern int nfdtls_aead_new(int algorithm, byte* key, nuint available, nuint tagLength);

    [DllImport(Name)]
    internal static extern int nfdtls_aead_seal(int handle, byte* nonce, nuint nonceAvailable, byte* aad, nuint aadCount, byte* data, nuint count, nuint room);

    [DllImport(Name)]
    internal static extern int nfdtls_aead_open(int handle, byte* nonce, nuint nonceAvailable, byte* aad, nuint aadCount, byte* data, nuint count, nuint room);

    [DllImport(Name)]
    internal static extern int nfdtls_cbc_new(int algorithm, byte* keys, nuint available, int encryptThenMac);

    [DllImport(Name)]
    internal static extern int nfdtls_cbc_seal(int handle, byte* header, nuint headerCount, byte* iv, nuint ivAvailable, byte* data, nuint count, nuint room);

    [DllImport(Name)]
    internal static extern int nfdtls_cbc_open(int handle, byte* header, nuint headerCount, byte* iv, nuint ivAvailable, byte* data, nuint count);

    [DllImport(Name)]
    internal static extern int nfdtls_hmac(int hash, byte* key, nuint keyCount, byte* data, nuint count, byte* mac, nuint room);

    [DllImport(Name)]
    internal static extern int nfdtls_prf(int hash, byte* secret, nuint secretCount, byte* seed, nuint seedCount, byte* output, nuint count);

    [DllImport(Name)]
    internal static extern int nfdtls_hkdf_expand(int hash, byte* key, nuint keyCount, byte* info, nuint infoCount, byte* output, nuint count);

    [DllImport(Name)]
    internal static extern int nfdtls_begin(int algorithm, int parameter, byte* input, nuint count);

    [DllImport(Name)]
    internal static extern int nfdtls_poll(int handle);

    [DllImport(Name)]
    internal static extern int nfdtls_finish(int handle, byte* result, nuint room);
}

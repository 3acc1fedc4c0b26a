using System;
using System.Runtime.InteropServices;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>
/// The functions of libcrypto. Those that make something give zero, the others 1 where they succeed and 0 or less where they do not.
/// Those that take less than a microsecond are called without the runtime's transition, which a collection would wait for; those
/// that take bytes come a second time so, as Short, for few of them.
/// </summary>
internal static unsafe partial class NativeMethods
{
    /// <summary>So many bytes are few: less than a microsecond's work for a hash or a cipher.</summary>
    internal const int Few = 512;

    private const string Name = LibCrypto.Name;

    [LibraryImport(Name)]
    internal static partial IntPtr OpenSSL_version(int type);

    [LibraryImport(Name)]
    internal static partial void ERR_clear_error();

    [LibraryImport(Name)]
    internal static partial int RAND_bytes(byte* buffer, int count);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int SHA1_Init(void* state);

    [LibraryImport(Name)]
    internal static partial int SHA1_Update(void* state, byte* data, nuint count);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "SHA1_Update")]
    internal static partial int Short_SHA1_Update(void* state, byte* data, nuint count);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int SHA1_Final(byte* digest, void* state);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int SHA256_Init(void* state);

    [LibraryImport(Name)]
    internal static partial int SHA256_Update(void* state, byte* data, nuint count);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "SHA256_Update")]
    internal static partial int Short_SHA256_Update(void* state, byte* data, nuint count);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int SHA256_Final(byte* digest, void* state);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int SHA384_Init(void* state);

    [LibraryImport(Name)]
    internal static partial int SHA384_Update(void* state, byte* data, nuint count);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "SHA384_Update")]
    internal static partial int Short_SHA384_Update(void* state, byte* data, nuint count);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int SHA384_Final(byte* digest, void* state);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int SHA512_Init(void* state);

    [LibraryImport(Name)]
    internal static partial int SHA512_Update(void* state, byte* data, nuint count);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "SHA512_Update")]
    internal static partial int Short_SHA512_Update(void* state, byte* data, nuint count);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int SHA512_Final(byte* digest, void* state);

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_sha256();

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_sha384();

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_sha512();

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_CIPHER_fetch(IntPtr library, byte* name, IntPtr properties);

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_CIPHER_CTX_new();

    [LibraryImport(Name)]
    internal static partial void EVP_CIPHER_CTX_free(IntPtr context);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int EVP_CIPHER_CTX_ctrl(IntPtr context, int what, int number, void* bytes);

    [LibraryImport(Name)]
    internal static partial int EVP_CIPHER_CTX_set_padding(IntPtr context, int padding);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int EVP_CipherInit_ex(IntPtr context, IntPtr cipher, IntPtr engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(Name)]
    internal static partial int EVP_CipherUpdate(IntPtr context, byte* output, int* written, byte* input, int count);

    [SuppressGCTransition]
    [LibraryImport(Name, EntryPoint = "EVP_CipherUpdate")]
    internal static partial int Short_EVP_CipherUpdate(IntPtr context, byte* output, int* written, byte* input, int count);

    [SuppressGCTransition]
    [LibraryImport(Name)]
    internal static partial int EVP_CipherFinal_ex(IntPtr context, byte* output, int* written);

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_PKEY_CTX_new_from_name(IntPtr library, byte* name, IntPtr properties);

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_PKEY_CTX_new(IntPtr key, IntPtr engine);

    [LibraryImport(Name)]
    internal static partial void EVP_PKEY_CTX_free(IntPtr context);

    [LibraryImport(Name)]
    internal static partial void EVP_PKEY_free(IntPtr key);

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_PKEY_dup(IntPtr key);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_set1_encoded_public_key(IntPtr key, byte* point, nuint count);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_fromdata_init(IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_fromdata(IntPtr context, IntPtr* key, int selection, Parameter* parameters);

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_PKEY_new_raw_private_key(int type, IntPtr engine, byte* key, nuint count);

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_PKEY_new_raw_public_key(int type, IntPtr engine, byte* key, nuint count);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_get_raw_public_key(IntPtr key, byte* output, nuint* count);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_derive_init(IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_derive_set_peer(IntPtr context, IntPtr peer);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_derive(IntPtr context, byte* secret, nuint* count);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_sign_init(IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_sign(IntPtr context, byte* signature, nuint* count, byte* data, nuint dataCount);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_verify_init(IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_verify(IntPtr context, byte* signature, nuint count, byte* data, nuint dataCount);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_encrypt_init(IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_encrypt(IntPtr context, byte* output, nuint* count, byte* data, nuint dataCount);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_decrypt_init(IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_decrypt(IntPtr context, byte* output, nuint* count, byte* data, nuint dataCount);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_CTX_set_rsa_padding(IntPtr context, int padding);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_CTX_set_rsa_pss_saltlen(IntPtr context, int length);

    [LibraryImport(Name)]
    internal static partial int EVP_PKEY_CTX_set_signature_md(IntPtr context, IntPtr digest);

    [LibraryImport(Name)]
    internal static partial IntPtr EVP_MD_CTX_new();

    [LibraryImport(Name)]
    internal static partial void EVP_MD_CTX_free(IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EVP_DigestSignInit(IntPtr context, IntPtr* keyContext, IntPtr digest, IntPtr engine, IntPtr key);

    [LibraryImport(Name)]
    internal static partial int EVP_DigestSign(IntPtr context, byte* signature, nuint* count, byte* data, nuint dataCount);

    [LibraryImport(Name)]
    internal static partial int EVP_DigestVerifyInit(IntPtr context, IntPtr* keyContext, IntPtr digest, IntPtr engine, IntPtr key);

    [LibraryImport(Name)]
    internal static partial int EVP_DigestVerify(IntPtr context, byte* signature, nuint count, byte* data, nuint dataCount);

    [LibraryImport(Name)]
    internal static partial IntPtr EC_GROUP_new_by_curve_name(int curve);

    [LibraryImport(Name)]
    internal static partial IntPtr EC_POINT_new(IntPtr group);

    [LibraryImport(Name)]
    internal static partial void EC_POINT_clear_free(IntPtr point);

    [LibraryImport(Name)]
    internal static partial int EC_POINT_oct2point(IntPtr group, IntPtr point, byte* bytes, nuint count, IntPtr context);

    [LibraryImport(Name)]
    internal static partial nuint EC_POINT_point2oct(IntPtr group, IntPtr point, int form, byte* bytes, nuint count, IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EC_POINT_mul(IntPtr group, IntPtr result, IntPtr generatorScalar, IntPtr point, IntPtr scalar, IntPtr context);

    [LibraryImport(Name)]
    internal static partial int EC_POINT_is_at_infinity(IntPtr group, IntPtr point);

    [LibraryImport(Name)]
    internal static partial IntPtr EC_GROUP_get0_order(IntPtr group);

    [LibraryImport(Name)]
    internal static partial IntPtr BN_CTX_new();

    [LibraryImport(Name)]
    internal static partial void BN_CTX_free(IntPtr context);

    [LibraryImport(Name)]
    internal static partial IntPtr BN_new();

    [LibraryImport(Name)]
    internal static partial IntPtr BN_bin2bn(byte* bytes, int count, IntPtr number);

    [LibraryImport(Name)]
    internal static partial void BN_clear_free(IntPtr number);

    [LibraryImport(Name)]
    internal static partial void BN_set_flags(IntPtr number, int flags);

    [LibraryImport(Name)]
    internal static partial int BN_cmp(IntPtr a, IntPtr b);

    [LibraryImport(Name)]
    internal static partial int BN_is_zero(IntPtr number);

    [LibraryImport(Name)]
    internal static partial int BN_is_one(IntPtr number);

    [LibraryImport(Name)]
    internal static partial int BN_sub_word(IntPtr number, CULong word);

    [LibraryImport(Name)]
    internal static partial int BN_mul(IntPtr result, IntPtr a, IntPtr b, IntPtr context);

    [LibraryImport(Name)]
    internal static partial int BN_mod_mul(IntPtr result, IntPtr a, IntPtr b, IntPtr modulus, IntPtr context);

    [LibraryImport(Name)]
    internal static partial int BN_nnmod(IntPtr result, IntPtr a, IntPtr modulus, IntPtr context);
}

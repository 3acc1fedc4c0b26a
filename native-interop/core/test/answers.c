/* Known answers of the symmetric algorithms. */
#include "check.h"

#include <string.h>

static void hash(int32_t algorithm, const char *expected)
{
    uint8_t digest[64];
    int32_t handle = nfdtls_hash_new(algorithm);
    int32_t size = (int32_t)strlen(expected) / 2;
    CHECK(handle > 0);
    CHECK(nfdtls_hash_update(handle, (const uint8_t *)"ab", 2) == 0);
    CHECK(nfdtls_hash_peek(handle, digest, sizeof(digest)) == size);
    CHECK(nfdtls_hash_peek(handle, digest, (size_t)size - 1) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_hash_update(handle, (const uint8_t *)"c", 1) == 0);
    CHECK(nfdtls_hash_peek(handle, digest, (size_t)size) == size);
    CHECK_BYTES(expected, digest, (size_t)size);
    CHECK(nfdtls_hash_update(handle, (const uint8_t *)"d", 1) == 0);
    CHECK(nfdtls_hash_reset(handle) == 0);
    CHECK(nfdtls_hash_update(handle, (const uint8_t *)"abc", 3) == 0);
    CHECK(nfdtls_hash_update(handle, NULL, 0) == 0);
    CHECK(nfdtls_hash_update(handle, NULL, 1) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_hash_peek(handle, digest, sizeof(digest)) == size);
    CHECK_BYTES(expected, digest, (size_t)size);
    CHECK(nfdtls_free(handle) == 0);
}

static void hmac(int32_t algorithm, const char *expected)
{
    /* RFC 2202 and RFC 4231, the second case. */
    uint8_t mac[64];
    int32_t size = nfdtls_hmac(algorithm, (const uint8_t *)"Jefe", 4, (const uint8_t *)"what do ya want for nothing?", 28, mac, sizeof(mac));
    CHECK(size == (int32_t)strlen(expected) / 2);
    CHECK_BYTES(expected, mac, strlen(expected) / 2);
}

static void aead(int32_t algorithm, size_t tag, const char *key_hex, const char *nonce_hex, const char *aad_hex, const char *text, const char *sealed)
{
    uint8_t key[32];
    uint8_t nonce[12];
    uint8_t aad[32];
    uint8_t data[160];
    nf_hex(key_hex, key);
    nf_hex(nonce_hex, nonce);
    size_t aad_count = nf_hex(aad_hex, aad);
    size_t count = nf_hex(text, data);
    int32_t handle = nfdtls_aead_new(algorithm, key, sizeof(key), tag);
    CHECK(handle > 0);
    CHECK(nfdtls_aead_seal(handle, nonce, 12, aad, aad_count, data, count, sizeof(data)) == (int32_t)(count + tag));
    CHECK_BYTES(sealed, data, count + tag);
    CHECK(nfdtls_aead_open(handle, nonce, 12, aad, aad_count, data, count, count + tag) == (int32_t)count);
    CHECK_BYTES(text, data, count);
    CHECK(nfdtls_aead_seal(handle, nonce, 12, aad, aad_count, data, count, sizeof(data)) == (int32_t)(count + tag));
    data[count] ^= 1;
    CHECK(nfdtls_aead_open(handle, nonce, 12, aad, aad_count, data, count, sizeof(data)) == NFDTLS_E_FORGED);
    CHECK(nfdtls_free(handle) == 0);
}

/* What hides a sequence number: the answer of FIPS 197 or RFC 8439, and nothing but whole samples. */
static void mask(int32_t algorithm, const char *key_hex, const char *sample_hex, const char *expected)
{
    uint8_t key[32];
    uint8_t bytes[16];
    size_t length = nf_hex(key_hex, key);
    nf_hex(sample_hex, bytes);
    CHECK(nfdtls_aead_new(NFDTLS_MASK + algorithm, key, length - 1, 16) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_new(NFDTLS_MASK + algorithm, key, length, 8) == NFDTLS_E_ARGUMENT);
    int32_t handle = nfdtls_aead_new(NFDTLS_MASK + algorithm, key, length, 16);
    CHECK(handle > 0);
    CHECK(nfdtls_supports(NFDTLS_MASK + algorithm) == 1);
    CHECK(nfdtls_aead_seal(handle, bytes, 16, bytes, 15, bytes, 0, 16) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_seal(handle, bytes, 16, bytes, 16, bytes, 0, 15) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_seal(handle, bytes, 16, bytes, 16, bytes, 0, 16) == 16);
    CHECK_BYTES(expected, bytes, 16);
    CHECK(nfdtls_aead_open(handle, bytes, 16, bytes, 16, bytes, 0, 16) == NFDTLS_E_FORGED);
    CHECK(nfdtls_free(handle) == 0);
}

static void cbc(void)
{
    /* SP 800-38A F.2.1: with encrypt-then-MAC the first blocks are plain CBC. */
    uint8_t keys[48] = {0};
    uint8_t iv[16];
    uint8_t header[13] = {0};
    uint8_t data[112];
    nf_hex("2b7e151628aed2a6abf7158809cf4f3c", keys + 32);
    nf_hex("000102030405060708090a0b0c0d0e0f", iv);
    nf_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51", data);
    int32_t handle = nfdtls_cbc_new(NFDTLS_AES128_CBC_HMAC_SHA256, keys, sizeof(keys), 1);
    CHECK(nfdtls_cbc_seal(handle, header, 13, iv, 16, data, 32, sizeof(data)) == 48 + 32);
    CHECK_BYTES("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2", data, 32);
    CHECK(nfdtls_cbc_open(handle, header, 13, iv, 16, data, 80) == 32);
    CHECK_BYTES("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51", data, 32);
    CHECK(nfdtls_free(handle) == 0);
}

static void prf_and_hkdf(void)
{
    uint8_t secret[22];
    uint8_t seed[32];
    uint8_t output[100];
    nf_hex("9bbe436ba940f017b17652849a71db35", secret);
    size_t count = nf_hex("74657374206c6162656ca0ba9f936cda311827a6f796ffd5198c", seed);
    CHECK(nfdtls_prf(NFDTLS_SHA256, secret, 16, seed, count, output, 100) == 0);
    CHECK_BYTES(
        "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
        "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
        output, 100);

    /* RFC 5869 A.1, from the extracted key on. */
    uint8_t key[32];
    uint8_t info[10];
    memset(secret, 0x0B, sizeof(secret));
    nf_hex("000102030405060708090a0b0c", seed);
    CHECK(nfdtls_hmac(NFDTLS_SHA256, seed, 13, secret, 22, key, sizeof(key)) == 32);
    nf_hex("f0f1f2f3f4f5f6f7f8f9", info);
    CHECK(nfdtls_hkdf_expand(NFDTLS_SHA256, key, 32, info, 10, output, 42) == 0);
    CHECK_BYTES("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865", output, 42);
    CHECK(nfdtls_hkdf_expand(NFDTLS_SHA256, key, 31, info, 10, output, 42) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_hkdf_expand(NFDTLS_SHA256, key, 32, info, 10, output, 255 * 32 + 1) == NFDTLS_E_ARGUMENT);
}

void test_answers(void)
{
    hash(NFDTLS_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d");
    hash(NFDTLS_SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash(NFDTLS_SHA384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
    hash(
        NFDTLS_SHA512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    hmac(NFDTLS_SHA1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    hmac(NFDTLS_SHA256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    hmac(NFDTLS_SHA384, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
    hmac(
        NFDTLS_SHA512,
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");

    /* SP 800-38C's third example, the GCM specification, RFC 8439. */
    aead(
        NFDTLS_AES128_CCM, 8, "404142434445464748494a4b4c4d4e4f", "101112131415161718191a1b", "000102030405060708090a0b0c0d0e0f10111213",
        "202122232425262728292a2b2c2d2e2f3031323334353637", "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951");
    aead(
        NFDTLS_AES128_GCM, 16, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221"
        "a5db94fae95ae7121a47");
    if (nfdtls_supports(NFDTLS_CHACHA20_POLY1305)) {
        aead(
            NFDTLS_CHACHA20_POLY1305, 16, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "070000004041424344454647",
            "50515253c0c1c2c3c4c5c6c7",
            "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c"
            "79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692dd"
            "bd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691");
    }
    mask(NFDTLS_AES128_CCM, "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a");
    mask(NFDTLS_AES128_GCM, "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a");
    mask(
        NFDTLS_AES256_GCM, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "00112233445566778899aabbccddeeff",
        "8ea2b7ca516745bfeafc49904b496089");
    if (nfdtls_supports(NFDTLS_MASK + NFDTLS_CHACHA20_POLY1305)) {
        mask(
            NFDTLS_CHACHA20_POLY1305, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "01000000000000090000004a00000000",
            "10f1e7e4d13b5915500fdd1fa32071c4");
    }
    CHECK(nfdtls_aead_new(NFDTLS_MASK + 0x15, (const uint8_t *)"", 0, 16) == NFDTLS_E_UNSUPPORTED);
    CHECK(nfdtls_supports(NFDTLS_MASK) == 0);
    cbc();
    prf_and_hkdf();
}

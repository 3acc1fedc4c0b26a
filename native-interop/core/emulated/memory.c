/* How much heap a context takes, and how much heap and stack each operation needs. Runs on the emulated boards. */
#include "check.h"
#include "keys.h"
#include "memory.h"

#include "mbedtls/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAINTED 24576U
#define PAINT 0xA5

static size_t used;
static size_t peak;

/* Each block says before itself how long it is. */
static void *allocate(size_t number, size_t size)
{
    size_t count = number * size;
    uint64_t *block = calloc(1, count + sizeof(uint64_t));
    if (block == NULL) {
        return NULL;
    }
    *block = count;
    used += count;
    peak = used > peak ? used : peak;
    return block + 1;
}

static void release(void *bytes)
{
    if (bytes != NULL) {
        uint64_t *block = (uint64_t *)bytes - 1;
        used -= (size_t)*block;
        free(block);
    }
}

/* Nothing interrupts here, so what is below the stack pointer stays as it was left. */
static volatile uint8_t *bottom;

static __attribute__((noinline)) void paint(void)
{
    bottom = (volatile uint8_t *)__builtin_frame_address(0) - 64 - PAINTED;
    for (size_t i = 0; i < PAINTED; i++) {
        bottom[i] = PAINT;
    }
}

/* Bytes of stack used since it was painted. */
static __attribute__((noinline)) size_t touched(void)
{
    size_t i = 0;
    while (i < PAINTED && bottom[i] == PAINT) {
        i++;
    }
    return PAINTED - i;
}

static nf_input input;
static uint8_t result[1300];
static uint8_t record[1300];

static void operate(const char *name, int32_t algorithm, int32_t parameter)
{
    size_t before = used;
    peak = used;
    paint();
    int32_t outcome = nf_operate(algorithm, parameter, &input, result, sizeof(result));
    size_t stack = touched();
    CHECK(outcome >= 0);
    CHECK(used == before);
    printf("  %-28s %6u %6u\n", name, (unsigned)(peak - before), (unsigned)stack);
}

static void context(const char *name, int32_t handle, size_t before, size_t stack)
{
    CHECK(handle > 0);
    printf("  %-28s %6u %6u\n", name, (unsigned)(used - before), (unsigned)stack);
    nfdtls_free(handle);
    CHECK(used == before);
}

static void aead(const char *name, int32_t algorithm)
{
    uint8_t key[32] = {0};
    size_t before = used;
    int32_t handle = nfdtls_aead_new(algorithm, key, sizeof(key), 16);
    paint();
    CHECK(nfdtls_aead_seal(handle, key, 12, key, 13, record, 1200, sizeof(record)) == 1216);
    CHECK(nfdtls_aead_open(handle, key, 12, key, 13, record, 1200, sizeof(record)) == 1200);
    context(name, handle, before, touched());
}

static void cbc(const char *name, int32_t algorithm)
{
    uint8_t keys[64] = {0};
    uint8_t header[13] = {0};
    size_t before = used;
    int32_t handle = nfdtls_cbc_new(algorithm, keys, sizeof(keys), 0);
    paint();
    int32_t length = nfdtls_cbc_seal(handle, header, 13, keys, 16, record, 1200, sizeof(record));
    CHECK(nfdtls_cbc_open(handle, header, 13, keys, 16, record, (size_t)length) == 1200);
    context(name, handle, before, touched());
}

static void hash(const char *name, int32_t algorithm)
{
    size_t before = used;
    int32_t handle = nfdtls_hash_new(algorithm);
    paint();
    nfdtls_hash_update(handle, record, 1200);
    CHECK(nfdtls_hash_peek(handle, result, 64) > 0);
    context(name, handle, before, touched());
}

static void start(void)
{
    input.count = 0;
}

static void start_private(void)
{
    static const char *const parts[] = {RSA_N, RSA_E, RSA_D, RSA_P, RSA_Q, RSA_DP, RSA_DQ, RSA_QINV};
    start();
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        nf_add_hex(&input, parts[i]);
    }
}

static void curve(const char *generate, const char *agree, int32_t group)
{
    uint8_t pair[160];
    size_t secret = group == NFDTLS_SECP384R1 ? 48 : 32;
    size_t open = group == NFDTLS_X25519 ? 32 : 2 * secret + 1;
    start();
    operate(generate, NFDTLS_GENERATE + group, 0);
    memcpy(pair, result, secret + open);
    nf_add(&input, pair, secret);
    nf_add(&input, pair + secret, open);
    operate(agree, NFDTLS_AGREE + group, 0);
}

static void encapsulation(void)
{
    static uint8_t seed[64];
    static uint8_t cipher[1088];
    start();
    operate("ML-KEM-768: new key pair", NFDTLS_GENERATE + NFDTLS_MLKEM768, 0);
    memcpy(seed, result, sizeof(seed));
    nf_add(&input, result + sizeof(seed), 1184);
    operate("ML-KEM-768: encapsulation", NFDTLS_ENCAPSULATE + NFDTLS_MLKEM768, 0);
    memcpy(cipher, result + 32, sizeof(cipher));
    start();
    nf_add(&input, seed, sizeof(seed));
    nf_add(&input, cipher, sizeof(cipher));
    operate("ML-KEM-768: decapsulation", NFDTLS_AGREE + NFDTLS_MLKEM768, 0);
}

static void sign_and_verify(const char *sign, const char *verify, int32_t kind, const char *scalar, const char *point)
{
    uint8_t digest[32] = {1};
    int32_t scheme = (kind << 16) + NFDTLS_ECDSA_SHA256;
    start();
    nf_add_hex(&input, scalar);
    nf_add(&input, digest, 32);
    operate(sign, NFDTLS_SIGN + scheme, 0);
    size_t length = 2U + result[1];
    start();
    nf_add_hex(&input, point);
    nf_add(&input, digest, 32);
    nf_add(&input, result, length);
    operate(verify, NFDTLS_VERIFY + scheme, 0);
}

void measure_memory(void)
{
    uint8_t digest[32] = {1};
    uint8_t cipher[256];
    mbedtls_platform_set_calloc_free(allocate, release);
    nfdtls_reset();
    CHECK(nfdtls_random(result, 32) == 0);
    printf("  %-28s %6s %6s\n", "context", "heap", "stack");
    hash("SHA-1", NFDTLS_SHA1);
    hash("SHA-256", NFDTLS_SHA256);
    hash("SHA-384, SHA-512", NFDTLS_SHA512);
    aead("AES-128-CCM", NFDTLS_AES128_CCM);
    aead("AES-256-CCM", NFDTLS_AES256_CCM);
    aead("AES-128-GCM", NFDTLS_AES128_GCM);
    aead("ChaCha20-Poly1305", NFDTLS_CHACHA20_POLY1305);
    cbc("AES-128-CBC, HMAC-SHA-256", NFDTLS_AES128_CBC_HMAC_SHA256);
    printf("  %-28s %6s %6s\n", "call", "heap", "stack");
    size_t before = used;
    paint();
    CHECK(nfdtls_prf(NFDTLS_SHA384, record, 48, record, 77, result, 104) == 0);
    printf("  %-28s %6u %6u\n", "PRF with SHA-384", (unsigned)(used - before), (unsigned)touched());
    printf("  %-28s %6s %6s\n", "operation", "heap", "stack");
    curve("P-256: new key pair", "P-256: agreement", NFDTLS_SECP256R1);
    curve("P-384: new key pair", "P-384: agreement", NFDTLS_SECP384R1);
    curve("X25519: new key pair", "X25519: agreement", NFDTLS_X25519);
    encapsulation();
    start();
    sign_and_verify(
        "P-256: signature", "P-256: verification", NFDTLS_KEY_SECP256R1, "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
    sign_and_verify("P-384: signature", "P-384: verification", NFDTLS_KEY_SECP384R1, P384_SCALAR, P384_POINT);
    start_private();
    nf_add(&input, digest, 32);
    operate("RSA-2048: signature (PSS)", NFDTLS_SIGN + (NFDTLS_KEY_RSA << 16) + NFDTLS_RSA_PSS_SHA256, 0);
    memcpy(cipher, result, 256);
    start();
    nf_add_hex(&input, RSA_N);
    nf_add_hex(&input, RSA_E);
    nf_add(&input, digest, 32);
    nf_add(&input, cipher, 256);
    operate("RSA-2048: verification (PSS)", NFDTLS_VERIFY + (NFDTLS_KEY_RSA << 16) + NFDTLS_RSA_PSS_SHA256, 0);
    start_private();
    nf_add_hex(&input, RSA_CIPHER_OF_NFDTLS);
    operate("RSA-2048: decryption", NFDTLS_RSA_DECRYPT, 6);
    CHECK(nfdtls_query(NFDTLS_QUERY_USED) == 0);
    nfdtls_reset();
}

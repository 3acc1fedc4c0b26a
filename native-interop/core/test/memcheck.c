/*
 * Constant time, as far as a test can tell, of all that the core does with secrets: valgrind's memcheck takes keys, plaintexts and
 * private numbers for memory that was never written, and tells each branch and each index that depends on one. The core is compiled
 * as it is shipped, and the library under it is the system's.
 *
 * `memcheck own` tells what the core's own code does (mbedtls.supp hides what happens inside of mbedTLS): nothing may be left.
 * `memcheck all` looks into mbedTLS, too: what must hold there does, and of the rest it tells how often it does not.
 * decisions.supp names what is decided in the open: whether a record is genuine, and what a signature says.
 */
#include "keys.h"
#include "nfdtls.h"

#include <valgrind/memcheck.h>

#include <stdio.h>
#include <string.h>

#define HOLDS 1 /* no branch and no index, in mbedTLS neither */
#define OPEN 0  /* mbedTLS has some: told, not failed */

static int all;
static int failures;
static int cases;
static unsigned before;
static const char *current;

static void hide(void *bytes, size_t count)
{
    VALGRIND_MAKE_MEM_UNDEFINED(bytes, count);
}

static void show(const void *bytes, size_t count)
{
    VALGRIND_MAKE_MEM_DEFINED(bytes, count);
}

static void begin(const char *name)
{
    current = name;
    before = VALGRIND_COUNT_ERRORS;
}

static void end(int expected, int right)
{
    unsigned places = VALGRIND_COUNT_ERRORS - before;
    /* What is expected of mbedTLS is what 2.28 was seen to do. */
    int must = !all || (expected && nfdtls_query(NFDTLS_QUERY_MBEDTLS) >> 16 == 0x021C);
    int good = right && (!must || places == 0);
    cases++;
    failures += !good;
    printf("%-50s %s", current, places == 0 ? "holds" : must ? "DOES NOT HOLD" : "does not hold in mbedTLS");
    if (places > 0) {
        printf(" (%u times)", places);
    }
    printf("%s\n", right ? "" : ", and the result is WRONG");
}

static void fill(uint8_t *bytes, size_t count, unsigned seed)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(i * 37 + seed * 11 + (i >> 4));
    }
}

/* AES by the processor's instructions looks nothing up; mbedTLS's tables do. */
static int aes(void)
{
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul") ? HOLDS : OPEN;
}

static void aead(const char *name, int32_t algorithm, size_t tag, int expected)
{
    char text[64];
    uint8_t key[32];
    uint8_t nonce[12];
    uint8_t aad[13];
    uint8_t data[160];
    if (!nfdtls_supports(algorithm)) {
        return;
    }
    fill(key, sizeof(key), 1);
    fill(nonce, sizeof(nonce), 2);
    fill(aad, sizeof(aad), 3);
    fill(data, sizeof(data), 4);
    hide(key, sizeof(key));
    hide(data, 100);
    snprintf(text, sizeof(text), "%s, seal", name);
    begin(text);
    int32_t handle = nfdtls_aead_new(algorithm, key, sizeof(key), tag);
    int32_t length = nfdtls_aead_seal(handle, nonce, 12, aad, 13, data, 100, sizeof(data));
    end(expected, length == (int32_t)(100 + tag));
    show(data, sizeof(data));

    /* What goes over the wire is known to all; what it decrypts to is not. */
    snprintf(text, sizeof(text), "%s, open", name);
    begin(text);
    length = nfdtls_aead_open(handle, nonce, 12, aad, 13, data, 100, sizeof(data));
    end(expected, length == 100);
    show(data, sizeof(data));
    snprintf(text, sizeof(text), "%s, open a forged record", name);
    fill(data, sizeof(data), 4);
    begin(text);
    length = nfdtls_aead_open(handle, nonce, 12, aad, 13, data, 100, sizeof(data));
    end(expected, length == NFDTLS_E_FORGED);
    nfdtls_free(handle);
}

static void mask(const char *name, int32_t algorithm, int expected)
{
    uint8_t key[32];
    uint8_t nonce[12] = {0};
    uint8_t sample[16];
    uint8_t out[16];
    if (!nfdtls_supports(NFDTLS_MASK + algorithm)) {
        return;
    }
    fill(key, sizeof(key), 5);
    fill(sample, sizeof(sample), 6);
    hide(key, sizeof(key));
    begin(name);
    int32_t handle = nfdtls_aead_new(NFDTLS_MASK + algorithm, key, sizeof(key), 16);
    int32_t length = nfdtls_aead_seal(handle, nonce, 12, sample, 16, out, 0, 16);
    end(expected, length == 16);
    nfdtls_free(handle);
}

/* A record of CBC: good, with a wrong MAC, with wrong padding. What is wrong must not show, where the MAC is encrypted. */
static void cbc(const char *name, int32_t algorithm, int32_t encrypt_then_mac, int expected)
{
    static const char *const kinds[] = {"open", "open a wrong MAC", "open wrong padding"};
    char text[64];
    uint8_t keys[64];
    uint8_t header[13];
    uint8_t iv[16];
    uint8_t data[256];
    if (!nfdtls_supports(algorithm)) {
        return;
    }
    fill(keys, sizeof(keys), 7);
    fill(iv, sizeof(iv), 8);
    for (int kind = 0; kind < 3; kind++) {
        show(keys, sizeof(keys));
        fill(data, sizeof(data), 9);
        fill(header, sizeof(header), 10);
        hide(keys, sizeof(keys));
        hide(data, 100);
        snprintf(text, sizeof(text), "%s, seal", name);
        begin(text);
        int32_t handle = nfdtls_cbc_new(algorithm, keys, sizeof(keys), encrypt_then_mac);
        int32_t length = nfdtls_cbc_seal(handle, header, 13, iv, 16, data, 100, sizeof(data));
        if (kind == 0) {
            end(expected, length > 100);
        }
        show(data, sizeof(data));
        show(header, sizeof(header));
        show(&length, sizeof(length));
        data[kind == 1 ? 50 : (size_t)length - 17] ^= (uint8_t)(kind == 0 ? 0 : 1);
        snprintf(text, sizeof(text), "%s, %s", name, kinds[kind]);
        begin(text);
        length = nfdtls_cbc_open(handle, header, 13, iv, 16, data, (size_t)length);
        show(&length, sizeof(length));
        end(expected, kind == 0 ? length == 100 : length == NFDTLS_E_FORGED);
        show(data, sizeof(data));
        show(header, sizeof(header));
        nfdtls_free(handle);
    }
}

static void hashes(const char *name, int32_t hash)
{
    char text[64];
    uint8_t secret[48];
    uint8_t seed[77];
    uint8_t out[100];
    if (!nfdtls_supports(hash)) {
        return;
    }
    fill(secret, sizeof(secret), 11);
    fill(seed, sizeof(seed), 12);
    hide(secret, sizeof(secret));
    snprintf(text, sizeof(text), "%s", name);
    begin(text);
    int32_t handle = nfdtls_hash_new(hash);
    nfdtls_hash_update(handle, secret, sizeof(secret));
    int32_t length = nfdtls_hash_peek(handle, out, sizeof(out));
    end(HOLDS, length >= 20);
    nfdtls_free(handle);
    snprintf(text, sizeof(text), "HMAC-%s", name);
    begin(text);
    length = nfdtls_hmac(hash, secret, sizeof(secret), seed, sizeof(seed), out, sizeof(out));
    end(HOLDS, length >= 20);
    if (nfdtls_supports(NFDTLS_PRF + hash)) {
        snprintf(text, sizeof(text), "PRF of TLS 1.2, %s", name);
        begin(text);
        length = nfdtls_prf(hash, secret, sizeof(secret), seed, sizeof(seed), out, sizeof(out));
        end(HOLDS, length >= 0);
    }
    if (nfdtls_supports(NFDTLS_HKDF + hash)) {
        snprintf(text, sizeof(text), "HKDF-Expand, %s", name);
        begin(text);
        length = nfdtls_hkdf_expand(hash, secret, sizeof(secret), seed, sizeof(seed), out, sizeof(out));
        end(HOLDS, length >= 0);
    }
}

/* --- operations: fields of which some are secret --- */

static struct {
    uint8_t bytes[4096];
    size_t count;
} input;

static void add(const uint8_t *bytes, size_t count, int secret)
{
    input.bytes[input.count++] = (uint8_t)(count >> 8);
    input.bytes[input.count++] = (uint8_t)count;
    memcpy(input.bytes + input.count, bytes, count);
    if (secret) {
        hide(input.bytes + input.count, count);
    }
    input.count += count;
}

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static void add_hex(const char *text, int secret)
{
    static uint8_t bytes[1024];
    size_t count = 0;
    for (; text[0] != 0; text += 2) {
        bytes[count++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
    }
    add(bytes, count, secret);
}

static uint8_t result[600];

static int32_t operate(int32_t algorithm, int32_t parameter)
{
    int32_t handle = nfdtls_begin(algorithm, parameter, input.bytes, input.count);
    if (handle < 0) {
        return handle;
    }
    while (nfdtls_poll(handle) == NFDTLS_PENDING) {
    }
    int32_t length = nfdtls_finish(handle, result, sizeof(result));
    show(&length, sizeof(length));
    show(result, sizeof(result));
    show(input.bytes, sizeof(input.bytes));
    return length;
}

static void agree(const char *name, int32_t group, size_t secret)
{
    uint8_t pair[208];
    if (!nfdtls_supports(NFDTLS_AGREE + group)) {
        return;
    }
    input.count = 0;
    int32_t length = operate(NFDTLS_GENERATE + group, 0);
    memcpy(pair, result, sizeof(pair));
    add(pair, secret, 1);
    add(pair + secret, (size_t)length - secret, 0);
    begin(name);
    length = operate(NFDTLS_AGREE + group, 0);
    end(OPEN, length == (int32_t)secret);
}

static void sign(const char *name, int32_t kind, int32_t scheme, size_t hash)
{
    uint8_t digest[48];
    int32_t algorithm = NFDTLS_SIGN + (kind << 16) + scheme;
    if (!nfdtls_supports(algorithm)) {
        return;
    }
    fill(digest, sizeof(digest), 13);
    input.count = 0;
    if (kind == NFDTLS_KEY_RSA) {
        const char *const parts[] = {RSA_N, RSA_E, RSA_D, RSA_P, RSA_Q, RSA_DP, RSA_DQ, RSA_QINV};
        for (int i = 0; i < 8; i++) {
            add_hex(parts[i], i >= 2);
        }
    } else {
        uint8_t scalar[48];
        fill(scalar, sizeof(scalar), 14);
        add(scalar, kind == NFDTLS_KEY_SECP384R1 ? 48 : 32, 1);
    }
    add(digest, hash, 0);
    begin(name);
    int32_t length = operate(algorithm, 0);
    end(OPEN, length > 60);
}

static void decrypt(const char *name, int wrong)
{
    const char *const parts[] = {RSA_N, RSA_E, RSA_D, RSA_P, RSA_Q, RSA_DP, RSA_DQ, RSA_QINV};
    if (!nfdtls_supports(NFDTLS_RSA_DECRYPT)) {
        return;
    }
    input.count = 0;
    for (int i = 0; i < 8; i++) {
        add_hex(parts[i], i >= 2);
    }
    add_hex(RSA_CIPHER_OF_NFDTLS, 0);
    input.bytes[input.count - 1] ^= (uint8_t)wrong;
    begin(name);
    int32_t length = operate(NFDTLS_RSA_DECRYPT, 6);
    end(OPEN, length == 6 && (memcmp(result, "NfDtls", 6) == 0) == !wrong);
}

/* That the tool tells a branch at all: without it every line above would say that all is well. */
static int is_watching(void)
{
    volatile uint8_t secret = 3;
    before = VALGRIND_COUNT_ERRORS;
    hide((void *)&secret, 1);
    if (secret == 5) {
        puts("this cannot be");
    }
    return VALGRIND_COUNT_ERRORS > before;
}

int main(int count, char **arguments)
{
    all = count > 1 && strcmp(arguments[1], "all") == 0;
    if (!is_watching()) {
        puts("not under valgrind's memcheck: nothing is watched");
        return 2;
    }
    aead("AES-128-CCM-8", NFDTLS_AES128_CCM, 8, aes());
    aead("AES-256-CCM", NFDTLS_AES256_CCM, 16, aes());
    aead("AES-128-GCM", NFDTLS_AES128_GCM, 16, aes());
    aead("ChaCha20-Poly1305", NFDTLS_CHACHA20_POLY1305, 16, HOLDS);
    mask("mask of AES-128", NFDTLS_AES128_CCM, aes());
    mask("mask of ChaCha20", NFDTLS_CHACHA20_POLY1305, HOLDS);
    cbc("CBC, SHA-1", NFDTLS_AES128_CBC_HMAC_SHA1, 0, aes());
    cbc("CBC, SHA-256", NFDTLS_AES128_CBC_HMAC_SHA256, 0, aes());
    cbc("CBC, SHA-256, encrypt-then-MAC", NFDTLS_AES128_CBC_HMAC_SHA256, 1, aes());
    hashes("SHA-1", NFDTLS_SHA1);
    hashes("SHA-256", NFDTLS_SHA256);
    hashes("SHA-384", NFDTLS_SHA384);
    agree("ECDH, secp256r1", NFDTLS_SECP256R1, 32);
    agree("ECDH, secp384r1", NFDTLS_SECP384R1, 48);
    agree("X25519", NFDTLS_X25519, 32);
    sign("ECDSA, secp256r1", NFDTLS_KEY_SECP256R1, NFDTLS_ECDSA_SHA256, 32);
    sign("ECDSA, secp384r1", NFDTLS_KEY_SECP384R1, NFDTLS_ECDSA_SHA384, 48);
    sign("RSA, PKCS #1 v1.5", NFDTLS_KEY_RSA, NFDTLS_RSA_PKCS1_SHA256, 32);
    sign("RSA, PSS", NFDTLS_KEY_RSA, NFDTLS_RSA_PSS_SHA256, 32);
    decrypt("RSA decryption", 0);
    decrypt("RSA decryption, wrong padding", 1);
    nfdtls_reset();
    printf("%d of %d as they should be, %s\n", cases - failures, cases, all ? "with mbedTLS" : "our own code");
    return failures == 0 ? 0 : 1;
}

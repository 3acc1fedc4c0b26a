/* The drivers against the model: what they give must be what mbedTLS gives, and the core must not tell the difference. */
#include "model.h"

#include <nfdtls.h>
#include <nfdtls_engine.h>

#include <mbedtls/aes.h>
#include <mbedtls/md.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned checks;
static unsigned failures;
static unsigned held;

#define CHECK(what) check(what, #what, __LINE__)

static void check(int good, const char *what, int line)
{
    checks++;
    if (!good) {
        failures++;
        printf("main.c:%d: %s\n", line, what);
    }
}

/* The platform's lock, which the drivers must pair. */
void nfdtls_platform_lock(void);
void nfdtls_platform_unlock(void);
bool nfdtls_engine_take(uint32_t clock);
void nfdtls_engine_give(void);

void nfdtls_platform_lock(void)
{
    held++;
}

void nfdtls_platform_unlock(void)
{
    held--;
}

static uint32_t seed = 1;

static void fill(uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525U + 1013904223U;
        bytes[i] = (uint8_t)(seed >> 24);
    }
}

static void cbc(size_t key_length, size_t count, int encrypt)
{
    uint8_t key[32], iv[16], chain[16], data[1024], expected[1024];
    mbedtls_aes_context aes;
    fill(key, sizeof(key));
    fill(iv, sizeof(iv));
    fill(data, count);
    memcpy(chain, iv, 16);
    mbedtls_aes_init(&aes);
    if (encrypt) {
        mbedtls_aes_setkey_enc(&aes, key, 8 * (unsigned)key_length);
    } else {
        mbedtls_aes_setkey_dec(&aes, key, 8 * (unsigned)key_length);
    }
    mbedtls_aes_crypt_cbc(&aes, encrypt ? MBEDTLS_AES_ENCRYPT : MBEDTLS_AES_DECRYPT, count, iv, data, expected);
    mbedtls_aes_free(&aes);
    CHECK(nfdtls_engine_cbc(key, key_length, encrypt, chain, data, data, count) == NFDTLS_ENGINE_DONE);
    CHECK(memcmp(data, expected, count) == 0 && memcmp(chain, iv, 16) == 0);
    CHECK(model_key_is_zero());
}

static void ctr(size_t key_length, size_t count)
{
    uint8_t key[32], iv[16], counter[16], stream[16], data[1024], expected[1024];
    size_t offset = 0;
    mbedtls_aes_context aes;
    fill(key, sizeof(key));
    fill(iv, sizeof(iv));
    iv[12] &= 0x7F;
    fill(data, count);
    memcpy(counter, iv, 16);
    mbedtls_aes_init(&aes);
    mbedtls_aes_setkey_enc(&aes, key, 8 * (unsigned)key_length);
    mbedtls_aes_crypt_ctr(&aes, count, &offset, iv, stream, data, expected);
    mbedtls_aes_free(&aes);
    CHECK(nfdtls_engine_ctr(key, key_length, counter, data, data, count) == NFDTLS_ENGINE_DONE);
    CHECK(memcmp(data, expected, count) == 0 && memcmp(counter, iv, 16) == 0);
    CHECK(model_key_is_zero());
}

static void hmac(int32_t hash, size_t key_count, size_t count)
{
    uint8_t key[200], data[600], mac[32], expected[32];
    size_t size = hash == NFDTLS_SHA1 ? 20 : 32;
    fill(key, key_count);
    fill(data, count);
    mbedtls_md_hmac(mbedtls_md_info_from_type(hash == NFDTLS_SHA1 ? MBEDTLS_MD_SHA1 : MBEDTLS_MD_SHA256), key, key_count, data, count, expected);
    for (size_t cut = 0; cut <= count; cut += count / 7 + 1) {
        const nfdtls_part parts[] = {{data, cut}, {data + cut, count - cut}};
        CHECK(nfdtls_engine_hmac(hash, key, key_count, parts, 2, mac) == NFDTLS_ENGINE_DONE);
        CHECK(memcmp(mac, expected, size) == 0);
    }
}

static void drivers(void)
{
    for (size_t key = 16; key <= 32; key += 16) {
        for (size_t count = 16; count <= 256; count += 16) {
            cbc(key, count, 1);
            cbc(key, count, 0);
        }
        for (size_t count = 1; count <= 70; count++) {
            ctr(key, count);
        }
        ctr(key, 1000);
    }
    for (size_t key = 1; key <= 200; key += 9) {
        hmac(NFDTLS_SHA1, key, 1 + key * 3);
        hmac(NFDTLS_SHA256, key, 1 + key % 9);
    }
    hmac(NFDTLS_SHA256, 64, 599);
    hmac(NFDTLS_SHA256, 65, 64);
}

/* Answers that send the core to software, with nothing changed. */
static void refusals(void)
{
    uint8_t key[32] = {1}, iv[16] = {2}, data[32] = {3}, mac[32];
    uint8_t before[16];
    const nfdtls_part part = {data, sizeof(data)};
    const nfdtls_part nothing = {data, 0};
    memcpy(before, iv, 16);
    CHECK(nfdtls_engine_cbc(key, 24, 1, iv, data, data, 16) == NFDTLS_ENGINE_BUSY);
    CHECK(nfdtls_engine_cbc(key, 16, 1, iv, data, data, 17) == NFDTLS_ENGINE_BUSY);
    CHECK(nfdtls_engine_cbc(key, 16, 1, iv, data, data, 0) == NFDTLS_ENGINE_BUSY);
    memset(iv + 12, 0xFF, 4);
    CHECK(nfdtls_engine_ctr(key, 16, iv, data, data, 17) == NFDTLS_ENGINE_BUSY);
    memset(iv + 12, 0, 4);
    CHECK(nfdtls_engine_hmac(NFDTLS_SHA384, key, 32, &part, 1, mac) == NFDTLS_ENGINE_BUSY);
    CHECK(nfdtls_engine_hmac(NFDTLS_SHA256, key, 0, &part, 1, mac) == NFDTLS_ENGINE_BUSY);
    CHECK(nfdtls_engine_hmac(NFDTLS_SHA256, key, 32, &nothing, 1, mac) == NFDTLS_ENGINE_BUSY);

    CHECK(nfdtls_engine_take(0));
    CHECK(nfdtls_engine_cbc(key, 16, 1, iv, data, data, 16) == NFDTLS_ENGINE_BUSY);
    CHECK(nfdtls_engine_ctr(key, 16, iv, data, data, 16) == NFDTLS_ENGINE_BUSY);
    CHECK(nfdtls_engine_hmac(NFDTLS_SHA256, key, 32, &part, 1, mac) == NFDTLS_ENGINE_BUSY);
    nfdtls_engine_give();

    model_foreign = 1;
    CHECK(nfdtls_engine_cbc(key, 16, 0, iv, data, data, 16) == NFDTLS_ENGINE_BUSY);
    CHECK(nfdtls_engine_hmac(NFDTLS_SHA1, key, 20, &part, 1, mac) == NFDTLS_ENGINE_BUSY);
    model_foreign = 0;
    CHECK(data[0] == 3 && data[1] == 0 && held == 0 && model_faults == 0);

    /* An engine that hangs does not hang the firmware, and is given back. */
    model_delay = UINT32_MAX;
    CHECK(nfdtls_engine_cbc(key, 16, 1, iv, data, data, 16) == NFDTLS_ENGINE_FAILED);
    CHECK(nfdtls_engine_hmac(NFDTLS_SHA1, key, 20, &part, 1, mac) == NFDTLS_ENGINE_BUSY);
    CHECK(model_key_is_zero());
    model_reset();
    memcpy(iv, before, 16);
    CHECK(nfdtls_engine_cbc(key, 16, 1, iv, data, data, 16) == NFDTLS_ENGINE_DONE);
}

/* A record of the core by the engine and, because that is taken, by software: the same bytes, and each opens the other's. */
static void core_aead(int32_t algorithm)
{
    uint8_t key[32], nonce[12], aad[13], text[300], hard[316], soft[316];
    fill(key, sizeof(key));
    fill(nonce, sizeof(nonce));
    fill(aad, sizeof(aad));
    fill(text, sizeof(text));
    int32_t handle = nfdtls_aead_new(algorithm, key, sizeof(key), 8);
    memcpy(hard, text, sizeof(text));
    memcpy(soft, text, sizeof(text));
    unsigned blocks = model_blocks;
    CHECK(nfdtls_aead_seal(handle, nonce, 12, aad, 13, hard, sizeof(text), sizeof(hard)) == 308);
    CHECK(model_blocks > blocks + 30);
    blocks = model_blocks;
    CHECK(nfdtls_engine_take(0));
    CHECK(nfdtls_aead_seal(handle, nonce, 12, aad, 13, soft, sizeof(text), sizeof(soft)) == 308);
    CHECK(model_blocks == blocks && memcmp(hard, soft, 308) == 0);
    CHECK(nfdtls_aead_open(handle, nonce, 12, aad, 13, hard, sizeof(text), sizeof(hard)) == 300);
    nfdtls_engine_give();
    CHECK(nfdtls_aead_open(handle, nonce, 12, aad, 13, soft, sizeof(text), sizeof(soft)) == 300);
    CHECK(memcmp(hard, text, 300) == 0 && memcmp(soft, text, 300) == 0);
    nfdtls_free(handle);
}

static void core_cbc(int32_t algorithm, int32_t encrypt_then_mac)
{
    uint8_t keys[64], header[13], iv[16], text[200], hard[300], soft[300];
    fill(keys, sizeof(keys));
    fill(header, sizeof(header));
    fill(iv, sizeof(iv));
    fill(text, sizeof(text));
    memcpy(hard, text, sizeof(text));
    memcpy(soft, text, sizeof(text));
    int32_t handle = nfdtls_cbc_new(algorithm, keys, sizeof(keys), encrypt_then_mac);
    unsigned digests = model_digests;
    int32_t count = nfdtls_cbc_seal(handle, header, 13, iv, 16, hard, sizeof(text), sizeof(hard));
    CHECK(count > 200 && model_digests > digests);
    CHECK(nfdtls_engine_take(0));
    CHECK(nfdtls_cbc_seal(handle, header, 13, iv, 16, soft, sizeof(text), sizeof(soft)) == count);
    CHECK(memcmp(hard, soft, (size_t)count) == 0);
    nfdtls_engine_give();
    CHECK(nfdtls_cbc_open(handle, header, 13, iv, 16, hard, (size_t)count) == 200);
    CHECK(memcmp(hard, text, 200) == 0);
    soft[20] ^= 1;
    CHECK(nfdtls_cbc_open(handle, header, 13, iv, 16, soft, (size_t)count) == NFDTLS_E_FORGED);
    nfdtls_free(handle);
}

static void core(void)
{
    static const uint8_t data[] = "what do ya want for nothing?";
    uint8_t mac[32];
    nfdtls_init(NULL);
    core_aead(NFDTLS_AES128_CCM);
    core_aead(NFDTLS_AES256_CCM);
    for (int32_t order = 0; order <= 1; order++) {
        core_cbc(NFDTLS_AES128_CBC_HMAC_SHA1, order);
        core_cbc(NFDTLS_AES128_CBC_HMAC_SHA256, order);
        core_cbc(NFDTLS_AES256_CBC_HMAC_SHA256, order);
    }
    unsigned digests = model_digests;
    CHECK(nfdtls_hmac(NFDTLS_SHA256, (const uint8_t *)"Jefe", 4, data, 28, mac, 32) == 32);
    CHECK(model_digests == digests + 1 && mac[0] == 0x5B && mac[31] == 0x43);
}

int main(void)
{
    model_reset();
    drivers();
    CHECK(model_faults == 0);
    refusals();
    core();
    CHECK(model_faults == 0 && held == 0);
    printf("%u checks, %u failed\n", checks, failures);
    return failures == 0 ? 0 : 1;
}

/* Records of every length, right and forged, and how much work they cost. */
#include "check.h"
#include "hash.h"
#include "hidden.h"

#include "mbedtls/aes.h"
#include "mbedtls/ccm.h"

#include <string.h>

#define LONG_RECORD (2 * NFDTLS_SCRATCH + 40)

static uint8_t record[LONG_RECORD + 64];
static uint8_t copy[LONG_RECORD + 64];

static void ccm_length(int32_t handle, mbedtls_ccm_context *reference, size_t tag, size_t aad_count, size_t count)
{
    static uint8_t aad[300];
    uint8_t nonce[12];
    nf_pattern(nonce, 12, (unsigned)count);
    nf_pattern(aad, sizeof(aad), 3);
    nf_pattern(record, count, 1);
    nf_pattern(copy, count, 1);
    CHECK(mbedtls_ccm_encrypt_and_tag(reference, count, nonce, 12, aad, aad_count, copy, copy, copy + count, tag) == 0);
    CHECK(nfdtls_aead_seal(handle, nonce, 12, aad, aad_count, record, count, count + tag) == (int32_t)(count + tag));
    CHECK(memcmp(record, copy, count + tag) == 0);
    CHECK(nfdtls_aead_open(handle, nonce, 12, aad, aad_count, record, count, count + tag) == (int32_t)count);
    nf_pattern(copy, count, 1);
    CHECK(memcmp(record, copy, count) == 0);
}

static void ccm(void)
{
    uint8_t key[32];
    nf_pattern(key, sizeof(key), 9);
    mbedtls_ccm_context reference;
    mbedtls_ccm_init(&reference);
    CHECK(mbedtls_ccm_setkey(&reference, MBEDTLS_CIPHER_ID_AES, key, 256) == 0);
    for (size_t tag = 0; tag <= 18; tag++) {
        int32_t handle = nfdtls_aead_new(NFDTLS_AES256_CCM, key, sizeof(key), tag);
        if (tag < 4 || tag > 16 || tag % 2 != 0) {
            CHECK(handle == NFDTLS_E_ARGUMENT);
            continue;
        }
        for (size_t count = 0; count < 70; count++) {
            ccm_length(handle, &reference, tag, count % 40, count);
        }
        /* Lengths about what scratch holds, with either part of the record the longer. */
        for (size_t count = NFDTLS_SCRATCH - 70; count < NFDTLS_SCRATCH + 20; count++) {
            ccm_length(handle, &reference, tag, 13, count);
        }
        ccm_length(handle, &reference, tag, 300, LONG_RECORD);
        CHECK(nfdtls_free(handle) == 0);
    }
    mbedtls_ccm_free(&reference);
}

static void aead_arguments(void)
{
    uint8_t key[32] = {0};
    int32_t handle = nfdtls_aead_new(NFDTLS_AES128_CCM, key, sizeof(key), 8);
    CHECK(nfdtls_aead_new(NFDTLS_AES128_CCM, key, 15, 8) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_new(NFDTLS_AES128_CCM, NULL, 16, 8) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_new(0x15, key, 32, 16) == NFDTLS_E_UNSUPPORTED);
    CHECK(nfdtls_aead_seal(handle, key, 11, key, 13, record, 10, 18) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_seal(handle, key, 12, key, 13, record, 10, 17) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_seal(handle, key, 12, NULL, 13, record, 10, 18) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_seal(handle, key, 12, key, 0xFF00, record, 10, 18) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_seal(handle, key, 12, key, 0, record, 0x1000000, 0x2000000) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_open(handle, key, 12, key, 13, record, 10, 17) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_aead_open(handle, key, 12, key, 13, record, SIZE_MAX, SIZE_MAX) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_free(handle) == 0);
    static const size_t tags[] = {4, 12, 13, 16};
    for (size_t i = 0; i < 4; i++) {
        handle = nfdtls_aead_new(NFDTLS_AES256_GCM, key, sizeof(key), tags[i]);
        nf_pattern(record, 100, 1);
        nf_pattern(copy, 100, 1);
        CHECK(nfdtls_aead_seal(handle, key, 12, key, 5, record, 60, 76) == (int32_t)(60 + tags[i]));
        CHECK(nfdtls_aead_open(handle, key, 12, key, 5, record, 60, 60 + tags[i]) == 60);
        CHECK(memcmp(record, copy, 60) == 0);
        CHECK(nfdtls_free(handle) == 0);
    }
}

static void cbc_lengths(int32_t algorithm, int32_t order)
{
    uint8_t keys[64];
    uint8_t iv[16];
    uint8_t header[13];
    nf_pattern(keys, sizeof(keys), 2);
    nf_pattern(iv, sizeof(iv), 3);
    nf_pattern(header, sizeof(header), 4);
    int32_t handle = nfdtls_cbc_new(algorithm, keys, sizeof(keys), order);
    for (size_t count = 0; count < 300; count += 7) {
        nf_pattern(record, count, 1);
        int32_t length = nfdtls_cbc_seal(handle, header, 13, iv, 16, record, count, count + 48);
        CHECK(length > (int32_t)count);
        memcpy(copy, record, (size_t)length);
        CHECK(nfdtls_cbc_open(handle, header, 13, iv, 16, record, (size_t)length) == (int32_t)count);
        nf_pattern(record + count, count, 1);
        CHECK(memcmp(record, record + count, count) == 0);
        copy[(size_t)length - 1 - count % 16] ^= 1;
        CHECK(nfdtls_cbc_open(handle, header, 13, iv, 16, copy, (size_t)length) == NFDTLS_E_FORGED);
        for (int32_t i = 0; i < length; i++) {
            CHECK(copy[i] == 0);
        }
        CHECK(nfdtls_cbc_open(handle, header, 1, iv, 16, copy, (size_t)length) == NFDTLS_E_ARGUMENT);
        CHECK(nfdtls_cbc_open(handle, header, 13, iv, 15, copy, (size_t)length) == NFDTLS_E_ARGUMENT);
    }
    CHECK(nfdtls_cbc_seal(handle, header, 13, iv, 16, record, 100, 110) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_free(handle) == 0);
}

/* A record with a right MAC, made step by step, whose padding may be wrong in one place or lack altogether. */
static int32_t open_crafted(int32_t handle, const uint8_t *keys, size_t count, size_t padding, size_t wrong)
{
    uint8_t header[13] = {0};
    uint8_t iv[16] = {0};
    uint8_t input[13 + 64];
    mbedtls_aes_context aes;
    size_t total = count + 20 + padding;
    header[12] = (uint8_t)count;
    nf_pattern(record, count, 1);
    memcpy(input, header, 13);
    memcpy(input + 13, record, count);
    CHECK(nfdtls_hmac(NFDTLS_SHA1, keys, 20, input, 13 + count, record + count, 20) == 20);
    memset(record + count + 20, (int)padding - 1, padding);
    if (wrong < padding) {
        record[count + 20 + wrong] ^= 1;
    }
    mbedtls_aes_init(&aes);
    CHECK(mbedtls_aes_setkey_enc(&aes, keys + 20, 128) == 0);
    CHECK(mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, total, iv, record, record) == 0);
    mbedtls_aes_free(&aes);
    memset(iv, 0, sizeof(iv));
    return nfdtls_cbc_open(handle, header, 13, iv, 16, record, total);
}

static void padding(void)
{
    uint8_t keys[36];
    nf_pattern(keys, sizeof(keys), 2);
    int32_t handle = nfdtls_cbc_new(NFDTLS_AES128_CBC_HMAC_SHA1, keys, sizeof(keys), 0);
    for (size_t count = 0; count < 64; count++) {
        for (size_t length = 16 - (count + 20) % 16; length <= 256; length += 16) {
            CHECK(open_crafted(handle, keys, count, length, length) == (int32_t)count);
        }
        size_t least = 16 - (count + 20) % 16;
        for (size_t wrong = 0; wrong < least; wrong++) {
            CHECK(open_crafted(handle, keys, count, least, wrong) == NFDTLS_E_FORGED);
        }
    }
    /* Without padding the MAC's last byte stands in its place. */
    for (size_t count = 12; count < 64; count += 16) {
        CHECK(open_crafted(handle, keys, count, 0, 0) == NFDTLS_E_FORGED);
    }
    CHECK(nfdtls_free(handle) == 0);
}

/* The MAC over a hidden length is the MAC, and its work does not depend on the length. */
static void hidden(int32_t algorithm)
{
    static uint8_t data[700];
    uint8_t key[32];
    uint8_t header[21];
    uint8_t expected[32];
    uint8_t mac[32];
    size_t size = nf_hash_size(algorithm);
    nf_pattern(data, sizeof(data), 1);
    nf_pattern(key, sizeof(key), 2);
    nf_pattern(header, sizeof(header), 3);
    for (uint32_t most = 0; most < 600; most += 13) {
        uint32_t least = most < 256 ? 0 : most - 256;
        unsigned long work = 0;
        for (uint32_t length = least; length <= most; length += 3) {
            nf_hmac hmac;
            nf_hmac_begin(&hmac, algorithm, key, size);
            nf_hmac_start(&hmac);
            nf_hmac_update(&hmac, header, sizeof(header));
            nf_hmac_update(&hmac, data, length);
            nf_hmac_finish(&hmac, expected);
            nf_hmac_end(&hmac);
#if defined(NFDTLS_INSTRUMENTED)
            unsigned long before = nf_hidden_compressions;
#endif
            nf_hidden_hmac(algorithm, key, size, header, sizeof(header), data, least, most, length, mac);
            CHECK(memcmp(mac, expected, size) == 0);
#if defined(NFDTLS_INSTRUMENTED)
            work = work == 0 ? nf_hidden_compressions - before : work;
            CHECK(work == nf_hidden_compressions - before);
#endif
        }
        (void)work;
    }
}

void test_records(void)
{
    ccm();
    aead_arguments();
    for (int32_t order = 0; order < 2; order++) {
        cbc_lengths(NFDTLS_AES128_CBC_HMAC_SHA1, order);
        cbc_lengths(NFDTLS_AES128_CBC_HMAC_SHA256, order);
        cbc_lengths(NFDTLS_AES256_CBC_HMAC_SHA256, order);
    }
    padding();
    hidden(NFDTLS_SHA1);
    hidden(NFDTLS_SHA256);
}

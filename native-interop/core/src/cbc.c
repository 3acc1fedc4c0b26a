#include "bytes.h"
#include "compat.h"
#include "hash.h"
#include "hidden.h"
#include "table.h"

#include <string.h>

#if defined(NF_HAVE_CBC)

#include "mbedtls/aes.h"

#if defined(NFDTLS_ENGINE)
#include "nfdtls_engine.h"
#endif

#define BLOCK 16U
/* A record's length field has 16 bits, and with encrypt-then-MAC counts the IV. */
#define LONGEST (0xFFFFU - BLOCK)
#define MAC_MAX 32

typedef struct {
    int32_t hash;
    size_t mac_length;
    size_t key_length;
    int encrypt_then_mac;
    int direction; /* for which the cipher's key was scheduled last; a direction's keys hardly ever need both */
    uint8_t mac_key[MAC_MAX];
    uint8_t key[32];
    mbedtls_aes_context aes;
} nf_cbc;

void nf_cbc_destroy(void *context)
{
    nf_cbc *cbc = context;
    mbedtls_aes_free(&cbc->aes);
    nf_release(cbc, sizeof(*cbc));
}

static int set_direction(nf_cbc *cbc, int direction)
{
    unsigned bits = 8 * (unsigned)cbc->key_length;
    if (cbc->direction == direction) {
        return 0;
    }
    int error = direction == MBEDTLS_AES_ENCRYPT ? mbedtls_aes_setkey_enc(&cbc->aes, cbc->key, bits)
                                                 : mbedtls_aes_setkey_dec(&cbc->aes, cbc->key, bits);
    cbc->direction = error == 0 ? direction : -1;
    return error;
}

int32_t nfdtls_cbc_new(int32_t algorithm, const uint8_t *keys, size_t available, int32_t encrypt_then_mac)
{
    int32_t hash = algorithm == NFDTLS_AES128_CBC_HMAC_SHA1 ? NFDTLS_SHA1 : NFDTLS_SHA256;
    size_t mac_length = nf_hash_size(hash);
    size_t key_length = algorithm == NFDTLS_AES256_CBC_HMAC_SHA256 ? 32 : 16;
    if (algorithm < NFDTLS_AES128_CBC_HMAC_SHA1 || algorithm > NFDTLS_AES256_CBC_HMAC_SHA256 || mac_length == 0) {
        return NFDTLS_E_UNSUPPORTED;
    }
    if (keys == NULL || available < mac_length + key_length) {
        return NFDTLS_E_ARGUMENT;
    }
    nf_cbc *cbc = nf_allocate(sizeof(nf_cbc));
    if (cbc == NULL) {
        return NFDTLS_E_MEMORY;
    }
    cbc->hash = hash;
    cbc->mac_length = mac_length;
    cbc->key_length = key_length;
    cbc->encrypt_then_mac = encrypt_then_mac != 0;
    cbc->direction = -1;
    memcpy(cbc->mac_key, keys, mac_length);
    memcpy(cbc->key, keys + mac_length, key_length);
    mbedtls_aes_init(&cbc->aes);
    int32_t handle = nf_table_add(NF_CBC, cbc);
    if (handle < 0) {
        nf_cbc_destroy(cbc);
    }
    return handle;
}

static void write_length(uint8_t *header, size_t header_count, size_t length)
{
    header[header_count - 2] = (uint8_t)(length >> 8);
    header[header_count - 1] = (uint8_t)length;
}

static int compute_mac(const nf_cbc *cbc, const uint8_t *header, size_t header_count, const uint8_t *iv, const uint8_t *data, size_t count, uint8_t *mac)
{
#if defined(NFDTLS_ENGINE)
    const nfdtls_part parts[] = {{header, header_count}, {iv, iv != NULL ? BLOCK : 0}, {data, count}};
    int state = nfdtls_engine_hmac(cbc->hash, cbc->mac_key, cbc->mac_length, parts, 3, mac);
    if (state != NFDTLS_ENGINE_BUSY) {
        return state;
    }
#endif
    nf_hmac hmac;
    int error = nf_hmac_begin(&hmac, cbc->hash, cbc->mac_key, cbc->mac_length);
    error |= nf_hmac_start(&hmac);
    error |= nf_hmac_update(&hmac, header, header_count);
    if (iv != NULL) {
        error |= nf_hmac_update(&hmac, iv, BLOCK);
    }
    error |= nf_hmac_update(&hmac, data, count);
    error |= nf_hmac_finish(&hmac, mac);
    nf_hmac_end(&hmac);
    return error;
}

static int crypt(nf_cbc *cbc, int direction, const uint8_t *iv, uint8_t *data, size_t count)
{
    uint8_t chain[BLOCK];
    memcpy(chain, iv, BLOCK);
#if defined(NFDTLS_ENGINE)
    int state = nfdtls_engine_cbc(cbc->key, cbc->key_length, direction == MBEDTLS_AES_ENCRYPT, chain, data, data, count);
    if (state != NFDTLS_ENGINE_BUSY) {
        return state;
    }
#endif
    int error = set_direction(cbc, direction);
    if (error == 0) {
        error = mbedtls_aes_crypt_cbc(&cbc->aes, direction, count, chain, data, data);
    }
    return error;
}

static size_t pad(uint8_t *data, size_t count)
{
    size_t padding = BLOCK - 1 - count % BLOCK;
    memset(data + count, (int)padding, padding + 1);
    return count + padding + 1;
}

int32_t nfdtls_cbc_seal(
    int32_t handle, uint8_t *header, size_t header_count, const uint8_t *iv, size_t iv_available, uint8_t *data, size_t count, size_t room)
{
    nf_cbc *cbc = nf_table_get(handle, NF_CBC);
    if (cbc == NULL) {
        return NFDTLS_E_HANDLE;
    }
    if (header == NULL || header_count < 2 || iv == NULL || iv_available < BLOCK || data == NULL || count > LONGEST - BLOCK - MAC_MAX) {
        return NFDTLS_E_ARGUMENT;
    }
    size_t inside = cbc->encrypt_then_mac ? 0 : cbc->mac_length;
    size_t body = (count + inside) / BLOCK * BLOCK + BLOCK;
    size_t total = body + (cbc->encrypt_then_mac ? cbc->mac_length : 0);
    if (room < total) {
        return NFDTLS_E_ARGUMENT;
    }

    int error = 0;
    if (cbc->encrypt_then_mac) {
        write_length(header, header_count, BLOCK + body);
        pad(data, count);
        error |= crypt(cbc, MBEDTLS_AES_ENCRYPT, iv, data, body);
        error |= compute_mac(cbc, header, header_count, iv, data, body, data + body);
    } else {
        write_length(header, header_count, count);
        error |= compute_mac(cbc, header, header_count, NULL, data, count, data + count);
        pad(data, count + inside);
        error |= crypt(cbc, MBEDTLS_AES_ENCRYPT, iv, data, body);
    }
    if (error != 0) {
        nf_zero(data, total);
        return NFDTLS_E_INTERNAL;
    }
    return (int32_t)total;
}

/* Bytes of padding with the byte that counts them, or 0 if they are wrong; the first bytes, reserved, cannot be padding. */
static uint32_t padding_length(const uint8_t *data, uint32_t count, uint32_t reserved)
{
    uint32_t padding = data[count - 1];
    uint32_t possible = count - reserved;
    uint32_t wrong = nf_mask_less(possible - 1, padding);
    uint32_t checked = possible < 256 ? possible : 256;
    for (uint32_t i = 1; i < checked; i++) {
        wrong |= (data[count - 1 - i] ^ padding) & nf_mask_less(i, padding + 1);
    }
    return (padding + 1) & nf_mask_zero(wrong);
}

/*
 * Neither a branch nor an index nor an amount of work depends on the plaintext: a record with bad padding is treated as one
 * with none, every byte that could be the MAC is read, and the MAC is computed over every block that could be the last.
 */
static uint32_t open_mac_then_encrypt(const nf_cbc *cbc, uint8_t *header, size_t header_count, const uint8_t *data, uint32_t count, uint32_t *genuine)
{
    uint8_t expected[MAC_MAX];
    uint8_t found[MAC_MAX] = {0};
    uint32_t mac_length = (uint32_t)cbc->mac_length;
    uint32_t padding = padding_length(data, count, mac_length);
    uint32_t most = count - mac_length;
    uint32_t least = most < 256 ? 0 : most - 256;
    uint32_t length = most - padding;
    write_length(header, header_count, length);
    nf_hidden_hmac(cbc->hash, cbc->mac_key, mac_length, header, header_count, data, least, most, length, expected);
    for (uint32_t start = least; start <= most; start++) {
        uint32_t here = nf_mask_zero(start ^ length);
        for (uint32_t i = 0; i < mac_length; i++) {
            found[i] |= (uint8_t)(data[start + i] & here);
        }
    }
    *genuine = nf_mask_equal(expected, found, mac_length) & nf_mask_nonzero(padding);
    nf_zero(expected, sizeof(expected));
    nf_zero(found, sizeof(found));
    return length;
}

int32_t nfdtls_cbc_open(
    int32_t handle, uint8_t *header, size_t header_count, const uint8_t *iv, size_t iv_available, uint8_t *data, size_t count)
{
    nf_cbc *cbc = nf_table_get(handle, NF_CBC);
    if (cbc == NULL) {
        return NFDTLS_E_HANDLE;
    }
    if (header == NULL || header_count < 2 || header_count > 0xFFFF || iv == NULL || iv_available < BLOCK || data == NULL) {
        return NFDTLS_E_ARGUMENT;
    }
    size_t outside = cbc->encrypt_then_mac ? cbc->mac_length : 0;
    size_t least = cbc->encrypt_then_mac ? BLOCK : cbc->mac_length + 1;
    if (count < outside + least || (count - outside) % BLOCK != 0 || count - outside > LONGEST) {
        return NFDTLS_E_FORGED;
    }

    uint32_t body = (uint32_t)(count - outside);
    uint32_t genuine;
    uint32_t length;
    int error;
    if (cbc->encrypt_then_mac) {
        uint8_t expected[MAC_MAX];
        write_length(header, header_count, BLOCK + body);
        error = compute_mac(cbc, header, header_count, iv, data, body, expected);
        genuine = nf_mask_equal(expected, data + body, cbc->mac_length);
        nf_zero(expected, sizeof(expected));
        if (genuine != 0 && error == 0) {
            error = crypt(cbc, MBEDTLS_AES_DECRYPT, iv, data, body);
        }
        uint32_t padding = padding_length(data, body, 0);
        length = body - padding;
        genuine &= nf_mask_nonzero(padding);
    } else {
        error = crypt(cbc, MBEDTLS_AES_DECRYPT, iv, data, body);
        length = open_mac_then_encrypt(cbc, header, header_count, data, body, &genuine);
    }
    if (error != 0 || genuine == 0) {
        nf_zero(data, count);
        return NFDTLS_E_FORGED;
    }
    return (int32_t)length;
}

int nf_cbc_supported(int32_t algorithm)
{
    int32_t hash = algorithm == NFDTLS_AES128_CBC_HMAC_SHA1 ? NFDTLS_SHA1 : NFDTLS_SHA256;
    return algorithm >= NFDTLS_AES128_CBC_HMAC_SHA1 && algorithm <= NFDTLS_AES256_CBC_HMAC_SHA256 && nf_hash_size(hash) > 0;
}

#else

/* No AES: nothing here is ever made, and every handle is unknown. */

void nf_cbc_destroy(void *context)
{
    (void)context;
}

int32_t nfdtls_cbc_new(int32_t algorithm, const uint8_t *keys, size_t available, int32_t encrypt_then_mac)
{
    (void)algorithm, (void)keys, (void)available, (void)encrypt_then_mac;
    return NFDTLS_E_UNSUPPORTED;
}

int32_t nfdtls_cbc_seal(
    int32_t handle, uint8_t *header, size_t header_count, const uint8_t *iv, size_t iv_available, uint8_t *data, size_t count, size_t room)
{
    (void)handle, (void)header, (void)header_count, (void)iv, (void)iv_available, (void)data, (void)count, (void)room;
    return NFDTLS_E_HANDLE;
}

int32_t nfdtls_cbc_open(
    int32_t handle, uint8_t *header, size_t header_count, const uint8_t *iv, size_t iv_available, uint8_t *data, size_t count)
{
    (void)handle, (void)header, (void)header_count, (void)iv, (void)iv_available, (void)data, (void)count;
    return NFDTLS_E_HANDLE;
}

int nf_cbc_supported(int32_t algorithm)
{
    (void)algorithm;
    return 0;
}

#endif

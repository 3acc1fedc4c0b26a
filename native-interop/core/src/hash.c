#include "hash.h"
#include "bytes.h"
#include "table.h"

#include <string.h>

#if defined(NFDTLS_ENGINE)
#include "nfdtls_engine.h"
#endif

size_t nf_hash_size(int32_t algorithm)
{
    switch (algorithm) {
#if defined(NF_HAVE_SHA1)
    case NFDTLS_SHA1: return 20;
#endif
#if defined(NF_HAVE_SHA256)
    case NFDTLS_SHA256: return 32;
#endif
#if defined(NF_HAVE_SHA384)
    case NFDTLS_SHA384: return 48;
#endif
#if defined(NF_HAVE_SHA512)
    case NFDTLS_SHA512: return 64;
#endif
    default: return 0;
    }
}

size_t nf_hash_block(int32_t algorithm)
{
    return algorithm >= NFDTLS_SHA384 ? 128 : 64;
}

void nf_hash_begin(nf_hash *hash, int32_t algorithm)
{
    hash->algorithm = algorithm;
    switch (algorithm) {
#if defined(NF_HAVE_SHA1)
    case NFDTLS_SHA1: mbedtls_sha1_init(&hash->state.sha1); break;
#endif
#if defined(NF_HAVE_SHA256)
    case NFDTLS_SHA256: mbedtls_sha256_init(&hash->state.sha256); break;
#endif
#if defined(NF_HAVE_LONG_SHA)
    default: mbedtls_sha512_init(&hash->state.sha512); break;
#else
    default: break;
#endif
    }
}

void nf_hash_end(nf_hash *hash)
{
    switch (hash->algorithm) {
#if defined(NF_HAVE_SHA1)
    case NFDTLS_SHA1: mbedtls_sha1_free(&hash->state.sha1); break;
#endif
#if defined(NF_HAVE_SHA256)
    case NFDTLS_SHA256: mbedtls_sha256_free(&hash->state.sha256); break;
#endif
#if defined(NF_HAVE_LONG_SHA)
    default: mbedtls_sha512_free(&hash->state.sha512); break;
#else
    default: break;
#endif
    }
}

int nf_hash_start(nf_hash *hash)
{
    switch (hash->algorithm) {
#if defined(NF_HAVE_SHA1)
    case NFDTLS_SHA1: return NF_SHA(sha1_starts)(&hash->state.sha1);
#endif
#if defined(NF_HAVE_SHA256)
    case NFDTLS_SHA256: return NF_SHA(sha256_starts)(&hash->state.sha256, 0);
#endif
#if defined(NF_HAVE_LONG_SHA)
    default: return NF_SHA(sha512_starts)(&hash->state.sha512, hash->algorithm == NFDTLS_SHA384);
#else
    default: return NFDTLS_E_UNSUPPORTED;
#endif
    }
}

int nf_hash_update(nf_hash *hash, const uint8_t *data, size_t count)
{
    if (count == 0) {
        return 0;
    }
    switch (hash->algorithm) {
#if defined(NF_HAVE_SHA1)
    case NFDTLS_SHA1: return NF_SHA(sha1_update)(&hash->state.sha1, data, count);
#endif
#if defined(NF_HAVE_SHA256)
    case NFDTLS_SHA256: return NF_SHA(sha256_update)(&hash->state.sha256, data, count);
#endif
#if defined(NF_HAVE_LONG_SHA)
    default: return NF_SHA(sha512_update)(&hash->state.sha512, data, count);
#else
    default: return NFDTLS_E_UNSUPPORTED;
#endif
    }
}

int nf_hash_finish(nf_hash *hash, uint8_t *digest)
{
    switch (hash->algorithm) {
#if defined(NF_HAVE_SHA1)
    case NFDTLS_SHA1: return NF_SHA(sha1_finish)(&hash->state.sha1, digest);
#endif
#if defined(NF_HAVE_SHA256)
    case NFDTLS_SHA256: return NF_SHA(sha256_finish)(&hash->state.sha256, digest);
#endif
#if defined(NF_HAVE_LONG_SHA)
    default: {
        /* 2.28 writes 64 bytes for SHA-384, too. */
        uint8_t whole[NF_HASH_MAX];
        int error = NF_SHA(sha512_finish)(&hash->state.sha512, whole);
        memcpy(digest, whole, hash->algorithm == NFDTLS_SHA384 ? 48 : 64);
        nf_zero(whole, sizeof(whole));
        return error;
    }
#else
    default: return NFDTLS_E_UNSUPPORTED;
#endif
    }
}

void nf_hash_clone(nf_hash *to, const nf_hash *from)
{
    switch (from->algorithm) {
#if defined(NF_HAVE_SHA1)
    case NFDTLS_SHA1: mbedtls_sha1_clone(&to->state.sha1, &from->state.sha1); break;
#endif
#if defined(NF_HAVE_SHA256)
    case NFDTLS_SHA256: mbedtls_sha256_clone(&to->state.sha256, &from->state.sha256); break;
#endif
#if defined(NF_HAVE_LONG_SHA)
    default: mbedtls_sha512_clone(&to->state.sha512, &from->state.sha512); break;
#else
    default: break;
#endif
    }
}

int nf_hmac_begin(nf_hmac *hmac, int32_t algorithm, const uint8_t *key, size_t count)
{
    uint8_t block[NF_BLOCK_MAX] = {0};
    size_t length = nf_hash_block(algorithm);
    int error = 0;
    nf_hash_begin(&hmac->inner, algorithm);
    nf_hash_begin(&hmac->outer, algorithm);
    nf_hash_begin(&hmac->work, algorithm);
    if (count > length) {
        error = nf_hash_start(&hmac->inner);
        error |= nf_hash_update(&hmac->inner, key, count);
        error |= nf_hash_finish(&hmac->inner, block);
    } else {
        nf_copy(block, key, count);
    }

    for (size_t i = 0; i < length; i++) {
        block[i] ^= 0x36;
    }
    error |= nf_hash_start(&hmac->inner);
    error |= nf_hash_update(&hmac->inner, block, length);
    for (size_t i = 0; i < length; i++) {
        block[i] ^= 0x36 ^ 0x5C;
    }
    error |= nf_hash_start(&hmac->outer);
    error |= nf_hash_update(&hmac->outer, block, length);
    nf_zero(block, sizeof(block));
    return error;
}

void nf_hmac_end(nf_hmac *hmac)
{
    nf_hash_end(&hmac->inner);
    nf_hash_end(&hmac->outer);
    nf_hash_end(&hmac->work);
}

int nf_hmac_start(nf_hmac *hmac)
{
    nf_hash_clone(&hmac->work, &hmac->inner);
    return 0;
}

int nf_hmac_update(nf_hmac *hmac, const uint8_t *data, size_t count)
{
    return nf_hash_update(&hmac->work, data, count);
}

int nf_hmac_finish(nf_hmac *hmac, uint8_t *mac)
{
    int error = nf_hash_finish(&hmac->work, mac);
    nf_hash_clone(&hmac->work, &hmac->outer);
    error |= nf_hash_update(&hmac->work, mac, nf_hash_size(hmac->work.algorithm));
    error |= nf_hash_finish(&hmac->work, mac);
    return error;
}

/* Exported: hashes. */

int32_t nfdtls_hash_new(int32_t algorithm)
{
    if (nf_hash_size(algorithm) == 0) {
        return NFDTLS_E_UNSUPPORTED;
    }
    nf_hash *hash = nf_allocate(sizeof(nf_hash));
    if (hash == NULL) {
        return NFDTLS_E_MEMORY;
    }
    nf_hash_begin(hash, algorithm);
    int32_t handle = nf_hash_start(hash) == 0 ? nf_table_add(NF_HASH, hash) : NFDTLS_E_INTERNAL;
    if (handle < 0) {
        nf_hash_destroy(hash);
    }
    return handle;
}

void nf_hash_destroy(void *context)
{
    nf_hash_end(context);
    nf_release(context, sizeof(nf_hash));
}

int32_t nfdtls_hash_update(int32_t handle, const uint8_t *data, size_t count)
{
    nf_hash *hash = nf_table_get(handle, NF_HASH);
    if (hash == NULL) {
        return NFDTLS_E_HANDLE;
    }
    if (data == NULL && count > 0) {
        return NFDTLS_E_ARGUMENT;
    }
    return nf_hash_update(hash, data, count) == 0 ? 0 : NFDTLS_E_INTERNAL;
}

int32_t nfdtls_hash_peek(int32_t handle, uint8_t *digest, size_t room)
{
    const nf_hash *hash = nf_table_get(handle, NF_HASH);
    if (hash == NULL) {
        return NFDTLS_E_HANDLE;
    }
    size_t size = nf_hash_size(hash->algorithm);
    if (digest == NULL || room < size) {
        return NFDTLS_E_ARGUMENT;
    }
    nf_hash copy;
    nf_hash_begin(&copy, hash->algorithm);
    nf_hash_clone(&copy, hash);
    int error = nf_hash_finish(&copy, digest);
    nf_hash_end(&copy);
    return error == 0 ? (int32_t)size : NFDTLS_E_INTERNAL;
}

int32_t nfdtls_hash_reset(int32_t handle)
{
    nf_hash *hash = nf_table_get(handle, NF_HASH);
    if (hash == NULL) {
        return NFDTLS_E_HANDLE;
    }
    return nf_hash_start(hash) == 0 ? 0 : NFDTLS_E_INTERNAL;
}

/* Exported: what is made of HMAC. */

int32_t nfdtls_hmac(int32_t algorithm, const uint8_t *key, size_t key_count, const uint8_t *data, size_t count, uint8_t *mac, size_t room)
{
    size_t size = nf_hash_size(algorithm);
    if (size == 0) {
        return NFDTLS_E_UNSUPPORTED;
    }
    if ((key == NULL && key_count > 0) || (data == NULL && count > 0) || mac == NULL || room < size) {
        return NFDTLS_E_ARGUMENT;
    }
#if defined(NFDTLS_ENGINE)
    const nfdtls_part part = {data, count};
    int state = nfdtls_engine_hmac(algorithm, key, key_count, &part, 1, mac);
    if (state != NFDTLS_ENGINE_BUSY) {
        return state == NFDTLS_ENGINE_DONE ? (int32_t)size : NFDTLS_E_INTERNAL;
    }
#endif
    nf_hmac hmac;
    int error = nf_hmac_begin(&hmac, algorithm, key, key_count);
    error |= nf_hmac_start(&hmac);
    error |= nf_hmac_update(&hmac, data, count);
    error |= nf_hmac_finish(&hmac, mac);
    nf_hmac_end(&hmac);
    return error == 0 ? (int32_t)size : NFDTLS_E_INTERNAL;
}

int32_t nfdtls_prf(
    int32_t algorithm, const uint8_t *secret, size_t secret_count, const uint8_t *seed, size_t seed_count, uint8_t *output, size_t count)
{
    size_t size = nf_hash_size(algorithm);
    if (size == 0) {
        return NFDTLS_E_UNSUPPORTED;
    }
    if ((secret == NULL && secret_count > 0) || (seed == NULL && seed_count > 0) || (output == NULL && count > 0)) {
        return NFDTLS_E_ARGUMENT;
    }
    nf_hmac hmac;
    uint8_t chain[NF_HASH_MAX];
    uint8_t block[NF_HASH_MAX];

    /* A(0) is the seed and A(i) the HMAC of A(i-1); the output is HMAC of A(i) and the seed, for i from 1 on. */
    int error = nf_hmac_begin(&hmac, algorithm, secret, secret_count);
    error |= nf_hmac_start(&hmac);
    error |= nf_hmac_update(&hmac, seed, seed_count);
    error |= nf_hmac_finish(&hmac, chain);
    while (count > 0 && error == 0) {
        size_t n = count < size ? count : size;
        error |= nf_hmac_start(&hmac);
        error |= nf_hmac_update(&hmac, chain, size);
        error |= nf_hmac_update(&hmac, seed, seed_count);
        error |= nf_hmac_finish(&hmac, block);
        memcpy(output, block, n);
        output += n;
        count -= n;
        error |= nf_hmac_start(&hmac);
        error |= nf_hmac_update(&hmac, chain, size);
        error |= nf_hmac_finish(&hmac, chain);
    }
    nf_hmac_end(&hmac);
    nf_zero(chain, sizeof(chain));
    nf_zero(block, sizeof(block));
    return error == 0 ? 0 : NFDTLS_E_INTERNAL;
}

int32_t nfdtls_hkdf_expand(
    int32_t algorithm, const uint8_t *key, size_t key_count, const uint8_t *info, size_t info_count, uint8_t *output, size_t count)
{
    size_t size = nf_hash_size(algorithm);
    if (size == 0) {
        return NFDTLS_E_UNSUPPORTED;
    }
    if (key == NULL || key_count < size || (info == NULL && info_count > 0) || (output == NULL && count > 0) || count > 255 * size) {
        return NFDTLS_E_ARGUMENT;
    }
    nf_hmac hmac;
    uint8_t block[NF_HASH_MAX];
    uint8_t number = 0;
    int error = nf_hmac_begin(&hmac, algorithm, key, key_count);
    while (count > 0 && error == 0) {
        size_t n = count < size ? count : size;
        error |= nf_hmac_start(&hmac);
        error |= nf_hmac_update(&hmac, block, number == 0 ? 0 : size);
        error |= nf_hmac_update(&hmac, info, info_count);
        number++;
        error |= nf_hmac_update(&hmac, &number, 1);
        error |= nf_hmac_finish(&hmac, block);
        memcpy(output, block, n);
        output += n;
        count -= n;
    }
    nf_hmac_end(&hmac);
    nf_zero(block, sizeof(block));
    return error == 0 ? 0 : NFDTLS_E_INTERNAL;
}

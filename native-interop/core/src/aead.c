#include "bytes.h"
#include "ccm.h"
#include "compat.h"
#include "number_mask.h"
#include "table.h"

#if defined(NF_HAVE_GCM)
#include "mbedtls/gcm.h"
#endif
#if defined(NF_HAVE_CHACHAPOLY)
#include "mbedtls/chachapoly.h"
#endif

#define NONCE 12U

typedef struct {
    int32_t algorithm;
    size_t size; /* bytes of this context: the union ends where the algorithm's member does */
    size_t tag_length;
    union {
        int none; /* keeps the union whole where nothing is configured */
#if defined(NF_HAVE_CCM)
        nf_aes aes;
#endif
#if defined(NF_HAVE_GCM)
        mbedtls_gcm_context gcm;
#endif
#if defined(NF_HAVE_CHACHAPOLY)
        mbedtls_chachapoly_context chachapoly;
#endif
        nf_number_mask mask;
    } cipher;
} nf_aead;

static size_t size_of(int32_t algorithm)
{
    switch (algorithm) {
#if defined(NF_HAVE_CCM)
    case NFDTLS_AES128_CCM:
    case NFDTLS_AES256_CCM: return offsetof(nf_aead, cipher) + sizeof(nf_aes);
#endif
#if defined(NF_HAVE_GCM)
    case NFDTLS_AES128_GCM:
    case NFDTLS_AES256_GCM: return offsetof(nf_aead, cipher) + sizeof(mbedtls_gcm_context);
#endif
#if defined(NF_HAVE_CHACHAPOLY)
    case NFDTLS_CHACHA20_POLY1305: return offsetof(nf_aead, cipher) + sizeof(mbedtls_chachapoly_context);
#endif
    default: return nf_number_mask_key(algorithm) > 0 ? offsetof(nf_aead, cipher) + sizeof(nf_number_mask) : 0;
    }
}

static int tag_fits(int32_t algorithm, size_t length)
{
    switch (algorithm) {
    case NFDTLS_AES128_CCM:
    case NFDTLS_AES256_CCM: return length >= 4 && length <= 16 && length % 2 == 0;
    case NFDTLS_AES128_GCM:
    case NFDTLS_AES256_GCM: return length >= 4 && length <= 16;
    default: return length == 16;
    }
}

static size_t key_length(int32_t algorithm)
{
    if (algorithm > NFDTLS_MASK) {
        return nf_number_mask_key(algorithm);
    }
    return algorithm == NFDTLS_AES128_CCM || algorithm == NFDTLS_AES128_GCM ? 16 : 32;
}

static int set_key(nf_aead *aead, const uint8_t *key)
{
    unsigned bits = 8 * (unsigned)key_length(aead->algorithm);
    switch (aead->algorithm) {
#if defined(NF_HAVE_CCM)
    case NFDTLS_AES128_CCM:
    case NFDTLS_AES256_CCM:
        return nf_aes_begin(&aead->cipher.aes, key, bits / 8);
#endif
#if defined(NF_HAVE_GCM)
    case NFDTLS_AES128_GCM:
    case NFDTLS_AES256_GCM:
        mbedtls_gcm_init(&aead->cipher.gcm);
        return mbedtls_gcm_setkey(&aead->cipher.gcm, MBEDTLS_CIPHER_ID_AES, key, bits);
#endif
#if defined(NF_HAVE_CHACHAPOLY)
    case NFDTLS_CHACHA20_POLY1305:
        mbedtls_chachapoly_init(&aead->cipher.chachapoly);
        return mbedtls_chachapoly_setkey(&aead->cipher.chachapoly, key);
#endif
    default: (void)bits; return nf_number_mask_begin(&aead->cipher.mask, aead->algorithm, key);
    }
}

void nf_aead_destroy(void *context)
{
    nf_aead *aead = context;
    switch (aead->algorithm) {
#if defined(NF_HAVE_CCM)
    case NFDTLS_AES128_CCM:
    case NFDTLS_AES256_CCM: nf_aes_end(&aead->cipher.aes); break;
#endif
#if defined(NF_HAVE_GCM)
    case NFDTLS_AES128_GCM:
    case NFDTLS_AES256_GCM: mbedtls_gcm_free(&aead->cipher.gcm); break;
#endif
#if defined(NF_HAVE_CHACHAPOLY)
    case NFDTLS_CHACHA20_POLY1305: mbedtls_chachapoly_free(&aead->cipher.chachapoly); break;
#endif
    default: nf_number_mask_end(&aead->cipher.mask, aead->algorithm); break;
    }
    nf_release(aead, aead->size);
}

int32_t nfdtls_aead_new(int32_t algorithm, const uint8_t *key, size_t available, size_t tag_length)
{
    size_t size = size_of(algorithm);
    if (size == 0) {
        return NFDTLS_E_UNSUPPORTED;
    }
    if (key == NULL || available < key_length(algorithm) || !tag_fits(algorithm, tag_length)) {
        return NFDTLS_E_ARGUMENT;
    }
    nf_aead *aead = nf_allocate(size);
    if (aead == NULL) {
        return NFDTLS_E_MEMORY;
    }
    aead->algorithm = algorithm;
    aead->size = size;
    aead->tag_length = tag_length;
    /* Of what can go wrong here, only memory can. */
    int32_t handle = set_key(aead, key) == 0 ? nf_table_add(NF_AEAD, aead) : NFDTLS_E_MEMORY;
    if (handle < 0) {
        nf_aead_destroy(aead);
    }
    return handle;
}

static int32_t check(
    const nf_aead *aead, const uint8_t *nonce, size_t nonce_available, const uint8_t *aad, size_t aad_count, const uint8_t *data, size_t count,
    size_t room)
{
    if (aead == NULL) {
        return NFDTLS_E_HANDLE;
    }
    if (nonce == NULL || nonce_available < NONCE || (aad == NULL && aad_count > 0) || data == NULL || count > INT32_MAX - 16) {
        return NFDTLS_E_ARGUMENT;
    }
    if (room < count || room - count < aead->tag_length) {
        return NFDTLS_E_ARGUMENT;
    }
    if (aead->algorithm > NFDTLS_MASK && (aad_count != NF_SAMPLE || count != 0)) {
        return NFDTLS_E_ARGUMENT;
    }
#if defined(NF_HAVE_CCM)
    if (aead->algorithm <= NFDTLS_AES256_CCM && !nf_ccm_fits(aad_count, count)) {
        return NFDTLS_E_ARGUMENT;
    }
#endif
    return 0;
}

int32_t nfdtls_aead_seal(
    int32_t handle, const uint8_t *nonce, size_t nonce_available, const uint8_t *aad, size_t aad_count, uint8_t *data, size_t count, size_t room)
{
    nf_aead *aead = nf_table_get(handle, NF_AEAD);
    int32_t error = check(aead, nonce, nonce_available, aad, aad_count, data, count, room);
    if (error != 0) {
        return error;
    }
    switch (aead->algorithm) {
#if defined(NF_HAVE_CCM)
    case NFDTLS_AES128_CCM:
    case NFDTLS_AES256_CCM:
        error = nf_ccm_seal(&aead->cipher.aes, aead->tag_length, nonce, aad, aad_count, data, count);
        break;
#endif
#if defined(NF_HAVE_GCM)
    case NFDTLS_AES128_GCM:
    case NFDTLS_AES256_GCM:
        error = mbedtls_gcm_crypt_and_tag(
            &aead->cipher.gcm, MBEDTLS_GCM_ENCRYPT, count, nonce, NONCE, aad, aad_count, data, data, aead->tag_length, data + count);
        break;
#endif
#if defined(NF_HAVE_CHACHAPOLY)
    case NFDTLS_CHACHA20_POLY1305:
        error = mbedtls_chachapoly_encrypt_and_tag(&aead->cipher.chachapoly, count, nonce, aad, aad_count, data, data, data + count);
        break;
#endif
    default: error = nf_number_mask_of(&aead->cipher.mask, aead->algorithm, aad, data); break;
    }
    if (error != 0) {
        /* A record that is half made must not go out, nor its text stay. */
        nf_zero(data, count + aead->tag_length);
        return NFDTLS_E_INTERNAL;
    }
    return (int32_t)(count + aead->tag_length);
}

int32_t nfdtls_aead_open(
    int32_t handle, const uint8_t *nonce, size_t nonce_available, const uint8_t *aad, size_t aad_count, uint8_t *data, size_t count, size_t room)
{
    nf_aead *aead = nf_table_get(handle, NF_AEAD);
    int32_t error = check(aead, nonce, nonce_available, aad, aad_count, data, count, room);
    if (error != 0) {
        return error;
    }
    uint32_t genuine = 0;
    switch (aead->algorithm) {
#if defined(NF_HAVE_CCM)
    case NFDTLS_AES128_CCM:
    case NFDTLS_AES256_CCM:
        error = nf_ccm_open(&aead->cipher.aes, aead->tag_length, nonce, aad, aad_count, data, count, &genuine);
        break;
#endif
#if defined(NF_HAVE_GCM)
    case NFDTLS_AES128_GCM:
    case NFDTLS_AES256_GCM:
        error = mbedtls_gcm_auth_decrypt(&aead->cipher.gcm, count, nonce, NONCE, aad, aad_count, data + count, aead->tag_length, data, data);
        genuine = error == 0 ? 1 : 0;
        break;
#endif
#if defined(NF_HAVE_CHACHAPOLY)
    case NFDTLS_CHACHA20_POLY1305:
        error = mbedtls_chachapoly_auth_decrypt(&aead->cipher.chachapoly, count, nonce, aad, aad_count, data + count, data, data);
        genuine = error == 0 ? 1 : 0;
        break;
#endif
    default: break;
    }
    if (error != 0 || genuine == 0) {
        nf_zero(data, count);
        return NFDTLS_E_FORGED;
    }
    return (int32_t)count;
}

int nf_aead_supported(int32_t algorithm)
{
    return size_of(algorithm) > 0;
}

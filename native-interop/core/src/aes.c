#include "aes.h"

#if defined(NF_HAVE_CBC)

#include "table.h"

#include <string.h>

#if defined(NFDTLS_ENGINE)
#include "nfdtls_engine.h"
#endif

int nf_aes_begin(nf_aes *aes, const uint8_t *key, size_t key_length)
{
#if defined(NFDTLS_ENGINE)
    memcpy(aes->key, key, key_length);
    aes->key_length = key_length;
#endif
    mbedtls_aes_init(&aes->software);
    return mbedtls_aes_setkey_enc(&aes->software, key, 8 * (unsigned)key_length);
}

void nf_aes_end(nf_aes *aes)
{
    mbedtls_aes_free(&aes->software);
    nf_zero(aes, sizeof(*aes));
}

int nf_aes_cbc(nf_aes *aes, uint8_t chain[16], const uint8_t *input, uint8_t *output, size_t count)
{
#if defined(NFDTLS_ENGINE)
    int state = nfdtls_engine_cbc(aes->key, aes->key_length, 1, chain, input, output, count);
    if (state != NFDTLS_ENGINE_BUSY) {
        return state;
    }
#endif
    return mbedtls_aes_crypt_cbc(&aes->software, MBEDTLS_AES_ENCRYPT, count, chain, input, output);
}

#if defined(MBEDTLS_CIPHER_MODE_CTR)
int nf_aes_ctr(nf_aes *aes, uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t count)
{
#if defined(NFDTLS_ENGINE)
    int state = nfdtls_engine_ctr(aes->key, aes->key_length, counter, input, output, count);
    if (state != NFDTLS_ENGINE_BUSY) {
        return state;
    }
#endif
    uint8_t stream[16];
    size_t offset = 0;
    int error = mbedtls_aes_crypt_ctr(&aes->software, count, &offset, counter, stream, input, output);
    nf_zero(stream, sizeof(stream));
    return error;
}
#endif

#endif

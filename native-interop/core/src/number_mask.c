#include "number_mask.h"

#include "table.h"

#include <string.h>

size_t nf_number_mask_key(int32_t algorithm)
{
    switch (algorithm) {
#if defined(NF_HAVE_CBC)
    case NFDTLS_MASK + NFDTLS_AES128_CCM:
    case NFDTLS_MASK + NFDTLS_AES128_GCM: return 16;
    case NFDTLS_MASK + NFDTLS_AES256_CCM:
    case NFDTLS_MASK + NFDTLS_AES256_GCM:
#endif
#if defined(NF_HAVE_CHACHA20)
    case NFDTLS_MASK + NFDTLS_CHACHA20_POLY1305:
#endif
#if defined(NF_HAVE_CBC) || defined(NF_HAVE_CHACHA20)
        return 32;
#endif
    default: return 0;
    }
}

int nf_number_mask_begin(nf_number_mask *mask, int32_t algorithm, const uint8_t *key)
{
#if defined(NF_HAVE_CHACHA20)
    if (algorithm == NFDTLS_MASK + NFDTLS_CHACHA20_POLY1305) {
        mbedtls_chacha20_init(&mask->chacha20);
        return mbedtls_chacha20_setkey(&mask->chacha20, key);
    }
#endif
#if defined(NF_HAVE_CBC)
    return nf_aes_begin(&mask->aes, key, nf_number_mask_key(algorithm));
#else
    (void)mask;
    (void)algorithm;
    (void)key;
    return NFDTLS_E_UNSUPPORTED;
#endif
}

void nf_number_mask_end(nf_number_mask *mask, int32_t algorithm)
{
#if defined(NF_HAVE_CHACHA20)
    if (algorithm == NFDTLS_MASK + NFDTLS_CHACHA20_POLY1305) {
        mbedtls_chacha20_free(&mask->chacha20);
        return;
    }
#endif
#if defined(NF_HAVE_CBC)
    nf_aes_end(&mask->aes);
#endif
    (void)mask;
    (void)algorithm;
}

int nf_number_mask_of(nf_number_mask *mask, int32_t algorithm, const uint8_t *sample, uint8_t *output)
{
    uint8_t block[NF_SAMPLE];
    int error = NFDTLS_E_UNSUPPORTED;
    memcpy(block, sample, NF_SAMPLE);
#if defined(NF_HAVE_CHACHA20)
    if (algorithm == NFDTLS_MASK + NFDTLS_CHACHA20_POLY1305) {
        /* The first 4 bytes are the block's number, the other 12 the nonce; the key stream shows in zeros. */
        uint32_t number = (uint32_t)block[0] | (uint32_t)block[1] << 8 | (uint32_t)block[2] << 16 | (uint32_t)block[3] << 24;
        error = mbedtls_chacha20_starts(&mask->chacha20, block + 4, number);
        memset(block, 0, NF_SAMPLE);
        if (error == 0) {
            error = mbedtls_chacha20_update(&mask->chacha20, NF_SAMPLE, block, output);
        }
        return error;
    }
#endif
#if defined(NF_HAVE_CBC)
    /* One block of a chain that begins with zeros is the plain block. */
    uint8_t chain[NF_SAMPLE] = {0};
    error = nf_aes_cbc(&mask->aes, chain, block, output, NF_SAMPLE);
    nf_zero(chain, sizeof(chain));
#endif
    (void)mask;
    (void)algorithm;
    (void)output;
    return error;
}

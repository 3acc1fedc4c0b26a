/* AES in CBC and CTR: by the chip's engine where there is one and it is free, else by mbedTLS. */
#ifndef NF_AES_H
#define NF_AES_H

#include "compat.h"

#if defined(NF_HAVE_CBC)

#include "mbedtls/aes.h"

#include <stddef.h>
#include <stdint.h>

/* A key for encryption. */
typedef struct {
    mbedtls_aes_context software;
#if defined(NFDTLS_ENGINE)
    size_t key_length;
    uint8_t key[32];
#endif
} nf_aes;

/* Pairs with nf_aes_end, also after an error. */
int nf_aes_begin(nf_aes *aes, const uint8_t *key, size_t key_length);
void nf_aes_end(nf_aes *aes);
/* CBC over whole blocks. */
int nf_aes_cbc(nf_aes *aes, uint8_t chain[16], const uint8_t *input, uint8_t *output, size_t count);
#if defined(MBEDTLS_CIPHER_MODE_CTR)
/* CTR from the beginning of a block; the counter goes on by the blocks begun. */
int nf_aes_ctr(nf_aes *aes, uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t count);
#endif

#endif
#endif

/* Masks that hide the sequence numbers of records (RFC 9147 section 4.2.3): a block of AES, or of ChaCha20. */
#ifndef NF_NUMBER_MASK_H
#define NF_NUMBER_MASK_H

#include "aes.h"
#include "nfdtls.h"

#if defined(NF_HAVE_CHACHA20)
#include "mbedtls/chacha20.h"
#endif

#define NF_SAMPLE 16U

typedef union {
    int none; /* keeps the union whole where nothing is configured */
#if defined(NF_HAVE_CBC)
    nf_aes aes;
#endif
#if defined(NF_HAVE_CHACHA20)
    mbedtls_chacha20_context chacha20;
#endif
} nf_number_mask;

/* Bytes of the key of an algorithm, NFDTLS_MASK included; 0 where this build lacks it, or it is no mask. */
size_t nf_number_mask_key(int32_t algorithm);
/* Of an algorithm that there is. Pairs with nf_number_mask_end, also after an error. */
int nf_number_mask_begin(nf_number_mask *mask, int32_t algorithm, const uint8_t *key);
void nf_number_mask_end(nf_number_mask *mask, int32_t algorithm);
/* The mask of a sample of NF_SAMPLE bytes, as many; they may be the same bytes. */
int nf_number_mask_of(nf_number_mask *mask, int32_t algorithm, const uint8_t *sample, uint8_t *output);

#endif

/* AES-CCM (RFC 3610, SP 800-38C) with nonces of 12 bytes, in as few calls to AES as can be. */
#ifndef NF_CCM_H
#define NF_CCM_H

#include "aes.h"
#include "compat.h"

#if defined(NF_HAVE_CCM)

#include <stddef.h>
#include <stdint.h>

/* Whether CCM can have such lengths. */
int nf_ccm_fits(size_t aad_count, size_t count);
/* Both return 0 or an error of mbedTLS; opening gives the tag that would be right, for the caller to compare. */
int nf_ccm_seal(
    nf_aes *key, size_t tag_length, const uint8_t *nonce, const uint8_t *aad, size_t aad_count, uint8_t *data, size_t count);
int nf_ccm_open(
    nf_aes *key, size_t tag_length, const uint8_t *nonce, const uint8_t *aad, size_t aad_count, uint8_t *data, size_t count,
    uint32_t *genuine);

#endif
#endif

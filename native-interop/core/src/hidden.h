/*
 * HMAC-SHA-1 and HMAC-SHA-256 over a text whose length is secret. Neither mbedTLS nor a chip's engine gives the state after
 * each block, so the compression functions stand here once more, for this alone.
 */
#ifndef NF_HIDDEN_H
#define NF_HIDDEN_H

#include <stddef.h>
#include <stdint.h>

/*
 * The MAC of header and the first length bytes of data. Work and memory touched follow from header_count, least and most
 * alone; least <= length <= most. The key has no more than 64 bytes, the hash is NFDTLS_SHA1 or NFDTLS_SHA256.
 */
void nf_hidden_hmac(
    int32_t hash, const uint8_t *key, size_t key_count, const uint8_t *header, size_t header_count, const uint8_t *data, uint32_t least,
    uint32_t most, uint32_t length, uint8_t *mac);

#if defined(NFDTLS_INSTRUMENTED)
/* Blocks compressed so far, for the test that counts them. */
extern unsigned long nf_hidden_compressions;
#endif

#endif

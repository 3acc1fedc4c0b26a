/*
 * Where a chip has engines that mbedTLS does not use: the core, built with NFDTLS_ENGINE, asks these functions first, which
 * the target then brings. Each answers NFDTLS_ENGINE_DONE; or NFDTLS_ENGINE_BUSY, having changed nothing, when the engine is
 * in use or cannot do this, and mbedTLS does it in software; or NFDTLS_ENGINE_FAILED when the output is spoilt. They may be
 * called by the CLR's thread and the worker at once.
 */
#ifndef NFDTLS_ENGINE_H
#define NFDTLS_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NFDTLS_ENGINE_DONE 0
#define NFDTLS_ENGINE_BUSY 1
#define NFDTLS_ENGINE_FAILED (-1)

/* AES-CBC over whole blocks; keys of 16 or 32 bytes. The chain is the IV, and afterwards the last block of ciphertext. */
int nfdtls_engine_cbc(
    const uint8_t *key, size_t key_length, int encrypt, uint8_t chain[16], const uint8_t *input, uint8_t *output, size_t count);

/* AES-CTR over any number of bytes; the counter is advanced by the blocks begun. */
int nfdtls_engine_ctr(const uint8_t *key, size_t key_length, uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t count);

typedef struct nfdtls_part {
    const uint8_t *bytes;
    size_t count;
} nfdtls_part;

/* HMAC over parts that stand behind one another; the hash is NFDTLS_SHA1, NFDTLS_SHA256, ... */
int nfdtls_engine_hmac(int32_t hash, const uint8_t *key, size_t key_count, const nfdtls_part *parts, unsigned number, uint8_t *mac);

#ifdef __cplusplus
}
#endif

#endif

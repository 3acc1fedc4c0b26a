/* SHA-1 and SHA-2 of mbedTLS (so of the chip, where there is an engine) under one name, and HMAC over them. */
#ifndef NF_HASH_H
#define NF_HASH_H

#include "compat.h"
#include "nfdtls.h"

#include "mbedtls/sha1.h"
#include "mbedtls/sha256.h"
#include "mbedtls/sha512.h"

#define NF_HASH_MAX 64  /* bytes of digest */
#define NF_BLOCK_MAX 128 /* bytes of block */

typedef struct {
    int32_t algorithm;
    union {
        int none; /* keeps the union whole where nothing is configured */
#if defined(NF_HAVE_SHA1)
        mbedtls_sha1_context sha1;
#endif
#if defined(NF_HAVE_SHA256)
        mbedtls_sha256_context sha256;
#endif
#if defined(NF_HAVE_LONG_SHA)
        mbedtls_sha512_context sha512;
#endif
    } state;
} nf_hash;

/* Bytes of digest; 0 where this build lacks the hash. */
size_t nf_hash_size(int32_t algorithm);
/* Bytes of block. */
size_t nf_hash_block(int32_t algorithm);

/* Prepares a hash of an algorithm that there is. Pairs with nf_hash_end, also after an error. */
void nf_hash_begin(nf_hash *hash, int32_t algorithm);
void nf_hash_end(nf_hash *hash);
/* Each returns 0, or an error of mbedTLS. */
int nf_hash_start(nf_hash *hash);
int nf_hash_update(nf_hash *hash, const uint8_t *data, size_t count);
int nf_hash_finish(nf_hash *hash, uint8_t *digest);
/* The destination was begun for the same algorithm. */
void nf_hash_clone(nf_hash *to, const nf_hash *from);

typedef struct {
    nf_hash inner; /* after the key's inner block */
    nf_hash outer;
    nf_hash work;
} nf_hmac;

/* Sets the key. Pairs with nf_hmac_end, also after an error. */
int nf_hmac_begin(nf_hmac *hmac, int32_t algorithm, const uint8_t *key, size_t count);
void nf_hmac_end(nf_hmac *hmac);
int nf_hmac_start(nf_hmac *hmac);
int nf_hmac_update(nf_hmac *hmac, const uint8_t *data, size_t count);
int nf_hmac_finish(nf_hmac *hmac, uint8_t *mac);

#endif

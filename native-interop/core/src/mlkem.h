/*
 * ML-KEM-768 (FIPS 203): a key encapsulation that quantum computers are not known to break. Portable C without a heap: all
 * that it needs beside some words of stack is the caller's workspace, which holds zeros when a call returns.
 *
 * No branch, no index and no amount of work depends on a secret; what is sampled until it fits is the public matrix alone. Nothing is divided,
 * since processors divide some numbers faster, and no multiplication is wider than 32 bits.
 */
#ifndef NF_MLKEM_H
#define NF_MLKEM_H

#include "keccak.h"

#define NF_MLKEM_SEED 64U      /* d and z, the private key: everything else comes of it again */
#define NF_MLKEM_PUBLIC 1184U  /* the encapsulation key */
#define NF_MLKEM_CIPHER 1088U
#define NF_MLKEM_SECRET 32U
#define NF_MLKEM_MESSAGE 32U   /* random bytes of an encapsulation */

#define NF_MLKEM_RANK 3U
#define NF_MLKEM_DEGREE 256U

typedef struct {
    uint16_t vector[NF_MLKEM_RANK][NF_MLKEM_DEGREE]; /* the secret, transformed */
    uint16_t sum[NF_MLKEM_DEGREE];
    uint16_t other[NF_MLKEM_DEGREE];
    nf_keccak sponge;
    uint8_t piece[320];              /* of a ciphertext: the longest that is made at a time */
    uint8_t bytes[96];               /* message, hashes, seeds */
    uint8_t key[NF_MLKEM_PUBLIC];    /* the own key, made again to decapsulate */
} nf_mlkem;

/* ML-KEM.KeyGen_internal: the encapsulation key of a seed. */
void nf_mlkem_public(nf_mlkem *self, const uint8_t *seed, uint8_t *key);
/* ML-KEM.Encaps_internal. Returns 0, or -1 for a key that is none (FIPS 203 section 7.2). */
int nf_mlkem_encapsulate(nf_mlkem *self, const uint8_t *key, const uint8_t *message, uint8_t *secret, uint8_t *cipher);
/* ML-KEM.Decaps_internal. A ciphertext that was not made for the key gives a secret that nobody else knows, in the same time. */
void nf_mlkem_decapsulate(nf_mlkem *self, const uint8_t *seed, const uint8_t *cipher, uint8_t *secret);

/* round(2^bits x / 3329) modulo 2^bits, for x below 3329 and at most 10 bits. */
uint32_t nf_mlkem_compress(uint32_t x, unsigned bits);

#endif

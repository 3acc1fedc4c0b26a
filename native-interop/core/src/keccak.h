/* SHA-3 and SHAKE (FIPS 202). mbedTLS 2.28 has neither. No table of secrets, no branch on them: the same time for all contents. */
#ifndef NF_KECCAK_H
#define NF_KECCAK_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that go in or out between two permutations. */
#define NF_SHAKE128_RATE 168U
#define NF_SHAKE256_RATE 136U
#define NF_SHA3_256_RATE 136U
#define NF_SHA3_512_RATE 72U
/* What follows the input's last bit. */
#define NF_SHA3_END 0x06U
#define NF_SHAKE_END 0x1FU

typedef struct {
    uint64_t lanes[25];
    unsigned rate;
    unsigned at; /* bytes of the rate that are used */
} nf_keccak;

void nf_keccak_begin(nf_keccak *self, unsigned rate);
void nf_keccak_absorb(nf_keccak *self, const uint8_t *bytes, size_t count);
/* After the last input and before the first output. */
void nf_keccak_turn(nf_keccak *self, uint8_t end);
/* Any number of bytes, in pieces of any size. */
void nf_keccak_squeeze(nf_keccak *self, uint8_t *bytes, size_t count);

#endif

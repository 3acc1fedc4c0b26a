#include "hidden.h"
#include "bytes.h"
#include "nfdtls.h"
#include "table.h"

#include <string.h>

#define BLOCK 64U

#if defined(NFDTLS_INSTRUMENTED)
unsigned long nf_hidden_compressions;
#endif

static const uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
static const uint32_t sha256_start[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint32_t sha1_start[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

typedef struct {
    int32_t hash;
    uint32_t words; /* of state */
    uint32_t state[8];
} compressor;

static uint32_t turn(uint32_t value, unsigned left)
{
    return value << left | value >> (32 - left);
}

static void load(uint32_t words[16], const uint8_t *block)
{
    for (unsigned i = 0; i < 16; i++, block += 4) {
        words[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
    }
}

static void compress_sha1(uint32_t state[5], const uint8_t *block)
{
    uint32_t w[16];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    load(w, block);
    for (unsigned i = 0; i < 80; i++) {
        if (i >= 16) {
            w[i & 15] = turn(w[(i + 13) & 15] ^ w[(i + 8) & 15] ^ w[(i + 2) & 15] ^ w[i & 15], 1);
        }
        uint32_t f = b ^ c ^ d;
        uint32_t k = i < 40 ? 0x6ed9eba1 : 0xca62c1d6;
        if (i < 20) {
            f = d ^ (b & (c ^ d));
            k = 0x5a827999;
        } else if (i >= 40 && i < 60) {
            f = (b & c) | (d & (b | c));
            k = 0x8f1bbcdc;
        }
        uint32_t next = turn(a, 5) + f + e + k + w[i & 15];
        e = d;
        d = c;
        c = turn(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    nf_zero(w, sizeof(w));
}

static void compress_sha256(uint32_t state[8], const uint8_t *block)
{
    uint32_t w[16];
    uint32_t s[8];
    load(w, block);
    memcpy(s, state, sizeof(s));
    for (unsigned i = 0; i < 64; i++) {
        if (i >= 16) {
            uint32_t x = w[(i + 1) & 15];
            uint32_t y = w[(i + 14) & 15];
            w[i & 15] += (turn(x, 25) ^ turn(x, 14) ^ x >> 3) + w[(i + 9) & 15] + (turn(y, 15) ^ turn(y, 13) ^ y >> 10);
        }
        uint32_t one = s[7] + (turn(s[4], 26) ^ turn(s[4], 21) ^ turn(s[4], 7)) + (s[6] ^ (s[4] & (s[5] ^ s[6]))) + sha256_constants[i] + w[i & 15];
        uint32_t two = (turn(s[0], 30) ^ turn(s[0], 19) ^ turn(s[0], 10)) + ((s[0] & s[1]) | (s[2] & (s[0] | s[1])));
        memmove(s + 1, s, 7 * sizeof(uint32_t));
        s[4] += one;
        s[0] = one + two;
    }
    for (unsigned i = 0; i < 8; i++) {
        state[i] += s[i];
    }
    nf_zero(w, sizeof(w));
    nf_zero(s, sizeof(s));
}

static void compress(compressor *self, const uint8_t *block)
{
#if defined(NFDTLS_INSTRUMENTED)
    nf_hidden_compressions++;
#endif
    if (self->hash == NFDTLS_SHA1) {
        compress_sha1(self->state, block);
    } else {
        compress_sha256(self->state, block);
    }
}

/* Begins with the key's block, inner or outer. */
static void start(compressor *self, int32_t hash, const uint8_t *key, size_t key_count, uint8_t pad)
{
    uint8_t block[BLOCK] = {0};
    self->hash = hash;
    self->words = hash == NFDTLS_SHA1 ? 5 : 8;
    memcpy(self->state, hash == NFDTLS_SHA1 ? sha1_start : sha256_start, (size_t)4 * self->words);
    nf_copy(block, key, key_count);
    for (unsigned i = 0; i < BLOCK; i++) {
        block[i] ^= pad;
    }
    compress(self, block);
    nf_zero(block, sizeof(block));
}

static void store(uint8_t *bytes, uint32_t word)
{
    bytes[0] = (uint8_t)(word >> 24);
    bytes[1] = (uint8_t)(word >> 16);
    bytes[2] = (uint8_t)(word >> 8);
    bytes[3] = (uint8_t)word;
}

void nf_hidden_hmac(
    int32_t hash, const uint8_t *key, size_t key_count, const uint8_t *header, size_t header_count, const uint8_t *data, uint32_t least,
    uint32_t most, uint32_t length, uint8_t *mac)
{
    compressor inner;
    uint8_t block[BLOCK];
    uint32_t digest[8] = {0};
    uint32_t head = (uint32_t)header_count;
    uint32_t end = head + length;           /* secret: where 0x80 goes */
    uint32_t last = (end + 8) / BLOCK;      /* secret: the block with the length */
    uint32_t first_possible = (head + least + 8) / BLOCK;
    uint32_t last_possible = (head + most + 8) / BLOCK;
    uint32_t bits = 8 * (BLOCK + end);
    start(&inner, hash, key, key_count, 0x36);
    for (uint32_t number = 0; number <= last_possible; number++) {
        uint32_t is_last = nf_mask_zero(number ^ last);
        for (uint32_t i = 0; i < BLOCK; i++) {
            uint32_t at = number * BLOCK + i;
            uint32_t byte = at < head ? header[at] : at < head + most ? data[at - head] : 0;
            byte &= nf_mask_less(at, end);
            byte |= 0x80 & nf_mask_zero(at ^ end);
            if (i >= BLOCK - 4) {
                byte |= bits >> (8 * (BLOCK - 1 - i)) & is_last;
            }
            block[i] = (uint8_t)byte;
        }
        compress(&inner, block);
        if (number >= first_possible) {
            for (uint32_t i = 0; i < inner.words; i++) {
                digest[i] |= inner.state[i] & is_last;
            }
        }
    }

    compressor outer;
    start(&outer, hash, key, key_count, 0x5C);
    memset(block, 0, sizeof(block));
    for (uint32_t i = 0; i < outer.words; i++) {
        store(block + 4 * (size_t)i, digest[i]);
    }
    block[(size_t)4 * outer.words] = 0x80;
    store(block + BLOCK - 4, 8 * (BLOCK + 4 * outer.words));
    compress(&outer, block);
    for (uint32_t i = 0; i < outer.words; i++) {
        store(mac + 4 * (size_t)i, outer.state[i]);
    }
    nf_zero(block, sizeof(block));
    nf_zero(digest, sizeof(digest));
    nf_zero(&inner, sizeof(inner));
    nf_zero(&outer, sizeof(outer));
}

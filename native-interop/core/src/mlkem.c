#include "mlkem.h"
#include "bytes.h"
#include "table.h"

#include <string.h>

#define Q 3329U
#define MINUS_INVERSE 3327U /* -1/Q modulo 2^16 */
#define SQUARE 1353U       /* 2^32 modulo Q: multiplied by it and reduced, a number is 2^16 times what it was */
#define BACK 1441U         /* SQUARE / 128 modulo Q */

#define HASH 32U          /* bytes of SHA3-256, and of every seed */
#define ROW 384U          /* bytes of a polynomial in full */
#define U_PIECE 320U      /* of one compressed to 10 bits */
#define V_PIECE 128U      /* to 4 bits */

/* 17^BitRev7(i) 2^16 modulo Q. */
static const uint16_t zetas[128] = {
    2285, 2571, 2970, 1812, 1493, 1422, 287, 202, 3158, 622, 1577, 182, 962, 2127, 1855, 1468, 573, 2004, 264, 383, 2500, 1458, 1727,
    3199, 2648, 1017, 732, 608, 1787, 411, 3124, 1758, 1223, 652, 2777, 1015, 2036, 1491, 3047, 1785, 516, 3321, 3009, 2663, 1711,
    2167, 126, 1469, 2476, 3239, 3058, 830, 107, 1908, 3082, 2378, 2931, 961, 1821, 2604, 448, 2264, 677, 2054, 2226, 430, 555, 843,
    2078, 871, 1550, 105, 422, 587, 177, 3094, 3038, 2869, 1574, 1653, 3083, 778, 1159, 3182, 2552, 1483, 2727, 1119, 1739, 644, 2457,
    349, 418, 329, 3173, 3254, 817, 1097, 603, 610, 1322, 2044, 1864, 384, 2114, 3193, 1218, 1994, 2455, 220, 2142, 1670, 2144, 1799,
    2051, 794, 1819, 2475, 2459, 478, 3221, 3021, 996, 991, 958, 1869, 1522, 1628};

/* x, or x - Q where x is not below Q; x is below 2 Q. */
static uint32_t once(uint32_t x)
{
    return x - (Q & ~nf_mask_less(x, Q));
}

/* x / 2^16 modulo Q (Montgomery), for x below 2^16 Q. */
static uint32_t reduce(uint32_t x)
{
    x = nf_hide(x);
    return once((x + (x * MINUS_INVERSE & 0xFFFF) * Q) >> 16);
}

/* n / Q, for n below 2^22: the quotient by a reciprocal is right or 1 too small. */
static uint32_t divide(uint32_t n)
{
    n = nf_hide(n);
    uint32_t quotient = ((n >> 6) * 40317U) >> 21;
    return quotient + (1U & ~nf_mask_less(n - quotient * Q, Q));
}

uint32_t nf_mlkem_compress(uint32_t x, unsigned bits)
{
    return divide((x << bits) + Q / 2) & ((1U << bits) - 1);
}

static uint32_t decompress(uint32_t y, unsigned bits)
{
    return (y * Q + (1U << (bits - 1))) >> bits;
}

/* Polynomials: 256 coefficients below Q. */

static void add(uint16_t *to, const uint16_t *poly)
{
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i++) {
        to[i] = (uint16_t)once((uint32_t)to[i] + poly[i]);
    }
}

static void scale(uint16_t *poly, uint32_t factor)
{
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i++) {
        poly[i] = (uint16_t)reduce(poly[i] * factor);
    }
}

/* Algorithm 9. */
static void transform(uint16_t *poly)
{
    unsigned zeta = 1;
    for (unsigned half = 128; half >= 2; half /= 2) {
        for (unsigned start = 0; start < NF_MLKEM_DEGREE; start += 2 * half, zeta++) {
            for (unsigned i = start; i < start + half; i++) {
                uint32_t product = reduce((uint32_t)zetas[zeta] * poly[i + half]);
                poly[i + half] = (uint16_t)once(poly[i] + Q - product);
                poly[i] = (uint16_t)once(poly[i] + product);
            }
        }
    }
}

/* Algorithm 10, of a sum of products as multiply leaves them. */
static void transform_back(uint16_t *poly)
{
    unsigned zeta = 127;
    for (unsigned half = 2; half <= 128; half *= 2) {
        for (unsigned start = 0; start < NF_MLKEM_DEGREE; start += 2 * half, zeta--) {
            for (unsigned i = start; i < start + half; i++) {
                uint32_t low = poly[i];
                uint32_t high = poly[i + half];
                poly[i] = (uint16_t)once(low + high);
                poly[i + half] = (uint16_t)reduce(zetas[zeta] * once(high + Q - low));
            }
        }
    }
    scale(poly, BACK);
}

/* Adds the product of two transformed polynomials (algorithm 11), divided by 2^16. */
static void multiply(uint16_t *sum, const uint16_t *a, const uint16_t *b)
{
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i += 2) {
        uint32_t zeta = zetas[64 + i / 4];
        uint32_t turned = reduce(b[i + 1] * (i % 4 == 0 ? zeta : Q - zeta));
        sum[i] = (uint16_t)once(sum[i] + reduce((uint32_t)a[i] * b[i] + a[i + 1] * turned));
        sum[i + 1] = (uint16_t)once(sum[i + 1] + reduce((uint32_t)a[i] * b[i + 1] + (uint32_t)a[i + 1] * b[i]));
    }
}

/* Algorithm 7: an entry of the matrix, which is public, of the seed and its place. */
static void sample_entry(nf_mlkem *self, uint16_t *poly, const uint8_t *seed, unsigned first, unsigned second)
{
    const uint8_t entry[2] = {(uint8_t)first, (uint8_t)second};
    uint8_t bytes[3];
    nf_keccak_begin(&self->sponge, NF_SHAKE128_RATE);
    nf_keccak_absorb(&self->sponge, seed, HASH);
    nf_keccak_absorb(&self->sponge, entry, sizeof(entry));
    nf_keccak_turn(&self->sponge, NF_SHAKE_END);
    for (unsigned i = 0; i < NF_MLKEM_DEGREE;) {
        nf_keccak_squeeze(&self->sponge, bytes, sizeof(bytes));
        uint32_t one = bytes[0] | (uint32_t)(bytes[1] & 15) << 8;
        uint32_t two = bytes[1] >> 4 | (uint32_t)bytes[2] << 4;
        if (one < Q) {
            poly[i++] = (uint16_t)one;
        }
        if (two < Q && i < NF_MLKEM_DEGREE) {
            poly[i++] = (uint16_t)two;
        }
    }
}

/* Algorithm 8 over the output of PRF: small coefficients, each the difference of two sums of two bits. */
static void sample_small(nf_mlkem *self, uint16_t *poly, const uint8_t *seed, unsigned number)
{
    const uint8_t last = (uint8_t)number;
    uint8_t byte = 0;
    nf_keccak_begin(&self->sponge, NF_SHAKE256_RATE);
    nf_keccak_absorb(&self->sponge, seed, HASH);
    nf_keccak_absorb(&self->sponge, &last, 1);
    nf_keccak_turn(&self->sponge, NF_SHAKE_END);
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i += 2) {
        nf_keccak_squeeze(&self->sponge, &byte, 1);
        uint32_t sums = (byte & 0x55U) + (byte >> 1 & 0x55U);
        poly[i] = (uint16_t)once((sums & 3) + Q - (sums >> 2 & 3));
        poly[i + 1] = (uint16_t)once((sums >> 4 & 3) + Q - (sums >> 6 & 3));
    }
    nf_zero(&byte, 1);
}

/* Bytes: 12 bits a coefficient in full, 10 and 4 compressed. */

static void write_row(uint8_t *to, const uint16_t *poly)
{
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i += 2, to += 3) {
        to[0] = (uint8_t)poly[i];
        to[1] = (uint8_t)(poly[i] >> 8 | poly[i + 1] << 4);
        to[2] = (uint8_t)(poly[i + 1] >> 4);
    }
}

/* Returns 0, or -1 where a coefficient is not below Q. The rows are public. */
static int read_row(uint16_t *poly, const uint8_t *from)
{
    int outcome = 0;
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i += 2, from += 3) {
        poly[i] = (uint16_t)(from[0] | (from[1] & 15U) << 8);
        poly[i + 1] = (uint16_t)(from[1] >> 4 | from[2] << 4);
        if (poly[i] >= Q || poly[i + 1] >= Q) {
            outcome = -1;
        }
    }
    return outcome;
}

static void write_compressed(uint8_t *to, const uint16_t *poly, unsigned bits)
{
    uint32_t kept = 0;
    unsigned count = 0;
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i++) {
        kept |= nf_mlkem_compress(poly[i], bits) << count;
        for (count += bits; count >= 8; count -= 8, kept >>= 8) {
            *to++ = (uint8_t)kept;
        }
    }
}

static void read_compressed(uint16_t *poly, const uint8_t *from, unsigned bits)
{
    uint32_t kept = 0;
    unsigned count = 0;
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i++) {
        for (; count < bits; count += 8) {
            kept |= (uint32_t)*from++ << count;
        }
        poly[i] = (uint16_t)decompress(kept & ((1U << bits) - 1), bits);
        kept >>= bits;
        count -= bits;
    }
}

/* Hashes of one or two ranges. */

static void hash(nf_mlkem *self, unsigned rate, uint8_t end, const uint8_t *a, size_t a_count, const uint8_t *b, size_t b_count, uint8_t *to, size_t count)
{
    nf_keccak_begin(&self->sponge, rate);
    nf_keccak_absorb(&self->sponge, a, a_count);
    nf_keccak_absorb(&self->sponge, b, b_count);
    nf_keccak_turn(&self->sponge, end);
    nf_keccak_squeeze(&self->sponge, to, count);
}

/* K-PKE.KeyGen (algorithm 13): the key, and the secret in the vector. */
static void make(nf_mlkem *self, const uint8_t *seed, uint8_t *key)
{
    const uint8_t rank = NF_MLKEM_RANK;
    uint8_t *matrix = self->bytes;
    const uint8_t *noise = self->bytes + HASH;
    hash(self, NF_SHA3_512_RATE, NF_SHA3_END, seed, HASH, &rank, 1, self->bytes, (size_t)2 * HASH);
    nf_publish(matrix, HASH);
    for (unsigned i = 0; i < NF_MLKEM_RANK; i++) {
        sample_small(self, self->vector[i], noise, i);
        transform(self->vector[i]);
    }
    for (unsigned i = 0; i < NF_MLKEM_RANK; i++) {
        memset(self->sum, 0, sizeof(self->sum));
        for (unsigned j = 0; j < NF_MLKEM_RANK; j++) {
            sample_entry(self, self->other, matrix, j, i);
            multiply(self->sum, self->other, self->vector[j]);
        }
        scale(self->sum, SQUARE);
        sample_small(self, self->other, noise, NF_MLKEM_RANK + i);
        transform(self->other);
        add(self->sum, self->other);
        write_row(key + (size_t)i * ROW, self->sum);
    }
    memcpy(key + (size_t)NF_MLKEM_RANK * ROW, matrix, HASH);
    nf_publish(key, NF_MLKEM_PUBLIC);
}

/* Puts a piece of ciphertext where it goes, or says how it differs from what stands there. */
static uint32_t place(const nf_mlkem *self, size_t count, uint8_t *cipher, const uint8_t *expected)
{
    if (expected != NULL) {
        return ~nf_mask_equal(self->piece, expected, count);
    }
    if (cipher != NULL) {
        memcpy(cipher, self->piece, count);
    }
    return 0;
}

/*
 * K-PKE.Encrypt (algorithm 14) of a message with the randomness behind it. Either writes the ciphertext, or compares: then
 * the result is 0 if it is the expected one.
 */
static uint32_t encrypt(nf_mlkem *self, const uint8_t *key, const uint8_t *message, const uint8_t *noise, uint8_t *cipher, const uint8_t *expected)
{
    const uint8_t *matrix = key + (size_t)NF_MLKEM_RANK * ROW;
    uint32_t different = 0;
    for (unsigned i = 0; i < NF_MLKEM_RANK; i++) {
        sample_small(self, self->vector[i], noise, i);
        transform(self->vector[i]);
    }
    for (unsigned i = 0; i < NF_MLKEM_RANK; i++) {
        size_t at = (size_t)i * U_PIECE;
        memset(self->sum, 0, sizeof(self->sum));
        for (unsigned j = 0; j < NF_MLKEM_RANK; j++) {
            sample_entry(self, self->other, matrix, i, j);
            multiply(self->sum, self->other, self->vector[j]);
        }
        transform_back(self->sum);
        sample_small(self, self->other, noise, NF_MLKEM_RANK + i);
        add(self->sum, self->other);
        write_compressed(self->piece, self->sum, 10);
        different |= place(self, U_PIECE, cipher == NULL ? NULL : cipher + at, expected == NULL ? NULL : expected + at);
    }

    memset(self->sum, 0, sizeof(self->sum));
    for (unsigned i = 0; i < NF_MLKEM_RANK; i++) {
        (void)read_row(self->other, key + (size_t)i * ROW);
        multiply(self->sum, self->other, self->vector[i]);
    }
    transform_back(self->sum);
    sample_small(self, self->other, noise, 2 * NF_MLKEM_RANK);
    add(self->sum, self->other);
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i++) {
        /* A one is half of Q, rounded up: by a mask that the compiler cannot see through, since it has made a branch of this elsewhere. */
        self->other[i] = (uint16_t)((Q + 1) / 2 & nf_mask_nonzero(message[i / 8] >> (i % 8) & 1U));
    }
    add(self->sum, self->other);
    write_compressed(self->piece, self->sum, 4);
    size_t at = (size_t)NF_MLKEM_RANK * U_PIECE;
    return different | place(self, V_PIECE, cipher == NULL ? NULL : cipher + at, expected == NULL ? NULL : expected + at);
}

/* K-PKE.Decrypt (algorithm 15) with the secret in the vector. */
static void decrypt(nf_mlkem *self, const uint8_t *cipher, uint8_t *message)
{
    memset(self->sum, 0, sizeof(self->sum));
    for (unsigned i = 0; i < NF_MLKEM_RANK; i++) {
        read_compressed(self->other, cipher + (size_t)i * U_PIECE, 10);
        transform(self->other);
        multiply(self->sum, self->other, self->vector[i]);
    }
    transform_back(self->sum);
    read_compressed(self->other, cipher + (size_t)NF_MLKEM_RANK * U_PIECE, 4);
    memset(message, 0, NF_MLKEM_MESSAGE);
    for (unsigned i = 0; i < NF_MLKEM_DEGREE; i++) {
        uint32_t bit = nf_mlkem_compress(once(self->other[i] + Q - self->sum[i]), 1);
        message[i / 8] = (uint8_t)(message[i / 8] | bit << (i % 8));
    }
}

void nf_mlkem_public(nf_mlkem *self, const uint8_t *seed, uint8_t *key)
{
    make(self, seed, key);
    nf_zero(self, sizeof(*self));
}

int nf_mlkem_encapsulate(nf_mlkem *self, const uint8_t *key, const uint8_t *message, uint8_t *secret, uint8_t *cipher)
{
    for (unsigned i = 0; i < NF_MLKEM_RANK; i++) {
        if (read_row(self->other, key + (size_t)i * ROW) != 0) {
            nf_zero(self->other, sizeof(self->other));
            return -1;
        }
    }

    /* The secret and, behind it, the randomness of the encryption. */
    hash(self, NF_SHA3_256_RATE, NF_SHA3_END, key, NF_MLKEM_PUBLIC, NULL, 0, self->bytes, HASH);
    hash(self, NF_SHA3_512_RATE, NF_SHA3_END, message, NF_MLKEM_MESSAGE, self->bytes, HASH, self->bytes, (size_t)2 * HASH);
    memcpy(secret, self->bytes, NF_MLKEM_SECRET);
    (void)encrypt(self, key, message, self->bytes + HASH, cipher, NULL);
    nf_zero(self, sizeof(*self));
    return 0;
}

void nf_mlkem_decapsulate(nf_mlkem *self, const uint8_t *seed, const uint8_t *cipher, uint8_t *secret)
{
    uint8_t *message = self->bytes + (size_t)2 * HASH;
    make(self, seed, self->key);
    decrypt(self, cipher, message);
    hash(self, NF_SHA3_256_RATE, NF_SHA3_END, self->key, NF_MLKEM_PUBLIC, NULL, 0, self->bytes, HASH);
    hash(self, NF_SHA3_512_RATE, NF_SHA3_END, message, NF_MLKEM_MESSAGE, self->bytes, HASH, self->bytes, (size_t)2 * HASH);
    uint32_t wrong = encrypt(self, self->key, message, self->bytes + HASH, NULL, cipher);

    /* What a wrong ciphertext gives comes of the other half of the seed. */
    hash(self, NF_SHAKE256_RATE, NF_SHAKE_END, seed + HASH, HASH, cipher, NF_MLKEM_CIPHER, message, NF_MLKEM_SECRET);
    for (unsigned i = 0; i < NF_MLKEM_SECRET; i++) {
        secret[i] = (uint8_t)nf_select(wrong, message[i], self->bytes[i]);
    }
    nf_zero(self, sizeof(*self));
}

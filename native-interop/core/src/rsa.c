#include "bytes.h"
#include "compat.h"
#include "hash.h"
#include "operation.h"
#include "random.h"
#include "table.h"

#include <string.h>

#if defined(NF_HAVE_RSA)

#include "mbedtls/rsa.h"

#define LEAST_MODULUS 64U
#define LONGEST_EXPONENT 8U /* a longer one makes verifying as slow as signing, at the peer's will */

/* A key, and the block of bytes that goes through it. */
typedef struct {
    mbedtls_rsa_context key;
    size_t length; /* of the modulus, in bytes */
    unsigned bits;
    int no_entropy;
    uint8_t block[NFDTLS_RSA_MAX];
} rsa;

static nf_field trim(const nf_field *number)
{
    nf_field rest = *number;
    while (rest.count > 0 && rest.bytes[0] == 0) {
        rest.bytes++;
        rest.count--;
    }
    return rest;
}

static unsigned bits_of(const nf_field *number)
{
    unsigned bits = 8 * (unsigned)number->count;
    for (unsigned bit = 0x80; (number->bytes[0] & bit) == 0; bit >>= 1) {
        bits--;
    }
    return bits;
}

/* Takes the public numbers, and the private ones where there are any. False: they are no key, or memory is used up. */
static int begin(rsa *self, const nf_field *parts, int is_private)
{
    nf_field n = trim(&parts[NF_RSA_N]);
    nf_field e = trim(&parts[NF_RSA_E]);
    self->no_entropy = 0;
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    mbedtls_rsa_init(&self->key);
#else
    mbedtls_rsa_init(&self->key, MBEDTLS_RSA_PKCS_V15, 0);
#endif
    if (n.count < LEAST_MODULUS || n.count > NFDTLS_RSA_MAX || (n.bytes[n.count - 1] & 1) == 0) {
        return 0;
    }
    if (e.count == 0 || e.count > LONGEST_EXPONENT || (e.bytes[e.count - 1] & 1) == 0 || (e.count == 1 && e.bytes[0] == 1)) {
        return 0;
    }
    self->length = n.count;
    self->bits = bits_of(&n);
    if (mbedtls_rsa_import_raw(&self->key, n.bytes, n.count, NULL, 0, NULL, 0, NULL, 0, e.bytes, e.count) != 0) {
        return 0;
    }
    if (is_private) {
        const nf_field *p = &parts[NF_RSA_P];
        const nf_field *q = &parts[NF_RSA_Q];
        const nf_field *d = &parts[NF_RSA_D];
        if (mbedtls_rsa_import_raw(&self->key, NULL, 0, p->bytes, p->count, q->bytes, q->count, d->bytes, d->count, NULL, 0) != 0) {
            return 0;
        }
    }
    /* What else the private operation needs mbedTLS derives itself. */
    return mbedtls_rsa_complete(&self->key) == 0 && mbedtls_rsa_get_len(&self->key) == self->length;
}

static void end(rsa *self)
{
    mbedtls_rsa_free(&self->key);
    nf_zero(self->block, sizeof(self->block));
}

static int32_t failure(const rsa *self)
{
    return self->no_entropy ? NFDTLS_E_ENTROPY : NFDTLS_E_INTERNAL;
}

/* EMSA-PKCS1-v1_5 (RFC 8017 section 9.2) into the whole block. */
static int encode_pkcs1(uint8_t *block, size_t length, int32_t hash, const nf_field *digest)
{
    /* DigestInfo up to the hash: the last byte but two of the object identifier tells the hashes apart, and two lengths do. */
    uint8_t prefix[19] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    prefix[1] = (uint8_t)(17 + digest->count);
    prefix[14] = (uint8_t)(hash == NFDTLS_SHA256 ? 1 : hash == NFDTLS_SHA384 ? 2 : 3);
    prefix[18] = (uint8_t)digest->count;
    size_t tail = sizeof(prefix) + digest->count;
    if (length < tail + 11) {
        return 0;
    }
    block[0] = 0;
    block[1] = 1;
    memset(block + 2, 0xFF, length - tail - 3);
    block[length - tail - 1] = 0;
    memcpy(block + length - tail, prefix, sizeof(prefix));
    nf_copy(block + length - digest->count, digest->bytes, digest->count);
    return 1;
}

/* XORs MGF1 of the seed, which is a digest, onto the range. */
static int mask(int32_t algorithm, uint8_t *bytes, size_t count, const uint8_t *seed)
{
    nf_hash hash;
    uint8_t digest[NF_HASH_MAX];
    size_t size = nf_hash_size(algorithm);
    int error = 0;
    nf_hash_begin(&hash, algorithm);
    for (uint8_t number = 0; count > 0; number++) {
        const uint8_t counter[4] = {0, 0, 0, number};
        size_t n = count < size ? count : size;
        error |= nf_hash_start(&hash);
        error |= nf_hash_update(&hash, seed, size);
        error |= nf_hash_update(&hash, counter, 4);
        error |= nf_hash_finish(&hash, digest);
        for (size_t i = 0; i < n; i++) {
            bytes[i] ^= digest[i];
        }
        bytes += n;
        count -= n;
    }
    nf_hash_end(&hash);
    return error;
}

/* The hash of eight zeros, the digest and the salt, which is as long as that. */
static int hash_salted(int32_t algorithm, const nf_field *digest, const uint8_t *salt, uint8_t *salted)
{
    static const uint8_t zeros[8];
    nf_hash hash;
    nf_hash_begin(&hash, algorithm);
    int error = nf_hash_start(&hash);
    error |= nf_hash_update(&hash, zeros, sizeof(zeros));
    error |= nf_hash_update(&hash, digest->bytes, digest->count);
    error |= nf_hash_update(&hash, salt, digest->count);
    error |= nf_hash_finish(&hash, salted);
    nf_hash_end(&hash);
    return error;
}

/* EMSA-PSS (RFC 8017 section 9.1) with a salt as long as the hash, for a modulus of so many bits. */
static int encode_pss(rsa *self, int32_t algorithm, const nf_field *digest)
{
    size_t length = (self->bits + 6) / 8; /* one byte less than the modulus where that has 8k+1 bits */
    size_t size = digest->count;
    uint8_t *encoded = self->block + (self->length - length);
    if (length < 2 * size + 2) {
        return NFDTLS_E_INTERNAL;
    }
    size_t masked = length - size - 1;
    memset(self->block, 0, self->length);
    uint8_t *salt = encoded + masked - size;
    int error = nf_random(&self->no_entropy, salt, size);
    if (error == 0) {
        salt[-1] = 1;
        error = hash_salted(algorithm, digest, salt, encoded + masked);
        error |= mask(algorithm, encoded, masked, encoded + masked);
    }
    encoded[0] &= (uint8_t)(0xFF >> (8 * length - (self->bits - 1)));
    encoded[length - 1] = 0xBC;
    return error;
}

/* Whether the block is an encoding of the hash. All of it is public. */
static int is_pss(rsa *self, int32_t algorithm, const nf_field *digest)
{
    size_t length = (self->bits + 6) / 8;
    size_t size = digest->count;
    uint8_t *encoded = self->block + (self->length - length);
    if (length < 2 * size + 2 || (length < self->length && self->block[0] != 0) || encoded[length - 1] != 0xBC) {
        return 0;
    }
    size_t masked = length - size - 1;
    uint8_t unused = (uint8_t)~(0xFF >> (8 * length - (self->bits - 1)));
    if ((encoded[0] & unused) != 0 || mask(algorithm, encoded, masked, encoded + masked) != 0) {
        return 0;
    }
    encoded[0] &= (uint8_t)~unused;
    for (size_t i = 0; i < masked - size - 1; i++) {
        if (encoded[i] != 0) {
            return 0;
        }
    }
    uint8_t salted[NF_HASH_MAX];
    return encoded[masked - size - 1] == 1 && hash_salted(algorithm, digest, encoded + masked - size, salted) == 0 &&
        memcmp(salted, encoded + masked, size) == 0;
}

static int is_pss_scheme(int32_t scheme)
{
    return scheme == NFDTLS_RSA_PSS_SHA256 || scheme == NFDTLS_RSA_PSS_SHA384 || scheme == NFDTLS_RSA_PSS_SHA512;
}

int32_t nf_rsa_sign(int32_t scheme, const nf_field *key, const nf_field *hash, uint8_t *result)
{
    rsa self;
    int32_t answer = NFDTLS_E_INTERNAL;
    int fits = begin(&self, key, 1) && hash->count == nf_hash_size(nf_scheme_hash(scheme));
    if (fits && is_pss_scheme(scheme)) {
        fits = encode_pss(&self, nf_scheme_hash(scheme), hash) == 0;
        answer = failure(&self);
    } else if (fits) {
        fits = encode_pkcs1(self.block, self.length, nf_scheme_hash(scheme), hash);
    }
    if (fits) {
        /* mbedTLS blinds, and checks the result with the public key: a fault would give a prime away. */
        int error = mbedtls_rsa_private(&self.key, nf_random, &self.no_entropy, self.block, result);
        answer = error == 0 ? (int32_t)self.length : failure(&self);
    }
    end(&self);
    return answer;
}

int32_t nf_rsa_verify(int32_t scheme, const nf_field *key, const nf_field *hash, const nf_field *signature)
{
    rsa self;
    int32_t answer = NFDTLS_E_SIGNATURE;
    if (begin(&self, key, 0) && hash->count == nf_hash_size(nf_scheme_hash(scheme)) && signature->count == self.length &&
        mbedtls_rsa_public(&self.key, signature->bytes, self.block) == 0) {
        uint8_t expected[NFDTLS_RSA_MAX];
        if (is_pss_scheme(scheme)) {
            answer = is_pss(&self, nf_scheme_hash(scheme), hash) ? 0 : NFDTLS_E_SIGNATURE;
        } else if (encode_pkcs1(expected, self.length, nf_scheme_hash(scheme), hash) && memcmp(expected, self.block, self.length) == 0) {
            answer = 0;
        }
    }
    end(&self);
    return answer;
}

int32_t nf_rsa_encrypt(const nf_field *key, const nf_field *text, uint8_t *result)
{
    rsa self;
    int32_t answer = NFDTLS_E_PEER;
    if (begin(&self, key, 0) && text->count + 11 <= self.length) {
        size_t end_of_padding = self.length - text->count - 1;
        int error = nf_random(&self.no_entropy, self.block, self.length);
        for (size_t i = 2; i < end_of_padding && error == 0; i++) {
            while (self.block[i] == 0 && error == 0) {
                error = nf_random(&self.no_entropy, &self.block[i], 1);
            }
        }
        self.block[0] = 0;
        self.block[1] = 2;
        self.block[end_of_padding] = 0;
        nf_copy(self.block + end_of_padding + 1, text->bytes, text->count);
        if (error == 0) {
            error = mbedtls_rsa_public(&self.key, self.block, result);
        }
        answer = error == 0 ? (int32_t)self.length : failure(&self);
    }
    end(&self);
    return answer;
}

/* Whether a number is below another of the same length. Both are public. */
static int is_below(const uint8_t *number, const uint8_t *limit, size_t count)
{
    return memcmp(number, limit, count) < 0;
}

/*
 * The plaintext has a length that is known, so it has one place where it can begin: one mask says whether all is well, and
 * chooses between it and random bytes that are drawn in any case (RFC 5246 section 7.4.7.1).
 */
static void unpad(const uint8_t *block, size_t count, size_t length, uint8_t *result)
{
    size_t separator = count - length - 1;
    uint32_t wrong = (uint32_t)block[0] | (uint32_t)(block[1] ^ 2) | block[separator];
    for (size_t i = 2; i < separator; i++) {
        wrong |= nf_mask_zero(block[i]);
    }
    uint32_t good = nf_mask_zero(wrong);
    for (size_t i = 0; i < length; i++) {
        result[i] = (uint8_t)nf_select(good, block[separator + 1 + i], result[i]);
    }
}

int32_t nf_rsa_decrypt(const nf_field *key, const nf_field *cipher, size_t length, uint8_t *result)
{
    rsa self;
    int32_t answer = NFDTLS_E_INTERNAL;
    if (begin(&self, key, 1)) {
        nf_field n = trim(&key[NF_RSA_N]);
        int error = nf_random(&self.no_entropy, result, length);
        answer = error == 0 ? (int32_t)length : NFDTLS_E_ENTROPY;
        /* That a ciphertext cannot be one, its sender knows. */
        if (error == 0 && cipher->count == self.length && is_below(cipher->bytes, n.bytes, n.count)) {
            error = mbedtls_rsa_private(&self.key, nf_random, &self.no_entropy, cipher->bytes, self.block);
            if (error != 0) {
                answer = failure(&self);
            } else if (length + 11 <= self.length) {
                unpad(self.block, self.length, length, result);
            }
        }
    }
    end(&self);
    return answer;
}

int nf_rsa_supported(int32_t algorithm)
{
    int32_t scheme = algorithm & 0xFFFF;
    int32_t base = algorithm & ~0xFFFF;
    if (algorithm == NFDTLS_RSA_ENCRYPT || algorithm == NFDTLS_RSA_DECRYPT) {
        return 1;
    }
    if (base != NFDTLS_SIGN + (NFDTLS_KEY_RSA << 16) && base != NFDTLS_VERIFY + (NFDTLS_KEY_RSA << 16)) {
        return 0;
    }
    switch (scheme) {
    case NFDTLS_RSA_PKCS1_SHA256:
    case NFDTLS_RSA_PKCS1_SHA384:
    case NFDTLS_RSA_PKCS1_SHA512:
    case NFDTLS_RSA_PSS_SHA256:
    case NFDTLS_RSA_PSS_SHA384:
    case NFDTLS_RSA_PSS_SHA512: return nf_hash_size(nf_scheme_hash(scheme)) > 0;
    default: return 0;
    }
}

#else

int nf_rsa_supported(int32_t algorithm)
{
    (void)algorithm;
    return 0;
}

int32_t nf_rsa_sign(int32_t scheme, const nf_field *key, const nf_field *hash, uint8_t *result)
{
    (void)scheme, (void)key, (void)hash, (void)result;
    return NFDTLS_E_UNSUPPORTED;
}

int32_t nf_rsa_verify(int32_t scheme, const nf_field *key, const nf_field *hash, const nf_field *signature)
{
    (void)scheme, (void)key, (void)hash, (void)signature;
    return NFDTLS_E_UNSUPPORTED;
}

int32_t nf_rsa_encrypt(const nf_field *key, const nf_field *text, uint8_t *result)
{
    (void)key, (void)text, (void)result;
    return NFDTLS_E_UNSUPPORTED;
}

int32_t nf_rsa_decrypt(const nf_field *key, const nf_field *cipher, size_t length, uint8_t *result)
{
    (void)key, (void)cipher, (void)length, (void)result;
    return NFDTLS_E_UNSUPPORTED;
}

#endif

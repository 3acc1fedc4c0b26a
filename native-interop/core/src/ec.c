#include "bytes.h"
#include "compat.h"
#include "der.h"
#include "hash.h"
#include "operation.h"
#include "random.h"
#include "table.h"

#if defined(NF_HAVE_ECDH) || defined(NF_HAVE_ECDSA)

#include "mbedtls/ecp.h"
#if defined(NF_HAVE_ECDH)
#include "mbedtls/ecdh.h"
#endif
#if defined(NF_HAVE_ECDSA)
#include "mbedtls/ecdsa.h"
#endif

#define COORDINATE_MAX 66U

/* What every operation on a curve needs; freed as a whole. */
typedef struct {
    mbedtls_ecp_group group;
    mbedtls_ecp_point point;
    mbedtls_mpi scalar;
    mbedtls_mpi one;
    mbedtls_mpi two;
    int no_entropy;
} curve;

static int id_of(int32_t group)
{
    switch (group) {
#if defined(NF_HAVE_SECP256R1)
    case NFDTLS_SECP256R1: return MBEDTLS_ECP_DP_SECP256R1;
#endif
#if defined(NF_HAVE_SECP384R1)
    case NFDTLS_SECP384R1: return MBEDTLS_ECP_DP_SECP384R1;
#endif
#if defined(NF_HAVE_SECP521R1)
    case NFDTLS_SECP521R1: return MBEDTLS_ECP_DP_SECP521R1;
#endif
#if defined(NF_HAVE_CURVE25519)
    case NFDTLS_X25519: return MBEDTLS_ECP_DP_CURVE25519;
#endif
    default: return MBEDTLS_ECP_DP_NONE;
    }
}

static int32_t group_of(int32_t kind)
{
    switch (kind) {
    case NFDTLS_KEY_SECP256R1: return NFDTLS_SECP256R1;
    case NFDTLS_KEY_SECP384R1: return NFDTLS_SECP384R1;
    case NFDTLS_KEY_SECP521R1: return NFDTLS_SECP521R1;
    default: return 0;
    }
}

/* Bytes of a coordinate and of a private key. */
static size_t length_of(int32_t group)
{
    return group == NFDTLS_SECP521R1 ? 66 : group == NFDTLS_SECP384R1 ? 48 : 32;
}

static int begin(curve *self, int32_t group)
{
    mbedtls_ecp_group_init(&self->group);
    mbedtls_ecp_point_init(&self->point);
    mbedtls_mpi_init(&self->scalar);
    mbedtls_mpi_init(&self->one);
    mbedtls_mpi_init(&self->two);
    self->no_entropy = 0;
    return mbedtls_ecp_group_load(&self->group, (mbedtls_ecp_group_id)id_of(group));
}

static void end(curve *self)
{
    mbedtls_ecp_group_free(&self->group);
    mbedtls_ecp_point_free(&self->point);
    mbedtls_mpi_free(&self->scalar);
    mbedtls_mpi_free(&self->one);
    mbedtls_mpi_free(&self->two);
}

/* What an error of mbedTLS means to the caller. */
static int32_t failure(const curve *self, int32_t otherwise)
{
    return self->no_entropy ? NFDTLS_E_ENTROPY : otherwise;
}

/* Reads a private key of 1 to n-1. Leading zeros are allowed. */
static int read_scalar(curve *self, const nf_field *bytes)
{
    return mbedtls_mpi_read_binary(&self->scalar, bytes->bytes, bytes->count) == 0 && mbedtls_ecp_check_privkey(&self->group, &self->scalar) == 0;
}

/* Reads an uncompressed point and nothing else, and checks that it is on the curve. */
static int read_point(curve *self, const nf_field *bytes, size_t length)
{
    return bytes->count == 1 + 2 * length && bytes->bytes[0] == 4 &&
        mbedtls_ecp_point_read_binary(&self->group, &self->point, bytes->bytes, bytes->count) == 0 &&
        mbedtls_ecp_check_pubkey(&self->group, &self->point) == 0;
}

int32_t nf_ec_derive(int32_t kind, const nf_field *scalar, uint8_t *result)
{
    curve self;
    size_t length = length_of(group_of(kind));
    size_t written = 0;
    int32_t answer = NFDTLS_E_INTERNAL;
    if (begin(&self, group_of(kind)) == 0 && read_scalar(&self, scalar)) {
        int error = mbedtls_ecp_mul(&self.group, &self.point, &self.scalar, &self.group.G, nf_random, &self.no_entropy);
        if (error == 0) {
            error = mbedtls_ecp_point_write_binary(&self.group, &self.point, MBEDTLS_ECP_PF_UNCOMPRESSED, &written, result, 1 + 2 * length);
        }
        answer = error == 0 ? (int32_t)written : failure(&self, NFDTLS_E_INTERNAL);
    }
    end(&self);
    return answer;
}

#else

int32_t nf_ec_derive(int32_t kind, const nf_field *scalar, uint8_t *result)
{
    (void)kind, (void)scalar, (void)result;
    return NFDTLS_E_UNSUPPORTED;
}

#endif

#if defined(NF_HAVE_ECDH)

/* X25519's private keys are bytes of which a few bits are set and cleared (RFC 7748 section 5). */
static int read_clamped(curve *self, const uint8_t *bytes)
{
    uint8_t clamped[32];
    nf_copy(clamped, bytes, sizeof(clamped));
    clamped[0] &= 0xF8;
    clamped[31] = (uint8_t)((clamped[31] & 0x7F) | 0x40);
    int error = mbedtls_mpi_read_binary_le(&self->scalar, clamped, sizeof(clamped));
    nf_zero(clamped, sizeof(clamped));
    return error;
}

static int generate_short(curve *self, size_t length, uint8_t *result)
{
    size_t written = 0;
    int error = mbedtls_ecp_gen_keypair(&self->group, &self->scalar, &self->point, nf_random, &self->no_entropy);
    if (error == 0) {
        error = mbedtls_mpi_write_binary(&self->scalar, result, length);
    }
    if (error == 0) {
        error = mbedtls_ecp_point_write_binary(&self->group, &self->point, MBEDTLS_ECP_PF_UNCOMPRESSED, &written, result + length, 1 + 2 * length);
    }
    return error;
}

static int generate_x25519(curve *self, uint8_t *result)
{
    size_t written = 0;
    int error = nf_random(&self->no_entropy, result, 32);
    if (error == 0) {
        error = read_clamped(self, result);
    }
    if (error == 0) {
        error = mbedtls_ecp_mul(&self->group, &self->point, &self->scalar, &self->group.G, nf_random, &self->no_entropy);
    }
    if (error == 0) {
        error = mbedtls_ecp_point_write_binary(&self->group, &self->point, MBEDTLS_ECP_PF_UNCOMPRESSED, &written, result + 32, 32);
    }
    return error;
}

int32_t nf_ec_generate(int32_t group, uint8_t *result)
{
    curve self;
    size_t length = length_of(group);
    int error = begin(&self, group);
    if (error == 0) {
        error = group == NFDTLS_X25519 ? generate_x25519(&self, result) : generate_short(&self, length, result);
    }
    int32_t answer = failure(&self, NFDTLS_E_INTERNAL);
    if (error == 0) {
        answer = (int32_t)(group == NFDTLS_X25519 ? 64 : 3 * length + 1);
    }
    end(&self);
    return answer;
}

static int32_t read_keys(curve *self, int32_t group, const nf_field *own, const nf_field *peer)
{
    if (group == NFDTLS_X25519) {
        if (peer->count != 32) {
            return NFDTLS_E_PEER;
        }
        if (own->count != 32 || read_clamped(self, own->bytes) != 0) {
            return NFDTLS_E_INTERNAL;
        }
        return mbedtls_ecp_point_read_binary(&self->group, &self->point, peer->bytes, 32) == 0 ? 0 : NFDTLS_E_PEER;
    }
    if (!read_point(self, peer, length_of(group))) {
        return NFDTLS_E_PEER;
    }
    return read_scalar(self, own) ? 0 : NFDTLS_E_INTERNAL;
}

int32_t nf_ec_agree(int32_t group, const nf_field *own, const nf_field *peer, uint8_t *result)
{
    curve self;
    size_t length = length_of(group);
    int32_t answer = begin(&self, group) == 0 ? read_keys(&self, group, own, peer) : NFDTLS_E_INTERNAL;
    if (answer == 0) {
        /* Here mbedTLS refuses the points of X25519 that would give zero, too. */
        int error = mbedtls_ecdh_compute_shared(&self.group, &self.one, &self.point, &self.scalar, nf_random, &self.no_entropy);
        if (error == 0) {
            error = group == NFDTLS_X25519 ? mbedtls_mpi_write_binary_le(&self.one, result, length)
                                           : mbedtls_mpi_write_binary(&self.one, result, length);
        }
        static const uint8_t zeros[COORDINATE_MAX];
        if (error != 0) {
            answer = failure(&self, error == MBEDTLS_ERR_MPI_ALLOC_FAILED ? NFDTLS_E_MEMORY : NFDTLS_E_PEER);
        } else if (group == NFDTLS_X25519 && nf_mask_equal(result, zeros, length) != 0) {
            answer = NFDTLS_E_PEER;
        } else {
            answer = (int32_t)length;
        }
    }
    end(&self);
    return answer;
}

#endif

#if defined(NF_HAVE_ECDSA)

static int is_hash(int32_t scheme, const nf_field *hash)
{
    return hash->count == nf_hash_size(nf_scheme_hash(scheme));
}

static int sign(curve *self, int32_t scheme, const nf_field *hash)
{
#if defined(MBEDTLS_ECDSA_DETERMINISTIC)
    /* RFC 6979: the nonce needs no randomness, which is left to the blinding. */
    int32_t hashed = nf_scheme_hash(scheme);
    mbedtls_md_type_t md = hashed == NFDTLS_SHA256 ? MBEDTLS_MD_SHA256 : hashed == NFDTLS_SHA384 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA512;
    return mbedtls_ecdsa_sign_det_ext(
        &self->group, &self->one, &self->two, &self->scalar, hash->bytes, hash->count, md, nf_random, &self->no_entropy);
#else
    (void)scheme;
    return mbedtls_ecdsa_sign(&self->group, &self->one, &self->two, &self->scalar, hash->bytes, hash->count, nf_random, &self->no_entropy);
#endif
}

int32_t nf_ec_sign(int32_t kind, int32_t scheme, const nf_field *scalar, const nf_field *hash, uint8_t *result)
{
    curve self;
    size_t length = length_of(group_of(kind));
    int32_t answer = NFDTLS_E_INTERNAL;
    int error = begin(&self, group_of(kind));
    if (error == 0 && is_hash(scheme, hash) && read_scalar(&self, scalar)) {
        uint8_t numbers[2 * COORDINATE_MAX];
        error = sign(&self, scheme, hash);
        if (error == 0) {
            error = mbedtls_mpi_write_binary(&self.one, numbers, length);
        }
        if (error == 0) {
            error = mbedtls_mpi_write_binary(&self.two, numbers + length, length);
        }
        answer = failure(&self, NFDTLS_E_INTERNAL);
        if (error == 0) {
            answer = (int32_t)nf_der_write_pair(result, numbers, numbers + length, length);
        }
    }
    end(&self);
    return answer;
}

int32_t nf_ec_verify(int32_t kind, int32_t scheme, const nf_field *point, const nf_field *hash, const nf_field *signature)
{
    curve self;
    nf_field r;
    nf_field s;
    int32_t answer = NFDTLS_E_SIGNATURE;
    if (begin(&self, group_of(kind)) != 0) {
        answer = NFDTLS_E_MEMORY;
    } else if (
        is_hash(scheme, hash) && read_point(&self, point, length_of(group_of(kind))) && nf_der_read_pair(signature, &r, &s) &&
        mbedtls_mpi_read_binary(&self.one, r.bytes, r.count) == 0 && mbedtls_mpi_read_binary(&self.two, s.bytes, s.count) == 0) {
        int error = mbedtls_ecdsa_verify(&self.group, hash->bytes, hash->count, &self.point, &self.one, &self.two);
        answer = error == 0 ? 0 : error == MBEDTLS_ERR_MPI_ALLOC_FAILED ? NFDTLS_E_MEMORY : NFDTLS_E_SIGNATURE;
    }
    end(&self);
    return answer;
}

#endif

int nf_ec_supported(int32_t algorithm)
{
#if defined(NF_HAVE_ECDH)
    if ((algorithm & ~0xFFFF) == NFDTLS_AGREE || (algorithm & ~0xFFFF) == NFDTLS_GENERATE) {
        return id_of(algorithm & 0xFFFF) != MBEDTLS_ECP_DP_NONE;
    }
#endif
#if defined(NF_HAVE_ECDH) || defined(NF_HAVE_ECDSA)
    if ((algorithm & ~0xFFFF) == NFDTLS_DERIVE) {
        return id_of(group_of(algorithm & 0xFFFF)) != MBEDTLS_ECP_DP_NONE;
    }
#endif
#if defined(NF_HAVE_ECDSA)
    int32_t scheme = algorithm & 0xFFFF;
    int32_t base = algorithm & ~0xFFFFFF;
    if (base == NFDTLS_SIGN || base == NFDTLS_VERIFY) {
        return id_of(group_of(algorithm >> 16 & 0xFF)) != MBEDTLS_ECP_DP_NONE &&
            (scheme == NFDTLS_ECDSA_SHA256 || scheme == NFDTLS_ECDSA_SHA384 || scheme == NFDTLS_ECDSA_SHA512) &&
            nf_hash_size(nf_scheme_hash(scheme)) > 0;
    }
#endif
    (void)algorithm;
    return 0;
}

#if !defined(NF_HAVE_ECDH)

int32_t nf_ec_generate(int32_t group, uint8_t *result)
{
    (void)group, (void)result;
    return NFDTLS_E_UNSUPPORTED;
}

int32_t nf_ec_agree(int32_t group, const nf_field *own, const nf_field *peer, uint8_t *result)
{
    (void)group, (void)own, (void)peer, (void)result;
    return NFDTLS_E_UNSUPPORTED;
}

#endif

#if !defined(NF_HAVE_ECDSA)

int32_t nf_ec_sign(int32_t kind, int32_t scheme, const nf_field *scalar, const nf_field *hash, uint8_t *result)
{
    (void)kind, (void)scheme, (void)scalar, (void)hash, (void)result;
    return NFDTLS_E_UNSUPPORTED;
}

int32_t nf_ec_verify(int32_t kind, int32_t scheme, const nf_field *point, const nf_field *hash, const nf_field *signature)
{
    (void)kind, (void)scheme, (void)point, (void)hash, (void)signature;
    return NFDTLS_E_UNSUPPORTED;
}

#endif

#include "compat.h"
#include "hash.h"
#include "operation.h"
#include "table.h"

int32_t nfdtls_query(int32_t what)
{
    if (what >= NFDTLS_QUERY_RESERVE) {
        return nfdtls_reserve(what - NFDTLS_QUERY_RESERVE);
    }
    switch (what) {
    case NFDTLS_QUERY_ABI: return NFDTLS_ABI_MAJOR << 16 | NFDTLS_ABI_MINOR;
    case NFDTLS_QUERY_HANDLES: return NFDTLS_HANDLES;
    case NFDTLS_QUERY_USED: return nf_table_used();
    case NFDTLS_QUERY_MBEDTLS: return MBEDTLS_VERSION_NUMBER;
    case NFDTLS_QUERY_SCRATCH: return NFDTLS_SCRATCH;
    default: return NFDTLS_E_ARGUMENT;
    }
}

int32_t nfdtls_supports(int32_t algorithm)
{
    if (algorithm == NFDTLS_RANDOM) {
        return 1;
    }
    if (nf_hash_size(algorithm) > 0 || nf_aead_supported(algorithm) || nf_cbc_supported(algorithm)) {
        return 1;
    }
    if (algorithm > NFDTLS_HMAC && algorithm < NFDTLS_HKDF + NFDTLS_HMAC && (algorithm & ~0xFF) != NFDTLS_RANDOM) {
        return nf_hash_size(algorithm & 0xFF) > 0;
    }
    return nf_ec_supported(algorithm) || nf_rsa_supported(algorithm) || nf_kem_supported(algorithm);
}

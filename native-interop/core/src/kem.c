#include "bytes.h"
#include "mlkem.h"
#include "operation.h"
#include "random.h"
#include "table.h"

#include <stdint.h>

/* Bytes of the result: a key pair, or a secret with a ciphertext. */
#define RESULT_MAX (NF_MLKEM_SEED + NF_MLKEM_PUBLIC)
#define ALIGNMENT (sizeof(uint64_t))

int nf_kem_supported(int32_t algorithm)
{
    return algorithm == NFDTLS_GENERATE + NFDTLS_MLKEM768 || algorithm == NFDTLS_AGREE + NFDTLS_MLKEM768 ||
        algorithm == NFDTLS_ENCAPSULATE + NFDTLS_MLKEM768;
}

size_t nf_kem_room(void)
{
    return RESULT_MAX + ALIGNMENT - 1 + sizeof(nf_mlkem);
}

/* The workspace stands behind the result, where its words may. */
static nf_mlkem *workspace(uint8_t *result)
{
    uint8_t *end = result + RESULT_MAX;
    return (nf_mlkem *)(void *)(end + (ALIGNMENT - (uintptr_t)end % ALIGNMENT) % ALIGNMENT);
}

int32_t nf_kem_generate(uint8_t *result)
{
    int failed = 0;
    if (nf_random(&failed, result, NF_MLKEM_SEED) != 0) {
        return NFDTLS_E_ENTROPY;
    }
    nf_mlkem_public(workspace(result), result, result + NF_MLKEM_SEED);
    return NF_MLKEM_SEED + NF_MLKEM_PUBLIC;
}

int32_t nf_kem_encapsulate(const nf_field *peer, uint8_t *result)
{
    int failed = 0;
    uint8_t message[NF_MLKEM_MESSAGE];
    if (peer->count != NF_MLKEM_PUBLIC) {
        return NFDTLS_E_PEER;
    }
    if (nf_random(&failed, message, sizeof(message)) != 0) {
        return NFDTLS_E_ENTROPY;
    }
    int error = nf_mlkem_encapsulate(workspace(result), peer->bytes, message, result, result + NF_MLKEM_SECRET);
    nf_zero(message, sizeof(message));
    return error != 0 ? NFDTLS_E_PEER : (int32_t)(NF_MLKEM_SECRET + NF_MLKEM_CIPHER);
}

int32_t nf_kem_decapsulate(const nf_field *seed, const nf_field *cipher, uint8_t *result)
{
    if (seed->count != NF_MLKEM_SEED) {
        return NFDTLS_E_INTERNAL;
    }
    if (cipher->count != NF_MLKEM_CIPHER) {
        return NFDTLS_E_PEER;
    }
    nf_mlkem_decapsulate(workspace(result), seed->bytes, cipher->bytes, result);
    return NF_MLKEM_SECRET;
}

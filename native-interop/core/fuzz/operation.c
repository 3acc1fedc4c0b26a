/* Operations with any input: the fields, points, keys and signatures that a peer or a file brings. */
#include "nfdtls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    static const int32_t algorithms[] = {
        NFDTLS_AGREE + NFDTLS_SECP256R1,
        NFDTLS_AGREE + NFDTLS_SECP384R1,
        NFDTLS_AGREE + NFDTLS_X25519,
        NFDTLS_AGREE + NFDTLS_MLKEM768,
        NFDTLS_ENCAPSULATE + NFDTLS_MLKEM768,
        NFDTLS_SIGN + (NFDTLS_KEY_RSA << 16) + NFDTLS_RSA_PKCS1_SHA512,
        NFDTLS_SIGN + (NFDTLS_KEY_RSA << 16) + NFDTLS_RSA_PSS_SHA256,
        NFDTLS_SIGN + (NFDTLS_KEY_SECP256R1 << 16) + NFDTLS_ECDSA_SHA384,
        NFDTLS_VERIFY + (NFDTLS_KEY_RSA << 16) + NFDTLS_RSA_PKCS1_SHA256,
        NFDTLS_VERIFY + (NFDTLS_KEY_RSA << 16) + NFDTLS_RSA_PSS_SHA256,
        NFDTLS_VERIFY + (NFDTLS_KEY_SECP256R1 << 16) + NFDTLS_ECDSA_SHA256,
        NFDTLS_VERIFY + (NFDTLS_KEY_SECP384R1 << 16) + NFDTLS_ECDSA_SHA384,
        NFDTLS_RSA_ENCRYPT,
        NFDTLS_RSA_DECRYPT,
    };
    if (count < 3) {
        return 0;
    }
    int32_t algorithm = algorithms[data[0] % (sizeof(algorithms) / sizeof(algorithms[0]))];
    int32_t handle = nfdtls_begin(algorithm, data[1] << 8 | data[2], data + 3, count - 3);
    if (handle > 0) {
        static uint8_t result[1300];
        while (nfdtls_poll(handle) == NFDTLS_PENDING) {
        }
        if (nfdtls_finish(handle, result, sizeof(result)) > (int32_t)sizeof(result)) {
            __builtin_trap();
        }
    }
    if (nfdtls_query(NFDTLS_QUERY_USED) != 0) {
        __builtin_trap();
    }
    return 0;
}

#include "random.h"
#include "compat.h"
#include "table.h"

#include "mbedtls/ctr_drbg.h"
#if defined(MBEDTLS_ENTROPY_C)
#include "mbedtls/entropy.h"
#endif

#include <stdbool.h>
#include <string.h>

#define REQUESTS_PER_SEED 1024

static mbedtls_ctr_drbg_context generator;
#if defined(MBEDTLS_ENTROPY_C)
static mbedtls_entropy_context entropy;
#endif
static bool seeded;
static uint8_t last_seed[8];

/* Six equal bytes in a row, or the beginning of the seed before once more: the source is broken. */
static bool repeats(const unsigned char *bytes, size_t count)
{
    unsigned run = 1;
    for (size_t i = 1; i < count; i++) {
        run = bytes[i] == bytes[i - 1] ? run + 1 : 1;
        if (run == 6) {
            return true;
        }
    }
    if (count >= sizeof(last_seed)) {
        bool same = memcmp(bytes, last_seed, sizeof(last_seed)) == 0;
        memcpy(last_seed, bytes, sizeof(last_seed));
        return same;
    }
    return false;
}

static int read_entropy(void *unused, unsigned char *bytes, size_t count)
{
    const nfdtls_port *port = nf_port();
    (void)unused;
    int error = NFDTLS_E_ENTROPY;
    /* What stood there before must not pass for entropy where the source writes less than it says. */
    memset(bytes, 0, count);
    if (port->entropy != NULL) {
        error = port->entropy(port->context, bytes, count);
    }
#if defined(MBEDTLS_ENTROPY_C)
    else {
        error = mbedtls_entropy_func(&entropy, bytes, count);
    }
#endif
    return error == 0 && !repeats(bytes, count) ? 0 : NFDTLS_E_ENTROPY;
}

static int seed(void)
{
    mbedtls_ctr_drbg_init(&generator);
#if defined(MBEDTLS_ENTROPY_C)
    mbedtls_entropy_init(&entropy);
#endif
    mbedtls_ctr_drbg_set_reseed_interval(&generator, REQUESTS_PER_SEED);
    int error = mbedtls_ctr_drbg_seed(&generator, read_entropy, NULL, (const unsigned char *)"NfDtls", 6);
    seeded = error == 0;
    if (!seeded) {
        mbedtls_ctr_drbg_free(&generator);
#if defined(MBEDTLS_ENTROPY_C)
        mbedtls_entropy_free(&entropy);
#endif
    }
    return error;
}

void nf_random_forget(void)
{
    nf_lock();
    if (seeded) {
        mbedtls_ctr_drbg_free(&generator);
#if defined(MBEDTLS_ENTROPY_C)
        mbedtls_entropy_free(&entropy);
#endif
        seeded = false;
    }
    nf_unlock();
}

int nf_random(void *failed, unsigned char *bytes, size_t count)
{
    size_t done = 0;
    nf_lock();
    int error = seeded ? 0 : seed();
    while (done < count && error == 0) {
        size_t n = count - done < MBEDTLS_CTR_DRBG_MAX_REQUEST ? count - done : MBEDTLS_CTR_DRBG_MAX_REQUEST;
        error = mbedtls_ctr_drbg_random(&generator, bytes + done, n);
        done += n;
    }
    nf_unlock();
    if (error != 0) {
        nf_zero(bytes, count);
        if (failed != NULL) {
            *(int *)failed = 1;
        }
        return NFDTLS_E_ENTROPY;
    }
    return 0;
}

int32_t nfdtls_random(uint8_t *bytes, size_t count)
{
    if (bytes == NULL && count > 0) {
        return NFDTLS_E_ARGUMENT;
    }
    return nf_random(NULL, bytes, count);
}

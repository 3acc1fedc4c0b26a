/* What the native side of NfDtls asks of a system, without one: no threads, so Poll does the work, and this takes the place of worker.c. */
#include "nfdtls_platform.h"
#include "nfdtls_worker.h"

#include <nfdtls.h>

#include <stddef.h>
#include <stdint.h>

void nfdtls_platform_share(void)
{
}

void nfdtls_worker_restart(void)
{
    static int begun;
    if (begun) {
        nfdtls_reset();
    } else {
        begun = 1;
        nfdtls_init(NULL);
    }
}

/* mbedTLS's entropy. An emulator has none: these numbers are the same each time, which measuring wants and nothing else may have. */
int mbedtls_hardware_poll(void *data, unsigned char *output, size_t count, size_t *written)
{
    static uint32_t state = 0x12345678;
    (void)data;
    for (size_t i = 0; i < count; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        output[i] = (unsigned char)(state >> 8);
    }
    *written = count;
    return 0;
}

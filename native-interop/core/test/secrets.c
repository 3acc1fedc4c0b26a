/*
 * Constant time, as far as a test can tell: seeds and messages count as memory that was never written, so MemorySanitizer ends the
 * program where a branch or an index depends on one. What the algorithm publishes, nf_publish says.
 */
#include "bytes.h"
#include "mlkem.h"
#include "table.h"

#include <sanitizer/msan_interface.h>

#include <stdio.h>
#include <string.h>

void nf_publish(const uint8_t *bytes, size_t count)
{
    __msan_unpoison(bytes, count);
}

void nf_watch(uint32_t *value)
{
    if (__msan_test_shadow(value, sizeof(*value)) >= 0) {
        /* Sums and products are followed bit by bit, without what they carry. */
        __msan_allocated_memory(value, sizeof(*value));
    }
}

void nf_zero(void *bytes, size_t count)
{
    memset(bytes, 0, count);
}

static void hide(uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(i * 29 + 1);
    }
    __msan_allocated_memory(bytes, count);
}

int main(void)
{
    static nf_mlkem work;
    static uint8_t key[NF_MLKEM_PUBLIC];
    static uint8_t cipher[NF_MLKEM_CIPHER];
    uint8_t seed[NF_MLKEM_SEED];
    uint8_t message[NF_MLKEM_MESSAGE];
    uint8_t secret[NF_MLKEM_SECRET];
    uint8_t again[NF_MLKEM_SECRET];
    hide(seed, sizeof(seed));
    hide(message, sizeof(message));
    nf_mlkem_public(&work, seed, key);
    int error = nf_mlkem_encapsulate(&work, key, message, secret, cipher);
    int watched = __msan_test_shadow(cipher, sizeof(cipher)) == 0 && __msan_test_shadow(secret, sizeof(secret)) == 0;
    nf_publish(cipher, sizeof(cipher));
    nf_mlkem_decapsulate(&work, seed, cipher, again);
    watched &= __msan_test_shadow(again, sizeof(again)) == 0;
    __msan_unpoison(secret, sizeof(secret));
    __msan_unpoison(again, sizeof(again));
    int right = error == 0 && watched && memcmp(secret, again, sizeof(secret)) == 0;

    /* The same for a ciphertext that is wrong. */
    cipher[0] ^= 1;
    nf_mlkem_decapsulate(&work, seed, cipher, again);
    __msan_unpoison(again, sizeof(again));
    right &= memcmp(secret, again, sizeof(secret)) != 0;
    printf("secrets decide nothing: %s\n", right ? "right" : "WRONG");
    return right ? 0 : 1;
}

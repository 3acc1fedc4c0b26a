/* Handles, and random sources that fail. */
#include "check.h"
#include "table.h"

#include <string.h>

/* The table begins small, and is made larger on demand; what stands in it then stays where it is. */
static void test_growth(void)
{
    int32_t handles[NFDTLS_PLACES];
    uint8_t before[32];
    uint8_t after[32];
    for (int i = 0; i < NFDTLS_PLACES; i++) {
        handles[i] = nfdtls_hash_new(NFDTLS_SHA256);
        CHECK(handles[i] > 0);
        CHECK(nfdtls_hash_update(handles[i], (const uint8_t *)&i, 1) == 0);
    }
    CHECK(nfdtls_hash_new(NFDTLS_SHA256) == NFDTLS_E_FULL);
    CHECK(nfdtls_hash_peek(handles[5], before, sizeof(before)) == 32);
    CHECK(nfdtls_reserve(3) == NFDTLS_PLACES);
    CHECK(nfdtls_reserve(-1) == NFDTLS_PLACES);
    CHECK(nfdtls_query(NFDTLS_QUERY_RESERVE + NFDTLS_PLACES + 7) == NFDTLS_PLACES + 7);
    for (int i = 0; i < 7; i++) {
        CHECK(nfdtls_hash_new(NFDTLS_SHA256) > 0);
    }
    CHECK(nfdtls_hash_new(NFDTLS_SHA256) == NFDTLS_E_FULL);
    CHECK(nfdtls_hash_peek(handles[5], after, sizeof(after)) == 32);
    CHECK(memcmp(before, after, sizeof(before)) == 0);
    CHECK(nfdtls_query(NFDTLS_QUERY_USED) == NFDTLS_PLACES + 7);
    nfdtls_reset();
    CHECK(nfdtls_hash_reset(handles[5]) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_reserve(0) == NFDTLS_PLACES + 7);
    CHECK(nfdtls_query(NFDTLS_QUERY_HANDLES) == NFDTLS_HANDLES);
}

void test_table(void)
{
    static int32_t handles[NFDTLS_HANDLES];
    uint8_t key[64] = {0};
    test_growth();
    CHECK(nfdtls_reserve(INT32_MAX) == NFDTLS_HANDLES);
    for (int i = 0; i < NFDTLS_HANDLES; i++) {
        handles[i] = nfdtls_hash_new(NFDTLS_SHA256);
        CHECK(handles[i] > 0);
    }
    CHECK(nfdtls_query(NFDTLS_QUERY_USED) == NFDTLS_HANDLES);
    CHECK(nfdtls_hash_new(NFDTLS_SHA256) == NFDTLS_E_FULL);
    CHECK(nfdtls_aead_new(NFDTLS_AES128_GCM, key, 64, 16) == NFDTLS_E_FULL);
    CHECK(nfdtls_cbc_new(NFDTLS_AES128_CBC_HMAC_SHA1, key, 64, 0) == NFDTLS_E_FULL);
    CHECK(nfdtls_begin(NFDTLS_GENERATE + NFDTLS_X25519, 0, NULL, 0) == NFDTLS_E_FULL);

    /* The same place, another generation; the old handle is refused, for every kind. */
    int32_t old = handles[7];
    CHECK(nfdtls_free(old) == 0);
    CHECK(nfdtls_free(old) == NFDTLS_E_HANDLE);
    handles[7] = nfdtls_aead_new(NFDTLS_AES128_GCM, key, 64, 16);
    CHECK(handles[7] > 0 && handles[7] != old && (handles[7] & 0xFFF) == (old & 0xFFF));
    CHECK(nfdtls_hash_update(old, key, 1) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_hash_update(handles[7], key, 1) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_aead_seal(old, key, 12, NULL, 0, key + 16, 0, 16) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_poll(handles[7]) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_finish(handles[7], NULL, 0) == NFDTLS_E_HANDLE);

    /* A reset frees all, and what was handed out before stays refused. */
    nfdtls_reset();
    CHECK(nfdtls_query(NFDTLS_QUERY_USED) == 0);
    int32_t fresh = nfdtls_hash_new(NFDTLS_SHA256);
    for (int i = 0; i < NFDTLS_HANDLES; i++) {
        CHECK(nfdtls_free(handles[i]) == NFDTLS_E_HANDLE);
    }
    CHECK(nfdtls_free(fresh) == 0);

    /* Generations go round without ever being 0. */
    CHECK(nfdtls_free(0) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_free(-1) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_free(INT32_MIN) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_free(INT32_MAX) == NFDTLS_E_HANDLE);
    CHECK(nfdtls_query(99) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_query(NFDTLS_QUERY_ABI) == (NFDTLS_ABI_MAJOR << 16 | NFDTLS_ABI_MINOR));
    for (int32_t algorithm = -2; algorithm < 0x800; algorithm++) {
        int32_t there = nfdtls_hash_new(algorithm);
        there = there > 0 ? there : nfdtls_aead_new(algorithm, key, 64, 16);
        there = there > 0 ? there : nfdtls_cbc_new(algorithm, key, 64, 0);
        if (there > 0) {
            CHECK(nfdtls_free(there) == 0);
        }
        if (algorithm < NFDTLS_HMAC) {
            CHECK(nfdtls_supports(algorithm) == (there > 0));
        }
    }
}

enum { GOOD, ABSENT, STUCK, SHORT, REPEATING, RUN_OF_SIX };

static int behaviour;

static int read_entropy(void *context, uint8_t *bytes, size_t count)
{
    static uint32_t state = 7;
    (void)context;
    if (behaviour == REPEATING) {
        state = 7;
    }
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = behaviour == STUCK ? 0xA5 : (uint8_t)(state >> 24);
    }
    if (behaviour == SHORT) {
        memset(bytes + count / 2, 0, count - count / 2);
    }
    if (behaviour == RUN_OF_SIX) {
        memset(bytes + 3, 1, 6);
    }
    return behaviour == ABSENT;
}

static void fails(int how)
{
    uint8_t bytes[40];
    uint8_t secret[96];
    nfdtls_reset();
    behaviour = how;
    memset(bytes, 1, sizeof(bytes));
    CHECK(nfdtls_random(bytes, sizeof(bytes)) == NFDTLS_E_ENTROPY);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        CHECK(bytes[i] == 0);
    }
    nf_input nothing;
    nothing.count = 0;
    CHECK(nf_operate(NFDTLS_GENERATE + NFDTLS_X25519, 0, &nothing, secret, sizeof(secret)) == NFDTLS_E_ENTROPY);
    CHECK(nf_operate(NFDTLS_GENERATE + NFDTLS_SECP256R1, 0, &nothing, secret, sizeof(secret)) == NFDTLS_E_ENTROPY);
}

void test_random(void)
{
    static uint8_t bytes[3000];
    static uint8_t more[3000];
    nfdtls_port port = {NULL, NULL, NULL, read_entropy, NULL};
    nfdtls_init(&port);
    fails(ABSENT);
    fails(STUCK);
    fails(SHORT);
    fails(RUN_OF_SIX);

    /* It recovers, fills long ranges, and notices a source that repeats itself when it is asked again. */
    behaviour = GOOD;
    CHECK(nfdtls_random(bytes, sizeof(bytes)) == 0);
    CHECK(nfdtls_random(more, sizeof(more)) == 0);
    CHECK(memcmp(bytes, more, sizeof(bytes)) != 0);
    CHECK(memcmp(bytes, bytes + 1024, 1024) != 0);
    CHECK(nfdtls_random(NULL, 0) == 0);
    CHECK(nfdtls_random(NULL, 1) == NFDTLS_E_ARGUMENT);
    nfdtls_reset();
    behaviour = REPEATING;
    (void)nfdtls_random(bytes, 8);
    nfdtls_reset();
    CHECK(nfdtls_random(bytes, 8) == NFDTLS_E_ENTROPY);

    /* A source that dies is noticed at the reseed. */
    nfdtls_reset();
    behaviour = GOOD;
    CHECK(nfdtls_random(bytes, 8) == 0);
    behaviour = ABSENT;
    int32_t result = 0;
    int calls = 0;
    while (result == 0 && calls < 3000) {
        result = nfdtls_random(bytes, 8);
        calls++;
    }
    CHECK(result == NFDTLS_E_ENTROPY && calls <= 1025);
    behaviour = GOOD;
    CHECK(nfdtls_random(bytes, 8) == 0);
    nfdtls_init(NULL);
    CHECK(nfdtls_random(bytes, 8) == 0);
}

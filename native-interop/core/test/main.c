#include "check.h"
#if defined(NFDTLS_EMULATED)
#include "memory.h"
#endif

#include <stdio.h>

static int checks;
static int failures;

void nf_check(int right, const char *what, const char *file, int line)
{
    checks++;
    if (!right) {
        failures++;
        printf("%s:%d: %s\n", file, line, what);
    }
}

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

size_t nf_hex(const char *text, uint8_t *bytes)
{
    size_t count = 0;
    for (; text[0] != 0; text += 2) {
        bytes[count++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
    }
    return count;
}

void nf_check_bytes(const char *expected, const uint8_t *bytes, size_t count, const char *file, int line)
{
    size_t right = 0;
    while (right < count && expected[2 * right] != 0 &&
           bytes[right] == (digit(expected[2 * right]) << 4 | digit(expected[2 * right + 1]))) {
        right++;
    }
    nf_check(right == count && expected[2 * count] == 0, expected, file, line);
}

void nf_pattern(uint8_t *bytes, size_t count, unsigned seed)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(i * 31 + seed * 17 + (i >> 3));
    }
}

void nf_add(nf_input *input, const uint8_t *bytes, size_t count)
{
    input->bytes[input->count++] = (uint8_t)(count >> 8);
    input->bytes[input->count++] = (uint8_t)count;
    for (size_t i = 0; i < count; i++) {
        input->bytes[input->count++] = bytes[i];
    }
}

void nf_add_hex(nf_input *input, const char *text)
{
    static uint8_t bytes[1024];
    nf_add(input, bytes, nf_hex(text, bytes));
}

int32_t nf_operate(int32_t algorithm, int32_t parameter, const nf_input *input, uint8_t *result, size_t room)
{
    int32_t handle = nfdtls_begin(algorithm, parameter, input->bytes, input->count);
    if (handle < 0) {
        return handle;
    }
    while (nfdtls_poll(handle) == NFDTLS_PENDING) {
    }
    return nfdtls_finish(handle, result, room);
}

#if defined(NFDTLS_EMULATED)
/* Bare metal under an emulator has no entropy; the answers checked there do not depend on it. */
static int read_counter(void *context, uint8_t *bytes, size_t count)
{
    static uint32_t state = 1;
    (void)context;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = (uint8_t)(state >> 24);
    }
    return 0;
}
#endif

int main(void)
{
    nfdtls_port port = {NULL, NULL, NULL, NULL, NULL};
#if defined(NFDTLS_EMULATED)
    port.entropy = read_counter;
#endif
    nfdtls_init(&port);
    test_answers();
    test_asymmetric();
    test_mlkem();
    test_records();
    CHECK(nfdtls_query(NFDTLS_QUERY_USED) == 0);
    test_table();
#if defined(NFDTLS_EMULATED)
    measure_memory();
#else
    test_random();
    test_threads();
#endif
    nfdtls_reset();
    printf("%d checks, %d failed\n", checks, failures);
    return failures == 0 ? 0 : 1;
}

/* The least that a test needs, on a PC and on bare metal. */
#ifndef NF_TEST_CHECK_H
#define NF_TEST_CHECK_H

#include "nfdtls.h"

#define CHECK(condition) nf_check((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
/* The bytes are those of a text in hexadecimal. */
#define CHECK_BYTES(expected, bytes, count) nf_check_bytes(expected, bytes, count, __FILE__, __LINE__)

void nf_check(int right, const char *what, const char *file, int line);
void nf_check_bytes(const char *expected, const uint8_t *bytes, size_t count, const char *file, int line);
/* Writes what a text in hexadecimal says; returns the bytes. */
size_t nf_hex(const char *text, uint8_t *bytes);
/* Bytes that differ from their neighbours. */
void nf_pattern(uint8_t *bytes, size_t count, unsigned seed);

/* The input of an operation, field by field. */
typedef struct {
    uint8_t bytes[4096];
    size_t count;
} nf_input;
void nf_add(nf_input *input, const uint8_t *bytes, size_t count);
void nf_add_hex(nf_input *input, const char *text);
/* Begins, polls to the end and finishes an operation. */
int32_t nf_operate(int32_t algorithm, int32_t parameter, const nf_input *input, uint8_t *result, size_t room);

void test_answers(void);
void test_asymmetric(void);
void test_mlkem(void);
void test_records(void);
void test_table(void);
void test_random(void);
void test_threads(void);

#endif

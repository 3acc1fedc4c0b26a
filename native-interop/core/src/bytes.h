/* Work on bytes whose time does not depend on what they hold. A mask is 0 or all ones. */
#ifndef NF_BYTES_H
#define NF_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Says that bytes which come of secrets are none: to a build that watches what secrets decide (test/secrets.c), else nothing. */
#if defined(NFDTLS_WATCHED)
void nf_publish(const uint8_t *bytes, size_t count);
/* A value of which a part is secret is so as a whole. */
void nf_watch(uint32_t *value);
#else
static inline void nf_publish(const uint8_t *bytes, size_t count)
{
    (void)bytes;
    (void)count;
}
#endif

/* Hides a value from the compiler, so that it cannot turn masks back into branches. */
static inline uint32_t nf_hide(uint32_t value)
{
#if defined(NFDTLS_WATCHED)
    nf_watch(&value);
#elif defined(__GNUC__)
    __asm__("" : "+r"(value));
#endif
    return value;
}

/* All ones if the value is not 0. */
static inline uint32_t nf_mask_nonzero(uint32_t value)
{
    value = nf_hide(value);
    return 0U - ((value | (0U - value)) >> 31);
}

static inline uint32_t nf_mask_zero(uint32_t value)
{
    return ~nf_mask_nonzero(value);
}

/* All ones if a < b; both below 2^31. */
static inline uint32_t nf_mask_less(uint32_t a, uint32_t b)
{
    return 0U - (nf_hide(a - b) >> 31);
}

static inline uint32_t nf_select(uint32_t mask, uint32_t yes, uint32_t no)
{
    return (mask & yes) | (~mask & no);
}

/* All ones if the ranges are equal. */
static inline uint32_t nf_mask_equal(const uint8_t *a, const uint8_t *b, size_t count)
{
    uint32_t different = 0;
    for (size_t i = 0; i < count; i++) {
        different |= (uint32_t)(a[i] ^ b[i]);
    }
    return nf_mask_zero(different);
}

/* Copies a few bytes; nothing is asked of the pointers where there are none. */
static inline void nf_copy(uint8_t *to, const uint8_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i];
    }
}

#endif

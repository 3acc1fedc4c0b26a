/* Who may use an engine: one caller at a time, and only if nothing else in the firmware has it switched on. */
#ifndef NFDTLS_ENGINE_LOCK_H
#define NFDTLS_ENGINE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Both engines are taken together; false when another thread has them. */
bool nfdtls_engine_take(uint32_t clock);
void nfdtls_engine_give(void);

/* A word of memory as the engines want it with data as bytes: first byte lowest, wherever the row begins. */
static inline uint32_t nfdtls_word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* A word of key, IV or digest: first byte highest. */
static inline uint32_t nfdtls_high_first(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

#endif

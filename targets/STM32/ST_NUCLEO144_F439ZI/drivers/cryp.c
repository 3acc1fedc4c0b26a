/* AES by the CRYP engine, fed by the processor: records are short, and the default heap (CCM RAM) is out of the DMA's reach. */
#include "nfdtls_engine_lock.h"
#include "nfdtls_registers.h"

#include <nfdtls_engine.h>

#include <string.h>

#define BLOCK 16U

static void set_key(const uint8_t *key, size_t length)
{
    uint32_t at = CRYP_K0LR + 32 - (uint32_t)length;
    for (size_t i = 0; i < length; i += 4) {
        nfdtls_write(at + (uint32_t)i, nfdtls_high_first(key + i));
    }
}

static void set_iv(const uint8_t iv[BLOCK])
{
    for (uint32_t i = 0; i < BLOCK; i += 4) {
        nfdtls_write(CRYP_IV0LR + i, nfdtls_high_first(iv + i));
    }
}

/* The key stays in the engine's registers, which nobody else need see. */
static void forget(void)
{
    nfdtls_write(CRYP_CR, CRYP_CR_FLUSH);
    for (uint32_t i = 0; i < 32; i += 4) {
        nfdtls_write(CRYP_K0LR + i, 0);
    }
}

/* Decryption wants the last round's key, which the engine makes itself. */
static int prepare_key(uint32_t size)
{
    nfdtls_write(CRYP_CR, size | CRYP_CR_PREPARE_KEY | CRYP_CR_ENABLE);
    return nfdtls_wait(CRYP_SR, CRYP_SR_BUSY, 0);
}

static int block(const uint8_t *input, uint8_t *output)
{
    for (size_t i = 0; i < BLOCK; i += 4) {
        if (!nfdtls_wait(CRYP_SR, CRYP_SR_IN_NOT_FULL, CRYP_SR_IN_NOT_FULL)) {
            return 0;
        }
        nfdtls_write(CRYP_DIN, nfdtls_word(input + i));
    }
    for (size_t i = 0; i < BLOCK; i += 4) {
        if (!nfdtls_wait(CRYP_SR, CRYP_SR_OUT_NOT_EMPTY, CRYP_SR_OUT_NOT_EMPTY)) {
            return 0;
        }
        uint32_t word = nfdtls_read(CRYP_DOUT);
        output[i] = (uint8_t)word;
        output[i + 1] = (uint8_t)(word >> 8);
        output[i + 2] = (uint8_t)(word >> 16);
        output[i + 3] = (uint8_t)(word >> 24);
    }
    return 1;
}

/* Takes the engine and prepares it for a mode; NFDTLS_ENGINE_DONE, or why not. */
static int begin(const uint8_t *key, size_t key_length, uint32_t mode, const uint8_t iv[BLOCK])
{
    if ((key_length != 16 && key_length != 32) || !nfdtls_engine_take(RCC_CRYPEN)) {
        return NFDTLS_ENGINE_BUSY;
    }
    /* On, or at work: some other driver of the firmware has it. */
    if ((nfdtls_read(CRYP_CR) & CRYP_CR_ENABLE) != 0 || (nfdtls_read(CRYP_SR) & CRYP_SR_BUSY) != 0) {
        nfdtls_engine_give();
        return NFDTLS_ENGINE_BUSY;
    }
    uint32_t size = CRYP_CR_BYTES | (key_length == 32 ? CRYP_CR_KEY256 : 0);
    set_key(key, key_length);
    if ((mode & CRYP_CR_DECRYPT) != 0 && !prepare_key(size)) {
        forget();
        nfdtls_engine_give();
        return NFDTLS_ENGINE_BUSY;
    }
    nfdtls_write(CRYP_CR, size | mode);
    set_iv(iv);
    nfdtls_write(CRYP_CR, size | mode | CRYP_CR_FLUSH);
    nfdtls_write(CRYP_CR, size | mode | CRYP_CR_ENABLE);
    return NFDTLS_ENGINE_DONE;
}

static int end(int good)
{
    forget();
    nfdtls_engine_give();
    return good ? NFDTLS_ENGINE_DONE : NFDTLS_ENGINE_FAILED;
}

int nfdtls_engine_cbc(
    const uint8_t *key, size_t key_length, int encrypt, uint8_t chain[BLOCK], const uint8_t *input, uint8_t *output, size_t count)
{
    if (count == 0 || count % BLOCK != 0) {
        return NFDTLS_ENGINE_BUSY;
    }
    int state = begin(key, key_length, CRYP_CR_CBC | (encrypt ? 0 : CRYP_CR_DECRYPT), chain);
    if (state != NFDTLS_ENGINE_DONE) {
        return state;
    }
    uint8_t last[BLOCK];
    memcpy(last, input + count - BLOCK, BLOCK);
    int good = 1;
    for (size_t i = 0; i < count && good; i += BLOCK) {
        good = block(input + i, output + i);
    }
    memcpy(chain, encrypt ? output + count - BLOCK : last, BLOCK);
    return end(good);
}

int nfdtls_engine_ctr(const uint8_t *key, size_t key_length, uint8_t counter[BLOCK], const uint8_t *input, uint8_t *output, size_t count)
{
    /* The engine counts in the last 32 bits alone. */
    uint32_t low = nfdtls_high_first(counter + 12);
    size_t blocks = count / BLOCK + (count % BLOCK != 0);
    if (count == 0 || blocks > 0xFFFFFFFFU - low) {
        return NFDTLS_ENGINE_BUSY;
    }
    int state = begin(key, key_length, CRYP_CR_CTR, counter);
    if (state != NFDTLS_ENGINE_DONE) {
        return state;
    }
    int good = 1;
    size_t whole = count - count % BLOCK;
    for (size_t i = 0; i < whole && good; i += BLOCK) {
        good = block(input + i, output + i);
    }
    if (whole < count && good) {
        uint8_t rest[BLOCK] = {0};
        memcpy(rest, input + whole, count - whole);
        good = block(rest, rest);
        memcpy(output + whole, rest, count - whole);
    }
    low += (uint32_t)blocks;
    counter[12] = (uint8_t)(low >> 24);
    counter[13] = (uint8_t)(low >> 16);
    counter[14] = (uint8_t)(low >> 8);
    counter[15] = (uint8_t)low;
    return end(good);
}

/* HMAC by the HASH engine. Its running state cannot be exchanged with mbedTLS's, so hashes that go on over several calls stay there. */
#include "nfdtls_engine_lock.h"
#include "nfdtls_registers.h"

#include <nfdtls.h>
#include <nfdtls_engine.h>

#define BLOCK 64U

/* Words for the engine from parts whose borders lie anywhere. */
typedef struct {
    uint8_t word[4];
    unsigned used;
} feed;

static void add(feed *self, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        self->word[self->used++] = bytes[i];
        if (self->used == 4) {
            nfdtls_write(HASH_DIN, nfdtls_word(self->word));
            self->used = 0;
        }
    }
}

/* Ends one of the three phases: says how many bits of the last word count, and starts the calculation. */
static int close_phase(feed *self, uint32_t flag)
{
    if (self->used > 0) {
        for (unsigned i = self->used; i < 4; i++) {
            self->word[i] = 0;
        }
        nfdtls_write(HASH_DIN, nfdtls_word(self->word));
    }
    uint32_t bits = 8 * self->used;
    self->used = 0;
    nfdtls_write(HASH_STR, bits);
    nfdtls_write(HASH_STR, bits | HASH_STR_CALCULATE);
    return nfdtls_wait(HASH_SR, HASH_SR_BUSY | flag, flag);
}

static size_t total_of(const nfdtls_part *parts, unsigned number)
{
    size_t total = 0;
    for (unsigned i = 0; i < number; i++) {
        total += parts[i].count;
    }
    return total;
}

int nfdtls_engine_hmac(int32_t hash, const uint8_t *key, size_t key_count, const nfdtls_part *parts, unsigned number, uint8_t *mac)
{
    /* A phase without a word is not defined. */
    if ((hash != NFDTLS_SHA1 && hash != NFDTLS_SHA256) || key_count == 0 || total_of(parts, number) == 0) {
        return NFDTLS_ENGINE_BUSY;
    }
    if (!nfdtls_engine_take(RCC_HASHEN)) {
        return NFDTLS_ENGINE_BUSY;
    }
    if ((nfdtls_read(HASH_SR) & HASH_SR_BUSY) != 0) {
        nfdtls_engine_give();
        return NFDTLS_ENGINE_BUSY;
    }
    nfdtls_write(
        HASH_CR,
        HASH_CR_BYTES | HASH_CR_HMAC | (hash == NFDTLS_SHA256 ? HASH_CR_SHA256 : 0) | (key_count > BLOCK ? HASH_CR_LONG_KEY : 0) |
            HASH_CR_INIT);
    feed words = {{0}, 0};
    add(&words, key, key_count);
    int good = close_phase(&words, 0);
    for (unsigned i = 0; i < number && good; i++) {
        add(&words, parts[i].bytes, parts[i].count);
    }
    good = good && close_phase(&words, 0);
    if (good) {
        add(&words, key, key_count);
        good = close_phase(&words, HASH_SR_DIGEST_READY);
    }
    unsigned length = hash == NFDTLS_SHA256 ? 32 : 20;
    for (unsigned i = 0; i < length && good; i += 4) {
        uint32_t value = nfdtls_read(HASH_HR0 + i);
        mac[i] = (uint8_t)(value >> 24);
        mac[i + 1] = (uint8_t)(value >> 16);
        mac[i + 2] = (uint8_t)(value >> 8);
        mac[i + 3] = (uint8_t)value;
    }
    /* Begins a digest that is never ended, over what was left of this one. */
    nfdtls_write(HASH_CR, HASH_CR_BYTES | HASH_CR_INIT);
    nfdtls_engine_give();
    /* Nothing of the caller's was changed, so software can still do it. */
    return good ? NFDTLS_ENGINE_DONE : NFDTLS_ENGINE_BUSY;
}

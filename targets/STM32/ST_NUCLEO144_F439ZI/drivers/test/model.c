#include "model.h"

#include "nfdtls_registers.h"

#include <mbedtls/aes.h>
#include <mbedtls/md.h>

#include <string.h>

unsigned model_faults;
unsigned model_blocks;
unsigned model_digests;
uint32_t model_delay;
int model_foreign;

static uint32_t clocks;

static struct {
    uint32_t control;
    uint32_t key[8];
    uint32_t iv[4];
    uint32_t in[8];
    uint32_t out[8];
    unsigned in_count;
    unsigned out_count;
    uint32_t busy; /* reads of the status that still say busy */
    int prepared;  /* the key is the last round's */
} cryp;

static struct {
    uint32_t control;
    uint32_t start;
    uint32_t digest[8];
    uint8_t phase[3][4096];
    size_t count[3];
    unsigned now;
    uint32_t busy;
    int done;
} hash;

void model_reset(void)
{
    memset(&cryp, 0, sizeof(cryp));
    memset(&hash, 0, sizeof(hash));
    clocks = 0;
    model_faults = model_blocks = model_digests = 0;
    model_delay = 3;
    model_foreign = 0;
}

int model_key_is_zero(void)
{
    static const uint32_t none[8];
    return memcmp(cryp.key, none, sizeof(none)) == 0;
}

static void fault(int wrong)
{
    model_faults += wrong != 0;
}

static void high_first(uint8_t *bytes, uint32_t word)
{
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(word >> (24 - 8 * i));
    }
}

static void low_first(uint8_t *bytes, uint32_t word)
{
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(word >> (8 * i));
    }
}

static uint32_t from_high(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* A block of the input FIFO becomes one of the output FIFO. */
static void cryp_work(void)
{
    uint32_t mode = cryp.control & 0x38;
    int decrypt = (cryp.control & CRYP_CR_DECRYPT) != 0;
    if ((cryp.control & CRYP_CR_ENABLE) == 0 || cryp.in_count < 4 || cryp.out_count > 4 || model_delay == UINT32_MAX) {
        return;
    }
    fault((cryp.control & 0xC0) != CRYP_CR_BYTES);
    int long_key = (cryp.control & CRYP_CR_KEY256) != 0;
    uint8_t key[32];
    uint8_t iv[16];
    uint8_t block[16];
    uint8_t result[16];
    for (int i = 0; i < 8; i++) {
        high_first(key + 4 * i, cryp.key[i]);
    }
    for (int i = 0; i < 4; i++) {
        high_first(iv + 4 * i, cryp.iv[i]);
        low_first(block + 4 * i, cryp.in[i]);
    }
    memmove(cryp.in, cryp.in + 4, sizeof(cryp.in) / 2);
    cryp.in_count -= 4;

    mbedtls_aes_context aes;
    mbedtls_aes_init(&aes);
    const uint8_t *first = long_key ? key : key + 16;
    if (mode == CRYP_CR_CBC && decrypt) {
        fault(!cryp.prepared);
        mbedtls_aes_setkey_dec(&aes, first, long_key ? 256 : 128);
        mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_DECRYPT, 16, iv, block, result);
    } else if (mode == CRYP_CR_CBC) {
        fault(cryp.prepared);
        mbedtls_aes_setkey_enc(&aes, first, long_key ? 256 : 128);
        mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, 16, iv, block, result);
    } else {
        fault(mode != CRYP_CR_CTR || cryp.prepared);
        mbedtls_aes_setkey_enc(&aes, first, long_key ? 256 : 128);
        mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_ENCRYPT, iv, result);
        for (int i = 0; i < 16; i++) {
            result[i] ^= block[i];
        }
        /* 32 bits count, and no carry goes further. */
        high_first(iv + 12, cryp.iv[3] + 1);
    }
    mbedtls_aes_free(&aes);
    for (int i = 0; i < 4; i++) {
        cryp.iv[i] = from_high(iv + 4 * i);
        cryp.out[cryp.out_count++] = (uint32_t)result[4 * i] | (uint32_t)result[4 * i + 1] << 8 | (uint32_t)result[4 * i + 2] << 16 |
                                     (uint32_t)result[4 * i + 3] << 24;
    }
    cryp.busy = model_delay;
    model_blocks++;
}

static uint32_t cryp_status(void)
{
    if (cryp.busy > 0) {
        cryp.busy -= cryp.busy != UINT32_MAX;
        return CRYP_SR_BUSY | (cryp.in_count < 8 ? CRYP_SR_IN_NOT_FULL : 0);
    }
    if ((cryp.control & 0x38) == CRYP_CR_PREPARE_KEY && (cryp.control & CRYP_CR_ENABLE) != 0) {
        cryp.prepared = 1;
        cryp.control &= ~CRYP_CR_ENABLE;
    }
    return (cryp.in_count == 0) | (cryp.in_count < 8 ? CRYP_SR_IN_NOT_FULL : 0) | (cryp.out_count > 0 ? CRYP_SR_OUT_NOT_EMPTY : 0);
}

static void cryp_control(uint32_t value)
{
    /* Mode, key size and direction may change only while it is off or rests. */
    fault(cryp.busy > 0 && cryp.busy != UINT32_MAX && ((value ^ cryp.control) & 0x3FC) != 0);
    cryp.control = value & ~CRYP_CR_FLUSH;
    if ((value & CRYP_CR_FLUSH) != 0) {
        fault((value & CRYP_CR_ENABLE) != 0);
        cryp.in_count = cryp.out_count = 0;
        cryp.busy = 0;
    }
    if ((value & 0x38) == CRYP_CR_PREPARE_KEY && (value & CRYP_CR_ENABLE) != 0) {
        cryp.busy = model_delay;
    }
}

static void hash_calculate(void)
{
    if (hash.now < 2) {
        hash.now++;
        hash.busy = model_delay;
        return;
    }
    fault(hash.count[0] != hash.count[2] || memcmp(hash.phase[0], hash.phase[2], hash.count[0]) != 0);
    fault((hash.control & HASH_CR_HMAC) == 0 || (hash.control & 0x30) != HASH_CR_BYTES);
    fault(((hash.control & HASH_CR_LONG_KEY) != 0) != (hash.count[0] > 64));
    int wide = (hash.control & HASH_CR_SHA256) == HASH_CR_SHA256;
    uint8_t mac[32] = {0};
    mbedtls_md_hmac(
        mbedtls_md_info_from_type(wide ? MBEDTLS_MD_SHA256 : MBEDTLS_MD_SHA1), hash.phase[0], hash.count[0], hash.phase[1], hash.count[1], mac);
    for (int i = 0; i < 8; i++) {
        hash.digest[i] = from_high(mac + 4 * i);
    }
    hash.busy = model_delay;
    hash.done = 1;
    model_digests++;
}

static void hash_start(uint32_t value)
{
    if ((value & HASH_STR_CALCULATE) == 0) {
        hash.start = value;
        return;
    }
    fault((value & 0x1F) != hash.start || hash.count[hash.now] == 0);
    if ((value & 0x1F) != 0) {
        hash.count[hash.now] -= 4 - (value & 0x1F) / 8;
    }
    hash_calculate();
}

uint32_t nfdtls_read(uint32_t address)
{
    if (address == RCC_AHB2ENR) {
        return clocks;
    }
    if (address < HASH_CR) {
        fault((clocks & RCC_CRYPEN) == 0);
        if (address == CRYP_CR) {
            return cryp.control | (model_foreign ? CRYP_CR_ENABLE : 0);
        }
        if (address == CRYP_SR) {
            return cryp_status();
        }
        fault(address != CRYP_DOUT || cryp.out_count == 0);
        uint32_t word = cryp.out[0];
        memmove(cryp.out, cryp.out + 1, sizeof(cryp.out) - sizeof(cryp.out[0]));
        cryp.out_count -= cryp.out_count > 0;
        return word;
    }
    fault((clocks & RCC_HASHEN) == 0);
    if (address == HASH_SR) {
        if (model_foreign || hash.busy > 0) {
            hash.busy -= hash.busy > 0 && hash.busy != UINT32_MAX;
            return HASH_SR_BUSY;
        }
        return 1 | (hash.done ? HASH_SR_DIGEST_READY : 0);
    }
    fault(address < HASH_HR0 || address > HASH_HR0 + 28 || !hash.done);
    return hash.digest[(address - HASH_HR0) / 4 % 8];
}

void nfdtls_write(uint32_t address, uint32_t value)
{
    if (address == RCC_AHB2ENR) {
        clocks = value;
    } else if (address < HASH_CR) {
        fault((clocks & RCC_CRYPEN) == 0);
        if (address == CRYP_CR) {
            cryp_control(value);
        } else if (address == CRYP_DIN) {
            fault(cryp.in_count >= 8);
            cryp.in[cryp.in_count++ % 8] = value;
            cryp_work();
        } else if (address >= CRYP_IV0LR) {
            fault((cryp.control & CRYP_CR_ENABLE) != 0 || cryp.busy > 0);
            cryp.iv[(address - CRYP_IV0LR) / 4 % 4] = value;
        } else {
            fault(address < CRYP_K0LR || (cryp.control & CRYP_CR_ENABLE) != 0 || cryp.busy > 0);
            cryp.key[(address - CRYP_K0LR) / 4 % 8] = value;
            cryp.prepared = 0;
        }
    } else {
        fault((clocks & RCC_HASHEN) == 0);
        if (address == HASH_CR) {
            fault((value & HASH_CR_INIT) == 0);
            memset(&hash, 0, sizeof(hash));
            hash.control = value & ~HASH_CR_INIT;
        } else if (address == HASH_STR) {
            hash_start(value);
        } else {
            fault(address != HASH_DIN || hash.busy > 0 || hash.count[hash.now] + 4 > sizeof(hash.phase[0]));
            low_first(hash.phase[hash.now] + hash.count[hash.now], value);
            hash.count[hash.now] += 4;
        }
    }
}

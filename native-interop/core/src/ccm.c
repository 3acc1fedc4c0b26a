#include "ccm.h"

#if defined(NF_HAVE_CCM)

#include "bytes.h"
#include "table.h"

#include <string.h>

#define NONCE 12
#define BLOCK ((size_t)16)

#if NFDTLS_SCRATCH < 64 || NFDTLS_SCRATCH % 16 != 0
#error "NFDTLS_SCRATCH must be a multiple of 16, and 64 at the least"
#endif

/*
 * CBC has nowhere to put its output but over a copy of its input, so the formatted blocks stand here. Aligned for engines
 * that fetch by DMA. Zeroed after each record.
 */
static NFDTLS_SCRATCH_STORAGE _Alignas(32) uint8_t scratch[NFDTLS_SCRATCH];

int nf_ccm_fits(size_t aad_count, size_t count)
{
    /* 3 bytes hold the text's length, and 2 the additional data's. */
    return aad_count < 0xFF00 && count < 0x1000000;
}

static size_t round_up(size_t count)
{
    return (count + BLOCK - 1) & ~(BLOCK - 1);
}

typedef struct {
    nf_aes *key;
    uint8_t chain[BLOCK]; /* the MAC so far */
    size_t used;          /* bytes that wait in scratch */
    int error;
} mac_state;

static void mac_flush(mac_state *mac)
{
    if (mac->used > 0) {
        mac->error |= nf_aes_cbc(mac->key, mac->chain, scratch, scratch, mac->used);
        mac->used = 0;
    }
}

static void mac_add(mac_state *mac, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        if (mac->used == NFDTLS_SCRATCH) {
            mac_flush(mac);
        }
        size_t n = NFDTLS_SCRATCH - mac->used;
        n = count < n ? count : n;
        memcpy(scratch + mac->used, bytes, n);
        mac->used += n;
        bytes += n;
        count -= n;
    }
}

static void mac_pad(mac_state *mac)
{
    size_t end = round_up(mac->used);
    memset(scratch + mac->used, 0, end - mac->used);
    mac->used = end;
}

/* CBC-MAC over the formatted blocks: one call to CBC where all of them fit into scratch. */
static int compute_mac(
    nf_aes *key, size_t tag_length, const uint8_t *nonce, const uint8_t *aad, size_t aad_count, const uint8_t *data, size_t count,
    uint8_t tag[BLOCK])
{
    mac_state mac = {key, {0}, 0, 0};
    uint8_t first[BLOCK + 2];
    first[0] = (uint8_t)((aad_count > 0 ? 0x40 : 0) | (tag_length - 2) / 2 << 3 | (15 - NONCE - 1));
    memcpy(first + 1, nonce, NONCE);
    first[13] = (uint8_t)(count >> 16);
    first[14] = (uint8_t)(count >> 8);
    first[15] = (uint8_t)count;
    first[16] = (uint8_t)(aad_count >> 8);
    first[17] = (uint8_t)aad_count;
    mac_add(&mac, first, aad_count > 0 ? BLOCK + 2 : BLOCK);
    mac_add(&mac, aad, aad_count);
    mac_pad(&mac);
    mac_add(&mac, data, count);
    mac_pad(&mac);
    mac_flush(&mac);
    memcpy(tag, mac.chain, BLOCK);
    nf_zero(mac.chain, sizeof(mac.chain));
    return mac.error;
}

/* CTR over the tag (counter 0) and the text (from 1 on): one call where both fit into scratch. */
static int crypt(nf_aes *key, const uint8_t *nonce, uint8_t tag[BLOCK], uint8_t *data, size_t count)
{
    uint8_t counter[BLOCK] = {15 - NONCE - 1};
    int error;
    memcpy(counter + 1, nonce, NONCE);
    if (count <= NFDTLS_SCRATCH - BLOCK) {
        memcpy(scratch, tag, BLOCK);
        nf_copy(scratch + BLOCK, data, count);
        error = nf_aes_ctr(key, counter, scratch, scratch, BLOCK + count);
        memcpy(tag, scratch, BLOCK);
        nf_copy(data, scratch + BLOCK, count);
    } else {
        error = nf_aes_ctr(key, counter, tag, tag, BLOCK);
        error |= nf_aes_ctr(key, counter, data, data, count);
    }
    return error;
}

static void wipe(size_t aad_count, size_t count)
{
    size_t used = 2 * BLOCK + round_up(aad_count + 2) + round_up(count);
    nf_zero(scratch, used < NFDTLS_SCRATCH ? used : NFDTLS_SCRATCH);
}

int nf_ccm_seal(
    nf_aes *key, size_t tag_length, const uint8_t *nonce, const uint8_t *aad, size_t aad_count, uint8_t *data, size_t count)
{
    uint8_t tag[BLOCK];
    int error = compute_mac(key, tag_length, nonce, aad, aad_count, data, count, tag);
    error |= crypt(key, nonce, tag, data, count);
    memcpy(data + count, tag, tag_length);
    wipe(aad_count, count);
    return error;
}

int nf_ccm_open(
    nf_aes *key, size_t tag_length, const uint8_t *nonce, const uint8_t *aad, size_t aad_count, uint8_t *data, size_t count,
    uint32_t *genuine)
{
    uint8_t tag[BLOCK] = {0};
    uint8_t expected[BLOCK];
    memcpy(tag, data + count, tag_length);
    int error = crypt(key, nonce, tag, data, count);
    error |= compute_mac(key, tag_length, nonce, aad, aad_count, data, count, expected);
    *genuine = nf_mask_equal(tag, expected, tag_length);
    nf_zero(expected, sizeof(expected));
    wipe(aad_count, count);
    return error;
}

#endif

/* Records with any content, opened under a fixed key: none may pass, but those that this target seals itself. */
#include "nfdtls.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

static const int32_t algorithms[] = {
    NFDTLS_AES128_CCM, NFDTLS_AES256_GCM, NFDTLS_CHACHA20_POLY1305, NFDTLS_AES128_CBC_HMAC_SHA1, NFDTLS_AES256_CBC_HMAC_SHA256};

static const uint8_t key[64] = {1, 2, 3};
static const uint8_t iv[16] = {4, 5, 6};

static void require(int condition)
{
    if (!condition) {
        __builtin_trap();
    }
}

static void open_aead(int32_t algorithm, const uint8_t *data, size_t count, size_t aad_count)
{
    int32_t handle = nfdtls_aead_new(algorithm, key, sizeof(key), 16);
    uint8_t *copy = malloc(count + 17);
    aad_count = aad_count < count ? aad_count : count;
    memcpy(copy, data, count);
    if (count >= 16) {
        require(nfdtls_aead_open(handle, iv, 12, data, aad_count, copy, count - 16, count) == NFDTLS_E_FORGED);
    }
    memcpy(copy, data, count);
    require(nfdtls_aead_seal(handle, iv, 12, data, aad_count, copy, count, count + 16) == (int32_t)count + 16);
    require(nfdtls_aead_open(handle, iv, 12, data, aad_count, copy, count, count + 16) == (int32_t)count);
    require(count == 0 || memcmp(copy, data, count) == 0);
    free(copy);
    nfdtls_free(handle);
}

static void open_cbc(int32_t algorithm, const uint8_t *data, size_t count, int order)
{
    uint8_t header[13] = {0};
    int32_t handle = nfdtls_cbc_new(algorithm, key, sizeof(key), order);
    uint8_t *copy = malloc(count + 48);
    memcpy(copy, data, count);
    require(nfdtls_cbc_open(handle, header, 13, iv, 16, copy, count) == NFDTLS_E_FORGED);
    memcpy(copy, data, count);
    int32_t length = nfdtls_cbc_seal(handle, header, 13, iv, 16, copy, count, count + 48);
    require(length > (int32_t)count);
    require(nfdtls_cbc_open(handle, header, 13, iv, 16, copy, (size_t)length) == (int32_t)count);
    require(count == 0 || memcmp(copy, data, count) == 0);
    free(copy);
    nfdtls_free(handle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    if (count < 2 || count > 4096) {
        return 0;
    }
    unsigned index = data[0] % 5U;
    if (index < 3) {
        open_aead(algorithms[index], data + 2, count - 2, data[1]);
    } else {
        open_cbc(algorithms[index], data + 2, count - 2, data[1] & 1);
    }
    return 0;
}

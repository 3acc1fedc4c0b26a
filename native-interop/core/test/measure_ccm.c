/* How many times AES is called for a record in CCM: here, and in mbedTLS's own CCM. An engine is set up once a call. */
#include "nfdtls.h"

#include "mbedtls/aes.h"
#include "mbedtls/ccm.h"

#include <stdio.h>

static unsigned long calls;
static unsigned long depth;

int __real_mbedtls_aes_crypt_ecb(mbedtls_aes_context *key, int mode, const unsigned char input[16], unsigned char output[16]);
int __wrap_mbedtls_aes_crypt_ecb(mbedtls_aes_context *key, int mode, const unsigned char input[16], unsigned char output[16]);
int __real_mbedtls_aes_crypt_cbc(mbedtls_aes_context *key, int mode, size_t count, unsigned char iv[16], const unsigned char *input, unsigned char *output);
int __wrap_mbedtls_aes_crypt_cbc(mbedtls_aes_context *key, int mode, size_t count, unsigned char iv[16], const unsigned char *input, unsigned char *output);
int __real_mbedtls_aes_crypt_ctr(
    mbedtls_aes_context *key, size_t count, size_t *offset, unsigned char counter[16], unsigned char stream[16], const unsigned char *input,
    unsigned char *output);
int __wrap_mbedtls_aes_crypt_ctr(
    mbedtls_aes_context *key, size_t count, size_t *offset, unsigned char counter[16], unsigned char stream[16], const unsigned char *input,
    unsigned char *output);

int __wrap_mbedtls_aes_crypt_ecb(mbedtls_aes_context *key, int mode, const unsigned char input[16], unsigned char output[16])
{
    calls += depth == 0;
    return __real_mbedtls_aes_crypt_ecb(key, mode, input, output);
}

int __wrap_mbedtls_aes_crypt_cbc(mbedtls_aes_context *key, int mode, size_t count, unsigned char iv[16], const unsigned char *input, unsigned char *output)
{
    calls++;
    depth++;
    int result = __real_mbedtls_aes_crypt_cbc(key, mode, count, iv, input, output);
    depth--;
    return result;
}

int __wrap_mbedtls_aes_crypt_ctr(
    mbedtls_aes_context *key, size_t count, size_t *offset, unsigned char counter[16], unsigned char stream[16], const unsigned char *input,
    unsigned char *output)
{
    calls++;
    depth++;
    int result = __real_mbedtls_aes_crypt_ctr(key, count, offset, counter, stream, input, output);
    depth--;
    return result;
}

int main(void)
{
    static const size_t lengths[] = {16, 100, 256, 512, 1024, 1200, 16384};
    static uint8_t record[16400];
    uint8_t key[16] = {1};
    uint8_t nonce[12] = {2};
    uint8_t aad[13] = {3};
    int bad = 0;
    mbedtls_ccm_context ccm;
    nfdtls_init(NULL);
    mbedtls_ccm_init(&ccm);
    int32_t handle = nfdtls_aead_new(NFDTLS_AES128_CCM, key, sizeof(key), 8);
    bad |= mbedtls_ccm_setkey(&ccm, MBEDTLS_CIPHER_ID_AES, key, 128);
    printf("bytes of text   calls to AES: NfDtls   mbedtls_ccm\n");
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        size_t count = lengths[i];
        calls = 0;
        bad |= nfdtls_aead_seal(handle, nonce, 12, aad, 13, record, count, count + 8) < 0;
        unsigned long ours = calls;
        calls = 0;
        bad |= mbedtls_ccm_encrypt_and_tag(&ccm, count, nonce, 12, aad, 13, record, record, record + count, 8);
        printf("%13zu   %20lu   %11lu\n", count, ours, calls);
        bad |= count + 64 <= NFDTLS_SCRATCH && ours != 2;
    }
    mbedtls_ccm_free(&ccm);
    nfdtls_reset();
    return bad != 0;
}

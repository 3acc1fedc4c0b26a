/* Known answers of key agreement, signatures and RSA. */
#include "check.h"
#include "keys.h"

#include <string.h>

#define SHA256_OF_SAMPLE "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"
#define SHA384_OF_SAMPLE "9a9083505bc92276aec4be312696ef7bf3bf603f4bbd381196a029f340585312313bca4a9b5b890efee42c77b1ee25fe"

/* RFC 6979 A.2.5. */
#define P256_SCALAR "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
#define P256_POINT \
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
#define P256_OF_SAMPLE \
    "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4" \
    "ab2f843acda8"

static uint8_t result[512];
static nf_input input;

static void start(void)
{
    input.count = 0;
}

static int32_t agree(int32_t group, const char *own, const char *peer)
{
    start();
    nf_add_hex(&input, own);
    nf_add_hex(&input, peer);
    return nf_operate(NFDTLS_AGREE + group, 0, &input, result, sizeof(result));
}

static void agreement(void)
{
    /* RFC 5903 8.1, RFC 7748 5.2. */
    if (nfdtls_supports(NFDTLS_AGREE + NFDTLS_SECP256R1)) {
        CHECK(
            agree(
                NFDTLS_SECP256R1, "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
                "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872"
                "ab") == 32);
        CHECK_BYTES("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de", result, 32);
        CHECK(agree(NFDTLS_SECP256R1, P256_SCALAR, "04") == NFDTLS_E_PEER);
        CHECK(agree(NFDTLS_SECP256R1, "00", P256_POINT) == NFDTLS_E_INTERNAL);
    }
    if (nfdtls_supports(NFDTLS_AGREE + NFDTLS_X25519)) {
        const char *own = "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4";
        CHECK(agree(NFDTLS_X25519, own, "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c") == 32);
        CHECK_BYTES("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552", result, 32);
        CHECK(agree(NFDTLS_X25519, own, "0000000000000000000000000000000000000000000000000000000000000000") == NFDTLS_E_PEER);
        CHECK(agree(NFDTLS_X25519, own, "00") == NFDTLS_E_PEER);
    }
}

static void pairs(void)
{
    static const int32_t groups[] = {NFDTLS_SECP256R1, NFDTLS_SECP384R1, NFDTLS_SECP521R1, NFDTLS_X25519};
    static uint8_t one[208];
    static uint8_t two[208];
    uint8_t shared[66];
    for (size_t i = 0; i < 4; i++) {
        size_t secret = groups[i] == NFDTLS_SECP521R1 ? 66 : groups[i] == NFDTLS_SECP384R1 ? 48 : 32;
        size_t open = groups[i] == NFDTLS_X25519 ? 32 : 2 * secret + 1;
        if (!nfdtls_supports(NFDTLS_GENERATE + groups[i])) {
            continue;
        }
        start();
        CHECK(nf_operate(NFDTLS_GENERATE + groups[i], 0, &input, one, sizeof(one)) == (int32_t)(secret + open));
        CHECK(nf_operate(NFDTLS_GENERATE + groups[i], 0, &input, two, sizeof(two)) == (int32_t)(secret + open));
        nf_add(&input, one, secret);
        nf_add(&input, two + secret, open);
        CHECK(nf_operate(NFDTLS_AGREE + groups[i], 0, &input, shared, sizeof(shared)) == (int32_t)secret);
        start();
        nf_add(&input, two, secret);
        nf_add(&input, one + secret, open);
        CHECK(nf_operate(NFDTLS_AGREE + groups[i], 0, &input, result, sizeof(result)) == (int32_t)secret);
        CHECK(memcmp(shared, result, secret) == 0);
    }
}

static int32_t verify(int32_t kind, int32_t scheme, const char *point, const char *hash, const char *signature)
{
    start();
    nf_add_hex(&input, point);
    nf_add_hex(&input, hash);
    nf_add_hex(&input, signature);
    return nf_operate(NFDTLS_VERIFY + (kind << 16) + scheme, 0, &input, NULL, 0);
}

static void ecdsa(void)
{
    if (nfdtls_supports(NFDTLS_SIGN + (NFDTLS_KEY_SECP256R1 << 16) + NFDTLS_ECDSA_SHA256)) {
        start();
        nf_add_hex(&input, P256_SCALAR);
        nf_add_hex(&input, SHA256_OF_SAMPLE);
        CHECK(nf_operate(NFDTLS_SIGN + (NFDTLS_KEY_SECP256R1 << 16) + NFDTLS_ECDSA_SHA256, 0, &input, result, sizeof(result)) == 72);
        CHECK_BYTES(P256_OF_SAMPLE, result, 72);
        CHECK(verify(NFDTLS_KEY_SECP256R1, NFDTLS_ECDSA_SHA256, P256_POINT, SHA256_OF_SAMPLE, P256_OF_SAMPLE) == 0);
        CHECK(
            verify(
                NFDTLS_KEY_SECP256R1, NFDTLS_ECDSA_SHA256, P256_POINT, "bf2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
                P256_OF_SAMPLE) == NFDTLS_E_SIGNATURE);
        CHECK(verify(NFDTLS_KEY_SECP256R1, NFDTLS_ECDSA_SHA256, P256_POINT, SHA256_OF_SAMPLE, "3006020101020101") == NFDTLS_E_SIGNATURE);
    }
    if (nfdtls_supports(NFDTLS_VERIFY + (NFDTLS_KEY_SECP384R1 << 16) + NFDTLS_ECDSA_SHA384)) {
        CHECK(verify(NFDTLS_KEY_SECP384R1, NFDTLS_ECDSA_SHA384, P384_POINT, SHA384_OF_SAMPLE, P384_OF_SAMPLE) == 0);
        CHECK(verify(NFDTLS_KEY_SECP384R1, NFDTLS_ECDSA_SHA384, P384_POINT, SHA384_OF_SAMPLE, P256_OF_SAMPLE) == NFDTLS_E_SIGNATURE);
        start();
        nf_add_hex(&input, P384_SCALAR);
        nf_add_hex(&input, SHA384_OF_SAMPLE);
        int32_t length = nf_operate(NFDTLS_SIGN + (NFDTLS_KEY_SECP384R1 << 16) + NFDTLS_ECDSA_SHA384, 0, &input, result, sizeof(result));
        CHECK(length > 90 && length <= 104);
        start();
        nf_add_hex(&input, P384_POINT);
        nf_add_hex(&input, SHA384_OF_SAMPLE);
        nf_add(&input, result, (size_t)length);
        CHECK(nf_operate(NFDTLS_VERIFY + (NFDTLS_KEY_SECP384R1 << 16) + NFDTLS_ECDSA_SHA384, 0, &input, NULL, 0) == 0);
    }
}

/* Signs with a new key of P-521, whose signatures have headers of three bytes, and derives its point. */
static void p521(void)
{
    static uint8_t pair[208];
    int32_t sign = NFDTLS_SIGN + (NFDTLS_KEY_SECP521R1 << 16) + NFDTLS_ECDSA_SHA512;
    if (!nfdtls_supports(sign) || !nfdtls_supports(NFDTLS_GENERATE + NFDTLS_SECP521R1)) {
        return;
    }
    start();
    CHECK(nf_operate(NFDTLS_GENERATE + NFDTLS_SECP521R1, 0, &input, pair, sizeof(pair)) == 199);
    nf_add(&input, pair, 66);
    CHECK(nf_operate(NFDTLS_DERIVE + NFDTLS_KEY_SECP521R1, 0, &input, result, sizeof(result)) == 133);
    CHECK(memcmp(pair + 66, result, 133) == 0);
    for (int i = 0; i < 8; i++) {
        start();
        nf_add(&input, pair, 66);
        nf_add(&input, pair + 66, 64);
        int32_t length = nf_operate(sign, 0, &input, result, sizeof(result));
        CHECK(length > 130 && length <= 139);
        start();
        nf_add(&input, pair + 66, 133);
        nf_add(&input, pair + 66, 64);
        nf_add(&input, result, (size_t)length);
        CHECK(nf_operate(NFDTLS_VERIFY + (NFDTLS_KEY_SECP521R1 << 16) + NFDTLS_ECDSA_SHA512, 0, &input, NULL, 0) == 0);
    }
}

static void derivation(void)
{
    if (!nfdtls_supports(NFDTLS_DERIVE + NFDTLS_KEY_SECP256R1)) {
        return;
    }
    start();
    nf_add_hex(&input, P256_SCALAR);
    CHECK(nf_operate(NFDTLS_DERIVE + NFDTLS_KEY_SECP256R1, 0, &input, result, sizeof(result)) == 65);
    CHECK_BYTES(P256_POINT, result, 65);
    start();
    nf_add_hex(&input, "00");
    CHECK(nf_operate(NFDTLS_DERIVE + NFDTLS_KEY_SECP256R1, 0, &input, result, sizeof(result)) == NFDTLS_E_INTERNAL);
    CHECK(!nfdtls_supports(NFDTLS_DERIVE + NFDTLS_KEY_RSA));
}

static void start_private(void)
{
    static const char *const parts[] = {RSA_N, RSA_E, RSA_D, RSA_P, RSA_Q, RSA_DP, RSA_DQ, RSA_QINV};
    start();
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        nf_add_hex(&input, parts[i]);
    }
}

static int32_t verify_rsa(int32_t scheme, const uint8_t *signature, size_t count)
{
    start();
    nf_add_hex(&input, RSA_N);
    nf_add_hex(&input, RSA_E);
    nf_add_hex(&input, SHA256_OF_SAMPLE);
    nf_add(&input, signature, count);
    return nf_operate(NFDTLS_VERIFY + (NFDTLS_KEY_RSA << 16) + scheme, 0, &input, NULL, 0);
}

static void rsa(void)
{
    static uint8_t other[256];
    if (!nfdtls_supports(NFDTLS_RSA_DECRYPT)) {
        return;
    }
    nf_hex(RSA_PKCS1_OF_SAMPLE, other);
    CHECK(verify_rsa(NFDTLS_RSA_PKCS1_SHA256, other, 256) == 0);
    CHECK(verify_rsa(NFDTLS_RSA_PSS_SHA256, other, 256) == NFDTLS_E_SIGNATURE);
    nf_hex(RSA_PSS_OF_SAMPLE, other);
    CHECK(verify_rsa(NFDTLS_RSA_PSS_SHA256, other, 256) == 0);
    CHECK(verify_rsa(NFDTLS_RSA_PKCS1_SHA256, other, 256) == NFDTLS_E_SIGNATURE);

    start_private();
    nf_add_hex(&input, SHA256_OF_SAMPLE);
    CHECK(nf_operate(NFDTLS_SIGN + (NFDTLS_KEY_RSA << 16) + NFDTLS_RSA_PKCS1_SHA256, 0, &input, result, sizeof(result)) == 256);
    CHECK_BYTES(RSA_PKCS1_OF_SAMPLE, result, 256);
    CHECK(nf_operate(NFDTLS_SIGN + (NFDTLS_KEY_RSA << 16) + NFDTLS_RSA_PSS_SHA256, 0, &input, result, sizeof(result)) == 256);
    memcpy(other, result, 256);
    CHECK(verify_rsa(NFDTLS_RSA_PSS_SHA256, other, 256) == 0);

    static const int32_t longer[] = {NFDTLS_RSA_PSS_SHA384, NFDTLS_RSA_PSS_SHA512};
    for (size_t i = 0; i < 2; i++) {
        size_t size = i == 0 ? 48 : 64;
        if (!nfdtls_supports(NFDTLS_SIGN + (NFDTLS_KEY_RSA << 16) + longer[i])) {
            continue;
        }
        start_private();
        nf_add(&input, other, size);
        CHECK(nf_operate(NFDTLS_SIGN + (NFDTLS_KEY_RSA << 16) + longer[i], 0, &input, result, sizeof(result)) == 256);
        start();
        nf_add_hex(&input, RSA_N);
        nf_add_hex(&input, RSA_E);
        nf_add(&input, other, size);
        nf_add(&input, result, 256);
        CHECK(nf_operate(NFDTLS_VERIFY + (NFDTLS_KEY_RSA << 16) + longer[i], 0, &input, NULL, 0) == 0);
        input.bytes[input.count - 1] ^= 1;
        CHECK(nf_operate(NFDTLS_VERIFY + (NFDTLS_KEY_RSA << 16) + longer[i], 0, &input, NULL, 0) == NFDTLS_E_SIGNATURE);
    }

    start_private();
    nf_add_hex(&input, RSA_CIPHER_OF_NFDTLS);
    CHECK(nf_operate(NFDTLS_RSA_DECRYPT, 6, &input, result, sizeof(result)) == 6);
    CHECK(memcmp(result, "NfDtls", 6) == 0);
    /* Another length: random bytes, of that length. */
    CHECK(nf_operate(NFDTLS_RSA_DECRYPT, 48, &input, result, sizeof(result)) == 48);
    CHECK(nf_operate(NFDTLS_RSA_DECRYPT, 48, &input, other, sizeof(other)) == 48);
    CHECK(memcmp(result, other, 48) != 0);
    CHECK(nf_operate(NFDTLS_RSA_DECRYPT, 513, &input, result, sizeof(result)) == NFDTLS_E_ARGUMENT);
    CHECK(nf_operate(NFDTLS_RSA_DECRYPT, -1, &input, result, sizeof(result)) == NFDTLS_E_ARGUMENT);

    start();
    nf_add_hex(&input, RSA_N);
    nf_add_hex(&input, RSA_E);
    nf_add(&input, (const uint8_t *)"back", 4);
    CHECK(nf_operate(NFDTLS_RSA_ENCRYPT, 0, &input, other, sizeof(other)) == 256);
    start_private();
    nf_add(&input, other, 256);
    CHECK(nf_operate(NFDTLS_RSA_DECRYPT, 4, &input, result, sizeof(result)) == 4);
    CHECK(memcmp(result, "back", 4) == 0);
}

static void badly_formed(void)
{
    uint8_t bytes[4] = {0, 2, 1, 1};
    int32_t algorithm = NFDTLS_AGREE + NFDTLS_SECP256R1;
    if (!nfdtls_supports(algorithm)) {
        return;
    }
    for (size_t count = 0; count <= 4; count++) {
        start();
        memcpy(input.bytes, bytes, count);
        input.count = count;
        CHECK(nf_operate(algorithm, 0, &input, result, sizeof(result)) == NFDTLS_E_ARGUMENT);
    }
    CHECK(nfdtls_begin(algorithm, 0, NULL, 4) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_begin(NFDTLS_AGREE + 30, 0, NULL, 0) == NFDTLS_E_UNSUPPORTED);
    CHECK(nfdtls_begin(NFDTLS_RANDOM, 0, NULL, 0) == NFDTLS_E_UNSUPPORTED);
    CHECK(nfdtls_begin(NFDTLS_SHA256, 0, NULL, 0) == NFDTLS_E_UNSUPPORTED);
}

void test_asymmetric(void)
{
    agreement();
    pairs();
    ecdsa();
    p521();
    derivation();
    rsa();
    badly_formed();
}

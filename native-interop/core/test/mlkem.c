/* SHA-3, and ML-KEM-768 against what OpenSSL and Go say. */
#include "check.h"
#include "keccak.h"
#include "mlkem.h"

#include <string.h>

/* A key, a ciphertext that OpenSSL 4.0 made for it, and what that decapsulates: this, the same with its last bit changed, and zeros. */
static const char peer_cipher[] =
    "13ecc5d3a79b8634d7acc2660359386b4434709c8ce216ca6d26e7189a6c9c7dbba9d1a71baa4017d2a159ba38054f0e7ac6cd218323e5a9df4ad12958fd491f"
    "f957e7b2d8d4d266cbd1883101080c229c303a1b0c77d43eeae4f174bd1b7f043153d52bd0028cbdb3726acd85665e39932aed1e3e29a74c349f62406959bfac"
    "4fac11fc06affad8600d1caf31bd999a7b48da54736c89d719128bad8aff492c1de3409ed1a73ca808d26f28d2b154dfe69b0e76ef449bd4b0ba7ef32db0758d"
    "9949d474474363e9b82e50e628cbaab04924da64baf18e5d230a833a2931308cd94829050078d6b27fe6d2ccd2efeedd03266f391c940ba1ef09f4bcc329e749"
    "b405738245688060436461b3154f1d8531f9c1cdb16277e1ab94e80f3883ee554ebaeb1e365042337501bb55aa8537c5613f25d1a219971a24ef7da003c55ebf"
    "2d82fcf33ead0c065c58dddeb4d99e6caaeb4b3507224bbb382649743a872b4b3f6b1fbb9f8cea91f8f6a551bec190abacb602fd8a86fa90c8a153a837fd6055"
    "169bf9f7b22fa5e214ce27923fac3f33aaddfbf3befca3e200306f0904c6041834429f7b2cb31cb60fc12bec1d586e226b0a7ffa7d9e02ee8861290f709d205e"
    "2a30ec59986ba2045776ca6c9f41e7f51a210bfe3d6429f136f1f77ba7e250028e8f5866011ed89fca48e25ecef129adc6623f580bd68c62e5d161885fcc7c38"
    "a9d12c415fab601875fcef0f6644266205813190f1e805346c9e9bed56570f6b3f6124ceb3a8ef2a9f9cbcdb655dc3c8aefed0fda6c1daee1794f1635e7f03ff"
    "3d576e5dddaa32aceea0509969287d299a8e047a948f585a5df2f8d45aab06e67e4249bf657c22a9fc79af0eddbeab03bd7fc2b7bb6c2c19b4249296e482d1c8"
    "1fc2a04245377d76d1d52f4944445a7aa23262819e012a4b6fad33f4ca65c0765bf8ffe9e5971ea64cd932358a4ddb094967c0af799e064f30c63495d872911b"
    "1873c881bbbb69d8abd91d357d47a92cce0b3b1c29a5ec7c9cdf27385b02cbe0c3ef7a2e0945b286ea9bfa0a3cb0851bea48114ce23b181bce43e2fd807efb7c"
    "712d198854a846f34f2921ac382a43110126d641af21c976e2c19dd1c4eb1dbcacd1f77cbe11c248f657ab3c26129bb7ba4c1d30ae347a9d163001964ebbb0d8"
    "0d480b3da06b49a4a1ba823c29995a824c3ee2019c088c80b98aeb82d0855241cd8f6e3cea7aca00c229d9950d2be728a1626a02c38a5c3341c316dac48f784f"
    "d718aa5e39d3433ca1404b139a62dc12505eaf6545409dba8e256a851ac379732b9cce739108fe7fd17a5e382eb0627f6a3423023a5b32a59033d87bfc90c51b"
    "5778c790c7dc9ec261ecb6c055ef5b302b29ea9e7f95d136a5849aa34b89d80edf78074445e54c7fe80c225e084deaf8e97beff8c863c9099e2501e08385df4f"
    "7b1937f25f3dc19c75cfd89b6b02df002a7c05ee40fb7f99128be9d469413ba6d3f3e04799030e3cbe36bb20bb5045faf5f623c5f47ed356ab97a8a2f8ccb46e";

#define PEER_KEY "8704366cb3600266741d071206098b3211719161cc9bf4db681dd2f3b16a07fe" /* its SHA3-256 */
#define PEER_SECRET "1a2ae50da32c564d3f6cfe36a415d7c3e9ab563b6d1b4ae4c6d3a641cc8527cf"
#define REJECTED "d993aeb3738beed1d97def2fc1d84c4f6c07f2f03413ff525c6a22be5cd7e1e2"
#define REJECTED_ZEROS "ce6f682fe655ce9d9daace47859625fa481881ccf7eb1cd54bc3b520952c8eff"

static nf_mlkem work;
static uint8_t key[NF_MLKEM_PUBLIC];
static uint8_t cipher[NF_MLKEM_CIPHER];
static uint8_t result[NF_MLKEM_SEED + NF_MLKEM_PUBLIC];
static nf_input input;

static void digest(unsigned rate, uint8_t end, const uint8_t *bytes, size_t count, uint8_t *to, size_t wanted)
{
    static nf_keccak sponge;
    nf_keccak_begin(&sponge, rate);
    /* In pieces that meet no block. */
    for (size_t i = 0; i < count; i += 7) {
        nf_keccak_absorb(&sponge, bytes + i, count - i < 7 ? count - i : 7);
    }
    nf_keccak_turn(&sponge, end);
    for (size_t i = 0; i < wanted; i += 11) {
        nf_keccak_squeeze(&sponge, to + i, wanted - i < 11 ? wanted - i : 11);
    }
}

static void hashes(void)
{
    uint8_t bytes[500];
    uint8_t out[400];
    nf_pattern(bytes, sizeof(bytes), 1);
    digest(NF_SHA3_256_RATE, NF_SHA3_END, bytes, 0, out, 32);
    CHECK_BYTES("a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a", out, 32);
    digest(NF_SHA3_256_RATE, NF_SHA3_END, (const uint8_t *)"abc", 3, out, 32);
    CHECK_BYTES("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532", out, 32);
    digest(NF_SHA3_256_RATE, NF_SHA3_END, bytes, 135, out, 32);
    CHECK_BYTES("64361e87594fbc8d30657eb6c6a047f12dbcfc84fa71e8ed54b5d77a8651af86", out, 32);
    digest(NF_SHA3_256_RATE, NF_SHA3_END, bytes, 136, out, 32);
    CHECK_BYTES("54bd2da66fe9991fd5edd9efdba70377e6f170adfad1b29afe7ad721188f419d", out, 32);
    digest(NF_SHA3_512_RATE, NF_SHA3_END, bytes, 500, out, 64);
    CHECK_BYTES(
        "f026fce33e9dd106e18b8b8bf38a1ec46429cb29840a0688333326d23f34b6b94f4aa7b697133107c7dc25d4c7621cadaa4b0616f2a639d805217589870079cb", out, 64);
    digest(NF_SHAKE128_RATE, NF_SHAKE_END, bytes, 500, out, 400);
    CHECK_BYTES("74c92bee6e90440ce2a7250db72b483bff3a35959145fd5f621a0222cf8ae487", out + 368, 32);
    digest(NF_SHAKE256_RATE, NF_SHAKE_END, bytes, 1, out, 400);
    CHECK_BYTES("32233f47b8dec9b4a78f37ec1eca65be85759e00e28aa26068ff8b1c0437a5dc", out + 368, 32);
}

/* What is divided without a division is right for every number that comes. */
static void compression(void)
{
    static const unsigned widths[] = {1, 4, 10};
    unsigned wrong = 0;
    for (unsigned w = 0; w < 3; w++) {
        for (uint32_t x = 0; x < 3329; x++) {
            uint32_t right = (((x << widths[w]) + 1664) / 3329) & ((1U << widths[w]) - 1);
            wrong += nf_mlkem_compress(x, widths[w]) != right;
        }
    }
    CHECK(wrong == 0);
}

static void known_answers(void)
{
    uint8_t seed[NF_MLKEM_SEED];
    uint8_t secret[NF_MLKEM_SECRET];
    uint8_t out[32];
    for (unsigned i = 0; i < sizeof(seed); i++) {
        seed[i] = (uint8_t)(i * 7 + 3);
    }
    nf_mlkem_public(&work, seed, key);
    digest(NF_SHA3_256_RATE, NF_SHA3_END, key, sizeof(key), out, 32);
    CHECK_BYTES(PEER_KEY, out, 32);
    CHECK(nf_hex(peer_cipher, cipher) == NF_MLKEM_CIPHER);
    nf_mlkem_decapsulate(&work, seed, cipher, secret);
    CHECK_BYTES(PEER_SECRET, secret, 32);
    cipher[NF_MLKEM_CIPHER - 1] ^= 0x80;
    nf_mlkem_decapsulate(&work, seed, cipher, secret);
    CHECK_BYTES(REJECTED, secret, 32);
    memset(cipher, 0, sizeof(cipher));
    nf_mlkem_decapsulate(&work, seed, cipher, secret);
    CHECK_BYTES(REJECTED_ZEROS, secret, 32);

    /* Nothing of it is left. */
    static const nf_mlkem zeros;
    CHECK(memcmp(&work, &zeros, sizeof(work)) == 0);
}

/*
 * Keys, messages and wrong ciphertexts of a SHAKE-128 of nothing; what comes of them in a second one, whose output after a hundred
 * rounds is the number that Go's crypto/mlkem has in its tests (TestAccumulated), as have others.
 */
static void accumulated(void)
{
    static nf_keccak source;
    static nf_keccak sink;
    uint8_t seed[NF_MLKEM_SEED];
    uint8_t message[NF_MLKEM_MESSAGE];
    uint8_t secret[NF_MLKEM_SECRET];
    uint8_t again[NF_MLKEM_SECRET];
    nf_keccak_begin(&source, NF_SHAKE128_RATE);
    nf_keccak_turn(&source, NF_SHAKE_END);
    nf_keccak_begin(&sink, NF_SHAKE128_RATE);
    for (unsigned round = 0; round < 100; round++) {
        nf_keccak_squeeze(&source, seed, sizeof(seed));
        nf_mlkem_public(&work, seed, key);
        nf_keccak_absorb(&sink, key, sizeof(key));
        nf_keccak_squeeze(&source, message, sizeof(message));
        CHECK(nf_mlkem_encapsulate(&work, key, message, secret, cipher) == 0);
        nf_keccak_absorb(&sink, cipher, sizeof(cipher));
        nf_keccak_absorb(&sink, secret, sizeof(secret));
        nf_mlkem_decapsulate(&work, seed, cipher, again);
        CHECK(memcmp(secret, again, sizeof(secret)) == 0);
        nf_keccak_squeeze(&source, cipher, sizeof(cipher));
        nf_mlkem_decapsulate(&work, seed, cipher, secret);
        nf_keccak_absorb(&sink, secret, sizeof(secret));
    }
    nf_keccak_turn(&sink, NF_SHAKE_END);
    nf_keccak_squeeze(&sink, secret, sizeof(secret));
    CHECK_BYTES("1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415", secret, 32);
}

static int32_t agree(const uint8_t *seed, size_t seed_count, size_t cipher_count)
{
    input.count = 0;
    nf_add(&input, seed, seed_count);
    nf_add(&input, cipher, cipher_count);
    return nf_operate(NFDTLS_AGREE + NFDTLS_MLKEM768, 0, &input, result, sizeof(result));
}

static int32_t encapsulate(size_t key_count)
{
    input.count = 0;
    nf_add(&input, key, key_count);
    return nf_operate(NFDTLS_ENCAPSULATE + NFDTLS_MLKEM768, 0, &input, result, sizeof(result));
}

static void operations(void)
{
    static uint8_t seed[NF_MLKEM_SEED + 1];
    uint8_t secret[NF_MLKEM_SECRET];
    CHECK(nfdtls_supports(NFDTLS_GENERATE + NFDTLS_MLKEM768) == 1);
    CHECK(nfdtls_supports(NFDTLS_AGREE + NFDTLS_MLKEM768) == 1);
    CHECK(nfdtls_supports(NFDTLS_ENCAPSULATE + NFDTLS_MLKEM768) == 1);
    CHECK(nfdtls_supports(NFDTLS_ENCAPSULATE + NFDTLS_X25519) == 0);
    CHECK(nfdtls_supports(NFDTLS_DERIVE + NFDTLS_MLKEM768) == 0);
    input.count = 0;
    CHECK(
        nf_operate(NFDTLS_GENERATE + NFDTLS_MLKEM768, 0, &input, result, sizeof(result)) == (int32_t)(NF_MLKEM_SEED + NF_MLKEM_PUBLIC));
    memcpy(seed, result, NF_MLKEM_SEED);
    memcpy(key, result + NF_MLKEM_SEED, sizeof(key));
    CHECK(encapsulate(NF_MLKEM_PUBLIC) == (int32_t)(NF_MLKEM_SECRET + NF_MLKEM_CIPHER));
    memcpy(secret, result, sizeof(secret));
    memcpy(cipher, result + NF_MLKEM_SECRET, sizeof(cipher));
    CHECK(agree(seed, NF_MLKEM_SEED, NF_MLKEM_CIPHER) == (int32_t)NF_MLKEM_SECRET);
    CHECK(memcmp(result, secret, sizeof(secret)) == 0);

    /* Lengths that cannot be, and a key with a coefficient of 3,329. */
    CHECK(agree(seed, NF_MLKEM_SEED - 1, NF_MLKEM_CIPHER) == NFDTLS_E_INTERNAL);
    CHECK(agree(seed, NF_MLKEM_SEED + 1, NF_MLKEM_CIPHER) == NFDTLS_E_INTERNAL);
    CHECK(agree(seed, NF_MLKEM_SEED, NF_MLKEM_CIPHER - 1) == NFDTLS_E_PEER);
    CHECK(agree(seed, NF_MLKEM_SEED, 0) == NFDTLS_E_PEER);
    CHECK(encapsulate(NF_MLKEM_PUBLIC - 1) == NFDTLS_E_PEER);
    CHECK(encapsulate(0) == NFDTLS_E_PEER);
    key[1150] = (uint8_t)((key[1150] & 0x0F) | 0x10);
    key[1151] = 0xD0;
    CHECK(encapsulate(NF_MLKEM_PUBLIC) == NFDTLS_E_PEER);
    key[1150] = (uint8_t)(key[1150] & 0x0F);
    CHECK(encapsulate(NF_MLKEM_PUBLIC) == (int32_t)(NF_MLKEM_SECRET + NF_MLKEM_CIPHER));
    input.count = 0;
    CHECK(nf_operate(NFDTLS_ENCAPSULATE + NFDTLS_MLKEM768, 0, &input, result, sizeof(result)) == NFDTLS_E_ARGUMENT);
}

void test_mlkem(void)
{
    hashes();
    compression();
    known_answers();
    accumulated();
    operations();
}

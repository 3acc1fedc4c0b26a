/*
 * The native side of NfDtls: cryptography over mbedTLS (2.28 or 3.6) by plain C calls.
 *
 * Every function returns a number: 0 or more is a result, less than 0 one of the errors below. A range of bytes is a
 * pointer and a count; where a function writes, or reads an amount that follows from the algorithm, the count is how many
 * bytes there are from the pointer on, and NFDTLS_E_ARGUMENT says that they are too few. A pointer may be null where its
 * count is 0.
 *
 * Contexts (hashes, AEAD keys, CBC keys, operations) stand in one table, which begins with NFDTLS_PLACES places and is made
 * larger on demand (nfdtls_reserve), up to NFDTLS_HANDLES. They are named by handles: positive numbers that hold the place and a generation, so that a handle that was freed is refused, not mistaken. A context
 * belongs to one caller at a time; different contexts may be used by different threads at once, if nfdtls_init was given a
 * lock. What a context needs is allocated when it is made, and nothing after that, except by operations (elliptic curves and
 * RSA), whose numbers mbedTLS keeps on the heap.
 *
 * The numbers of algorithms, groups and signature schemes are those of the managed CryptoAlgorithm, NamedGroup and
 * SignatureScheme.
 */
#ifndef NFDTLS_H
#define NFDTLS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Before each function: what a shared library exports. */
#ifndef NFDTLS_API
#define NFDTLS_API
#endif

/* Major: callers must have the same. Minor: counts what was added. */
#define NFDTLS_ABI_MAJOR 1
#define NFDTLS_ABI_MINOR 3

/* The most contexts at one time, 1 to 4095: a bound, which costs nothing. Places are on the heap, 3 words each, and so is what stands in them. */
#ifndef NFDTLS_HANDLES
#define NFDTLS_HANDLES 1024
#endif

/* The places that there are without asking, from the first context on. */
#ifndef NFDTLS_PLACES
#define NFDTLS_PLACES 32
#endif

/*
 * Bytes of scratch for CCM. A record fits if 16 bytes, its additional data and 2 bytes (rounded up to 16), and its text
 * (rounded up to 16) do: then CCM is one call to CBC and one to CTR. A longer one takes one more call for each further part.
 */
#ifndef NFDTLS_SCRATCH
#define NFDTLS_SCRATCH 1536
#endif

/* Where scratch stands: plain static memory where one thread makes records; _Thread_local where several do. */
#ifndef NFDTLS_SCRATCH_STORAGE
#define NFDTLS_SCRATCH_STORAGE
#endif

/* The longest RSA modulus in bytes. */
#define NFDTLS_RSA_MAX 512

/* Hashes. */
#define NFDTLS_SHA1 1
#define NFDTLS_SHA256 2
#define NFDTLS_SHA384 3
#define NFDTLS_SHA512 4
/* AEAD. Keys of 16 or 32 bytes, nonces of 12; tags of 4, 6, ... 16 bytes (CCM), 4 to 16 (GCM), 16 (ChaCha20-Poly1305). */
#define NFDTLS_AES128_CCM 0x10
#define NFDTLS_AES256_CCM 0x11
#define NFDTLS_AES128_GCM 0x12
#define NFDTLS_AES256_GCM 0x13
#define NFDTLS_CHACHA20_POLY1305 0x14
/*
 * Added to an AEAD: the masks that hide the sequence numbers of its records (RFC 9147 section 4.2.3), keys of 16 or 32 bytes;
 * since ABI 1.2. Such a key seals no text: its tag of 16 bytes is the mask of the 16 bytes of additional data, and the nonce says
 * nothing.
 */
#define NFDTLS_MASK 0x500
/* CBC with HMAC: the MAC key (20, 32, 32 bytes) and behind it the cipher key (16, 16, 32). */
#define NFDTLS_AES128_CBC_HMAC_SHA1 0x20
#define NFDTLS_AES128_CBC_HMAC_SHA256 0x21
#define NFDTLS_AES256_CBC_HMAC_SHA256 0x22
/* Added to a hash: HMAC, the TLS 1.2 PRF, HKDF. */
#define NFDTLS_HMAC 0x100
#define NFDTLS_PRF 0x200
#define NFDTLS_HKDF 0x400
#define NFDTLS_RANDOM 0x300
#define NFDTLS_RSA_ENCRYPT 0x301
#define NFDTLS_RSA_DECRYPT 0x302
/* Added to a group: key agreement, and a new key pair. */
#define NFDTLS_AGREE 0x100000
#define NFDTLS_GENERATE 0x200000
/* Added to the group of a KEM: a secret for the owner of a public key, and the ciphertext that tells it; since ABI 1.3. */
#define NFDTLS_ENCAPSULATE 0x110000
/* Added to a kind of key: the public key of a private one. */
#define NFDTLS_DERIVE 0x300000
/* Added to (kind of key << 16) + scheme. */
#define NFDTLS_SIGN 0x1000000
#define NFDTLS_VERIFY 0x2000000

/* Kinds of keys. */
#define NFDTLS_KEY_RSA 1
#define NFDTLS_KEY_SECP256R1 2
#define NFDTLS_KEY_SECP384R1 3
#define NFDTLS_KEY_SECP521R1 6
/* Groups. */
#define NFDTLS_SECP256R1 23
#define NFDTLS_SECP384R1 24
#define NFDTLS_SECP521R1 25
#define NFDTLS_X25519 29
#define NFDTLS_MLKEM768 0x0201 /* ML-KEM-768 (FIPS 203), a KEM: it agrees by decapsulating; since ABI 1.3 */
/* Signature schemes. */
#define NFDTLS_RSA_PKCS1_SHA256 0x0401
#define NFDTLS_RSA_PKCS1_SHA384 0x0501
#define NFDTLS_RSA_PKCS1_SHA512 0x0601
#define NFDTLS_ECDSA_SHA256 0x0403
#define NFDTLS_ECDSA_SHA384 0x0503
#define NFDTLS_ECDSA_SHA512 0x0603
#define NFDTLS_RSA_PSS_SHA256 0x0804
#define NFDTLS_RSA_PSS_SHA384 0x0805
#define NFDTLS_RSA_PSS_SHA512 0x0806

/* Errors. */
#define NFDTLS_E_HANDLE (-1)      /* no such handle, or one of another kind */
#define NFDTLS_E_ARGUMENT (-2)    /* a count, number or null pointer that cannot be */
#define NFDTLS_E_UNSUPPORTED (-3) /* this build lacks the algorithm */
#define NFDTLS_E_FULL (-4)        /* every place of the table is taken; nfdtls_reserve may make more */
#define NFDTLS_E_MEMORY (-5)      /* the heap is used up */
#define NFDTLS_E_ENTROPY (-6)     /* the random source failed or repeats itself; nothing but zeros was written */
#define NFDTLS_E_FORGED (-7)      /* a record's tag, MAC or padding is wrong */
#define NFDTLS_E_PEER (-8)        /* a peer's public key or a length that is not allowed */
#define NFDTLS_E_SIGNATURE (-9)   /* the signature is not the key's, or is badly encoded */
#define NFDTLS_E_INTERNAL (-10)   /* mbedTLS failed: most often a private key that is none */
#define NFDTLS_E_BUSY (-11)       /* the operation has not ended */

/* Results of nfdtls_poll. */
#define NFDTLS_PENDING 0
#define NFDTLS_DONE 1

/* What the platform brings. Any member may be null. */
typedef struct nfdtls_port {
    /* One lock, not recursive, held for short times only. Null: one thread makes every call. */
    void (*lock)(void *context);
    void (*unlock)(void *context);
    /*
     * Arranges that nfdtls_run(handle) is called soon by another thread, and returns 0 without waiting for it; anything else:
     * there is no worker now, and nfdtls_poll does the work itself. Called without the lock.
     */
    int (*start)(void *context, int32_t handle);
    /* Fills the range with entropy, and returns 0, or something else when there is none. Null: mbedTLS's own sources. */
    int (*entropy)(void *context, uint8_t *bytes, size_t count);
    /* Passed to each of the above. */
    void *context;
} nfdtls_port;

/* Begins: sets the platform (null: one thread, no worker, mbedTLS's entropy) and empties the table. The port is copied. */
NFDTLS_API void nfdtls_init(const nfdtls_port *port);

/*
 * Frees every context and operation and forgets the random generator's state, as a soft reboot does. An operation that is
 * running on a worker is cancelled, and freed when it returns. Handles from before stay refused.
 */
NFDTLS_API void nfdtls_reset(void);

/* What nfdtls_query answers. */
#define NFDTLS_QUERY_ABI 0     /* NFDTLS_ABI_MAJOR << 16 | NFDTLS_ABI_MINOR */
#define NFDTLS_QUERY_HANDLES 1 /* NFDTLS_HANDLES, the most contexts that there can be */
#define NFDTLS_QUERY_USED 2    /* places taken, cancelled operations that still run included */
#define NFDTLS_QUERY_MBEDTLS 3 /* the version of mbedTLS, as MBEDTLS_VERSION_NUMBER */
#define NFDTLS_QUERY_SCRATCH 4 /* NFDTLS_SCRATCH */
#define NFDTLS_QUERY_RESERVE 0x10000 /* added to a number: nfdtls_reserve of it; since ABI 1.1 */

/* A fact about this build, or NFDTLS_E_ARGUMENT. */
NFDTLS_API int32_t nfdtls_query(int32_t what);

/*
 * Makes room for so many contexts at one time, as far as NFDTLS_HANDLES allows; places never become fewer. Returns how many
 * there are then, or NFDTLS_E_MEMORY.
 */
NFDTLS_API int32_t nfdtls_reserve(int32_t contexts);

/* 1 where this build has an algorithm (a number of a section above, with what is added to it), else 0. */
NFDTLS_API int32_t nfdtls_supports(int32_t algorithm);

/* Frees a context or operation of any kind; its secrets are zeroed. An operation that runs is cancelled. */
NFDTLS_API int32_t nfdtls_free(int32_t handle);

/* Fills the range with random bytes fit for keys: CTR_DRBG of AES-256 over the platform's entropy, tested for repetition. */
NFDTLS_API int32_t nfdtls_random(uint8_t *bytes, size_t count);

/* A new hash; returns its handle. */
NFDTLS_API int32_t nfdtls_hash_new(int32_t algorithm);
NFDTLS_API int32_t nfdtls_hash_update(int32_t handle, const uint8_t *data, size_t count);
/* Writes the digest of what was added so far, and goes on. Returns its length. */
NFDTLS_API int32_t nfdtls_hash_peek(int32_t handle, uint8_t *digest, size_t room);
NFDTLS_API int32_t nfdtls_hash_reset(int32_t handle);

/* A new AEAD key; returns its handle. */
NFDTLS_API int32_t nfdtls_aead_new(int32_t algorithm, const uint8_t *key, size_t available, size_t tag_length);
/* Encrypts count bytes in place and writes the tag behind them; the nonce has 12 bytes. Returns count + the tag's length. */
NFDTLS_API int32_t nfdtls_aead_seal(
    int32_t handle, const uint8_t *nonce, size_t nonce_available, const uint8_t *aad, size_t aad_count, uint8_t *data, size_t count, size_t room);
/*
 * Checks the tag behind count bytes and decrypts them in place. Returns count, or NFDTLS_E_FORGED: the range is then zeros or
 * what it was, never plaintext.
 */
NFDTLS_API int32_t nfdtls_aead_open(
    int32_t handle, const uint8_t *nonce, size_t nonce_available, const uint8_t *aad, size_t aad_count, uint8_t *data, size_t count, size_t room);

/* New keys of one direction of a CBC suite, MAC then encrypt (RFC 5246) or, with 1, encrypt then MAC (RFC 7366). */
NFDTLS_API int32_t nfdtls_cbc_new(int32_t algorithm, const uint8_t *keys, size_t available, int32_t encrypt_then_mac);
/*
 * Pads, authenticates and encrypts count bytes in place; up to 16 bytes and the MAC's length are added behind them. The
 * header is what the MAC covers first; its last two bytes become the length. The IV has 16 bytes. Returns the new count.
 */
NFDTLS_API int32_t nfdtls_cbc_seal(
    int32_t handle, uint8_t *header, size_t header_count, const uint8_t *iv, size_t iv_available, uint8_t *data, size_t count, size_t room);
/*
 * Decrypts in place and checks padding and MAC, in a time that does not tell which was wrong (without encrypt-then-MAC that
 * is what the Lucky Thirteen attack measures). Returns the plaintext's count, or NFDTLS_E_FORGED: the range is then zeros.
 */
NFDTLS_API int32_t nfdtls_cbc_open(
    int32_t handle, uint8_t *header, size_t header_count, const uint8_t *iv, size_t iv_available, uint8_t *data, size_t count);

/* HMAC (RFC 2104) of a range in one call. Returns its length. */
NFDTLS_API int32_t nfdtls_hmac(
    int32_t hash, const uint8_t *key, size_t key_count, const uint8_t *data, size_t count, uint8_t *mac, size_t room);
/* The TLS 1.2 PRF (RFC 5246 section 5) over label and seed, which stand together. Fills the whole range. */
NFDTLS_API int32_t nfdtls_prf(
    int32_t hash, const uint8_t *secret, size_t secret_count, const uint8_t *label_and_seed, size_t seed_count, uint8_t *output, size_t count);
/* HKDF-Expand (RFC 5869); the key has a hash's length at the least. HKDF-Extract is HMAC with the salt as its key. */
NFDTLS_API int32_t nfdtls_hkdf_expand(
    int32_t hash, const uint8_t *key, size_t key_count, const uint8_t *info, size_t info_count, uint8_t *output, size_t count);

/*
 * Long work. Begin copies its input and returns a handle at once; poll says whether it has ended; finish copies the result
 * out and frees the handle, also after an error; cancel (or free) ends it at any time. The input is a row of fields, each a
 * length of two bytes (big-endian) and its bytes; all numbers are big-endian, with leading zeros allowed.
 *
 *   algorithm              parameter        fields                                               result
 *   NFDTLS_GENERATE+group  -                none                                                 private key, public key
 *   NFDTLS_AGREE+group     -                private key, peer's public key                       shared secret
 *   NFDTLS_ENCAPSULATE+KEM -                peer's public key                                    shared secret, ciphertext
 *   NFDTLS_DERIVE+kind     -                private key                                          public key
 *   NFDTLS_SIGN+...        -                RSA: n e d p q dP dQ qInv; EC: scalar. Then the hash  signature
 *   NFDTLS_VERIFY+...      -                RSA: n e; EC: point. Then the hash, the signature    nothing
 *   NFDTLS_RSA_ENCRYPT     -                n, e, the text                                       as long as n
 *   NFDTLS_RSA_DECRYPT     length wanted    n e d p q dP dQ qInv, the ciphertext                 exactly that many bytes
 *
 * ML-KEM-768: the private key is its seed (64 bytes: d and z), the public one has 1,184 bytes, the ciphertext, which stands for
 * the peer's public key where a secret is agreed on, 1,088, and the secret 32. A ciphertext for another key gives another secret,
 * in the same time (implicit rejection).
 * Private keys and shared secrets of the rest have 32, 48, 66, 32 bytes, public keys 65, 97, 133 (04, X, Y), 32. ECDSA signatures are strict DER.
 * RSA decryption rejects implicitly: wrong padding or another length gives random bytes, and neither time nor result tells.
 */
NFDTLS_API int32_t nfdtls_begin(int32_t algorithm, int32_t parameter, const uint8_t *input, size_t count);
/* NFDTLS_PENDING, NFDTLS_DONE, or the error the operation ended with. Does the work where there is no worker. */
NFDTLS_API int32_t nfdtls_poll(int32_t handle);
/* Copies the result and frees the handle. Returns its length, the operation's error, or NFDTLS_E_BUSY (nothing is freed). */
NFDTLS_API int32_t nfdtls_finish(int32_t handle, uint8_t *result, size_t room);
/* For the worker: does the work of an operation that was begun. Measured: less than 2.5 KB of stack on Cortex-M and RISC-V. */
NFDTLS_API void nfdtls_run(int32_t handle);

#ifdef __cplusplus
}
#endif

#endif

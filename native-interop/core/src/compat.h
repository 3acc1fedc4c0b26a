/* mbedTLS 2.28 and 3.6 under the same names, and which algorithms the linked one was configured with. */
#ifndef NF_COMPAT_H
#define NF_COMPAT_H

#include "mbedtls/version.h" /* brings the configuration */

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
#define NF_SHA(name) mbedtls_##name
#else
#define NF_SHA(name) mbedtls_##name##_ret
#endif

#if defined(MBEDTLS_SHA1_C)
#define NF_HAVE_SHA1
#endif
/* 3.x may have SHA-256 without SHA-224, and SHA-384 without SHA-512; 2.28 has them in pairs. */
#if defined(MBEDTLS_SHA256_C)
#define NF_HAVE_SHA256
#endif
#if defined(MBEDTLS_SHA512_C)
#define NF_HAVE_SHA512
#endif
#if defined(MBEDTLS_SHA384_C) || \
    (MBEDTLS_VERSION_NUMBER < 0x03000000 && defined(MBEDTLS_SHA512_C) && !defined(MBEDTLS_SHA512_NO_SHA384))
#define NF_HAVE_SHA384
#endif
#if defined(NF_HAVE_SHA384) || defined(NF_HAVE_SHA512)
#define NF_HAVE_LONG_SHA
#endif

#if defined(MBEDTLS_AES_C) && defined(MBEDTLS_CIPHER_MODE_CBC) && defined(MBEDTLS_CIPHER_MODE_CTR)
#define NF_HAVE_CCM
#endif
#if defined(MBEDTLS_AES_C) && defined(MBEDTLS_CIPHER_MODE_CBC)
#define NF_HAVE_CBC
#endif
#if defined(MBEDTLS_AES_C) && defined(MBEDTLS_GCM_C)
#define NF_HAVE_GCM
#endif
#if defined(MBEDTLS_CHACHAPOLY_C) && defined(MBEDTLS_CHACHA20_C) && defined(MBEDTLS_POLY1305_C)
#define NF_HAVE_CHACHAPOLY
#endif
#if defined(MBEDTLS_CHACHA20_C)
#define NF_HAVE_CHACHA20
#endif

#if defined(MBEDTLS_ECP_C) && defined(MBEDTLS_ECDH_C)
#define NF_HAVE_ECDH
#endif
#if defined(MBEDTLS_ECP_C) && defined(MBEDTLS_ECDSA_C)
#define NF_HAVE_ECDSA
#endif
#if defined(MBEDTLS_ECP_DP_SECP256R1_ENABLED)
#define NF_HAVE_SECP256R1
#endif
#if defined(MBEDTLS_ECP_DP_SECP384R1_ENABLED)
#define NF_HAVE_SECP384R1
#endif
#if defined(MBEDTLS_ECP_DP_SECP521R1_ENABLED)
#define NF_HAVE_SECP521R1
#endif
#if defined(MBEDTLS_ECP_DP_CURVE25519_ENABLED)
#define NF_HAVE_CURVE25519
#endif
#if defined(MBEDTLS_RSA_C) && defined(MBEDTLS_BIGNUM_C)
#define NF_HAVE_RSA
#endif

#endif

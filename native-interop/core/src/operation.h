/* What operations consist of: fields of the input, and the work itself. All work returns a length, 0, or an error. */
#ifndef NF_OPERATION_H
#define NF_OPERATION_H

#include "nfdtls.h"

#define NF_MAX_FIELDS 10

typedef struct {
    const uint8_t *bytes;
    size_t count;
} nf_field;

/* Parts of an RSA private key, in the order of the fields. */
enum { NF_RSA_N, NF_RSA_E, NF_RSA_D, NF_RSA_P, NF_RSA_Q, NF_RSA_DP, NF_RSA_DQ, NF_RSA_QINV, NF_RSA_PARTS };

/* The longest results, in bytes. */
#define NF_EC_RESULT 208

int nf_ec_supported(int32_t algorithm);
int32_t nf_ec_generate(int32_t group, uint8_t *result);
int32_t nf_ec_agree(int32_t group, const nf_field *own, const nf_field *peer, uint8_t *result);
int32_t nf_ec_derive(int32_t kind, const nf_field *scalar, uint8_t *result);
int32_t nf_ec_sign(int32_t kind, int32_t scheme, const nf_field *scalar, const nf_field *hash, uint8_t *result);
int32_t nf_ec_verify(int32_t kind, int32_t scheme, const nf_field *point, const nf_field *hash, const nf_field *signature);

int nf_rsa_supported(int32_t algorithm);
int32_t nf_rsa_sign(int32_t scheme, const nf_field *key, const nf_field *hash, uint8_t *result);
int32_t nf_rsa_verify(int32_t scheme, const nf_field *key, const nf_field *hash, const nf_field *signature);
int32_t nf_rsa_encrypt(const nf_field *key, const nf_field *text, uint8_t *result);
int32_t nf_rsa_decrypt(const nf_field *key, const nf_field *cipher, size_t length, uint8_t *result);

/* Key encapsulation. The result's room has the workspace behind it, so that it needs neither more heap nor much stack. */
int nf_kem_supported(int32_t algorithm);
size_t nf_kem_room(void);
int32_t nf_kem_generate(uint8_t *result);
int32_t nf_kem_encapsulate(const nf_field *peer, uint8_t *result);
int32_t nf_kem_decapsulate(const nf_field *seed, const nf_field *cipher, uint8_t *result);

/* The hash of a signature scheme, 0 for one that is not known. */
int32_t nf_scheme_hash(int32_t scheme);

#endif

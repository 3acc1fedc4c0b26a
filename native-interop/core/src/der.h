/* ECDSA signatures: SEQUENCE { INTEGER r, INTEGER s }, in strict DER. */
#ifndef NF_DER_H
#define NF_DER_H

#include "operation.h"

/* Finds the two numbers, which are positive, without leading zeros but what their sign needs. False: not strict DER. */
int nf_der_read_pair(const nf_field *der, nf_field *r, nf_field *s);
/* Writes two numbers of so many bytes each (48 at the most); returns the bytes written, 2 * length + 8 at the most. */
size_t nf_der_write_pair(uint8_t *der, const uint8_t *r, const uint8_t *s, size_t length);

#endif

/* Random bytes for the core itself. */
#ifndef NF_RANDOM_H
#define NF_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* In the form that mbedTLS wants. The context, if there is one, is an int that becomes 1 when there was no entropy. */
int nf_random(void *failed, unsigned char *bytes, size_t count);

#endif

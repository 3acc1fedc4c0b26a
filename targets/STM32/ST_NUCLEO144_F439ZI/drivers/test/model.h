/*
 * CRYP and HASH of an STM32F439 as far as the drivers use them, after RM0090; the arithmetic is mbedTLS's. Whatever the manual
 * forbids is counted as a fault: registers without their clock, keys and IVs changed while the engine works, a full FIFO
 * written, an empty one read.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdint.h>

/* Power on. */
void model_reset(void);

extern unsigned model_faults;
extern unsigned model_blocks;  /* AES blocks done */
extern unsigned model_digests; /* HMACs done */
/* How many reads of a status register pass before work is done, so that drivers must wait; UINT32_MAX: it hangs. */
extern uint32_t model_delay;
/* Another driver holds CRYP switched on, and HASH busy. */
extern int model_foreign;

/* Whether the driver left nothing of its key behind. */
int model_key_is_zero(void);

#endif

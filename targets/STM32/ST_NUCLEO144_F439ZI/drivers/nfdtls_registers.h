/*
 * The registers of CRYP, HASH and of their clocks (STM32F437/439, reference manual RM0090). The one place that touches the
 * bus: built with NFDTLS_MODEL, reads and writes go to a model of the peripherals instead.
 */
#ifndef NFDTLS_REGISTERS_H
#define NFDTLS_REGISTERS_H

#include <stdint.h>

#define RCC_AHB2ENR 0x40023834U
#define RCC_CRYPEN 0x10U
#define RCC_HASHEN 0x20U

/* CRYP */
#define CRYP_CR 0x50060000U
#define CRYP_SR 0x50060004U
#define CRYP_DIN 0x50060008U
#define CRYP_DOUT 0x5006000CU
#define CRYP_K0LR 0x50060020U /* eight words of key, most significant first; 128 bits use the last four */
#define CRYP_IV0LR 0x50060040U /* four words */

#define CRYP_CR_DECRYPT 0x4U
#define CRYP_CR_CBC 0x28U
#define CRYP_CR_CTR 0x30U
#define CRYP_CR_PREPARE_KEY 0x38U
#define CRYP_CR_BYTES 0x80U /* data is a row of bytes: the words are swapped */
#define CRYP_CR_KEY256 0x200U
#define CRYP_CR_FLUSH 0x4000U
#define CRYP_CR_ENABLE 0x8000U

#define CRYP_SR_IN_NOT_FULL 0x2U
#define CRYP_SR_OUT_NOT_EMPTY 0x4U
#define CRYP_SR_BUSY 0x10U

/* HASH */
#define HASH_CR 0x50060400U
#define HASH_DIN 0x50060404U
#define HASH_STR 0x50060408U
#define HASH_SR 0x50060424U
#define HASH_HR0 0x50060710U /* eight words of digest */

#define HASH_CR_INIT 0x4U
#define HASH_CR_BYTES 0x20U
#define HASH_CR_HMAC 0x40U
#define HASH_CR_LONG_KEY 0x10000U
#define HASH_CR_SHA256 0x40080U

#define HASH_STR_CALCULATE 0x100U

#define HASH_SR_DIGEST_READY 0x2U
#define HASH_SR_BUSY 0x8U

#if defined(NFDTLS_MODEL)
uint32_t nfdtls_read(uint32_t address);
void nfdtls_write(uint32_t address, uint32_t value);
#else
static inline uint32_t nfdtls_read(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void nfdtls_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}
#endif

/* Waits until the bits of a register are as wanted. An engine that works needs some hundred rounds; 0 when it took too many. */
static inline int nfdtls_wait(uint32_t address, uint32_t bits, uint32_t wanted)
{
    for (uint32_t i = 0; i < 100000; i++) {
        if ((nfdtls_read(address) & bits) == wanted) {
            return 1;
        }
    }
    return 0;
}

#endif

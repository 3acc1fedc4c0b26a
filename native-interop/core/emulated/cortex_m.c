/* Where a Cortex-M begins: the vectors, and the floating-point unit, before the C library's own start. */
#include <stdint.h>
#include <stdlib.h>

extern void _start(void);
extern uint32_t __stack[];

void reset(void);

void reset(void)
{
    volatile uint32_t *access = (volatile uint32_t *)0xE000ED88;
    *access |= 0xFU << 20;
    __asm__ volatile("dsb\n isb");
    _start();
}

static void fault(void)
{
    _Exit(3);
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {
    __stack, (void *)reset, (void *)fault, (void *)fault, (void *)fault, (void *)fault, (void *)fault};

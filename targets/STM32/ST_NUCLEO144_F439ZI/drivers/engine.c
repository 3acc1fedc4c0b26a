#include "nfdtls_engine_lock.h"
#include "nfdtls_registers.h"

#include <nfdtls_platform.h>

static bool taken;

bool nfdtls_engine_take(uint32_t clock)
{
    nfdtls_platform_lock();
    bool free = !taken;
    if (free) {
        taken = true;
        nfdtls_write(RCC_AHB2ENR, nfdtls_read(RCC_AHB2ENR) | clock);
    }
    nfdtls_platform_unlock();
    return free;
}

void nfdtls_engine_give(void)
{
    nfdtls_platform_lock();
    taken = false;
    nfdtls_platform_unlock();
}

/* A ChibiOS thread, for STM32. */
#include "nfdtls_platform.h"

#include <ch.h>

#include <reent.h>
#include <stdbool.h>

static MUTEX_DECL(mutex);
static BSEMAPHORE_DECL(rung, true);
static thread_t *worker;

static MUTEX_DECL(heap);
static thread_t *heap_owner;
static unsigned heap_depth;
static bool begun;

void nfdtls_platform_begin(void)
{
    begun = true;
}

/*
 * newlib asks for these two around every malloc, and nf-interpreter leaves them empty: its CLR allocates in one thread. With
 * the worker there are two. They nest, which mutexes of ChibiOS as configured do not.
 */
void __malloc_lock(struct _reent *unused)
{
    (void)unused;
    if (begun) {
        if (heap_owner != chThdGetSelfX()) {
            chMtxLock(&heap);
            heap_owner = chThdGetSelfX();
        }
        heap_depth++;
    }
}

void __malloc_unlock(struct _reent *unused)
{
    (void)unused;
    if (heap_owner == chThdGetSelfX() && --heap_depth == 0) {
        heap_owner = NULL;
        chMtxUnlock(&heap);
    }
}

void nfdtls_platform_lock(void)
{
    chMtxLock(&mutex);
}

void nfdtls_platform_unlock(void)
{
    chMtxUnlock(&mutex);
}

static void run(void *loop)
{
    ((void (*)(void))loop)();
}

int nfdtls_platform_worker(void (*loop)(void))
{
    if (worker != NULL) {
        /* It has left its loop; this gives its stack back to the heap. */
        chThdWait(worker);
    }
    /*
     * One below the CLR. Boards are built without time slices (CH_CFG_TIME_QUANTUM is 0), so at the CLR's own priority the
     * worker would keep it waiting until the work is done.
     */
    worker = chThdCreateFromHeap(
        NULL, THD_WORKING_AREA_SIZE(NFDTLS_WORKER_STACK), "nfdtls", chThdGetPriorityX() - 1, run, (void *)loop);
    return worker != NULL ? 0 : -1;
}

void nfdtls_platform_signal(void)
{
    chBSemSignal(&rung);
}

void nfdtls_platform_wait(void)
{
    chBSemWait(&rung);
}

void nfdtls_platform_share(void)
{
    /* Where a managed thread never waits, the CLR would leave the worker no time at all. */
    chThdSleepMilliseconds(1);
}

void nfdtls_platform_on_reboot(void (*handler)(void))
{
    /* This port of the CLR calls nobody at a reboot. */
    (void)handler;
}

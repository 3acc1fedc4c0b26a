#include "nfdtls_worker.h"
#include "nfdtls_platform.h"

#include <nfdtls.h>

#include <stdbool.h>

/* Operations that wait for the worker. More than these wait in the core: the next poll asks again. */
#define QUEUE 8

/* All of it is guarded by the platform's lock. */
static int32_t queue[QUEUE];
static unsigned first;
static unsigned waiting;
static bool alive;    /* a worker is in its loop */
static bool unwanted; /* it shall leave; whoever queues an operation wants it again */

static void lock(void *unused)
{
    (void)unused;
    nfdtls_platform_lock();
}

static void unlock(void *unused)
{
    (void)unused;
    nfdtls_platform_unlock();
}

/* The next operation, 0 for none. */
static int32_t next(void)
{
    int32_t handle = 0;
    nfdtls_platform_lock();
    if (waiting > 0) {
        handle = queue[first];
        first = (first + 1) % QUEUE;
        waiting--;
    }
    nfdtls_platform_unlock();
    return handle;
}

static bool leaves(void)
{
    nfdtls_platform_lock();
    bool left = unwanted;
    alive = !left;
    nfdtls_platform_unlock();
    return left;
}

static void loop(void)
{
    do {
        nfdtls_platform_wait();
        for (int32_t handle = next(); handle != 0; handle = next()) {
            nfdtls_run(handle);
        }
    } while (!leaves());
}

/* For the core. A stack for the worker may be lacking now and be there later, so no failure is for ever. */
static int start(void *unused, int32_t handle)
{
    (void)unused;
    nfdtls_platform_lock();
    bool full = waiting == QUEUE;
    bool fresh = !full && !alive;
    if (!full) {
        queue[(first + waiting) % QUEUE] = handle;
        waiting++;
        alive = true;
        unwanted = false;
    }
    nfdtls_platform_unlock();
    if (full) {
        return 1;
    }
    if (fresh && nfdtls_platform_worker(loop) != 0) {
        nfdtls_platform_lock();
        waiting = 0;
        alive = false;
        nfdtls_platform_unlock();
        return 1;
    }
    nfdtls_platform_signal();
    return 0;
}

/* An operation that runs is freed when it has ended, by the worker; everything else now. */
static void reset(void)
{
    nfdtls_reset();
    nfdtls_platform_lock();
    waiting = 0;
    unwanted = true;
    bool there = alive;
    nfdtls_platform_unlock();
    if (there) {
        nfdtls_platform_signal();
    }
}

void nfdtls_worker_restart(void)
{
    static bool begun;
    if (begun) {
        reset();
    } else {
        const nfdtls_port port = {.lock = lock, .unlock = unlock, .start = start};
        begun = true;
        nfdtls_platform_begin();
        nfdtls_init(&port);
        nfdtls_platform_on_reboot(reset);
    }
}

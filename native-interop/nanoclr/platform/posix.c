/* Threads of POSIX, for the CLR that runs on a PC. */
#include "nfdtls_platform.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* The C library itself wants more than a board does. */
#define LEAST_STACK 65536

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t bell = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t rung = PTHREAD_COND_INITIALIZER;
static bool signalled;

void nfdtls_platform_begin(void)
{
}

void nfdtls_platform_lock(void)
{
    pthread_mutex_lock(&mutex);
}

void nfdtls_platform_unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

static void *run(void *loop)
{
    void (**function)(void) = loop;
    (*function)();
    return NULL;
}

int nfdtls_platform_worker(void (*loop)(void))
{
    static void (*function)(void);
    pthread_attr_t attributes;
    pthread_t thread;

    function = loop;
    if (pthread_attr_init(&attributes) != 0) {
        return -1;
    }
    int error = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (error == 0) {
        error = pthread_attr_setstacksize(&attributes, NFDTLS_WORKER_STACK > LEAST_STACK ? NFDTLS_WORKER_STACK : LEAST_STACK);
    }
    if (error == 0) {
        error = pthread_create(&thread, &attributes, run, &function);
    }
    pthread_attr_destroy(&attributes);
    return error;
}

void nfdtls_platform_signal(void)
{
    pthread_mutex_lock(&bell);
    signalled = true;
    pthread_cond_signal(&rung);
    pthread_mutex_unlock(&bell);
}

void nfdtls_platform_wait(void)
{
    pthread_mutex_lock(&bell);
    while (!signalled) {
        pthread_cond_wait(&rung, &bell);
    }
    signalled = false;
    pthread_mutex_unlock(&bell);
}

void nfdtls_platform_share(void)
{
    /* Every thread has a core, or gets its turn. */
}

void nfdtls_platform_on_reboot(void (*handler)(void))
{
    /* This port of the CLR calls nobody at a reboot. */
    (void)handler;
}

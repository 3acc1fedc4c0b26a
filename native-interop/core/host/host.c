/* The core as a shared library on a PC: threads share it, and operations run in the thread that asks for their end. */
#include "nfdtls.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void lock(void *context)
{
    pthread_mutex_lock(context);
}

static void unlock(void *context)
{
    pthread_mutex_unlock(context);
}

__attribute__((constructor)) static void begin(void)
{
    const nfdtls_port port = {lock, unlock, NULL, NULL, &mutex};
    nfdtls_init(&port);
}

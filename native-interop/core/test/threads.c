/* Operations on a worker, as a firmware's glue runs them: while one thread computes, the other polls, cancels and resets. */
#include "check.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int32_t wanted;
static int busy;
static int stop;
static int answer;
static int held; /* the worker waits before it begins */

static void lock(void *context)
{
    pthread_mutex_lock(context);
}

static void unlock(void *context)
{
    pthread_mutex_unlock(context);
}

static int start(void *context, int32_t handle)
{
    int result = answer;
    (void)context;
    pthread_mutex_lock(&gate);
    if (result == 0 && busy) {
        result = 1;
    }
    if (result == 0) {
        busy = 1;
        wanted = handle;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&gate);
    return result;
}

static void *worker(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&gate);
    while (!stop) {
        if (wanted == 0 || held) {
            pthread_cond_wait(&changed, &gate);
            continue;
        }
        int32_t handle = wanted;
        wanted = 0;
        pthread_mutex_unlock(&gate);
        nfdtls_run(handle);
        pthread_mutex_lock(&gate);
        busy = 0;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&gate);
    return NULL;
}

static void set(int *flag, int value)
{
    pthread_mutex_lock(&gate);
    *flag = value;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&gate);
}

static void wait_until_idle(void)
{
    pthread_mutex_lock(&gate);
    while (busy) {
        pthread_cond_wait(&changed, &gate);
    }
    pthread_mutex_unlock(&gate);
}

static int32_t generate(void)
{
    return nfdtls_begin(NFDTLS_GENERATE + NFDTLS_SECP384R1, 0, NULL, 0);
}

void test_threads(void)
{
    const nfdtls_port port = {lock, unlock, start, NULL, &mutex};
    uint8_t pair[160];
    pthread_t thread;
    nfdtls_init(&port);
    CHECK(pthread_create(&thread, NULL, worker, NULL) == 0);

    /* Begun and not done: begin returned before the work. */
    set(&held, 1);
    int32_t first = generate();
    CHECK(nfdtls_poll(first) == NFDTLS_PENDING);
    CHECK(nfdtls_finish(first, pair, sizeof(pair)) == NFDTLS_E_BUSY);
    /* The worker is taken: the second waits, and is asked for again by a poll. */
    int32_t second = generate();
    CHECK(nfdtls_poll(second) == NFDTLS_PENDING);
    set(&held, 0);
    while (nfdtls_poll(first) == NFDTLS_PENDING) {
    }
    while (nfdtls_poll(second) == NFDTLS_PENDING) {
    }
    CHECK(nfdtls_finish(first, pair, 10) == NFDTLS_E_ARGUMENT);
    CHECK(nfdtls_finish(first, pair, sizeof(pair)) == 145);
    CHECK(nfdtls_finish(second, pair, sizeof(pair)) == 145);
    CHECK(nfdtls_finish(first, pair, sizeof(pair)) == NFDTLS_E_HANDLE);

    /* Cancelled at any time: before, during and after the work. */
    for (int round = 0; round < 200; round++) {
        int32_t handle = generate();
        for (int turn = 0; turn < round * 50; turn++) {
            (void)nfdtls_poll(handle);
        }
        CHECK(nfdtls_free(handle) == 0);
        CHECK(nfdtls_poll(handle) == NFDTLS_E_HANDLE);
    }
    wait_until_idle();
    CHECK(nfdtls_query(NFDTLS_QUERY_USED) == 0);

    /* A reset in the middle frees all; the sanitizer would tell of what is lost. */
    for (int round = 0; round < 20; round++) {
        (void)generate();
        nfdtls_reset();
        CHECK(nfdtls_query(NFDTLS_QUERY_USED) == 0);
    }
    wait_until_idle();

    /* No worker at all: the work is done at once. */
    answer = -1;
    first = generate();
    CHECK(nfdtls_poll(first) == NFDTLS_DONE);
    CHECK(nfdtls_finish(first, pair, sizeof(pair)) == 145);
    set(&stop, 1);
    pthread_join(thread, NULL);
    nfdtls_init(NULL);
}

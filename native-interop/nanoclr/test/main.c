/* The worker with the core, over threads of POSIX: what a program on the CLR asks, reboots in its midst included. */
#include "nfdtls_worker.h"

#include <nfdtls.h>

#include <sched.h>
#include <stdint.h>
#include <stdio.h>

#define OPERATIONS 20 /* more than the worker's queue takes */

static unsigned checks;
static unsigned failures;

#define CHECK(what) check(what, #what, __LINE__)

static void check(int good, const char *what, int line)
{
    checks++;
    if (!good) {
        failures++;
        printf("main.c:%d: %s\n", line, what);
    }
}

static int32_t end_of(int32_t handle)
{
    int32_t state;
    while ((state = nfdtls_poll(handle)) == NFDTLS_PENDING) {
        sched_yield();
    }
    return state;
}

static void begin_all(int32_t *handles)
{
    for (int i = 0; i < OPERATIONS; i++) {
        handles[i] = nfdtls_begin(NFDTLS_GENERATE + NFDTLS_SECP256R1, 0, NULL, 0);
        CHECK(handles[i] > 0);
    }
}

/* Also the ones that found the queue full are done in the end. */
static void all_are_done(void)
{
    int32_t handles[OPERATIONS];
    uint8_t pair[97];
    begin_all(handles);
    for (int i = OPERATIONS - 1; i >= 0; i--) {
        CHECK(end_of(handles[i]) == NFDTLS_DONE);
        CHECK(nfdtls_finish(handles[i], pair, sizeof(pair)) == 97 && pair[32] == 4);
    }
    CHECK(nfdtls_query(NFDTLS_QUERY_USED) == 0);
}

static void reboots_leave_nothing(void)
{
    int32_t handles[OPERATIONS];
    for (int boot = 0; boot < 10; boot++) {
        begin_all(handles);
        int32_t hash = nfdtls_hash_new(NFDTLS_SHA256);
        CHECK(hash > 0);
        if (boot % 2 == 1) {
            /* The worker is in the midst of its work. */
            CHECK(end_of(handles[0]) == NFDTLS_DONE);
        }
        nfdtls_worker_restart();
        CHECK(nfdtls_query(NFDTLS_QUERY_USED) == 0);
        CHECK(nfdtls_hash_reset(hash) == NFDTLS_E_HANDLE);
        for (int i = 0; i < OPERATIONS; i++) {
            CHECK(nfdtls_poll(handles[i]) == NFDTLS_E_HANDLE);
        }
        if (boot % 3 == 0) {
            all_are_done();
        }
    }
}

static void cancelled_operations_are_not_done(void)
{
    int32_t handles[OPERATIONS];
    begin_all(handles);
    for (int i = 0; i < OPERATIONS; i++) {
        CHECK(nfdtls_free(handles[i]) == 0);
        CHECK(nfdtls_poll(handles[i]) == NFDTLS_E_HANDLE);
    }
    CHECK(nfdtls_query(NFDTLS_QUERY_USED) == 0);
}

int main(void)
{
    nfdtls_worker_restart();
    all_are_done();
    cancelled_operations_are_not_done();
    reboots_leave_nothing();
    /* The worker does one thing after another: when this is done, whatever was cancelled is freed. */
    all_are_done();
    nfdtls_worker_restart();
    printf("%u checks, %u failed\n", checks, failures);
    return failures == 0 ? 0 : 1;
}

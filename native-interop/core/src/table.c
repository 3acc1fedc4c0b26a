#include "table.h"
#include "compat.h"

#include "mbedtls/platform.h"
#include "mbedtls/platform_util.h"

#include <stdlib.h>
#include <string.h>

#if NFDTLS_HANDLES < 1 || NFDTLS_HANDLES > 4095
#error "NFDTLS_HANDLES must be from 1 to 4095"
#endif

/* A handle is the generation and, in its low 12 bits, the place. */
#define PLACE_BITS 12
#define LAST_GENERATION 0x7FFFFU

#if !defined(MBEDTLS_PLATFORM_C)
#define mbedtls_calloc calloc
#define mbedtls_free free
#endif

typedef struct {
    uint32_t generation;
    int kind;
    void *context;
} place;

/* Places come from the heap, and are kept from then on: their generations are what handles are told apart by. */
static place *table;
static uint32_t places;
static uint32_t first_free; /* no place before this one is free */
static nfdtls_port platform;

void nf_lock(void)
{
    if (platform.lock != NULL) {
        platform.lock(platform.context);
    }
}

void nf_unlock(void)
{
    if (platform.unlock != NULL) {
        platform.unlock(platform.context);
    }
}

const nfdtls_port *nf_port(void)
{
    return &platform;
}

void *nf_allocate(size_t count)
{
    return mbedtls_calloc(1, count);
}

void nf_zero(void *bytes, size_t count)
{
    if (count > 0) {
        mbedtls_platform_zeroize(bytes, count);
    }
}

void nf_release(void *bytes, size_t count)
{
    if (bytes != NULL) {
        nf_zero(bytes, count);
        mbedtls_free(bytes);
    }
}

static place *find(int32_t handle, int kind)
{
    uint32_t number = (uint32_t)handle & ((1U << PLACE_BITS) - 1);
    if (handle <= 0 || number >= places) {
        return NULL;
    }
    place *found = &table[number];
    return found->kind == kind && found->generation == (uint32_t)handle >> PLACE_BITS ? found : NULL;
}

/* Without the lock: allocating may take longer than others can wait. */
static int32_t grow(uint32_t had, uint32_t wanted)
{
    uint32_t spare = wanted;
    place *other = nf_allocate(wanted * sizeof(place));
    if (other == NULL) {
        return NFDTLS_E_MEMORY;
    }
    nf_lock();
    if (places == had) {
        place *larger = other;
        if (had > 0) {
            memcpy(larger, table, had * sizeof(place));
        }
        other = table;
        spare = had;
        table = larger;
        places = wanted;
    }
    nf_unlock();
    nf_release(other, spare * sizeof(place));
    return 0;
}

int32_t nfdtls_reserve(int32_t wanted)
{
    uint32_t most = wanted > NFDTLS_HANDLES ? NFDTLS_HANDLES : wanted < 1 ? 1 : (uint32_t)wanted;
    for (;;) {
        nf_lock();
        uint32_t had = places;
        nf_unlock();
        if (had >= most) {
            return (int32_t)had;
        }
        int32_t error = grow(had, most);
        if (error < 0) {
            return error;
        }
    }
}

static int32_t add(int kind, void *context)
{
    int32_t handle = NFDTLS_E_FULL;
    nf_lock();
    for (uint32_t i = first_free; i < places; i++) {
        place *here = &table[i];
        if (here->kind == NF_FREE) {
            here->generation = here->generation >= LAST_GENERATION ? 1 : here->generation + 1;
            here->kind = kind;
            here->context = context;
            handle = (int32_t)(here->generation << PLACE_BITS | i);
            first_free = i + 1;
            break;
        }
    }
    nf_unlock();
    return handle;
}

int32_t nf_table_add(int kind, void *context)
{
    int32_t room = nfdtls_reserve(NFDTLS_PLACES);
    return room < 0 ? room : add(kind, context);
}

void *nf_table_find_locked(int32_t handle, int kind)
{
    const place *found = find(handle, kind);
    return found == NULL ? NULL : found->context;
}

void nf_table_clear_locked(int32_t handle)
{
    uint32_t number = (uint32_t)handle & ((1U << PLACE_BITS) - 1);
    table[number].kind = NF_FREE;
    table[number].context = NULL;
    first_free = number < first_free ? number : first_free;
}

void *nf_table_get(int32_t handle, int kind)
{
    nf_lock();
    void *context = nf_table_find_locked(handle, kind);
    nf_unlock();
    return context;
}

void *nf_table_take(int32_t handle, int kind)
{
    nf_lock();
    void *context = nf_table_find_locked(handle, kind);
    if (context != NULL) {
        nf_table_clear_locked(handle);
    }
    nf_unlock();
    return context;
}

void *nf_table_empty(int number, int *kind)
{
    void *context = NULL;
    nf_lock();
    if ((uint32_t)number < places) {
        place *here = &table[number];
        context = here->context;
        *kind = here->kind;
        here->kind = NF_FREE;
        here->context = NULL;
    }
    first_free = 0;
    nf_unlock();
    return context;
}

int32_t nf_table_used(void)
{
    int32_t used = 0;
    nf_lock();
    for (uint32_t i = 0; i < places; i++) {
        used += table[i].kind != NF_FREE;
    }
    nf_unlock();
    return used;
}

static void destroy(int kind, void *context)
{
    switch (kind) {
    case NF_HASH: nf_hash_destroy(context); break;
    case NF_AEAD: nf_aead_destroy(context); break;
    case NF_CBC: nf_cbc_destroy(context); break;
    case NF_OPERATION: nf_operation_destroy(context); break;
    default: break;
    }
}

void nfdtls_init(const nfdtls_port *port)
{
    nfdtls_reset();
    memset(&platform, 0, sizeof(platform));
    if (port != NULL) {
        platform = *port;
    }
}

void nfdtls_reset(void)
{
    for (int i = 0; i < NFDTLS_HANDLES; i++) {
        int kind = NF_FREE;
        void *context = nf_table_empty(i, &kind);
        if (context != NULL) {
            destroy(kind, context);
        }
    }
    nf_random_forget();
}

int32_t nfdtls_free(int32_t handle)
{
    for (int kind = NF_HASH; kind <= NF_OPERATION; kind++) {
        void *context = nf_table_take(handle, kind);
        if (context != NULL) {
            destroy(kind, context);
            return 0;
        }
    }
    return NFDTLS_E_HANDLE;
}

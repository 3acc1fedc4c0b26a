/* The table of contexts, the platform's lock, and memory that is zeroed. */
#ifndef NF_TABLE_H
#define NF_TABLE_H

#include "nfdtls.h"

enum { NF_FREE, NF_HASH, NF_AEAD, NF_CBC, NF_OPERATION };

void nf_lock(void);
void nf_unlock(void);
const nfdtls_port *nf_port(void);

/* Zeroed memory; null when there is none. */
void *nf_allocate(size_t count);
void nf_zero(void *bytes, size_t count);
/* Zeroes memory of nf_allocate and gives it back. */
void nf_release(void *bytes, size_t count);

/* Puts a context in a free place and returns its handle, or NFDTLS_E_FULL or NFDTLS_E_MEMORY. */
int32_t nf_table_add(int kind, void *context);
/* The context of a handle of this kind, or null. */
void *nf_table_get(int32_t handle, int kind);
/* Takes the context of a handle out of the table; null if there is none of this kind. */
void *nf_table_take(int32_t handle, int kind);
/* The context and kind in a place of the table, emptied by this; null where it is empty. For nfdtls_reset. */
void *nf_table_empty(int place, int *kind);
int32_t nf_table_used(void);
/* As the above, for callers that hold the lock. */
void *nf_table_find_locked(int32_t handle, int kind);
void nf_table_clear_locked(int32_t handle);

/* Whether this build has an algorithm of the kind. */
int nf_aead_supported(int32_t algorithm);
int nf_cbc_supported(int32_t algorithm);

void nf_hash_destroy(void *context);
void nf_aead_destroy(void *context);
void nf_cbc_destroy(void *context);
/* Frees an operation, or leaves that to the worker that runs it. */
void nf_operation_destroy(void *context);
void nf_random_forget(void);

#endif

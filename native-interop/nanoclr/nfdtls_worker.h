/* The worker that does the core's long operations, and the core's life between reboots of the CLR. */
#ifndef NFDTLS_WORKER_H
#define NFDTLS_WORKER_H

#ifdef __cplusplus
extern "C" {
#endif

/* Begins, or begins anew: frees whatever an earlier program left. Called by the CLR's thread. */
void nfdtls_worker_restart(void);

#ifdef __cplusplus
}
#endif

#endif

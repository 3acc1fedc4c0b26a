/*
 * What the glue needs of an operating system. One file of platform/ has it all: esp32.cpp (FreeRTOS), chibios.c (STM32)
 * or posix.c. Every function but wait, lock and unlock is called by the CLR's thread only.
 */
#ifndef NFDTLS_PLATFORM_H
#define NFDTLS_PLATFORM_H

/* Bytes of stack of the worker. The longest operations take 2.5 KB; the rest is for engines' drivers, interrupts and the RTOS. */
#ifndef NFDTLS_WORKER_STACK
#define NFDTLS_WORKER_STACK 6144
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Makes lock and signal. Called once, before anything else. */
void nfdtls_platform_begin(void);

/* One lock, not recursive, held for short times. */
void nfdtls_platform_lock(void);
void nfdtls_platform_unlock(void);

/* Starts a thread that runs loop and ends when that returns; 0 when it was made. The one before has left its loop. */
int nfdtls_platform_worker(void (*loop)(void));

/* Wakes the worker; several signals may become one. */
void nfdtls_platform_signal(void);
/* Waits for a signal, or returns at once when one was given since the last wait. */
void nfdtls_platform_wait(void);

/* Called while the program asks for the end of an operation: lets the worker run where the scheduler otherwise would not. */
void nfdtls_platform_share(void);

/*
 * Has the handler called at every soft reboot, where the port of the CLR can do that. Elsewhere what is left is freed by the
 * first call of the program that comes next.
 */
void nfdtls_platform_on_reboot(void (*handler)(void));

#ifdef __cplusplus
}
#endif

#endif

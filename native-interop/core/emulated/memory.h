#ifndef NF_EMULATED_MEMORY_H
#define NF_EMULATED_MEMORY_H

/* Prints the bytes of heap and stack that contexts, calls and operations take. */
void measure_memory(void);

#endif

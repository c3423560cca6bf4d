/* memory.h: the memory of one script, all of which is taken back before the next
 * one runs. */
#ifndef EDGEBENCH_MEMORY_H
#define EDGEBENCH_MEMORY_H

#include <stddef.h>

void memory_clear(void);

/* memory_resize and memory_give are realloc and free. */
void *memory_resize(void *at, size_t n);
void memory_give(void *at);

/* memory_ran_out: some memory could not be had since memory_clear. */
int memory_ran_out(void);

#endif

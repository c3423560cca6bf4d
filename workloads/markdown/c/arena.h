/*
 * arena.h: the memory of one document. It is taken from the start to the end of
 * a block, and all of it is given back at once when the next document comes.
 */
#ifndef EDGEBENCH_ARENA_H
#define EDGEBENCH_ARENA_H

#include <stddef.h>

/* arena_reset takes back whatever was given out. */
void arena_reset(void);

/* The three functions that cmark asks for memory with: calloc, realloc and free
 * of the standard library, except that they trap where there is no memory. */
void *arena_calloc(size_t count, size_t size);
void *arena_realloc(void *old, size_t size);
void arena_free(void *old);

#endif

/*
 * pool.h: memory to take and to give back, for workloads whose libraries want a
 * malloc. It is the same on both sides, so that a module and an executable spend
 * the same on it, and it has a limit.
 */
#ifndef EDGEBENCH_POOL_H
#define EDGEBENCH_POOL_H

#include <stddef.h>
#include <stdint.h>

/* 62 bins for sizes of up to 512 bytes in steps of 8, one for each power of two
 * above. */
#define POOL_BINS ((size_t)84)

struct pool_chunk;
struct pool_region;

/* A pool starts with all zeroes but its limit: the most bytes that it takes from
 * guest_keep over its life. */
struct pool {
	size_t limit;
	size_t taken;                /* so far */
	struct pool_region *regions; /* the latest first */
	struct pool_chunk *bins[POOL_BINS];
};

/* pool_take returns n bytes, aligned to 8; NULL if there is no memory. */
void *pool_take(struct pool *pool, size_t n);

/* pool_resize is realloc: where there is no memory it returns NULL, and what was
 * there stays. */
void *pool_resize(struct pool *pool, void *at, size_t n);

/* pool_give takes back what pool_take or pool_resize gave; NULL is nothing. */
void pool_give(struct pool *pool, void *at);

/* pool_clear takes back all that the pool ever gave, at once. */
void pool_clear(struct pool *pool);

/* pool_size is how many bytes there really are at what pool_take gave. */
size_t pool_size(const void *at);

#endif

#include "pool.h"

#include <string.h>

#include "guest.h"

/*
 * A region is a row of chunks. Each begins with its own size and that of its
 * neighbour below, so that a chunk which is given back finds both neighbours and
 * becomes one with those that are free. The last chunk of a region is a header
 * alone and in use; the first has no neighbour below.
 */
struct pool_chunk {
	uint32_t size;  /* of all of it, a multiple of 8; the lowest bit is IN_USE */
	uint32_t below; /* the neighbour's size, 0 if there is none */
	/* In a chunk that is free: the others in its bin. */
	struct pool_chunk *next, *previous;
};

/* What a region begins with; its first chunk follows. */
struct pool_region {
	struct pool_region *before;
	size_t size; /* of all of it */
};

#define REGION (2 * sizeof(uint64_t)) /* so that chunks are aligned */
#define IN_USE 1u
#define HEADER ((size_t)8)
#define LEAST ((size_t)24) /* room for the two links on either side */
#define EXACT ((size_t)512)
#define FIRST_REGION ((size_t)64 << 10)
#define LARGEST ((size_t)1 << 30)

static size_t size_of(const struct pool_chunk *c)
{
	return c->size & ~IN_USE;
}

static struct pool_chunk *at_offset(struct pool_chunk *c, size_t bytes)
{
	return (struct pool_chunk *)(void *)((uint8_t *)c + bytes);
}

static struct pool_chunk *above(struct pool_chunk *c)
{
	return at_offset(c, size_of(c));
}

static struct pool_chunk *chunk_of(void *at)
{
	return (struct pool_chunk *)(void *)((uint8_t *)at - HEADER);
}

/* bin_of: all chunks of a bin up to EXACT have the same size; in those above, the
 * sizes of a bin lie below those of the next. */
static size_t bin_of(size_t size)
{
	if (size <= EXACT)
		return (size - LEAST) / 8;
	return (EXACT - LEAST) / 8 + 1 + (size_t)(31 - __builtin_clz((uint32_t)size)) - 9;
}

static void put(struct pool *pool, struct pool_chunk *c)
{
	struct pool_chunk **bin = &pool->bins[bin_of(size_of(c))];
	c->previous = NULL;
	c->next = *bin;
	if (c->next != NULL)
		c->next->previous = c;
	*bin = c;
}

static void remove_free(struct pool *pool, struct pool_chunk *c)
{
	if (c->previous != NULL)
		c->previous->next = c->next;
	else
		pool->bins[bin_of(size_of(c))] = c->next;
	if (c->next != NULL)
		c->next->previous = c->previous;
}

/* set_size also tells the neighbour above. */
static void set_size(struct pool_chunk *c, size_t size, uint32_t use)
{
	c->size = (uint32_t)size | use;
	above(c)->below = (uint32_t)size;
}

static struct pool_chunk *find(struct pool *pool, size_t size)
{
	size_t bin = bin_of(size);
	for (struct pool_chunk *c = pool->bins[bin]; c != NULL; c = c->next)
		if (size_of(c) >= size)
			return c;
	while (++bin < POOL_BINS)
		if (pool->bins[bin] != NULL)
			return pool->bins[bin];
	return NULL;
}

/* lay makes one free chunk of a region. */
static void lay(struct pool *pool, struct pool_region *region)
{
	struct pool_chunk *c = (struct pool_chunk *)(void *)((uint8_t *)region + REGION);
	size_t size = region->size - REGION - HEADER;
	c->below = 0;
	at_offset(c, size)->size = HEADER | IN_USE;
	set_size(c, size, 0);
	put(pool, c);
}

/* grow adds a region with a chunk of at least that size. Each is twice as large
 * as the one before, as far as the limit allows. */
static int grow(struct pool *pool, size_t size)
{
	size_t least = REGION + size + HEADER, left = pool->limit - pool->taken;
	size_t wanted = pool->regions != NULL ? 2 * pool->regions->size : FIRST_REGION;
	if (wanted < least)
		wanted = (least + FIRST_REGION - 1) & ~(FIRST_REGION - 1);
	if (wanted > left)
		wanted = left & ~(size_t)7;
	if (wanted < least || wanted > LARGEST)
		return 0;
	struct pool_region *region = guest_keep(wanted);
	if (region == NULL)
		return 0;
	*region = (struct pool_region){pool->regions, wanted};
	pool->regions = region;
	pool->taken += wanted;
	lay(pool, region);
	return 1;
}

void pool_clear(struct pool *pool)
{
	memset(pool->bins, 0, sizeof pool->bins);
	for (struct pool_region *region = pool->regions; region != NULL; region = region->before)
		lay(pool, region);
}

/* cut leaves the chunk, which is in use, with that size, and frees the rest if it
 * can be one of its own. */
static void cut(struct pool *pool, struct pool_chunk *c, size_t size)
{
	size_t rest = size_of(c) - size;
	if (rest < LEAST)
		return;
	set_size(c, size, IN_USE);
	struct pool_chunk *free = above(c);
	set_size(free, rest, IN_USE);
	pool_give(pool, (uint8_t *)free + HEADER);
}

static size_t whole(size_t n)
{
	size_t size = HEADER + ((n + 7) & ~(size_t)7);
	return size < LEAST ? LEAST : size;
}

void *pool_take(struct pool *pool, size_t n)
{
	if (n > LARGEST - LEAST)
		return NULL;
	size_t size = whole(n);
	struct pool_chunk *c = find(pool, size);
	if (c == NULL) {
		if (!grow(pool, size))
			return NULL;
		c = find(pool, size);
	}
	remove_free(pool, c);
	c->size |= IN_USE;
	cut(pool, c, size);
	return (uint8_t *)c + HEADER;
}

void pool_give(struct pool *pool, void *at)
{
	if (at == NULL)
		return;
	struct pool_chunk *c = chunk_of(at);
	size_t size = size_of(c);
	struct pool_chunk *next = above(c);
	if (!(next->size & IN_USE)) {
		remove_free(pool, next);
		size += size_of(next);
	}
	if (c->below > 0) {
		struct pool_chunk *below = (struct pool_chunk *)(void *)((uint8_t *)c - c->below);
		if (!(below->size & IN_USE)) {
			remove_free(pool, below);
			size += size_of(below);
			c = below;
		}
	}
	set_size(c, size, 0);
	put(pool, c);
}

void *pool_resize(struct pool *pool, void *at, size_t n)
{
	if (at == NULL)
		return pool_take(pool, n);
	if (n > LARGEST - LEAST)
		return NULL;
	struct pool_chunk *c = chunk_of(at), *next = above(c);
	size_t size = whole(n);
	if (size > size_of(c) && !(next->size & IN_USE) && size <= size_of(c) + size_of(next)) {
		remove_free(pool, next);
		set_size(c, size_of(c) + size_of(next), IN_USE);
	}
	if (size <= size_of(c)) {
		cut(pool, c, size);
		return at;
	}
	void *new = pool_take(pool, n);
	if (new != NULL) {
		memcpy(new, at, pool_size(at));
		pool_give(pool, at);
	}
	return new;
}

size_t pool_size(const void *at)
{
	const struct pool_chunk *c = (const struct pool_chunk *)(const void *)((const uint8_t *)at - HEADER);
	return size_of(c) - HEADER;
}

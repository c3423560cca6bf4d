/*
 * random.h: the numbers that numeric workloads make their inputs from:
 * splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014). Integers alone, so that it is the same everywhere.
 */
#ifndef EDGEBENCH_RANDOM_H
#define EDGEBENCH_RANDOM_H

#include <stdint.h>

/* The state begins as the seed. */
struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

#endif

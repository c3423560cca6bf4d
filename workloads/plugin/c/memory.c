#include "memory.h"

#include "pool.h"

/* Pointers make an executable's objects up to twice as large as a module's. */
static struct pool pool = {.limit = sizeof(void *) * ((size_t)4 << 20)};
static int ran_out;

void memory_clear(void)
{
	pool_clear(&pool);
	ran_out = 0;
}

void *memory_resize(void *at, size_t n)
{
	at = pool_resize(&pool, at, n);
	if (at == NULL)
		ran_out = 1;
	return at;
}

void memory_give(void *at)
{
	pool_give(&pool, at);
}

int memory_ran_out(void)
{
	return ran_out;
}

/*
 * new.cpp: new and delete over the pool of guest/c, which is the same in a module
 * and in an executable. What malloc there is differs: dlmalloc in the libc for
 * WebAssembly, another in musl, and programs that allocate much would measure
 * these two.
 */
#include <cstdlib>
#include <new>

extern "C" {
#include "pool.h"
}

namespace {

/* Far more than the largest request and its response can take. */
pool heap = {.limit = size_t{1} << 30};

}  // namespace

void *operator new(std::size_t n)
{
	void *at = pool_take(&heap, n);
	if (at == nullptr)
		std::abort();
	return at;
}

void operator delete(void *at) noexcept
{
	pool_give(&heap, at);
}

void operator delete(void *at, std::size_t) noexcept
{
	pool_give(&heap, at);
}

/* heap.h: the memory of a module, for the one shell that includes it. A shell is
 * one translation unit, so that the compiler sees all of it. */
#ifndef EDGEBENCH_HEAP_H
#define EDGEBENCH_HEAP_H

#include "../shell.h"

#define PAGE ((size_t)64 << 10)
#define ALIGN ((size_t)16)

extern uint8_t __heap_base; /* from the linker: where stack and data end */

/* The heap is what lies above top; nothing is ever freed. 0 until first use. */
static uintptr_t top;

_Noreturn void guest_die(const char *why)
{
	(void)why; /* a module without imports has no one to tell */
	__builtin_trap();
}

/* claim moves top up by n bytes, and with it the end of the memory. */
static int claim(size_t n)
{
	if (n > SIZE_MAX - PAGE - top)
		return 0;
	size_t end = __builtin_wasm_memory_size(0) * PAGE;
	if (top + n > end) {
		size_t pages = (top + n - end + PAGE - 1) / PAGE;
		if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX)
			return 0;
	}
	top += n;
	return 1;
}

void *guest_keep(size_t n)
{
	if (top == 0)
		top = ((uintptr_t)&__heap_base + ALIGN - 1) & ~(ALIGN - 1);
	if (n > SIZE_MAX - ALIGN)
		return NULL;
	uintptr_t at = top;
	return claim((n + ALIGN - 1) & ~(ALIGN - 1)) ? (void *)at : NULL;
}

int guest_resize(struct guest_buffer *buffer, size_t size)
{
	uint8_t *at = guest_keep(size);
	if (at == NULL)
		return 0;
	buffer->at = at;
	buffer->size = size;
	return 1;
}

#endif

/* shell.c: the shell for WebAssembly, a reactor as package
 * edgebench/runners/abi describes it. It imports nothing and needs no libc. */
#include "shell.h"

#define PAGE ((size_t)64 << 10)
#define ALIGN ((size_t)16)
#define EXPORT(name) __attribute__((export_name(name)))

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

EXPORT("alloc") uint32_t guest_export_alloc(uint32_t n)
{
	static struct guest_buffer request;
	return (uint32_t)(uintptr_t)guest_reserve(&request, n);
}

EXPORT("handle") uint64_t guest_export_handle(uint32_t ptr, uint32_t n)
{
	if (n == 0)
		return 0; /* a ping */
	const uint8_t *response = NULL;
	size_t length = guest_handle((const uint8_t *)(uintptr_t)ptr, n, &response);
	return (uint64_t)(uintptr_t)response << 32 | (uint32_t)length;
}

/* shell.c: the shell for WebAssembly, a reactor as package
 * edgebench/runners/abi describes it. It imports nothing and needs no libc. */
#include "heap.h"

#define EXPORT(name) __attribute__((export_name(name)))

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

/* shell.c: the shell for a component, by the canonical ABI of the world `handler`
 * (guest/component/wit). It imports nothing and needs no libc. */
#include "../wasm/heap.h"
#include "list.h"

#define EXPORT(name) __attribute__((export_name(name)))

/* The host asks for memory for one message at a time: the request, or the response of
 * the next workload, which is there when the request has been sent on. It never makes
 * one longer: old is NULL. */
EXPORT("cabi_realloc") void *guest_export_realloc(void *old, size_t was, size_t align, size_t n)
{
	(void)old;
	(void)was;
	(void)align; /* 1, that of bytes */
	static struct guest_buffer request;
	return guest_reserve(&request, n);
}

EXPORT("handle") const struct guest_list *guest_export_handle(const uint8_t *request, size_t n)
{
	static struct guest_list response;
	response.at = NULL;
	response.n = n == 0 ? 0 : guest_handle(request, n, &response.at);
	return &response;
}

/* shell.c: the shell for a component, by the canonical ABI of the world `handler`
 * (guest/component/wit). It imports nothing and needs no libc. A workload that calls
 * WASI does so through an adapter, which the build puts beside it. */
#include "../wasm/heap.h"
#include "list.h"

#define EXPORT(name) __attribute__((export_name(name)))

/* The host asks for memory for one message at a time: the request, or the response of
 * the next workload, which is there when the request has been sent on. These are bytes,
 * whose alignment is 1. All else is memory that the adapter keeps. Nobody makes anything
 * longer: old is NULL. */
EXPORT("cabi_realloc") void *guest_export_realloc(void *old, size_t was, size_t align, size_t n)
{
	(void)old;
	(void)was;
	static struct guest_buffer request;
	if (align == 1)
		return guest_reserve(&request, n);
	void *kept = guest_keep(n);
	if (kept == NULL)
		guest_die("no memory for WASI");
	return kept;
}

EXPORT("handle") const struct guest_list *guest_export_handle(const uint8_t *request, size_t n)
{
	static struct guest_list response;
	response.at = NULL;
	response.n = n == 0 ? 0 : guest_handle(request, n, &response.at);
	return &response;
}

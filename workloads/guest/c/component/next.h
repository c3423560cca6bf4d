/* next.h: in a component of the world `filter`, the workload behind it. */
#ifndef EDGEBENCH_NEXT_H
#define EDGEBENCH_NEXT_H

#include "list.h"

__attribute__((import_module("$root"), import_name("next"))) void guest_import_next(const uint8_t *request, size_t n, struct guest_list *response);

/* guest_next asks the next workload and sets *response, whose length it returns in
 * bytes. The response takes the place of the request that came last. */
static inline size_t guest_next(const uint8_t *request, size_t n, const uint8_t **response)
{
	struct guest_list list;
	guest_import_next(request, n, &list);
	*response = list.at;
	return list.n;
}

#endif

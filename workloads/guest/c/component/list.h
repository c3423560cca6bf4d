/* list.h: a list<u8> as the canonical ABI has it in memory. */
#ifndef EDGEBENCH_LIST_H
#define EDGEBENCH_LIST_H

#include <stddef.h>
#include <stdint.h>

struct guest_list {
	const uint8_t *at;
	size_t n;
};

#endif

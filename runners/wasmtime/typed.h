/* typed.h: calls with values of several types, which the benchmark of typed calls
 * makes. */
#ifndef EDGEBENCH_TYPED_H
#define EDGEBENCH_TYPED_H

#include "component.h"

/* What a function takes. */
enum eb_shape {
	EB_TEXT,    /* string of n bytes */
	EB_BYTES,   /* list<u8> of n bytes */
	EB_NUMBERS, /* list<u32> of n/4 numbers */
	EB_RECORDS, /* list<item> of n/16 records of 16 bytes, each with two numbers and an empty string */
};

/* eb_typed makes a value of n bytes and calls a function with it. */
char *eb_typed(eb_component *instance, enum eb_shape shape, const char *bytes, size_t n, uint32_t *returned);

#endif

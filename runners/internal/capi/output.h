/*
 * output.h: what a command writes to stdout and stderr, kept in memory. The
 * libraries have a stdout without a bound, or none in memory.
 */
#ifndef EDGEBENCH_CAPI_OUTPUT_H
#define EDGEBENCH_CAPI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EB_MOST_SAID = 4096 };

/* All zero but for most, it is empty. Whoever has it frees data. */
typedef struct eb_output {
	uint8_t *data; /* stdout, at most `most` bytes */
	size_t size, room, most;
	bool over; /* stdout would have become longer, and takes no more */

	char said[EB_MOST_SAID]; /* the beginning of stderr; it is not a string */
	size_t said_size;
} eb_output;

/* eb_output_reserve makes room for n more bytes. */
static inline bool eb_output_reserve(eb_output *o, size_t n)
{
	if (n <= o->room - o->size)
		return true;
	size_t room = o->room < 4096 ? 4096 : o->room;
	while (room < o->size + n)
		room *= 2;
	uint8_t *data = realloc(o->data, room);
	if (data == NULL)
		return false;
	o->data = data;
	o->room = room;
	return true;
}

/* eb_output_write takes what a guest writes to stdout, or nothing of it once
 * that is too much. */
static inline bool eb_output_write(eb_output *o, const void *bytes, size_t n)
{
	if (o->over || n > o->most - o->size || !eb_output_reserve(o, n)) {
		o->over = true;
		return false;
	}
	if (n > 0)
		memcpy(o->data + o->size, bytes, n);
	o->size += n;
	return true;
}

/* eb_output_say keeps the beginning of what a guest writes to stderr. */
static inline void eb_output_say(eb_output *o, const void *bytes, size_t n)
{
	size_t kept = n < EB_MOST_SAID - o->said_size ? n : EB_MOST_SAID - o->said_size;
	memcpy(o->said + o->said_size, bytes, kept);
	o->said_size += kept;
}

#endif

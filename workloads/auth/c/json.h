/*
 * json.h: reads the members of one JSON object (RFC 8259) that are asked for,
 * and checks all of it. Strings are left as they stand in the text: a key with
 * an escape is not the key that it stands for.
 */
#ifndef EDGEBENCH_JSON_H
#define EDGEBENCH_JSON_H

#include <stddef.h>
#include <stdint.h>

/* Objects and arrays within each other, the outermost included. */
#define JSON_MAX_DEPTH 16

struct json_member {
	const char *key;
	/* The value as it stands in the text, with a string's quotes; NULL if the
	 * object has no such key. */
	const uint8_t *at;
	size_t n;
};

/* json_read fills in the members. It returns 0 if the text is not one object,
 * nests too deeply, or has one of the keys twice. */
int json_read(const uint8_t *text, size_t n, struct json_member *members, size_t count);

#endif

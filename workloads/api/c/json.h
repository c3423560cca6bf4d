/*
 * json.h: a reader of JSON as rule 7 of the manifest has it: ASCII alone, integers of
 * at most JSON_MAX_DIGITS digits, lists of at most JSON_MAX_DEPTH within each other.
 */
#ifndef EDGEBENCH_JSON_H
#define EDGEBENCH_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "http.h"

#define JSON_MAX_DEPTH 16
#define JSON_MAX_DIGITS 15

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json_value {
	enum json_kind kind;
	/* A text with its escapes decoded. Its `at` is NULL if not all of it is printable
	 * ASCII. */
	struct http_text text;
	int64_t number;
	/* The items of an array; of an object each key, a text, and then its value. */
	struct json_value *first, *next;
};

/* json_read reads one value and nothing behind it, and returns NULL if there is
 * anything else. The value stays until the next call. */
const struct json_value *json_read(struct http_text text);

/* json_get gives the member of an object that has the key and comes last, or a
 * JSON_NULL. */
const struct json_value *json_get(const struct json_value *object, const char *key);

#endif

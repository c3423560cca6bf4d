/*
 * world.h: what a guest finds beside its files: arguments and variables, as lists
 * of texts.
 */
#ifndef EDGEBENCH_CAPI_WORLD_H
#define EDGEBENCH_CAPI_WORLD_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Texts one after another, each with a zero byte at its end. */
typedef struct eb_texts {
	const char *bytes; /* size of them, NULL for none */
	size_t size, count;
} eb_texts;

/* eb_texts_copy gives a copy, whose bytes the caller frees. Without memory it is
 * empty. */
static inline eb_texts eb_texts_copy(eb_texts t)
{
	char *bytes = t.size > 0 ? (char *)malloc(t.size) : NULL; /* C++ wants the cast */
	if (bytes != NULL)
		memcpy(bytes, t.bytes, t.size);
	else
		t.size = t.count = 0;
	t.bytes = bytes;
	return t;
}

/* eb_texts_next gives the text behind another one, which has no other behind it at
 * the end of the list. */
static inline const char *eb_texts_next(const char *text) { return text + strlen(text) + 1; }

/* eb_variable_name gives a copy of what stands before the value of a variable, for
 * the caller to free. */
static inline char *eb_variable_name(const char *variable)
{
	size_t n = strcspn(variable, "=");
	char *name = (char *)calloc(n + 1, 1);
	if (name == NULL)
		abort();
	memcpy(name, variable, n);
	return name;
}

#endif

/* text.h: small words for texts, and a writer of them. */
#ifndef EDGEBENCH_TEXT_H
#define EDGEBENCH_TEXT_H

#include <string.h>

#include "http.h"

/* A writer never checks: whoever makes one knows how much will be written. */
struct writer {
	uint8_t *at;
	size_t n; /* bytes written */
};

static inline struct http_text text(const char *s)
{
	return (struct http_text){(const uint8_t *)s, strlen(s)};
}

static inline int equal(struct http_text a, struct http_text b)
{
	return a.n == b.n && memcmp(a.at, b.at, a.n) == 0;
}

static inline void put(struct writer *w, struct http_text text)
{
	memcpy(w->at + w->n, text.at, text.n);
	w->n += text.n;
}

#endif

/* writer.h: a writer of JSON without white space. */
#ifndef EDGEBENCH_WRITER_H
#define EDGEBENCH_WRITER_H

#include "http.h"
#include "print.h"

struct writer {
	struct printed out; /* with room for all that is written */
	int first;          /* nothing stands before what comes next in its list */
};

/* write_next begins an item of an array, or a member of an object. */
static inline void write_next(struct writer *w)
{
	if (!w->first)
		print_string(&w->out, ",");
	w->first = 0;
}

/* write_open begins a list, with "{" or "[", and write_close ends it. */
static inline void write_open(struct writer *w, const char *bracket)
{
	print_string(&w->out, bracket);
	w->first = 1;
}

static inline void write_close(struct writer *w, const char *bracket)
{
	print_string(&w->out, bracket);
	w->first = 0;
}

/* write_escaped writes printable characters without the quotes around them. */
static inline void write_escaped(struct writer *w, struct http_text text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\')
			print_string(&w->out, "\\");
		print_bytes(&w->out, text.at + i, 1);
	}
}

/* write_key takes a key that needs no escape. */
static inline void write_key(struct writer *w, const char *key)
{
	write_next(w);
	print_string(&w->out, "\"");
	print_string(&w->out, key);
	print_string(&w->out, "\":");
}

static inline void write_text(struct writer *w, const char *key, struct http_text value)
{
	write_key(w, key);
	print_string(&w->out, "\"");
	write_escaped(w, value);
	print_string(&w->out, "\"");
}

static inline void write_string(struct writer *w, const char *key, const char *value)
{
	write_text(w, key, (struct http_text){(const uint8_t *)value, strlen(value)});
}

static inline void write_number(struct writer *w, const char *key, uint64_t value)
{
	write_key(w, key);
	print_decimal(&w->out, value);
}

#endif

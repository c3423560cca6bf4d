/*
 * isolation.h: what the attempts of this guest have in common. An attempt reports
 * what it saw as data; whether that was a success is judged outside.
 */
#ifndef EDGEBENCH_ISOLATION_H
#define EDGEBENCH_ISOLATION_H

#include <stddef.h>
#include <stdint.h>

#include "print.h"

#define MAX_WORDS ((size_t)8)
#define MAX_SEEN ((size_t)4096) /* bytes that an attempt reports at most */

/* A word of a request: n bytes, and a zero byte after them. */
struct word {
	const char *at;
	size_t n;
};

struct words {
	struct word at[MAX_WORDS];
	size_t n;
};

/* How an attempt ended. */
enum how {
	DONE,   /* all calls succeeded */
	FAILED, /* a call failed with `error` */
	ABSENT, /* there is no interface for it */
	LIMITED /* it was stopped by a limit, with `error`, after `count` */
};

struct outcome {
	enum how how;
	int error; /* an errno, 0 for none */
	uint64_t count;
};

/* An attempt and the number of words that follow its name. */
struct attempt {
	const char *name;
	size_t words;
	struct outcome (*make)(const struct word *words, struct printed *seen);
};

/* Tables of attempts. Each ends with an entry without a name. */
extern const struct attempt file_attempts[], memory_attempts[], exhaustion_attempts[], knowledge_attempts[];
/* Those of an executable alone. */
extern const struct attempt kernel_attempts[], process_attempts[];

static inline struct outcome done(void)
{
	return (struct outcome){DONE, 0, 0};
}

static inline struct outcome failed(int error)
{
	return (struct outcome){FAILED, error, 0};
}

static inline struct outcome absent(void)
{
	return (struct outcome){ABSENT, 0, 0};
}

/* ended tells how often something could be done, of so many times that were asked
 * for. */
static inline struct outcome ended(uint64_t count, uint64_t asked, int error)
{
	return (struct outcome){count < asked ? LIMITED : DONE, error, count};
}

/* decimal reads a number of at most 19 digits, 0 for what is none. */
uint64_t decimal(struct word word);

/* see adds bytes to what is reported, as many as there is room for. */
void see(struct printed *seen, const void *bytes, size_t n);

#endif

/*
 * hostcall: asks the host for small things, many times, so that a request costs
 * what crossing between guest and host costs. The manifest states the rules.
 */
#include <string.h>

#include "digest.h"
#include "guest.h"
#include "host.h"
#include "print.h"

#define MAX_COUNT ((size_t)100000)
#define MAX_NAME ((size_t)32)
#define YEAR_2020 ((uint64_t)1577836800 * 1000000000)
#define DRAW ((size_t)32)
#define WHOLE ((size_t)512) /* a read of a file that is read to its end */
#define PART ((size_t)16)   /* a read at an offset */
#define PARTS ((size_t)64)

/* Bytes of the request. */
struct word {
	const uint8_t *at;
	size_t n;
};

struct asked {
	struct word operation, name;
	size_t count;
};

/* What has been read so far. */
struct seen {
	uint64_t bytes, hash;
};

/* ---- the request ---- */

/* next_word cuts off what stands before the first space, or all. */
static struct word next_word(struct word *rest)
{
	const uint8_t *space = memchr(rest->at, ' ', rest->n);
	struct word word = {rest->at, space != NULL ? (size_t)(space - rest->at) : rest->n};
	size_t used = word.n + (space != NULL);
	*rest = (struct word){rest->at + used, rest->n - used};
	return word;
}

static int is(struct word word, const char *text)
{
	return word.n == strlen(text) && memcmp(word.at, text, word.n) == 0;
}

/* read_count returns 0 if the word is not a number from 1 to MAX_COUNT. */
static size_t read_count(struct word word)
{
	size_t value = 0;
	if (word.n < 1 || word.n > 6 || word.at[0] == '0')
		return 0;
	for (size_t i = 0; i < word.n; i++) {
		if (word.at[i] < '0' || word.at[i] > '9')
			return 0;
		value = value * 10 + (size_t)(word.at[i] - '0');
	}
	return value <= MAX_COUNT ? value : 0;
}

static int is_name(struct word word)
{
	for (size_t i = 0; i < word.n; i++) {
		uint8_t c = word.at[i];
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.')
			return 0;
	}
	return word.n > 0 && word.n <= MAX_NAME && word.at[0] != '.';
}

static int takes_name(struct word operation)
{
	return is(operation, "file") || is(operation, "part");
}

static int is_operation(struct word word)
{
	return is(word, "clock") || is(word, "time") || is(word, "random") || takes_name(word);
}

static int read_request(const uint8_t *request, size_t n, struct asked *asked)
{
	struct word rest = {request, n};
	asked->operation = next_word(&rest);
	if (!is_operation(asked->operation))
		return 0;
	if (!takes_name(asked->operation)) {
		asked->count = read_count(rest);
		return asked->count > 0;
	}
	asked->count = read_count(next_word(&rest));
	asked->name = rest;
	return asked->count > 0 && is_name(rest);
}

/* ---- what is done so many times ---- */

static const char *read_clock(size_t count)
{
	uint64_t before = 0, now;
	for (size_t i = 0; i < count; i++) {
		if (!host_now(HOST_MONOTONIC, &now))
			return "there is none";
		if (now < before)
			return "it goes back";
		before = now;
	}
	return "it never goes back";
}

static const char *read_time(size_t count)
{
	uint64_t now;
	for (size_t i = 0; i < count; i++) {
		if (!host_now(HOST_REALTIME, &now))
			return "there is none";
		if (now < YEAR_2020)
			return "it is before 2020";
	}
	return "it is after 2020";
}

static const char *draw(size_t count)
{
	uint8_t before[DRAW] = {0}, now[DRAW];
	for (size_t i = 0; i < count; i++) {
		if (!host_random(now, DRAW))
			return "there are none";
		if (memcmp(now, before, DRAW) == 0)
			return "two in a row are alike";
		memcpy(before, now, DRAW);
	}
	return "no two in a row are alike";
}

static void look_at(struct seen *seen, const uint8_t *bytes, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++)
		seen->hash = digest_word(seen->hash, bytes[i]);
	seen->bytes += (uint64_t)n;
}

static const char *read_whole(const struct asked *asked, struct seen *seen)
{
	uint8_t bytes[WHOLE];
	for (size_t i = 0; i < asked->count; i++) {
		int file = host_open((const char *)asked->name.at, asked->name.n);
		if (file < 0)
			return "it is not there";
		ptrdiff_t n;
		while ((n = host_read(file, bytes, WHOLE)) > 0)
			look_at(seen, bytes, n);
		if (!host_close(file) || n < 0)
			return "it can't be read";
	}
	return NULL;
}

static const char *read_parts(const struct asked *asked, struct seen *seen)
{
	uint8_t bytes[PART];
	int file = host_open((const char *)asked->name.at, asked->name.n);
	if (file < 0)
		return "it is not there";
	ptrdiff_t n = 0;
	for (size_t i = 0; i < asked->count && n >= 0; i++) {
		n = host_read_at(file, bytes, PART, PART * (i % PARTS));
		look_at(seen, bytes, n);
	}
	return host_close(file) && n >= 0 ? NULL : "it can't be read";
}

/* ---- the response ---- */

static size_t say_seen(struct printed *out, const struct seen *seen)
{
	print_decimal(out, seen->bytes);
	print_string(out, " bytes, ");
	print_hex(out, seen->hash, 16);
	print_string(out, "\n");
	return out->n;
}

static size_t say(struct printed *out, const char *what)
{
	print_string(out, what);
	print_string(out, "\n");
	return out->n;
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	static uint8_t text[160];
	struct printed out = {text, 0};
	struct asked asked;
	struct seen seen = {0, DIGEST_START};
	*response = text;
	if (!read_request(request, n, &asked))
		return say(&out, "refused");
	print_bytes(&out, request, n);
	print_string(&out, ": ");
	if (is(asked.operation, "clock"))
		return say(&out, read_clock(asked.count));
	if (is(asked.operation, "time"))
		return say(&out, read_time(asked.count));
	if (is(asked.operation, "random"))
		return say(&out, draw(asked.count));
	const char *failure = is(asked.operation, "file") ? read_whole(&asked, &seen) : read_parts(&asked, &seen);
	return failure != NULL ? say(&out, failure) : say_seen(&out, &seen);
}

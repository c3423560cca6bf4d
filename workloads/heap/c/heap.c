/*
 * heap: takes as much memory as it is asked to, makes every page of it dirty and
 * keeps it, so that an instance weighs what it says. The manifest states the
 * rules.
 */
#include <string.h>

#include "digest.h"
#include "guest.h"
#include "print.h"
#include "random.h"

#define PIECE ((size_t)1 << 20)
#define PIECES ((size_t)64)
#define STRIDE ((size_t)4096) /* no page of a machine that runs this is smaller */

/* What has been taken so far; it is never given back, and used again. */
static uint8_t *pieces[PIECES];
static size_t held;

static uint8_t text[64];

static size_t refuse(const char *why)
{
	struct printed out = {text, 0};
	print_string(&out, "refused: ");
	print_string(&out, why);
	print_string(&out, "\n");
	return out.n;
}

/* read_count reads all n bytes as a number of pieces, 0 if they are not one. */
static size_t read_count(const uint8_t *s, size_t n)
{
	size_t value = 0;
	if (n > 2 || s[0] == '0')
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		value = value * 10 + (size_t)(s[i] - '0');
	}
	return value <= PIECES ? value : 0;
}

static int hold(size_t count)
{
	while (held < count) {
		pieces[held] = guest_keep(PIECE);
		if (pieces[held] == NULL)
			return 0;
		held++;
	}
	return 1;
}

/* touch writes a number into each page, all of them different: no page is like
 * another, so that no kernel stores two as one. */
static void touch(size_t count)
{
	struct random numbers = {count};
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at < PIECE; at += STRIDE) {
			uint64_t number = random_next(&numbers);
			memcpy(pieces[i] + at, &number, sizeof number);
		}
}

static uint64_t checksum(size_t count)
{
	uint64_t hash = DIGEST_START;
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at < PIECE; at += STRIDE)
			hash = digest_numbers(hash, pieces[i] + at, 1, sizeof(uint64_t));
	return hash;
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	size_t count = read_count(request, n);
	*response = text;
	if (count == 0)
		return refuse("not a number from 1 to 64");
	if (!hold(count))
		return refuse("no memory");
	touch(count);
	struct printed out = {text, 0};
	print_string(&out, "kept ");
	print_decimal(&out, count);
	print_string(&out, " MiB, ");
	print_hex(&out, checksum(count), 16);
	print_string(&out, "\n");
	return out.n;
}

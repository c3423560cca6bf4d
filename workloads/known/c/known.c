/*
 * known: a guest whose costs are known, for calibrating the harness. The first
 * byte of a request is an operation, the rest a number of one to ten digits.
 *
 *   D number   is busy for so many nanoseconds of the monotonic clock: "done"
 *   W number   sleeps for so many nanoseconds: "done"
 *   S number   so many rounds of a chain in which each needs the one before:
 *              the last value in 16 hexadecimal digits
 *   M number   touches so many bytes of memory, at most ARENA, and keeps them:
 *              "ok" or "no memory"
 *
 * Whatever else is asked is answered by "?".
 */
#define _POSIX_C_SOURCE 200809L /* for the clock and the sleep */

#include <string.h>
#include <time.h>

#include "guest.h"

#define PAGE 4096
#define ARENA ((uint64_t)32 << 20)
#define SECOND 1000000000u

/* What M touches. It is there from the beginning and not allocated: how much
 * more than was asked an allocator takes, or a runtime when a memory grows, is
 * theirs and not known here. */
static _Alignas(PAGE) volatile uint8_t arena[ARENA];

static size_t say(const uint8_t **response, const char *text)
{
	*response = (const uint8_t *)text;
	return strlen(text);
}

/* decimal reads all n bytes as a number and returns 0 if they are not one. */
static int decimal(const uint8_t *s, size_t n, uint64_t *value)
{
	if (n < 1 || n > 10)
		return 0;
	*value = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		*value = *value * 10 + (s[i] - '0');
	}
	return 1;
}

static uint64_t now(void)
{
	struct timespec t;
	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		__builtin_trap();
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static size_t delay(uint64_t ns, const uint8_t **response)
{
	uint64_t from = now();
	while (now() - from < ns)
		;
	return say(response, "done");
}

static size_t wait(uint64_t ns, const uint8_t **response)
{
	struct timespec t = {.tv_sec = (time_t)(ns / SECOND), .tv_nsec = (long)(ns % SECOND)};
	nanosleep(&t, NULL);
	return say(response, "done");
}

static size_t spin(uint64_t rounds, const uint8_t **response)
{
	static char text[16];
	uint64_t x = 1;
	for (uint64_t i = 0; i < rounds; i++)
		x = (x ^ x >> 32) * 0x9e3779b97f4a7c15u + 1;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = "0123456789abcdef"[x >> (60 - 4 * i) & 15];
	*response = (const uint8_t *)text;
	return sizeof text;
}

static size_t touch(uint64_t n, const uint8_t **response)
{
	if (n > ARENA)
		return say(response, "no memory");
	for (uint64_t i = 0; i < n; i += PAGE)
		arena[i] = 1;
	return say(response, "ok");
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	uint64_t value;
	if (!decimal(request + 1, n - 1, &value))
		return say(response, "?");
	switch (request[0]) {
	case 'D':
		return delay(value, response);
	case 'W':
		return wait(value, response);
	case 'S':
		return spin(value, response);
	case 'M':
		return touch(value, response);
	}
	return say(response, "?");
}

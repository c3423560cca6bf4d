/*
 * probe: the guest of the conformance suite. The first byte of a request is an
 * operation, the rest its argument; a decimal is one to ten digits.
 *
 *   E rest      echoes the rest
 *   C           counts: the number of C so far in this instance, in decimal
 *   T           traps
 *   S           spins for ever
 *   M decimal   takes, touches and keeps so many bytes: "ok" or "no memory"
 *   R decimal   so many bytes, of which byte i is i mod 251
 *   B           a response that lies about itself: as wasm 100 bytes at
 *               0xfffffff0, as an executable a frame of 0xffffffff bytes
 *   X decimal   exits with that code (as wasm it traps)
 *   D decimal   recurses so deep and answers "ok" if it comes back
 *
 * Whatever else is asked is answered by "?".
 */
#include "guest.h"

#include <stdlib.h>
#include <string.h>

static struct guest_buffer out;

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

static size_t count(const uint8_t **response)
{
	static uint32_t counter;
	static char text[10];
	char *at = text + sizeof text;
	uint32_t rest = ++counter;
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	*response = (const uint8_t *)at;
	return (size_t)(text + sizeof text - at);
}

/* keep touches every page, or the bytes would exist only on paper. */
static size_t keep(uint64_t n, const uint8_t **response)
{
	volatile uint8_t *at = n <= UINT32_MAX ? guest_keep((size_t)n) : NULL;
	if (at == NULL)
		return say(response, "no memory");
	for (size_t i = 0; i < n; i += 4096)
		at[i] = 1;
	return say(response, "ok");
}

static size_t ramp(uint64_t n, const uint8_t **response)
{
	if (n > SIZE_MAX)
		n = SIZE_MAX;
	if (n > GUEST_MAX_MESSAGE) /* too much to send: too much to make */
		return (size_t)n;
	uint8_t *at = guest_reserve(&out, (size_t)n);
	for (size_t i = 0; i < n; i++)
		at[i] = (uint8_t)(i % 251);
	*response = at;
	return (size_t)n;
}

/* recurse keeps something of each frame alive, so that no compiler makes a
 * loop of it. */
static uint64_t recurse(uint64_t depth)
{
	volatile uint64_t here = depth;
	if (depth == 0)
		return 0;
	uint64_t below = recurse(depth - 1);
	return below + here;
}

static size_t lie(const uint8_t **response)
{
#ifdef __wasm__
	*response = (const uint8_t *)0xfffffff0u;
	return 100;
#else
	(void)response;
	return 0xffffffffu;
#endif
}

static _Noreturn void leave(uint64_t code)
{
#ifdef __wasm__
	(void)code;
	__builtin_trap();
#else
	exit((int)code);
#endif
}

static size_t numbered(uint8_t operation, uint64_t value, const uint8_t **response)
{
	switch (operation) {
	case 'M':
		return keep(value, response);
	case 'R':
		return ramp(value, response);
	case 'X':
		leave(value);
	case 'D':
		recurse(value);
		return say(response, "ok");
	}
	return say(response, "?");
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	uint64_t value;
	switch (request[0]) {
	case 'E':
		*response = request + 1;
		return n - 1;
	case 'C':
		return count(response);
	case 'T':
		__builtin_trap();
	case 'S':
		for (volatile int spin = 1; spin;)
			;
		break;
	case 'B':
		return lie(response);
	}
	if (!decimal(request + 1, n - 1, &value))
		return say(response, "?");
	return numbered(request[0], value, response);
}

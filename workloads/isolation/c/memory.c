/* memory.c: attempts on memory: outside of it, and what others left in it. */
#include <string.h>

#include "guest.h"
#include "system.h"

/* A mark is hidden by this byte in a request, so that the request itself does not
 * hold it. */
#define HIDDEN_BY 0x55

#define PLANTED_PAGES 16
#define SCANNED_PAGES 64

static void show(struct word hidden, uint8_t *mark)
{
	for (size_t i = 0; i < hidden.n; i++)
		mark[i] = (uint8_t)hidden.at[i] ^ HIDDEN_BY;
}

/* plant writes a mark over and over into memory that is kept. */
static struct outcome plant(const struct word *w, struct printed *seen)
{
	(void)seen;
	if (w[0].n == 0)
		return failed(0);
	for (int p = 0; p < PLANTED_PAGES; p++) {
		uint8_t *page = sys_memory(SYS_PAGE);
		if (page == NULL)
			return ended((uint64_t)p, PLANTED_PAGES, 0);
		for (size_t at = 0; at + w[0].n <= SYS_PAGE; at += w[0].n)
			show(w[0], page + at);
	}
	return done();
}

static int same(const uint8_t *at, struct word hidden)
{
	for (size_t i = 0; i < hidden.n; i++)
		if (at[i] != ((uint8_t)hidden.at[i] ^ HIDDEN_BY))
			return 0;
	return 1;
}

/* scan looks for a mark in memory that was never written to, and counts how many
 * bytes of it are not zero. It reports the mark if it is there. */
static struct outcome scan(const struct word *w, struct printed *seen)
{
	uint64_t foreign = 0;
	for (int p = 0; p < SCANNED_PAGES && w[0].n > 0; p++) {
		const uint8_t *page = sys_memory(SYS_PAGE);
		if (page == NULL)
			break;
		for (size_t i = 0; i < SYS_PAGE; i++) {
			if (page[i] == 0)
				continue;
			foreign++;
			if (seen->n == 0 && i + w[0].n <= SYS_PAGE && same(page + i, w[0])) {
				print_string(seen, "found ");
				for (size_t k = 0; k < w[0].n; k++)
					print_bytes(seen, page + i + k, 1);
			}
		}
	}
	struct outcome o = done();
	o.count = foreign;
	return o;
}

/* peek reads beyond the guest's memory, at so many MiB above its end, or at an
 * address that nothing is mapped at. */
static struct outcome peek(const struct word *w, struct printed *seen)
{
	uintptr_t at = (uintptr_t)decimal(w[0]) << 20;
#ifdef __wasm__
	at += __builtin_wasm_memory_size(0) * SYS_PAGE;
#else
	at += (uintptr_t)1 << 46;
#endif
	uint8_t byte = *(const volatile uint8_t *)at;
	see(seen, &byte, 1);
	return done();
}

/* grow_under keeps a pointer while the memory grows, and reads through it after. */
static struct outcome grow_under(const struct word *w, struct printed *seen)
{
	uint8_t *kept = sys_memory(SYS_PAGE);
	if (kept == NULL)
		return ended(0, 1, 0);
	memcpy(kept, w[0].at, w[0].n < SYS_PAGE ? w[0].n : SYS_PAGE);
	for (int p = 0; p < SCANNED_PAGES; p++)
		if (sys_memory(SYS_PAGE) == NULL)
			break;
	see(seen, kept, w[0].n);
	return done();
}

typedef void (*routine)(void);

/* call_wrong calls a function through a number that is in no table. Without a number a
 * module calls a function with another type than its own. */
static struct outcome call_wrong(const struct word *w, struct printed *seen)
{
	(void)seen;
	static struct outcome (*const own)(const struct word *, struct printed *) = call_wrong;
#ifndef __wasm__
	if (w[0].n == 0)
		return absent();
#endif
	volatile uintptr_t to = w[0].n == 0 ? (uintptr_t)own : (uintptr_t)decimal(w[0]);
	((routine)to)();
	return done();
}

const struct attempt memory_attempts[] = {
	{"plant", 1, plant}, {"scan", 1, scan}, {"peek", 1, peek}, {"grow-under", 1, grow_under}, {"call", 1, call_wrong},
	{NULL, 0, NULL},
};

/* print.h: what numeric workloads write their responses with; stdio would make
 * them import functions of WASI. */
#ifndef EDGEBENCH_PRINT_H
#define EDGEBENCH_PRINT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Room for a response that its workload knows to be long enough. */
struct printed {
	uint8_t *at;
	size_t n;
};

static inline void print_bytes(struct printed *p, const void *bytes, size_t n)
{
	memcpy(p->at + p->n, bytes, n);
	p->n += n;
}

static inline void print_string(struct printed *p, const char *s)
{
	print_bytes(p, s, strlen(s));
}

static inline void print_decimal(struct printed *p, uint64_t value)
{
	uint8_t digits[20];
	size_t i = sizeof digits;
	do
		digits[--i] = (uint8_t)('0' + value % 10);
	while ((value /= 10) != 0);
	print_bytes(p, digits + i, sizeof digits - i);
}

/* print_hex writes the lower digits of a value, small letters. */
static inline void print_hex(struct printed *p, uint64_t value, int digits)
{
	for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
		print_bytes(p, &"0123456789abcdef"[value >> shift & 15], 1);
}

#endif

/* digest.h: a hash of the bits of numbers, by which two builds are compared. */
#ifndef EDGEBENCH_DIGEST_H
#define EDGEBENCH_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DIGEST_START 14695981039346656037u

/* digest_word folds in one value: FNV-1a over words instead of bytes, and a
 * shift that lets the upper bits reach the lower ones. */
static inline uint64_t digest_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 1099511628211u;
	return hash ^ hash >> 32;
}

/* digest_bits is the value of the 4 or 8 bytes of a number. */
static inline uint64_t digest_bits(const void *number, size_t width)
{
	uint32_t half;
	uint64_t whole;
	if (width == sizeof half) {
		memcpy(&half, number, sizeof half);
		return half;
	}
	memcpy(&whole, number, sizeof whole);
	return whole;
}

/* digest_numbers folds in an array of numbers of 4 or 8 bytes each. */
static inline uint64_t digest_numbers(uint64_t hash, const void *numbers, size_t count, size_t width)
{
	const uint8_t *at = numbers;
	for (size_t i = 0; i < count; i++)
		hash = digest_word(hash, digest_bits(at + i * width, width));
	return hash;
}

#endif

#include "arena.h"

#include <stdint.h>
#include <string.h>

#include "guest.h"

#define ALIGN ((size_t)16)
#define HEADER ALIGN /* of each piece: its size */
#define FIRST_BLOCK ((size_t)128 << 10)

/* The block that pieces are cut from. When it is used up a new one of at least
 * twice the size takes its place, for good: all blocks that there ever were add
 * up to less than twice the last one. */
static struct {
	uint8_t *at;
	size_t size, used;
} block;

static size_t round_up(size_t n)
{
	return (n + ALIGN - 1) & ~(ALIGN - 1);
}

static void next_block(size_t least)
{
	size_t size = block.size > 0 ? 2 * block.size : FIRST_BLOCK;
	while (size < least)
		size *= 2;
	block.at = guest_keep(size);
	if (block.at == NULL)
		__builtin_trap();
	block.size = size;
	block.used = 0;
}

static size_t *size_of(void *piece)
{
	return (size_t *)(void *)((uint8_t *)piece - HEADER);
}

/* is_last: the piece is the one that ends where the block's use ends. */
static int is_last(void *piece)
{
	return (uint8_t *)piece + round_up(*size_of(piece)) == block.at + block.used;
}

static void *take(size_t size)
{
	if (size > SIZE_MAX / 4)
		__builtin_trap();
	size_t whole = HEADER + round_up(size);
	if (whole > block.size - block.used)
		next_block(whole);
	uint8_t *piece = block.at + block.used + HEADER;
	block.used += whole;
	*size_of(piece) = size;
	return piece;
}

void arena_reset(void)
{
	block.used = 0;
}

void *arena_calloc(size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size)
		__builtin_trap();
	return memset(take(count * size), 0, count * size);
}

/* A piece that is the last is made longer where it stands, as a text is to which
 * is added all the time. */
void *arena_realloc(void *old, size_t size)
{
	if (old == NULL)
		return take(size);
	size_t had = *size_of(old);
	if (size <= had)
		return old;
	size_t more = round_up(size) - round_up(had);
	if (is_last(old) && size <= SIZE_MAX / 4 && more <= block.size - block.used) {
		block.used += more;
		*size_of(old) = size;
		return old;
	}
	return memcpy(take(size), old, had);
}

void arena_free(void *old)
{
	if (old != NULL && is_last(old))
		block.used -= HEADER + round_up(*size_of(old));
}

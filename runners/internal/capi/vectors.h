/*
 * vectors.h: fd_read and fd_write of WASI preview 1 for the three standard
 * descriptors, between a guest's memory and buffers in C.
 */
#ifndef EDGEBENCH_CAPI_VECTORS_H
#define EDGEBENCH_CAPI_VECTORS_H

#include "output.h"

/* Errors of WASI. */
enum { EB_SUCCESS = 0, EB_BADF = 8, EB_FAULT = 21, EB_FBIG = 22, EB_IO = 29 };

/* A piece of memory: a guest's whole memory, or what one of its vectors names. */
struct eb_piece {
	uint8_t *at;
	size_t n;
};

/* What a guest has not read of its stdin. */
struct eb_input {
	const uint8_t *at;
	size_t left;
};

/* eb_number reads 32 bits as WebAssembly stores them. */
static inline uint32_t eb_number(const uint8_t *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline void eb_put_number(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

/* eb_place finds n bytes at a guest's address, and NULL for what lies outside. */
static inline uint8_t *eb_place(struct eb_piece memory, uint32_t at, size_t n)
{
	return n > memory.n || at > memory.n - n ? NULL : memory.at + at;
}

/* eb_vector gives one of a guest's vectors, each an address and a length. */
static inline bool eb_vector(struct eb_piece memory, uint32_t vectors, uint32_t i, struct eb_piece *found)
{
	if (i >= UINT32_MAX / 8 || vectors > UINT32_MAX - 8 * i)
		return false;
	const uint8_t *vector = eb_place(memory, vectors + 8 * i, 8);
	if (vector == NULL)
		return false;
	found->n = eb_number(vector + 4);
	found->at = eb_place(memory, eb_number(vector), found->n);
	return found->at != NULL;
}

/* eb_take moves a part of the input into a piece and says how much. */
static inline size_t eb_take(struct eb_input *in, struct eb_piece to)
{
	size_t n = to.n < in->left ? to.n : in->left;
	if (n == 0)
		return 0;
	memcpy(to.at, in->at, n);
	in->at += n;
	in->left -= n;
	return n;
}

/* eb_read is fd_read of stdin; result is where the guest wants the length. */
static inline int32_t eb_read(struct eb_piece memory, struct eb_input *in, uint32_t vectors, uint32_t count, uint32_t result)
{
	uint8_t *total = eb_place(memory, result, 4);
	uint32_t n = 0;
	if (total == NULL)
		return EB_FAULT;
	for (uint32_t i = 0; i < count && in->left > 0; i++) {
		struct eb_piece to;
		if (!eb_vector(memory, vectors, i, &to))
			return EB_FAULT;
		n += (uint32_t)eb_take(in, to);
	}
	eb_put_number(total, n);
	return EB_SUCCESS;
}

/* eb_write is fd_write of stdout or stderr. Where out is NULL all is dropped. */
static inline int32_t eb_write(struct eb_piece memory, eb_output *out, int32_t fd, uint32_t vectors, uint32_t count, uint32_t result)
{
	uint8_t *total = eb_place(memory, result, 4);
	uint32_t n = 0;
	if (total == NULL)
		return EB_FAULT;
	for (uint32_t i = 0; i < count; i++) {
		struct eb_piece from;
		if (!eb_vector(memory, vectors, i, &from))
			return EB_FAULT;
		if (out != NULL && fd == 2)
			eb_output_say(out, from.at, from.n);
		else if (out != NULL && !eb_output_write(out, from.at, from.n))
			return EB_FBIG;
		n += (uint32_t)from.n;
	}
	eb_put_number(total, n);
	return EB_SUCCESS;
}

#endif

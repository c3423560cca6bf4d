//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

#include "stdio.h"

#include <string.h>

/* Errors of WASI. */
enum { SUCCESS = 0, BADF = 8, FAULT = 21, FBIG = 22 };

/* A piece of the guest's memory. */
struct piece {
	uint8_t *at;
	size_t n;
};

/* number reads 32 bits as WebAssembly stores them. */
static uint32_t number(const uint8_t *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put_number(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

/* place finds n bytes at a guest's address, and NULL for what lies outside. */
static uint8_t *place(const struct eb_stdio *s, uint32_t at, size_t n)
{
	size_t size = s->memory != NULL ? wasm_memory_data_size(s->memory) : 0;
	if (n > size || at > size - n)
		return NULL;
	return (uint8_t *)wasm_memory_data(s->memory) + at;
}

/* find gives one of a guest's vectors, each an address and a length. */
static bool find(const struct eb_stdio *s, uint32_t vectors, uint32_t i, struct piece *found)
{
	if (i >= UINT32_MAX / 8 || vectors > UINT32_MAX - 8 * i)
		return false;
	const uint8_t *vector = place(s, vectors + 8 * i, 8);
	if (vector == NULL)
		return false;
	found->n = number(vector + 4);
	found->at = place(s, number(vector), found->n);
	return found->at != NULL;
}

/* take moves a part of the request into a piece and says how much. */
static size_t take(struct eb_stdio *s, const struct piece *to)
{
	size_t n = to->n < s->left ? to->n : s->left;
	if (n == 0)
		return 0;
	memcpy(to->at, s->request, n);
	s->request += n;
	s->left -= n;
	return n;
}

static int32_t read_all(struct eb_stdio *s, uint32_t vectors, uint32_t count, uint32_t result)
{
	uint8_t *total = place(s, result, 4);
	uint32_t n = 0;
	if (total == NULL)
		return FAULT;
	for (uint32_t i = 0; i < count && s->left > 0; i++) {
		struct piece to;
		if (!find(s, vectors, i, &to))
			return FAULT;
		n += (uint32_t)take(s, &to);
	}
	put_number(total, n);
	return SUCCESS;
}

static int32_t write_all(struct eb_stdio *s, int32_t fd, uint32_t vectors, uint32_t count, uint32_t result)
{
	uint8_t *total = place(s, result, 4);
	uint32_t n = 0;
	if (total == NULL)
		return FAULT;
	for (uint32_t i = 0; i < count; i++) {
		struct piece from;
		if (!find(s, vectors, i, &from))
			return FAULT;
		if (fd == 2)
			eb_output_say(&s->output, from.at, from.n);
		else if (!eb_output_write(&s->output, from.at, from.n))
			return FBIG;
		n += (uint32_t)from.n;
	}
	put_number(total, n);
	return SUCCESS;
}

static void answer(wasm_val_vec_t *results, int32_t code)
{
	results->data[0] = (wasm_val_t){.kind = WASM_I32, .of = {.i32 = code}};
}

own wasm_trap_t *eb_stdio_read(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
	const wasm_val_t *a = args->data;
	bool is_stdin = a[0].of.i32 == 0;
	answer(results, is_stdin ? read_all(env, (uint32_t)a[1].of.i32, (uint32_t)a[2].of.i32, (uint32_t)a[3].of.i32) : BADF);
	return NULL;
}

own wasm_trap_t *eb_stdio_write(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
	const wasm_val_t *a = args->data;
	int32_t fd = a[0].of.i32;
	bool is_output = fd == 1 || fd == 2;
	answer(results, is_output ? write_all(env, fd, (uint32_t)a[1].of.i32, (uint32_t)a[2].of.i32, (uint32_t)a[3].of.i32) : BADF);
	return NULL;
}

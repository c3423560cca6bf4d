//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

#include "own.h"

#include "stdio.h"

/* memory is that of the guest, empty until it is instantiated. */
static struct eb_piece memory(const struct eb_stdio *s)
{
	if (s->memory == NULL)
		return (struct eb_piece){NULL, 0};
	return (struct eb_piece){(uint8_t *)wasm_memory_data(s->memory), wasm_memory_data_size(s->memory)};
}

static void answer(wasm_val_vec_t *results, int32_t code)
{
	results->data[0] = (wasm_val_t){.kind = WASM_I32, .of = {.i32 = code}};
}

own wasm_trap_t *eb_stdio_read(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
	struct eb_stdio *s = env;
	const wasm_val_t *a = args->data;
	bool is_stdin = a[0].of.i32 == 0;
	answer(results, is_stdin ? eb_read(memory(s), &s->input, (uint32_t)a[1].of.i32, (uint32_t)a[2].of.i32, (uint32_t)a[3].of.i32) : EB_BADF);
	return NULL;
}

own wasm_trap_t *eb_stdio_write(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
	struct eb_stdio *s = env;
	const wasm_val_t *a = args->data;
	int32_t fd = a[0].of.i32;
	bool is_output = fd == 1 || fd == 2;
	answer(results, is_output ? eb_write(memory(s), &s->output, fd, (uint32_t)a[1].of.i32, (uint32_t)a[2].of.i32, (uint32_t)a[3].of.i32) : EB_BADF);
	return NULL;
}

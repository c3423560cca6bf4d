//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

/*
 * stdio.h: stdin, stdout and stderr of a command, in memory. The library would
 * read this process's stdin, which carries the harness's requests, and would keep
 * stdout without a bound.
 */
#ifndef EDGEBENCH_WASMER_STDIO_H
#define EDGEBENCH_WASMER_STDIO_H

#include "../internal/capi/vectors.h"
#include "capi.h"

struct eb_stdio {
	wasm_memory_t *memory; /* of the guest, NULL until it is instantiated */

	struct eb_input input; /* what it has not read of the request */
	eb_output output;
};

/* Callbacks for fd_read and fd_write with an eb_stdio as env. They know the
 * three descriptors and no other. */
own wasm_trap_t *eb_stdio_read(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results);
own wasm_trap_t *eb_stdio_write(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results);

#endif

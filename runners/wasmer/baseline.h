//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

/*
 * baseline.h: the C of the baseline loop, which shares nothing with shim.c. A
 * function that can fail returns false. No reason is needed: these guests import
 * nothing and do not trap, and a loop that fails has no result.
 */
#ifndef EDGEBENCH_WASMER_BASELINE_H
#define EDGEBENCH_WASMER_BASELINE_H

#include "capi.h"

typedef struct baseline_module {
	wasm_engine_t *engine;
	wasm_store_t *store;
	wasm_module_t *module;
	uint64_t points; /* of a call, one for each instruction; 0 for any number */
	/* The indices of the exports; initialise is -1 if there is none. */
	int memory, alloc, handle, initialise;
} baseline_module;

typedef struct baseline_guest {
	wasm_instance_t *instance;
	wasm_extern_vec_t exports;
	wasm_memory_t *memory;
	wasm_func_t *alloc, *handle;
	uint64_t points;
} baseline_guest;

/* baseline_load makes a module, once: it compiles n bytes, or deserialises stored code.
 * Its guests are metered if points is not 0. */
bool baseline_load(baseline_module *m, wasmer_compiler_t compiler, uint64_t points, bool kept, const uint8_t *bytes, size_t n);
void baseline_unload(baseline_module *m);
/* baseline_new makes an instance and initialises it. */
bool baseline_new(const baseline_module *m, baseline_guest *g);
/* baseline_call gives the length of the response, or more than room. */
size_t baseline_call(baseline_guest *g, const uint8_t *request, size_t n, uint8_t *response, size_t room);
void baseline_free(baseline_guest *g);

#endif

/*
 * baseline.h: the C of the baseline loop, which shares nothing with shim.c. A
 * function that can fail returns false. No reason is needed: these guests import
 * nothing and do not trap, and a loop that fails has no result.
 */
#ifndef EDGEBENCH_BASELINE_H
#define EDGEBENCH_BASELINE_H

#include "library.h"

typedef struct baseline_guest {
	wasmtime_store_t *store;
	wasmtime_context_t *context;
	wasmtime_memory_t memory;
	wasmtime_func_t alloc, handle;
} baseline_guest;

/* baseline_link resolves the imports, once. */
bool baseline_link(const wasmtime_linker_t *linker, const wasmtime_module_t *module, wasmtime_instance_pre_t **pre);
/* baseline_new makes an instance in a store of its own and initialises it. */
bool baseline_new(wasm_engine_t *engine, const wasmtime_instance_pre_t *pre, baseline_guest *guest);
/* baseline_call gives the length of the response, or more than room. */
size_t baseline_call(baseline_guest *guest, const uint8_t *request, size_t n, uint8_t *response, size_t room);
void baseline_free(baseline_guest *guest);

#endif

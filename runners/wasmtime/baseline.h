/*
 * direct.h: the C of the direct loop, which shares nothing with shim.c. A
 * function that can fail returns false; these guests import nothing and do not
 * trap, and a loop that fails is worth nothing whatever the reason.
 */
#ifndef EDGEBENCH_DIRECT_H
#define EDGEBENCH_DIRECT_H

#include "library.h"

typedef struct direct_guest {
	wasmtime_store_t *store;
	wasmtime_context_t *context;
	wasmtime_memory_t memory;
	wasmtime_func_t alloc, handle;
} direct_guest;

/* direct_link resolves the imports, once. */
bool direct_link(const wasmtime_linker_t *linker, const wasmtime_module_t *module, wasmtime_instance_pre_t **pre);
/* direct_new makes an instance in a store of its own and initialises it. */
bool direct_new(wasm_engine_t *engine, const wasmtime_instance_pre_t *pre, direct_guest *guest);
/* direct_call gives the length of the response, or more than room. */
size_t direct_call(direct_guest *guest, const uint8_t *request, size_t n, uint8_t *response, size_t room);
void direct_free(direct_guest *guest);

#endif

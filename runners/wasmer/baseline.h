//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

/*
 * direct.h: the C of the direct loop, which shares nothing with shim.c. A
 * function that can fail returns false; these guests import nothing and do not
 * trap, and a loop that fails is worth nothing whatever the reason.
 */
#ifndef EDGEBENCH_WASMER_DIRECT_H
#define EDGEBENCH_WASMER_DIRECT_H

#include "capi.h"

typedef struct direct_module {
	wasm_engine_t *engine;
	wasm_store_t *store;
	wasm_module_t *module;
	/* Where the exports stand; initialise is -1 where there is none. */
	int memory, alloc, handle, initialise;
} direct_module;

typedef struct direct_guest {
	wasm_instance_t *instance;
	wasm_extern_vec_t exports;
	wasm_memory_t *memory;
	wasm_func_t *alloc, *handle;
} direct_guest;

/* direct_load makes a module, once: by compiling n bytes, or of code that was kept. */
bool direct_load(direct_module *m, wasmer_compiler_t compiler, bool kept, const uint8_t *bytes, size_t n);
void direct_unload(direct_module *m);
/* direct_new makes an instance and initialises it. */
bool direct_new(const direct_module *m, direct_guest *g);
/* direct_call gives the length of the response, or more than room. */
size_t direct_call(direct_guest *g, const uint8_t *request, size_t n, uint8_t *response, size_t room);
void direct_free(direct_guest *g);

#endif

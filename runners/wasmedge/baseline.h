//go:build cgo && linux && wasmedge

/*
 * baseline.h: the C of the baseline loop, which shares nothing with shim.c. A
 * function that can fail returns false. No reason is needed: these guests import
 * nothing and do not trap, and a loop that fails has no result.
 */
#ifndef EDGEBENCH_WASMEDGE_BASELINE_H
#define EDGEBENCH_WASMEDGE_BASELINE_H

#include <stddef.h>

#include <wasmedge/wasmedge.h>

typedef struct baseline_module {
	WasmEdge_ConfigureContext *config;
	WasmEdge_ASTModuleContext *ast;
	WasmEdge_ExecutorContext *executor;
	WasmEdge_StoreContext *store;
} baseline_module;

typedef struct baseline_guest {
	WasmEdge_ModuleInstanceContext *instance;
	WasmEdge_MemoryInstanceContext *memory;
	WasmEdge_FunctionInstanceContext *alloc, *handle;
} baseline_guest;

/* baseline_compile writes a module's code to a file. */
bool baseline_compile(const char *from, enum WasmEdge_CompilerOptimizationLevel level, const char *to);
/* baseline_load makes a module of a file, with its code or without. */
bool baseline_load(baseline_module *m, bool interpret, const char *path);
void baseline_unload(baseline_module *m);
/* baseline_new makes an instance and initialises it. */
bool baseline_new(const baseline_module *m, baseline_guest *g);
/* baseline_call gives the length of the response, or more than room. */
size_t baseline_call(const baseline_module *m, baseline_guest *g, const uint8_t *request, size_t n, uint8_t *response, size_t room);
void baseline_free(baseline_guest *g);

#endif

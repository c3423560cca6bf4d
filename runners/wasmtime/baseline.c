//go:build cgo

#include "own.h"

#include "baseline.h"

#include <string.h>

bool baseline_link(const wasmtime_linker_t *linker, const wasmtime_module_t *module, wasmtime_instance_pre_t **pre)
{
	return wasmtime_linker_instantiate_pre(linker, module, pre) == NULL;
}

static bool find(baseline_guest *g, const wasmtime_instance_t *instance, const char *name, uint8_t kind, wasmtime_extern_t *item)
{
	return wasmtime_instance_export_get(g->context, instance, name, strlen(name), item) && item->kind == kind;
}

static bool call(baseline_guest *g, const wasmtime_func_t *f, wasmtime_val_raw_t *values, size_t n)
{
	wasm_trap_t *trap = NULL;
	return wasmtime_func_call_unchecked(g->context, f, values, n, &trap) == NULL && trap == NULL;
}

bool baseline_new(wasm_engine_t *engine, const wasmtime_instance_pre_t *pre, baseline_guest *g)
{
	g->store = wasmtime_store_new(engine, NULL, NULL);
	g->context = wasmtime_store_context(g->store);
	wasm_trap_t *trap = NULL;
	wasmtime_instance_t instance;
	wasmtime_extern_t memory, alloc, handle, initialise;
	if (wasmtime_instance_pre_instantiate(pre, g->context, &instance, &trap) != NULL || trap != NULL ||
	    !find(g, &instance, "memory", WASMTIME_EXTERN_MEMORY, &memory) ||
	    !find(g, &instance, "alloc", WASMTIME_EXTERN_FUNC, &alloc) ||
	    !find(g, &instance, "handle", WASMTIME_EXTERN_FUNC, &handle))
		return false;
	g->memory = memory.of.memory;
	g->alloc = alloc.of.func;
	g->handle = handle.of.func;
	return !find(g, &instance, "_initialize", WASMTIME_EXTERN_FUNC, &initialise) ||
	       call(g, &initialise.of.func, NULL, 0);
}

size_t baseline_call(baseline_guest *g, const uint8_t *request, size_t n, uint8_t *response, size_t room)
{
	wasmtime_val_raw_t values[2] = {{.i32 = (int32_t)n}};
	if (!call(g, &g->alloc, values, 1))
		return room + 1;
	uint32_t at = (uint32_t)values[0].i32;
	if ((uint64_t)at + n > wasmtime_memory_data_size(g->context, &g->memory))
		return room + 1;
	memcpy(wasmtime_memory_data(g->context, &g->memory) + at, request, n);
	values[1].i32 = (int32_t)n;
	if (!call(g, &g->handle, values, 2))
		return room + 1;
	uint64_t packed = (uint64_t)values[0].i64;
	size_t length = (uint32_t)packed;
	if (length > room || (packed >> 32) + length > wasmtime_memory_data_size(g->context, &g->memory))
		return room + 1;
	memcpy(response, wasmtime_memory_data(g->context, &g->memory) + (packed >> 32), length);
	return length;
}

void baseline_free(baseline_guest *g)
{
	wasmtime_store_delete(g->store);
}

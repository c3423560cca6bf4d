/*
 * component_baseline.h: the C of the baseline loop for components, which shares nothing
 * with component.c. As in baseline.h, a function that can fail returns false. These
 * components import nothing.
 */
#ifndef EDGEBENCH_COMPONENT_BASELINE_H
#define EDGEBENCH_COMPONENT_BASELINE_H

#include "component_library.h"

typedef struct baseline_component {
	wasmtime_store_t *store;
	wasmtime_context_t *context;
	wasmtime_component_func_t handle;
} baseline_component;

/* baseline_component_linker makes a linker with WASI preview 2. */
bool baseline_component_linker(const wasm_engine_t *engine, wasmtime_component_linker_t **linker);
/* baseline_component_new makes an instance in a store of its own. */
bool baseline_component_new(wasm_engine_t *engine, const wasmtime_component_linker_t *linker, const wasmtime_component_t *component, const wasmtime_component_export_index_t *handle, baseline_component *guest);
/* baseline_component_call gives the length of the response, or more than room. */
size_t baseline_component_call(baseline_component *guest, const uint8_t *request, size_t n, uint8_t *response, size_t room);
void baseline_component_free(baseline_component *guest);

#endif

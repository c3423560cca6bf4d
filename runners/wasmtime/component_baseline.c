//go:build cgo

#include "component_baseline.h"

#include <stdlib.h>

bool baseline_component_linker(const wasm_engine_t *engine, wasmtime_component_linker_t **linker)
{
	*linker = wasmtime_component_linker_new(engine);
	return wasmtime_component_linker_add_wasip2(*linker) == NULL;
}

bool baseline_component_new(wasm_engine_t *engine, const wasmtime_component_linker_t *linker, const wasmtime_component_t *component, const wasmtime_component_export_index_t *handle, baseline_component *g)
{
	wasmtime_component_instance_t instance;
	g->store = wasmtime_store_new(engine, NULL, NULL);
	g->context = wasmtime_store_context(g->store);
	return wasmtime_component_linker_instantiate(linker, g->context, component, &instance) == NULL &&
	       wasmtime_component_instance_get_func(&instance, g->context, handle, &g->handle);
}

size_t baseline_component_call(baseline_component *g, const uint8_t *request, size_t n, uint8_t *response, size_t room)
{
	wasmtime_component_val_t *bytes = malloc(n * sizeof *bytes + 1), answer = {0};
	if (bytes == NULL)
		return room + 1;
	for (size_t i = 0; i < n; i++)
		bytes[i] = (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_U8, .of.u8 = request[i]};
	const wasmtime_component_val_t argument = {.kind = WASMTIME_COMPONENT_LIST, .of.list = {n, bytes}};
	bool called = wasmtime_component_func_call(&g->handle, g->context, &argument, 1, &answer, 1) == NULL;
	free(bytes);
	if (!called || answer.kind != WASMTIME_COMPONENT_LIST || answer.of.list.size > room)
		return room + 1;
	size_t length = answer.of.list.size;
	for (size_t i = 0; i < length; i++)
		response[i] = answer.of.list.data[i].of.u8;
	wasmtime_component_val_delete(&answer);
	return length;
}

void baseline_component_free(baseline_component *g)
{
	wasmtime_store_delete(g->store);
}

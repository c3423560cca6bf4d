//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

#include "own.h"

#include "baseline.h"

#include <string.h>

/* index_of gives the index of the export with a name, -1 if there is none. */
static int index_of(const wasm_exporttype_vec_t *exports, const char *name)
{
	for (size_t i = 0; i < exports->size; i++) {
		const wasm_name_t *is = wasm_exporttype_name(exports->data[i]);
		if (is->size == strlen(name) && memcmp(is->data, name, is->size) == 0)
			return (int)i;
	}
	return -1;
}

/* cost is that of an instruction, in points. */
static uint64_t cost(enum wasmer_parser_operator_t instruction)
{
	(void)instruction;
	return 1;
}

bool baseline_load(baseline_module *m, wasmer_compiler_t compiler, uint64_t points, bool kept, const uint8_t *bytes, size_t n)
{
	wasm_config_t *config = wasm_config_new();
	wasm_config_set_compiler(config, compiler);
	wasm_config_set_engine(config, UNIVERSAL);
	m->points = points;
	if (points > 0)
		wasm_config_push_middleware(config, wasmer_metering_as_middleware(wasmer_metering_new(points, cost)));
	m->engine = wasm_engine_new_with_config(config);
	if (m->engine == NULL)
		return false;
	m->store = wasm_store_new(m->engine);
	const wasm_byte_vec_t code = {n, (char *)bytes};
	m->module = kept ? wasm_module_deserialize(m->store, &code) : wasm_module_new(m->store, &code);
	if (m->module == NULL)
		return false;
	wasm_exporttype_vec_t exports;
	wasm_module_exports(m->module, &exports);
	m->memory = index_of(&exports, "memory");
	m->alloc = index_of(&exports, "alloc");
	m->handle = index_of(&exports, "handle");
	m->initialise = index_of(&exports, "_initialize");
	wasm_exporttype_vec_delete(&exports);
	return m->memory >= 0 && m->alloc >= 0 && m->handle >= 0;
}

void baseline_unload(baseline_module *m)
{
	wasm_module_delete(m->module);
	wasm_store_delete(m->store);
	wasm_engine_delete(m->engine);
}

bool baseline_new(const baseline_module *m, baseline_guest *g)
{
	wasm_extern_vec_t none = {0, NULL};
	wasm_trap_t *trap = NULL;
	g->instance = wasm_instance_new(m->store, m->module, &none, &trap);
	if (g->instance == NULL || trap != NULL)
		return false;
	wasm_instance_exports(g->instance, &g->exports);
	g->points = m->points;
	g->memory = wasm_extern_as_memory(g->exports.data[m->memory]);
	g->alloc = wasm_extern_as_func(g->exports.data[m->alloc]);
	g->handle = wasm_extern_as_func(g->exports.data[m->handle]);
	if (m->initialise < 0)
		return true;
	wasm_val_vec_t args = {0, NULL}, results = {0, NULL};
	return wasm_func_call(wasm_extern_as_func(g->exports.data[m->initialise]), &args, &results) == NULL;
}

size_t baseline_call(baseline_guest *g, const uint8_t *request, size_t n, uint8_t *response, size_t room)
{
	wasm_val_t values[2] = {{.kind = WASM_I32, .of = {.i32 = (int32_t)n}}, {.kind = WASM_I32, .of = {.i32 = (int32_t)n}}};
	wasm_val_t result = {.kind = WASM_I32};
	wasm_val_vec_t args = {1, values}, results = {1, &result};
	if (g->points > 0)
		wasmer_metering_set_remaining_points(g->instance, g->points);
	if (wasm_func_call(g->alloc, &args, &results) != NULL)
		return room + 1;
	uint32_t at = (uint32_t)result.of.i32;
	if ((uint64_t)at + n > wasm_memory_data_size(g->memory))
		return room + 1;
	memcpy(wasm_memory_data(g->memory) + at, request, n);
	values[0].of.i32 = (int32_t)at;
	args.size = 2;
	if (wasm_func_call(g->handle, &args, &results) != NULL)
		return room + 1;
	uint64_t packed = (uint64_t)result.of.i64;
	size_t length = (uint32_t)packed;
	if (length > room || (packed >> 32) + length > wasm_memory_data_size(g->memory))
		return room + 1;
	memcpy(response, wasm_memory_data(g->memory) + (packed >> 32), length);
	return length;
}

void baseline_free(baseline_guest *g)
{
	wasm_extern_vec_delete(&g->exports);
	wasm_instance_delete(g->instance);
}

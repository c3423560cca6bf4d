//go:build cgo

#include "own.h"

#include "shim.h"

#include <stdlib.h>
#include <string.h>

struct eb_instance {
	wasmtime_store_t *store;
	wasmtime_context_t *context;
	wasmtime_memory_t memory;
	wasmtime_func_t alloc, handle, initialise, start;
	enum eb_stop stop;
};

/* eb_text takes the message out of whichever of the two is there and frees it.
 * Without memory for it the process ends, as Go's runtime would end it. */
char *eb_text(wasmtime_error_t *error, wasm_trap_t *trap)
{
	if (error == NULL && trap == NULL)
		return NULL;
	wasm_byte_vec_t message = {0, NULL};
	if (error != NULL)
		wasmtime_error_message(error, &message);
	else
		wasm_trap_message(trap, &message);
	char *copy = calloc(message.size + 1, 1);
	if (copy == NULL)
		abort();
	if (message.size > 0)
		memcpy(copy, message.data, message.size);
	wasm_byte_vec_delete(&message);
	if (error != NULL)
		wasmtime_error_delete(error);
	if (trap != NULL)
		wasm_trap_delete(trap);
	return copy;
}

void eb_pool(wasm_config_t *config, const eb_pool_size *size)
{
	wasmtime_pooling_allocation_config_t *pool = wasmtime_pooling_allocation_config_new();
	wasmtime_pooling_allocation_config_total_core_instances_set(pool, size->slots);
	wasmtime_pooling_allocation_config_total_component_instances_set(pool, size->slots);
	wasmtime_pooling_allocation_config_total_memories_set(pool, size->slots);
	wasmtime_pooling_allocation_config_total_tables_set(pool, size->slots);
	wasmtime_pooling_allocation_config_total_stacks_set(pool, 0);
	wasmtime_pooling_allocation_config_max_memory_size_set(pool, size->memory);
	wasmtime_pooling_allocation_config_table_elements_set(pool, size->elements);
	wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, size->resident);
	wasmtime_pooling_allocation_config_table_keep_resident_set(pool, size->resident);
	wasmtime_pooling_allocation_strategy_set(config, pool);
	wasmtime_pooling_allocation_config_delete(pool);
	wasmtime_config_memory_reservation_set(config, size->memory);
	wasmtime_config_memory_guard_size_set(config, size->guard);
}

void eb_dense(wasm_config_t *config)
{
	wasmtime_config_memory_reservation_set(config, 0);
	wasmtime_config_memory_reservation_for_growth_set(config, 0);
	wasmtime_config_memory_guard_size_set(config, 0);
	wasmtime_config_memory_init_cow_set(config, false);
}

/* plain memories are those that the calls of a 32-bit guest use. */
static bool plain(const wasm_exporttype_t *export)
{
	const wasm_memorytype_t *m = wasm_externtype_as_memorytype_const(wasm_exporttype_type(export));
	return m != NULL && !wasmtime_memorytype_is64(m) && !wasmtime_memorytype_isshared(m);
}

static uint32_t inspect_export(const wasm_exporttype_t *export)
{
	enum eb_export found = eb_export_of(export);
	return found != EB_MEMORY || plain(export) ? found : EB_OTHER;
}

uint32_t eb_inspect(const wasmtime_module_t *module)
{
	uint32_t found = 0;
	wasm_exporttype_vec_t exports;
	wasmtime_module_exports(module, &exports);
	for (size_t i = 0; i < exports.size; i++)
		found |= inspect_export(exports.data[i]);
	wasm_exporttype_vec_delete(&exports);
	wasm_importtype_vec_t imports;
	wasmtime_module_imports(module, &imports);
	if (imports.size > 0)
		found |= EB_IMPORTS;
	wasm_importtype_vec_delete(&imports);
	return found;
}

char *eb_link(const wasmtime_linker_t *linker, const wasmtime_module_t *module, wasmtime_instance_pre_t **pre)
{
	return eb_text(wasmtime_linker_instantiate_pre(linker, module, pre), NULL);
}

/* export finds an export that eb_inspect has seen. */
static wasmtime_extern_t export(eb_instance *i, const wasmtime_instance_t *instance, const char *name)
{
	wasmtime_extern_t item = {0};
	wasmtime_instance_export_get(i->context, instance, name, strlen(name), &item);
	return item;
}

char *eb_allow(wasmtime_context_t *context, enum eb_stop stop, uint64_t allowance)
{
	switch (stop) {
	case EB_NOTHING:
		break;
	case EB_FUEL:
		return eb_text(wasmtime_context_set_fuel(context, allowance), NULL);
	case EB_EPOCH:
		wasmtime_context_set_epoch_deadline(context, allowance);
		break;
	}
	return NULL;
}

char *eb_bound(wasmtime_store_t *store, const eb_bounds *bounds)
{
	if (bounds->memory >= 0 || bounds->elements >= 0)
		wasmtime_store_limiter(store, bounds->memory, bounds->elements, -1, -1, -1);
	return eb_allow(wasmtime_store_context(store), bounds->stop, bounds->allowance);
}

/* fill instantiates into the store that is there. */
static char *fill(eb_instance *i, const wasmtime_instance_pre_t *pre, uint32_t found, const eb_world *world)
{
	if (found & EB_IMPORTS) {
		char *failure = eb_equip(i->context, world, NULL, 0, NULL);
		if (failure != NULL)
			return failure;
	}
	wasm_trap_t *trap = NULL;
	wasmtime_instance_t instance;
	wasmtime_error_t *error = wasmtime_instance_pre_instantiate(pre, i->context, &instance, &trap);
	if (error != NULL || trap != NULL)
		return eb_text(error, trap);
	if (found & EB_START) {
		i->start = export(i, &instance, "_start").of.func;
		return NULL;
	}
	i->memory = export(i, &instance, "memory").of.memory;
	i->alloc = export(i, &instance, "alloc").of.func;
	i->handle = export(i, &instance, "handle").of.func;
	if (found & EB_INITIALISE)
		i->initialise = export(i, &instance, "_initialize").of.func;
	return NULL;
}

char *eb_instantiate(wasm_engine_t *engine, const wasmtime_instance_pre_t *pre, uint32_t found, const eb_bounds *bounds, const eb_world *world, eb_instance **instance)
{
	eb_instance *i = calloc(1, sizeof *i);
	if (i == NULL)
		abort();
	i->store = wasmtime_store_new(engine, NULL, NULL);
	i->context = wasmtime_store_context(i->store);
	i->stop = bounds->stop;
	char *failure = eb_bound(i->store, bounds);
	if (failure == NULL)
		failure = fill(i, pre, found, world);
	if (failure != NULL)
		eb_close(i);
	else
		*instance = i;
	return failure;
}

char *eb_grant(eb_instance *i, wasi_config_t *wasi)
{
	return eb_text(wasmtime_context_set_wasi(i->context, wasi), NULL);
}

bool eb_environ(wasi_config_t *wasi, size_t n, char **texts)
{
	return wasi_config_set_env(wasi, n, (const char **)texts, (const char **)texts + n);
}

char *eb_initialise(eb_instance *i)
{
	wasm_trap_t *trap = NULL;
	wasmtime_error_t *error = wasmtime_func_call_unchecked(i->context, &i->initialise, NULL, 0, &trap);
	return eb_text(error, trap);
}

/* place copies the request into a buffer of the guest's. */
static char *place(eb_instance *i, const uint8_t *request, uint32_t n, eb_answer *answer)
{
	wasm_trap_t *trap = NULL;
	wasmtime_val_raw_t value = {.i32 = (int32_t)n};
	wasmtime_error_t *error = wasmtime_func_call_unchecked(i->context, &i->alloc, &value, 1, &trap);
	if (error != NULL || trap != NULL)
		return eb_text(error, trap);
	answer->at = (uint32_t)value.i32;
	answer->size = wasmtime_memory_data_size(i->context, &i->memory);
	if ((uint64_t)answer->at + n > answer->size)
		answer->end = EB_OUTSIDE;
	else
		memcpy(wasmtime_memory_data(i->context, &i->memory) + answer->at, request, n);
	return NULL;
}

char *eb_call(eb_instance *i, uint64_t allowance, const uint8_t *request, uint32_t n, uint8_t *response, size_t room, eb_answer *answer)
{
	*answer = (eb_answer){.end = EB_PENDING};
	char *failure = eb_allow(i->context, i->stop, allowance);
	if (failure != NULL)
		return failure;
	if (n > 0) {
		failure = place(i, request, n, answer);
		if (failure != NULL || answer->end == EB_OUTSIDE)
			return failure;
	}
	wasm_trap_t *trap = NULL;
	wasmtime_val_raw_t values[2] = {{.i32 = (int32_t)answer->at}, {.i32 = (int32_t)n}};
	wasmtime_error_t *error = wasmtime_func_call_unchecked(i->context, &i->handle, values, 2, &trap);
	if (error != NULL || trap != NULL)
		return eb_text(error, trap);
	answer->packed = (uint64_t)values[0].i64;
	answer->size = wasmtime_memory_data_size(i->context, &i->memory);
	uint32_t ptr = (uint32_t)(answer->packed >> 32), length = (uint32_t)answer->packed;
	if (length > room || (uint64_t)ptr + length > answer->size)
		return NULL;
	if (length > 0)
		eb_read(i, ptr, length, response);
	answer->end = EB_COPIED;
	return NULL;
}

void eb_read(const eb_instance *i, uint32_t ptr, uint32_t n, uint8_t *to)
{
	memcpy(to, wasmtime_memory_data(i->context, &i->memory) + ptr, n);
}

char *eb_run(eb_instance *i, uint64_t allowance, const eb_world *world, const uint8_t *request, size_t n, eb_output *output, int *status)
{
	char *failure = eb_allow(i->context, i->stop, allowance);
	if (failure == NULL)
		failure = eb_equip(i->context, world, request, n, output);
	if (failure != NULL)
		return failure;
	wasm_trap_t *trap = NULL;
	wasmtime_error_t *error = wasmtime_func_call_unchecked(i->context, &i->start, NULL, 0, &trap);
	if (error != NULL && wasmtime_error_exit_status(error, status)) {
		wasmtime_error_delete(error);
		return NULL;
	}
	return eb_text(error, trap);
}

void eb_close(eb_instance *i)
{
	wasmtime_store_delete(i->store);
	free(i);
}

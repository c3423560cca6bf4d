//go:build cgo

#include "own.h"

#include "component.h"

#include <stdlib.h>
#include <string.h>

struct eb_component {
	wasmtime_store_t *store;
	wasmtime_context_t *context;
	wasmtime_component_func_t called;
	wasmtime_component_val_t kept; /* a response that did not fit */
	enum eb_stop stop;
};

char *eb_component_linker(const wasm_engine_t *engine, wasmtime_component_linker_t **linker)
{
	*linker = wasmtime_component_linker_new(engine);
	return eb_text(wasmtime_component_linker_add_wasip2(*linker), NULL);
}

char *eb_component_new(const wasm_engine_t *engine, const uint8_t *bytes, size_t n, wasmtime_component_t **component)
{
	return eb_text(wasmtime_component_new(engine, bytes, n, component), NULL);
}

char *eb_component_serialize(const wasmtime_component_t *component, wasm_byte_vec_t *bytes)
{
	return eb_text(wasmtime_component_serialize(component, bytes), NULL);
}

char *eb_component_map(const wasm_engine_t *engine, const char *path, wasmtime_component_t **component)
{
	return eb_text(wasmtime_component_deserialize_file(engine, path, component), NULL);
}

bool eb_component_imports(const wasm_engine_t *engine, const wasmtime_component_t *component)
{
	wasmtime_component_type_t *type = wasmtime_component_type(component);
	size_t n = wasmtime_component_type_import_count(type, engine);
	wasmtime_component_type_delete(type);
	return n > 0;
}

/* is_bytes says whether a type is list<u8>, and frees it. */
static bool is_bytes(wasmtime_component_valtype_t *type)
{
	bool is = false;
	if (type->kind == WASMTIME_COMPONENT_VALTYPE_LIST) {
		wasmtime_component_valtype_t element;
		wasmtime_component_list_type_element(type->of.list, &element);
		is = element.kind == WASMTIME_COMPONENT_VALTYPE_U8;
		wasmtime_component_valtype_delete(&element);
	}
	wasmtime_component_valtype_delete(type);
	return is;
}

/* is_handler says whether a type is func(list<u8>) -> list<u8>. */
static bool is_handler(const wasmtime_component_func_type_t *type)
{
	const char *name;
	size_t n;
	wasmtime_component_valtype_t of;
	return wasmtime_component_func_type_param_count(type) == 1 &&
	       wasmtime_component_func_type_param_nth(type, 0, &name, &n, &of) && is_bytes(&of) &&
	       wasmtime_component_func_type_result(type, &of) && is_bytes(&of);
}

static bool exports_handler(const wasm_engine_t *engine, const wasmtime_component_t *component, const char *name)
{
	wasmtime_component_type_t *type = wasmtime_component_type(component);
	wasmtime_component_item_t item;
	bool is = false;
	if (wasmtime_component_type_export_get(type, engine, name, strlen(name), &item)) {
		is = item.kind == WASMTIME_COMPONENT_ITEM_COMPONENT_FUNC && is_handler(item.of.component_func);
		wasmtime_component_item_delete(&item);
	}
	wasmtime_component_type_delete(type);
	return is;
}

static wasmtime_component_export_index_t *find(const wasmtime_component_t *component, const wasmtime_component_export_index_t *in, const char *name)
{
	return wasmtime_component_get_export_index(component, in, name, strlen(name));
}

wasmtime_component_export_index_t *eb_component_find(const wasm_engine_t *engine, const wasmtime_component_t *component, bool command)
{
	if (!command)
		return exports_handler(engine, component, "handle") ? find(component, NULL, "handle") : NULL;
	/* The library finds each version that is compatible with this one. */
	wasmtime_component_export_index_t *run = find(component, NULL, "wasi:cli/run@0.2.0");
	if (run == NULL)
		return NULL;
	wasmtime_component_export_index_t *called = find(component, run, "run");
	wasmtime_component_export_index_delete(run);
	return called;
}

static char *fill(eb_component *i, const eb_component_parts *parts, wasi_config_t *granted)
{
	char *failure = NULL;
	if (granted != NULL)
		failure = eb_text(wasmtime_context_set_wasi(i->context, granted), NULL);
	else if (parts->wasi)
		failure = eb_equip(i->context, parts->world, NULL, 0, NULL);
	if (failure != NULL)
		return failure;
	wasmtime_component_instance_t instance;
	wasmtime_error_t *error = wasmtime_component_linker_instantiate(parts->linker, i->context, parts->component, &instance);
	if (error != NULL)
		return eb_text(error, NULL);
	wasmtime_component_instance_get_func(&instance, i->context, parts->called, &i->called);
	return NULL;
}

char *eb_component_instantiate(const eb_component_parts *parts, const eb_bounds *bounds, wasi_config_t *granted, eb_component **instance)
{
	eb_component *i = calloc(1, sizeof *i);
	if (i == NULL)
		abort();
	i->store = wasmtime_store_new(parts->engine, NULL, NULL);
	i->context = wasmtime_store_context(i->store);
	i->stop = bounds->stop;
	char *failure = eb_bound(i->store, bounds);
	if (failure == NULL)
		failure = fill(i, parts, granted);
	if (failure != NULL)
		eb_component_close(i);
	else
		*instance = i;
	return failure;
}

/* values makes a list of bytes, which the caller frees: kept, it would be memory of each
 * idle instance. Without memory the process ends, as Go's runtime would end it. */
static wasmtime_component_val_t *values(const uint8_t *bytes, size_t n)
{
	wasmtime_component_val_t *list = malloc(n > 0 ? n * sizeof *list : 1);
	if (list == NULL)
		abort();
	for (size_t k = 0; k < n; k++) {
		list[k].kind = WASMTIME_COMPONENT_U8;
		list[k].of.u8 = bytes[k];
	}
	return list;
}

char *eb_component_call(eb_component *i, uint64_t allowance, const uint8_t *request, size_t n, uint8_t *response, size_t room, size_t *length)
{
	char *failure = eb_allow(i->context, i->stop, allowance);
	if (failure != NULL)
		return failure;
	wasmtime_component_val_t argument = {.kind = WASMTIME_COMPONENT_LIST, .of.list = {n, values(request, n)}};
	wasmtime_component_val_t result = {0};
	wasmtime_error_t *error = wasmtime_component_func_call(&i->called, i->context, &argument, 1, &result, 1);
	free(argument.of.list.data);
	if (error != NULL)
		return eb_text(error, NULL);
	*length = result.of.list.size;
	i->kept = result;
	if (*length <= room)
		eb_component_rest(i, response);
	return NULL;
}

char *eb_component_typed(eb_component *i, const wasmtime_component_val_t *value, uint32_t *returned)
{
	wasmtime_component_val_t result = {0};
	char *failure = eb_text(wasmtime_component_func_call(&i->called, i->context, value, 1, &result, 1), NULL);
	*returned = result.of.u32;
	return failure;
}

void eb_component_rest(eb_component *i, uint8_t *to)
{
	const wasmtime_component_vallist_t *list = &i->kept.of.list;
	for (size_t k = 0; to != NULL && k < list->size; k++)
		to[k] = list->data[k].of.u8;
	wasmtime_component_val_delete(&i->kept);
	i->kept = (wasmtime_component_val_t){0};
}

char *eb_component_run(eb_component *i, uint64_t allowance, const eb_world *world, const uint8_t *request, size_t n, eb_output *output, int *status)
{
	char *failure = eb_allow(i->context, i->stop, allowance);
	if (failure == NULL)
		failure = eb_equip(i->context, world, request, n, output);
	if (failure != NULL)
		return failure;
	wasmtime_component_val_t result = {0};
	wasmtime_error_t *error = wasmtime_component_func_call(&i->called, i->context, NULL, 0, &result, 1);
	if (error != NULL && wasmtime_error_exit_status(error, status)) {
		wasmtime_error_delete(error);
		return NULL;
	}
	if (error != NULL)
		return eb_text(error, NULL);
	*status = result.kind == WASMTIME_COMPONENT_RESULT && result.of.result.is_ok ? 0 : 1;
	wasmtime_component_val_delete(&result);
	return NULL;
}

void eb_component_close(eb_component *i)
{
	wasmtime_store_delete(i->store);
	free(i);
}

/*
 * component_library.h: what this package uses of wasmtime's C API, version 44, for
 * components. As for library.h, a test checks it against the library's headers.
 */
#ifndef EDGEBENCH_COMPONENT_LIBRARY_H
#define EDGEBENCH_COMPONENT_LIBRARY_H

#include "library.h"

#ifndef WASMTIME_API_H

typedef struct wasmtime_component_t wasmtime_component_t;
typedef struct wasmtime_component_linker_t wasmtime_component_linker_t;
typedef struct wasmtime_component_export_index_t wasmtime_component_export_index_t;
typedef struct wasmtime_component_type_t wasmtime_component_type_t;
typedef struct wasmtime_component_func_type_t wasmtime_component_func_type_t;
typedef struct wasmtime_component_list_type wasmtime_component_list_type_t;

typedef struct wasmtime_component_instance {
	uint64_t store_id;
	uint32_t __private;
} wasmtime_component_instance_t;

typedef struct wasmtime_component_func {
	struct {
		uint64_t store_id;
		uint32_t __private1;
	};
	uint32_t __private2;
} wasmtime_component_func_t;

typedef struct wasmtime_component_vallist {
	size_t size;
	struct wasmtime_component_val *data;
} wasmtime_component_vallist_t;

typedef struct wasmtime_component_valrecord {
	size_t size;
	struct wasmtime_component_valrecord_entry *data;
} wasmtime_component_valrecord_t;

typedef struct {
	bool is_ok;
	struct wasmtime_component_val *val;
} wasmtime_component_valresult_t;

/* The library's union has more members; room makes it as large. */
typedef struct wasmtime_component_val {
	uint8_t kind;
	union {
		bool boolean;
		uint8_t u8;
		uint32_t u32;
		wasm_name_t string;
		wasmtime_component_vallist_t list;
		wasmtime_component_valrecord_t record;
		wasmtime_component_valresult_t result;
		uint64_t room[3];
	} of;
} wasmtime_component_val_t;

typedef struct wasmtime_component_valrecord_entry {
	wasm_name_t name;
	wasmtime_component_val_t val;
} wasmtime_component_valrecord_entry_t;

typedef struct wasmtime_component_valtype_t {
	uint8_t kind;
	union {
		wasmtime_component_list_type_t *list;
	} of;
} wasmtime_component_valtype_t;

typedef struct wasmtime_component_item_t {
	uint8_t kind;
	union {
		wasmtime_component_func_type_t *component_func;
		uint64_t room[2];
	} of;
} wasmtime_component_item_t;

#define WASMTIME_COMPONENT_BOOL 0
#define WASMTIME_COMPONENT_U8 2
#define WASMTIME_COMPONENT_U32 6
#define WASMTIME_COMPONENT_STRING 12
#define WASMTIME_COMPONENT_LIST 13
#define WASMTIME_COMPONENT_RECORD 14
#define WASMTIME_COMPONENT_RESULT 19
#define WASMTIME_COMPONENT_VALTYPE_U8 5
#define WASMTIME_COMPONENT_VALTYPE_LIST 13
#define WASMTIME_COMPONENT_ITEM_COMPONENT_FUNC 3

#endif

static_assert(sizeof(wasmtime_component_instance_t) == 16, "instance");
static_assert(sizeof(wasmtime_component_func_t) == 24, "function");
static_assert(sizeof(wasmtime_component_val_t) == 32, "value");
static_assert(offsetof(wasmtime_component_val_t, of) == 8, "value");
static_assert(sizeof(wasmtime_component_valtype_t) == 16, "type of a value");
static_assert(sizeof(wasmtime_component_item_t) == 24, "item");
static_assert(offsetof(wasmtime_component_item_t, of) == 8, "item");
static_assert(sizeof(wasmtime_component_valrecord_entry_t) == 48, "field");
static_assert(WASMTIME_COMPONENT_BOOL == 0 && WASMTIME_COMPONENT_U32 == 6, "kinds of values");
static_assert(WASMTIME_COMPONENT_STRING == 12 && WASMTIME_COMPONENT_RECORD == 14, "kinds of values");
static_assert(WASMTIME_COMPONENT_U8 == 2 && WASMTIME_COMPONENT_LIST == 13 && WASMTIME_COMPONENT_RESULT == 19, "kinds of values");
static_assert(WASMTIME_COMPONENT_VALTYPE_U8 == 5 && WASMTIME_COMPONENT_VALTYPE_LIST == 13, "kinds of types");
static_assert(WASMTIME_COMPONENT_ITEM_COMPONENT_FUNC == 3, "kinds of items");

/* Components. */
wasmtime_error_t *wasmtime_component_new(const wasm_engine_t *engine, const uint8_t *bytes, size_t n, wasmtime_component_t **component);
wasmtime_error_t *wasmtime_component_serialize(const wasmtime_component_t *component, wasm_byte_vec_t *bytes);
wasmtime_error_t *wasmtime_component_deserialize_file(const wasm_engine_t *engine, const char *path, wasmtime_component_t **component);
void wasmtime_component_delete(wasmtime_component_t *component);

/* What they export. */
wasmtime_component_export_index_t *wasmtime_component_get_export_index(const wasmtime_component_t *component, const wasmtime_component_export_index_t *instance, const char *name, size_t n);
void wasmtime_component_export_index_delete(wasmtime_component_export_index_t *index);
wasmtime_component_type_t *wasmtime_component_type(const wasmtime_component_t *component);
void wasmtime_component_type_delete(wasmtime_component_type_t *type);
size_t wasmtime_component_type_import_count(const wasmtime_component_type_t *type, const wasm_engine_t *engine);
bool wasmtime_component_type_export_get(const wasmtime_component_type_t *type, const wasm_engine_t *engine, const char *name, size_t n, wasmtime_component_item_t *item);
void wasmtime_component_item_delete(wasmtime_component_item_t *item);
size_t wasmtime_component_func_type_param_count(const wasmtime_component_func_type_t *type);
bool wasmtime_component_func_type_param_nth(const wasmtime_component_func_type_t *type, size_t nth, const char **name, size_t *n, wasmtime_component_valtype_t *of);
bool wasmtime_component_func_type_result(const wasmtime_component_func_type_t *type, wasmtime_component_valtype_t *of);
void wasmtime_component_list_type_element(const wasmtime_component_list_type_t *type, wasmtime_component_valtype_t *of);
void wasmtime_component_valtype_delete(wasmtime_component_valtype_t *type);

/* Linking and instances. */
wasmtime_component_linker_t *wasmtime_component_linker_new(const wasm_engine_t *engine);
wasmtime_error_t *wasmtime_component_linker_add_wasip2(wasmtime_component_linker_t *linker);
wasmtime_error_t *wasmtime_component_linker_instantiate(const wasmtime_component_linker_t *linker, wasmtime_context_t *context, const wasmtime_component_t *component, wasmtime_component_instance_t *instance);
void wasmtime_component_linker_delete(wasmtime_component_linker_t *linker);
bool wasmtime_component_instance_get_func(const wasmtime_component_instance_t *instance, wasmtime_context_t *context, const wasmtime_component_export_index_t *index, wasmtime_component_func_t *func);
wasmtime_error_t *wasmtime_component_func_call(const wasmtime_component_func_t *func, wasmtime_context_t *context, const wasmtime_component_val_t *arguments, size_t n, wasmtime_component_val_t *results, size_t most);
void wasmtime_component_val_delete(wasmtime_component_val_t *value);

#endif

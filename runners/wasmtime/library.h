/*
 * library.h: what this package uses of wasmtime's C API, version 44, beside the
 * standard one. Why it is declared here and not included: see the package's
 * documentation.
 *
 * With wasmtime.h included before it, as a test does, the types are the
 * library's own and each declaration below is checked against the library's.
 */
#ifndef EDGEBENCH_LIBRARY_H
#define EDGEBENCH_LIBRARY_H

#include "../internal/capi/standard.h"

#include <assert.h>

#ifndef WASMTIME_API_H

typedef struct wasm_memorytype_t wasm_memorytype_t;
typedef struct wasi_config_t wasi_config_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_module wasmtime_module_t;
typedef struct wasmtime_linker wasmtime_linker_t;
typedef struct wasmtime_instance_pre wasmtime_instance_pre_t;
typedef struct wasmtime_store wasmtime_store_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_pooling_allocation_config_t wasmtime_pooling_allocation_config_t;

typedef struct wasmtime_instance {
	uint64_t store_id;
	size_t __private;
} wasmtime_instance_t;

typedef struct wasmtime_func {
	uint64_t store_id;
	void *__private;
} wasmtime_func_t;

typedef struct wasmtime_memory {
	struct {
		uint64_t store_id;
		uint32_t __private1;
	};
	uint32_t __private2;
} wasmtime_memory_t;

/* The library's union has more members; room makes it as large. */
typedef struct wasmtime_extern {
	uint8_t kind;
	union {
		wasmtime_func_t func;
		wasmtime_memory_t memory;
		uint64_t room[3];
	} of;
} wasmtime_extern_t;

/* Values are little endian on every machine, but wasmtime runs here on little
 * endian ones alone. */
typedef union wasmtime_val_raw {
	int32_t i32;
	int64_t i64;
	uint8_t v128[16];
	void *funcref;
} wasmtime_val_raw_t;

typedef size_t wasi_dir_perms;
typedef size_t wasi_file_perms;
#define WASMTIME_WASI_DIR_PERMS_READ 1
#define WASMTIME_WASI_FILE_PERMS_READ 1

#define WASMTIME_EXTERN_FUNC 0
#define WASMTIME_EXTERN_MEMORY 3

#endif

static_assert(sizeof(wasmtime_instance_t) == 16, "instance");
static_assert(sizeof(wasmtime_func_t) == 16, "function");
static_assert(sizeof(wasmtime_memory_t) == 24, "memory");
static_assert(sizeof(wasmtime_extern_t) == 32, "export");
static_assert(offsetof(wasmtime_extern_t, of) == 8, "export");
static_assert(sizeof(wasmtime_val_raw_t) == 16, "value");
static_assert(WASMTIME_WASI_DIR_PERMS_READ == 1 && WASMTIME_WASI_FILE_PERMS_READ == 1, "permissions");
static_assert(WASMTIME_EXTERN_FUNC == 0 && WASMTIME_EXTERN_MEMORY == 3, "kinds of exports");

/* Errors and traps. */
void wasmtime_error_message(const wasmtime_error_t *error, wasm_byte_vec_t *message);
void wasmtime_error_delete(wasmtime_error_t *error);
void wasm_byte_vec_new(wasm_byte_vec_t *bytes, size_t n, const char *from);
bool wasmtime_error_exit_status(const wasmtime_error_t *error, int *status);

/* How memories are allocated. */
wasmtime_pooling_allocation_config_t *wasmtime_pooling_allocation_config_new();
void wasmtime_pooling_allocation_config_delete(wasmtime_pooling_allocation_config_t *pool);
void wasmtime_pooling_allocation_config_total_core_instances_set(wasmtime_pooling_allocation_config_t *pool, uint32_t n);
void wasmtime_pooling_allocation_config_total_component_instances_set(wasmtime_pooling_allocation_config_t *pool, uint32_t n);
void wasmtime_pooling_allocation_config_total_memories_set(wasmtime_pooling_allocation_config_t *pool, uint32_t n);
void wasmtime_pooling_allocation_config_total_tables_set(wasmtime_pooling_allocation_config_t *pool, uint32_t n);
void wasmtime_pooling_allocation_config_total_stacks_set(wasmtime_pooling_allocation_config_t *pool, uint32_t n);
void wasmtime_pooling_allocation_config_max_memory_size_set(wasmtime_pooling_allocation_config_t *pool, size_t bytes);
void wasmtime_pooling_allocation_config_table_elements_set(wasmtime_pooling_allocation_config_t *pool, size_t n);
void wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(wasmtime_pooling_allocation_config_t *pool, size_t bytes);
void wasmtime_pooling_allocation_config_table_keep_resident_set(wasmtime_pooling_allocation_config_t *pool, size_t bytes);
void wasmtime_pooling_allocation_strategy_set(wasm_config_t *config, const wasmtime_pooling_allocation_config_t *pool);
void wasmtime_config_memory_reservation_set(wasm_config_t *config, uint64_t bytes);
void wasmtime_config_memory_guard_size_set(wasm_config_t *config, uint64_t bytes);
void wasmtime_config_memory_reservation_for_growth_set(wasm_config_t *config, uint64_t bytes);
void wasmtime_config_memory_init_cow_set(wasm_config_t *config, bool on);

/* What a module exports and imports. */
void wasmtime_module_exports(const wasmtime_module_t *module, wasm_exporttype_vec_t *exports);
void wasmtime_module_imports(const wasmtime_module_t *module, wasm_importtype_vec_t *imports);
const wasm_memorytype_t *wasm_externtype_as_memorytype_const(const wasm_externtype_t *type);
bool wasmtime_memorytype_is64(const wasm_memorytype_t *type);
bool wasmtime_memorytype_isshared(const wasm_memorytype_t *type);

/* What a guest may use before it is stopped. */
wasmtime_error_t *wasmtime_context_set_fuel(wasmtime_context_t *context, uint64_t fuel);
void wasmtime_context_set_epoch_deadline(wasmtime_context_t *context, uint64_t ticks);

/* Linking. */
wasmtime_error_t *wasmtime_linker_instantiate_pre(const wasmtime_linker_t *linker, const wasmtime_module_t *module, wasmtime_instance_pre_t **pre);
void wasmtime_instance_pre_delete(wasmtime_instance_pre_t *pre);

/* Stores and instances. */
wasmtime_store_t *wasmtime_store_new(wasm_engine_t *engine, void *data, void (*finalizer)(void *));
void wasmtime_store_delete(wasmtime_store_t *store);
wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *store);
void wasmtime_store_limiter(wasmtime_store_t *store, int64_t memory, int64_t elements, int64_t instances, int64_t tables, int64_t memories);
wasi_config_t *wasi_config_new();
void wasi_config_delete(wasi_config_t *wasi);
bool wasi_config_set_argv(wasi_config_t *wasi, size_t n, const char *args[]);
bool wasi_config_set_env(wasi_config_t *wasi, size_t n, const char *names[], const char *values[]);
void wasi_config_set_stdin_bytes(wasi_config_t *wasi, wasm_byte_vec_t *bytes);
void wasi_config_set_stdout_custom(wasi_config_t *wasi, ptrdiff_t (*write)(void *, const unsigned char *, size_t), void *data, void (*finalizer)(void *));
void wasi_config_set_stderr_custom(wasi_config_t *wasi, ptrdiff_t (*write)(void *, const unsigned char *, size_t), void *data, void (*finalizer)(void *));
bool wasi_config_preopen_dir(wasi_config_t *wasi, const char *host, const char *guest, wasi_dir_perms of_dirs, wasi_file_perms of_files);
wasmtime_error_t *wasmtime_context_set_wasi(wasmtime_context_t *context, wasi_config_t *wasi);
wasmtime_error_t *wasmtime_instance_pre_instantiate(const wasmtime_instance_pre_t *pre, wasmtime_context_t *context, wasmtime_instance_t *instance, wasm_trap_t **trap);
bool wasmtime_instance_export_get(wasmtime_context_t *context, const wasmtime_instance_t *instance, const char *name, size_t length, wasmtime_extern_t *item);
uint8_t *wasmtime_memory_data(const wasmtime_context_t *context, const wasmtime_memory_t *memory);
size_t wasmtime_memory_data_size(const wasmtime_context_t *context, const wasmtime_memory_t *memory);
wasmtime_error_t *wasmtime_func_call_unchecked(wasmtime_context_t *context, const wasmtime_func_t *func, wasmtime_val_raw_t *values, size_t n, wasm_trap_t **trap);

#endif

//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

/*
 * capi.h: what the shim alone uses of libwasmer 2.0, which exports the standard
 * WebAssembly C API and a few functions of its own for WASI, errors and its
 * version. Why it is declared here and not included: see the package's
 * documentation.
 *
 * With wasmer.h included before it, as a test does, the types are the
 * library's own and each declaration below is checked against the library's.
 */
#ifndef EDGEBENCH_WASMER_CAPI_H
#define EDGEBENCH_WASMER_CAPI_H

#include "../internal/capi/standard.h"

#ifndef WASMER_H

typedef struct wasm_store_t wasm_store_t;
typedef struct wasm_module_t wasm_module_t;
typedef struct wasm_instance_t wasm_instance_t;
typedef struct wasm_func_t wasm_func_t;
typedef struct wasm_memory_t wasm_memory_t;
typedef struct wasm_extern_t wasm_extern_t;
typedef struct wasi_config_t wasi_config_t;
typedef struct wasi_env_t wasi_env_t;

/* The library's union has more members, none of them larger. */
typedef struct wasm_val_t {
	wasm_valkind_t kind;
	union {
		int32_t i32;
		int64_t i64;
	} of;
} wasm_val_t;

typedef struct wasm_val_vec_t {
	size_t size;
	wasm_val_t *data;
} wasm_val_vec_t;

typedef struct wasm_extern_vec_t {
	size_t size;
	wasm_extern_t **data;
} wasm_extern_vec_t;

typedef enum wasmer_compiler_t { CRANELIFT = 0, LLVM = 1, SINGLEPASS = 2 } wasmer_compiler_t;
typedef enum wasmer_engine_t { UNIVERSAL = 0 } wasmer_engine_t;

typedef struct wasmer_middleware_t wasmer_middleware_t;
typedef struct wasmer_metering_t wasmer_metering_t;

/* The library's enumeration has a member for each instruction. */
typedef enum wasmer_parser_operator_t { Unreachable = 0 } wasmer_parser_operator_t;
typedef uint64_t (*wasmer_metering_cost_function_t)(enum wasmer_parser_operator_t);

typedef own wasm_trap_t *(*wasm_func_callback_t)(const wasm_val_vec_t *args, wasm_val_vec_t *results);
typedef own wasm_trap_t *(*wasm_func_callback_with_env_t)(void *env, const wasm_val_vec_t *args,
                                                          wasm_val_vec_t *results);

#endif

_Static_assert(sizeof(wasm_val_t) == 16, "a value is its kind and eight bytes");
_Static_assert(sizeof(wasm_extern_vec_t) == 2 * sizeof(void *), "a vector is its size and its data");

void wasm_extern_vec_delete(own wasm_extern_vec_t *);

own wasm_config_t *wasm_config_new(void);
void wasm_config_set_compiler(wasm_config_t *, wasmer_compiler_t);
void wasm_config_set_engine(wasm_config_t *, wasmer_engine_t);
bool wasmer_is_compiler_available(wasmer_compiler_t);

/* Metering: each instruction costs points, and a guest without points traps. */
own wasmer_metering_t *wasmer_metering_new(uint64_t points, wasmer_metering_cost_function_t);
own wasmer_middleware_t *wasmer_metering_as_middleware(own wasmer_metering_t *);
void wasm_config_push_middleware(wasm_config_t *, own wasmer_middleware_t *);
void wasmer_metering_set_remaining_points(const wasm_instance_t *, uint64_t points);
bool wasmer_metering_points_are_exhausted(const wasm_instance_t *);

own wasm_engine_t *wasm_engine_new_with_config(own wasm_config_t *);
void wasm_engine_delete(own wasm_engine_t *);
own wasm_store_t *wasm_store_new(wasm_engine_t *);
void wasm_store_delete(own wasm_store_t *);

own wasm_module_t *wasm_module_new(wasm_store_t *, const wasm_byte_vec_t *);
void wasm_module_serialize(const wasm_module_t *, own wasm_byte_vec_t *out);
own wasm_module_t *wasm_module_deserialize(wasm_store_t *, const wasm_byte_vec_t *);
void wasm_module_imports(const wasm_module_t *, own wasm_importtype_vec_t *out);
void wasm_module_exports(const wasm_module_t *, own wasm_exporttype_vec_t *out);
void wasm_module_delete(own wasm_module_t *);

const wasm_name_t *wasm_importtype_module(const wasm_importtype_t *);
const wasm_name_t *wasm_importtype_name(const wasm_importtype_t *);
const wasm_externtype_t *wasm_importtype_type(const wasm_importtype_t *);
own wasm_functype_t *wasm_functype_copy(wasm_functype_t *);
void wasm_functype_delete(own wasm_functype_t *);

own wasm_instance_t *wasm_instance_new(wasm_store_t *, const wasm_module_t *, const wasm_extern_vec_t *imports,
                                       own wasm_trap_t **);
void wasm_instance_exports(const wasm_instance_t *, own wasm_extern_vec_t *out);
void wasm_instance_delete(own wasm_instance_t *);

wasm_func_t *wasm_extern_as_func(wasm_extern_t *);
wasm_memory_t *wasm_extern_as_memory(wasm_extern_t *);
wasm_extern_t *wasm_func_as_extern(wasm_func_t *);
own wasm_extern_t *wasm_extern_copy(const wasm_extern_t *);
void wasm_extern_delete(own wasm_extern_t *);

own wasm_func_t *wasm_func_new(wasm_store_t *, const wasm_functype_t *, wasm_func_callback_t);
own wasm_func_t *wasm_func_new_with_env(wasm_store_t *, const wasm_functype_t *, wasm_func_callback_with_env_t,
                                        void *env, void (*finalizer)(void *));
own wasm_trap_t *wasm_func_call(const wasm_func_t *, const wasm_val_vec_t *args, wasm_val_vec_t *results);
void wasm_func_delete(own wasm_func_t *);

char *wasm_memory_data(wasm_memory_t *);
size_t wasm_memory_data_size(const wasm_memory_t *);

own wasi_config_t *wasi_config_new(const char *program);
void wasi_config_arg(wasi_config_t *, const char *);
void wasi_config_env(wasi_config_t *, const char *name, const char *value);
void wasi_config_capture_stdout(wasi_config_t *);
void wasi_config_capture_stderr(wasi_config_t *);
void wasi_config_env(wasi_config_t *, const char *name, const char *value);
bool wasi_config_mapdir(wasi_config_t *, const char *guest, const char *host);
own wasi_env_t *wasi_env_new(own wasi_config_t *);
void wasi_env_delete(own wasi_env_t *);
bool wasi_get_imports(const wasm_store_t *, const wasm_module_t *, const wasi_env_t *, own wasm_extern_vec_t *out);

/* The last error of the calling thread; reading it clears it. */
int wasmer_last_error_length(void);
int wasmer_last_error_message(char *buffer, int size);
const char *wasmer_version(void);

#endif

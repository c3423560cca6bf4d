/*
 * standard.h: what both shims use of the standard WebAssembly C API
 * (https://github.com/WebAssembly/wasm-c-api). wasmtime 44 and libwasmer 2.0
 * have it with the same layout.
 *
 * With the library's wasm.h included before it, as a test of each adapter does,
 * the types are the library's own and each declaration is checked against the
 * library's.
 *
 * "own" stands before what changes hands: a result that the caller deletes, an
 * argument that the callee does.
 */
#ifndef EDGEBENCH_CAPI_STANDARD_H
#define EDGEBENCH_CAPI_STANDARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define own

#ifndef WASM_H

typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasm_trap_t wasm_trap_t;
typedef struct wasm_valtype_t wasm_valtype_t;
typedef struct wasm_functype_t wasm_functype_t;
typedef struct wasm_externtype_t wasm_externtype_t;
typedef struct wasm_importtype_t wasm_importtype_t;
typedef struct wasm_exporttype_t wasm_exporttype_t;

typedef uint8_t wasm_valkind_t;
enum { WASM_I32 = 0, WASM_I64 = 1 };

typedef uint8_t wasm_externkind_t;
enum { WASM_EXTERN_FUNC = 0, WASM_EXTERN_MEMORY = 3 };

typedef struct wasm_byte_vec_t {
	size_t size;
	char *data;
} wasm_byte_vec_t;

typedef wasm_byte_vec_t wasm_name_t;

typedef struct wasm_valtype_vec_t {
	size_t size;
	wasm_valtype_t **data;
} wasm_valtype_vec_t;

typedef struct wasm_importtype_vec_t {
	size_t size;
	wasm_importtype_t **data;
} wasm_importtype_vec_t;

typedef struct wasm_exporttype_vec_t {
	size_t size;
	wasm_exporttype_t **data;
} wasm_exporttype_vec_t;

#endif

_Static_assert(WASM_I32 == 0 && WASM_I64 == 1, "kinds of values");
_Static_assert(WASM_EXTERN_FUNC == 0 && WASM_EXTERN_MEMORY == 3, "kinds of exports");
_Static_assert(sizeof(wasm_byte_vec_t) == 2 * sizeof(void *), "a vector is its size and its data");
_Static_assert(offsetof(wasm_byte_vec_t, data) == sizeof(void *), "the size comes first");
_Static_assert(sizeof(wasm_valtype_vec_t) == 2 * sizeof(void *), "a vector is its size and its data");
_Static_assert(offsetof(wasm_valtype_vec_t, data) == sizeof(void *), "the size comes first");
_Static_assert(sizeof(wasm_importtype_vec_t) == 2 * sizeof(void *), "a vector is its size and its data");
_Static_assert(offsetof(wasm_importtype_vec_t, data) == sizeof(void *), "the size comes first");
_Static_assert(sizeof(wasm_exporttype_vec_t) == 2 * sizeof(void *), "a vector is its size and its data");
_Static_assert(offsetof(wasm_exporttype_vec_t, data) == sizeof(void *), "the size comes first");

void wasm_byte_vec_delete(own wasm_byte_vec_t *);
void wasm_importtype_vec_delete(own wasm_importtype_vec_t *);
void wasm_exporttype_vec_delete(own wasm_exporttype_vec_t *);

const wasm_name_t *wasm_exporttype_name(const wasm_exporttype_t *);
const wasm_externtype_t *wasm_exporttype_type(const wasm_exporttype_t *);
wasm_externkind_t wasm_externtype_kind(const wasm_externtype_t *);
const wasm_functype_t *wasm_externtype_as_functype_const(const wasm_externtype_t *);
const wasm_valtype_vec_t *wasm_functype_params(const wasm_functype_t *);
const wasm_valtype_vec_t *wasm_functype_results(const wasm_functype_t *);
wasm_valkind_t wasm_valtype_kind(const wasm_valtype_t *);

void wasm_trap_message(const wasm_trap_t *, own wasm_byte_vec_t *out);
void wasm_trap_delete(own wasm_trap_t *);

#endif

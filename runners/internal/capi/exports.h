/*
 * exports.h: which of the exports of package runners/abi a module has. Loads
 * use it; nothing here runs in a call.
 */
#ifndef EDGEBENCH_CAPI_EXPORTS_H
#define EDGEBENCH_CAPI_EXPORTS_H

#include "standard.h"

#include <string.h>

/* The exports that are called; each is a bit, so that a set is their sum. */
enum eb_export {
	EB_OTHER = 0,       /* none of ours, or one of another type */
	EB_MEMORY = 1,      /* memory */
	EB_ALLOC = 2,       /* alloc (i32) -> i32 */
	EB_HANDLE = 4,      /* handle (i32, i32) -> i64 */
	EB_INITIALISE = 8,  /* _initialize () -> () */
	EB_ODD_START = 16,  /* _initialize as something else */
	EB_START = 32,      /* _start () -> () */
};

static inline bool eb_is(const wasm_name_t *name, const char *word)
{
	return name->size == strlen(word) && memcmp(name->data, word, name->size) == 0;
}

/* eb_kinds_are compares a list of types with a word of 'i' (i32) and 'I' (i64). */
static inline bool eb_kinds_are(const wasm_valtype_vec_t *types, const char *word)
{
	if (types->size != strlen(word))
		return false;
	for (size_t i = 0; i < types->size; i++)
		if (wasm_valtype_kind(types->data[i]) != (word[i] == 'I' ? WASM_I64 : WASM_I32))
			return false;
	return true;
}

static inline bool eb_is_function(const wasm_externtype_t *type, const char *params, const char *results)
{
	if (wasm_externtype_kind(type) != WASM_EXTERN_FUNC)
		return false;
	const wasm_functype_t *f = wasm_externtype_as_functype_const(type);
	return eb_kinds_are(wasm_functype_params(f), params) && eb_kinds_are(wasm_functype_results(f), results);
}

static inline enum eb_export eb_export_of(const wasm_exporttype_t *export)
{
	const wasm_name_t *name = wasm_exporttype_name(export);
	const wasm_externtype_t *type = wasm_exporttype_type(export);
	if (eb_is(name, "memory"))
		return wasm_externtype_kind(type) == WASM_EXTERN_MEMORY ? EB_MEMORY : EB_OTHER;
	if (eb_is(name, "alloc"))
		return eb_is_function(type, "i", "i") ? EB_ALLOC : EB_OTHER;
	if (eb_is(name, "handle"))
		return eb_is_function(type, "ii", "I") ? EB_HANDLE : EB_OTHER;
	if (eb_is(name, "_initialize"))
		return eb_is_function(type, "", "") ? EB_INITIALISE : EB_ODD_START;
	if (eb_is(name, "_start"))
		return eb_is_function(type, "", "") ? EB_START : EB_OTHER;
	return EB_OTHER;
}

#endif

/* component.h: the crossings from Go to C for components. As in shim.h, a function
 * that can fail returns NULL when it has not, else a text. */
#ifndef EDGEBENCH_COMPONENT_H
#define EDGEBENCH_COMPONENT_H

#include "component_library.h"
#include "shim.h"

/* One live instance of a component in its own store. */
typedef struct eb_component eb_component;

/* eb_component_linker makes a linker with WASI preview 2. */
char *eb_component_linker(const wasm_engine_t *engine, wasmtime_component_linker_t **linker);

/* eb_component_new compiles. */
char *eb_component_new(const wasm_engine_t *engine, const uint8_t *bytes, size_t n, wasmtime_component_t **component);

/* eb_component_serialize gives the machine code, which wasm_byte_vec_delete frees. */
char *eb_component_serialize(const wasmtime_component_t *component, wasm_byte_vec_t *bytes);

/* eb_component_map maps a file of machine code. */
char *eb_component_map(const wasm_engine_t *engine, const char *path, wasmtime_component_t **component);

/* eb_component_imports says whether a component imports anything. */
bool eb_component_imports(const wasm_engine_t *engine, const wasmtime_component_t *component);

/* eb_component_find looks up what is called: handle with the right types, or as a
 * command the function run of the instance wasi:cli/run. It gives NULL if that is
 * not exported. */
wasmtime_component_export_index_t *eb_component_find(const wasm_engine_t *engine, const wasmtime_component_t *component, bool command);

/* What one kind of instances is made of; wasi says whether they import something. */
typedef struct eb_component_parts {
	wasm_engine_t *engine;
	const wasmtime_component_linker_t *linker;
	const wasmtime_component_t *component;
	const wasmtime_component_export_index_t *called;
	const eb_world *world;
	bool wasi;
} eb_component_parts;

/* eb_component_instantiate makes an instance. If granted is not NULL, that is what it has
 * of WASI instead of its world, and the configuration is taken. */
char *eb_component_instantiate(const eb_component_parts *parts, const eb_bounds *bounds, wasi_config_t *granted, eb_component **instance);

/* eb_component_call gives the guest its allowance and sends a request of n bytes. It copies the response into the room
 * at `response` if it fits, and gives its length in bytes in any case. One that did
 * not fit is kept until eb_component_rest. */
char *eb_component_call(eb_component *instance, uint64_t allowance, const uint8_t *request, size_t n, uint8_t *response, size_t room, size_t *length);

/* eb_component_typed calls a function of one argument with a value, and gives the
 * number that it returns. */
char *eb_component_typed(eb_component *instance, const wasmtime_component_val_t *value, uint32_t *returned);

/* eb_component_rest copies a response that was kept, and frees it; with NULL it frees
 * it only. */
void eb_component_rest(eb_component *instance, uint8_t *to);

/* eb_component_run gives a command its allowance, equips it and runs it to its end. It returns NULL also for
 * one that exits, whose code is left in status. */
char *eb_component_run(eb_component *instance, uint64_t allowance, const eb_world *world, const uint8_t *request, size_t n, eb_output *output, int *status);

/* eb_component_close frees the instance with its store. */
void eb_component_close(eb_component *instance);

#endif

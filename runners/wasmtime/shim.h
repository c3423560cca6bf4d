/*
 * shim.h: the crossings from Go to C.
 *
 * A function that can fail returns NULL when it has not, else a text that the
 * caller hands to free: the library's message, of one or more lines.
 */
#ifndef EDGEBENCH_SHIM_H
#define EDGEBENCH_SHIM_H

#include "../internal/capi/exports.h"
#include "../internal/capi/output.h"
#include "../internal/capi/world.h"
#include "library.h"

/* A member of what eb_inspect finds, beside those of enum eb_export. */
enum { EB_IMPORTS = 64 /* imports something */ };

/* One live instance in its own store. */
typedef struct eb_instance eb_instance;

/* How a call ended that did not trap. */
enum {
	EB_COPIED,  /* the response has been copied */
	EB_PENDING, /* it has not: it is too long for the room, or it lies */
	EB_OUTSIDE, /* alloc's buffer lies outside the memory; handle not called */
};

typedef struct eb_answer {
	uint64_t packed; /* handle's result */
	uint64_t size;   /* of the memory after the last call, in bytes */
	uint32_t at;     /* alloc's result */
	int32_t end;     /* EB_COPIED, EB_PENDING or EB_OUTSIDE */
} eb_answer;

/* A pool of so many slots, each with one memory that reserves `memory` bytes,
 * with a guard, and one table of at most so many elements. Of the memory and of
 * the table of a closed instance, `resident` bytes each stay in memory. */
typedef struct eb_pool_size {
	uint32_t slots;
	uint64_t memory, guard, elements, resident;
} eb_pool_size;

/* eb_pool gives the configuration a pool. Of stacks for asynchronous calls,
 * which cost two mappings each, it has none. */
void eb_pool(wasm_config_t *config, const eb_pool_size *size);

/* eb_dense makes each memory as large as its instance needs: no address space is
 * reserved beside it, and its data are copied and not mapped, so that the kernel
 * joins the mappings of neighbours. */
void eb_dense(wasm_config_t *config);

/* What stops a guest that does not end. */
enum eb_stop {
	EB_NOTHING,
	EB_FUEL,  /* an allowance of fuel, which each instruction uses */
	EB_EPOCH, /* an allowance of ticks of the engine's epoch */
};

/* What an instance may use. Each call gets another allowance; this one is for
 * instantiation and _initialize. */
typedef struct eb_bounds {
	int64_t memory;   /* in bytes, negative for no limit */
	int64_t elements; /* of each table, negative for no limit */
	enum eb_stop stop;
	uint64_t allowance;
} eb_bounds;

/* eb_inspect says which of our exports a module has, with the right types: a set
 * of enum eb_export and EB_IMPORTS. A memory of 64 bits or a shared one is none. */
uint32_t eb_inspect(const wasmtime_module_t *module);

/* eb_link resolves a module's imports. */
char *eb_link(const wasmtime_linker_t *linker, const wasmtime_module_t *module, wasmtime_instance_pre_t **pre);

/* What a guest finds: at most EB_MOST_TEXTS arguments and variables, and folders
 * that it may read. */
enum { EB_MOST_TEXTS = 65 };
typedef struct eb_world {
	eb_texts args, variables;
	struct eb_folder {
		char *host, *guest;
	} *folders;
	size_t folder_count;
} eb_world;

/* eb_world_new copies the texts. */
eb_world *eb_world_new(eb_texts args, eb_texts variables);
/* eb_world_folder adds a folder, and takes both paths over. */
void eb_world_folder(eb_world *world, char *host, char *guest);
void eb_world_delete(eb_world *world);

/* eb_instantiate makes an instance; it needs a module that eb_inspect found
 * complete, and finds the exports that are in the set. */
char *eb_instantiate(wasm_engine_t *engine, const wasmtime_instance_pre_t *pre, uint32_t found, const eb_bounds *bounds, const eb_world *world, eb_instance **instance);

/* eb_grant replaces what an instance has of WASI, and takes the configuration. */
char *eb_grant(eb_instance *instance, wasi_config_t *wasi);

/* eb_environ gives guests n variables: of the texts, n names come first and then n
 * values. It is false for what is no UTF-8. */
bool eb_environ(wasi_config_t *wasi, size_t n, char **texts);

/* eb_allow gives a guest that can be stopped another allowance. */
char *eb_allow(wasmtime_context_t *context, enum eb_stop stop, uint64_t allowance);

/* eb_bound gives a new store its bounds. */
char *eb_bound(wasmtime_store_t *store, const eb_bounds *bounds);

/* eb_initialise calls _initialize, which must be there. */
char *eb_initialise(eb_instance *instance);

/* eb_call gives the guest its allowance, sends a request of n bytes and copies the response into the room at
 * `response`. It reads the memory's place and size again after each call. */
char *eb_call(eb_instance *instance, uint64_t allowance, const uint8_t *request, uint32_t n, uint8_t *response, size_t room, eb_answer *answer);

/* eb_read copies n bytes at ptr, which must lie inside the memory. */
void eb_read(const eb_instance *instance, uint32_t ptr, uint32_t n, uint8_t *to);

/* eb_output_new makes room for so many bytes of stdout at most. */
eb_output *eb_output_new(size_t most);
void eb_output_delete(eb_output *output);

/* eb_text takes the message out of whichever of the two is there and frees it;
 * it gives NULL where neither is. */
char *eb_text(wasmtime_error_t *error, wasm_trap_t *trap);

/* eb_equip gives a store's guest a WASI context with its world, and for a command
 * a request of n bytes as stdin and an output, which must outlive the store. */
char *eb_equip(wasmtime_context_t *context, const eb_world *world, const uint8_t *request, size_t n, eb_output *output);

/* eb_run equips a command and runs it to its end. It returns NULL also for one
 * that exits, whose code is left in status. */
char *eb_run(eb_instance *instance, uint64_t allowance, const eb_world *world, const uint8_t *request, size_t n, eb_output *output, int *status);

/* eb_close frees the instance with its store. */
void eb_close(eb_instance *instance);

#endif

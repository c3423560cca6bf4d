//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

/*
 * shim.h: libwasmer as the runner needs it, with one crossing from Go to C for
 * each step that is timed. Nothing here keeps a pointer that Go has passed.
 */
#ifndef EDGEBENCH_WASMER_SHIM_H
#define EDGEBENCH_WASMER_SHIM_H

#include "../internal/capi/exports.h"
#include "../internal/capi/world.h"
#include "capi.h"
#include "stdio.h"

/* How a step ended. */
enum eb_end {
	EB_OK,
	EB_FAILED,    /* the library could not do it; text says why */
	EB_REFUSED,   /* the library does not compile the module; text says why */
	EB_MALFORMED, /* it is not code that the library has stored; text says why */
	EB_IMPORT,    /* nobody supplies the import text of the module from */
	EB_EXPORT,    /* the export text is missing or is not of the right type */
	EB_TRAPPED,   /* the guest stopped itself, or it was stopped; text says why */
	EB_OUTSIDE,   /* alloc gave a buffer that is not in the memory */
};

/* The end of a step with texts from malloc, for the caller to free. */
struct eb_outcome {
	enum eb_end end;
	char *text, *from;
};

/*
 * eb_compiler_start compiles an empty module, which starts the threads that
 * the library compiles with. They serve all engines of the process and stay.
 */
struct eb_outcome eb_compiler_start(wasmer_compiler_t compiler);

/* How machine code is made. */
struct eb_compilation {
	wasmer_compiler_t compiler;
	uint64_t points; /* that a guest may use in a call, one an instruction; 0 for any number */
};

/* What a module is called for, and what its guests find. */
struct eb_purpose {
	bool command;      /* _start is called, else alloc and handle */
	const char *files; /* the folder that it may read, or NULL */
	eb_texts folders;  /* in turn a path of the guest's and the folder's on the host */
	eb_texts args;     /* behind its name */
	eb_texts variables;
};

/* A module with an engine and a store of its own. */
typedef struct eb_module eb_module;

/*
 * eb_module_new compiles n bytes of WebAssembly, or, where serialised, makes a
 * module of what eb_module_serialise gave (which must be exactly that: the
 * library reads past the end of anything shorter). It checks that imports and
 * exports are those of package runners/abi. It keeps a copy of the purpose.
 */
struct eb_outcome eb_module_new(struct eb_compilation compilation, bool serialised, const uint8_t *bytes, size_t n,
                                struct eb_purpose purpose, eb_module **module);
/* Whether its guests read files through the library, and with them stdin. */
bool eb_module_reads(const eb_module *module);
/* The caller deletes the vector unless it failed. */
struct eb_outcome eb_module_serialise(const eb_module *module, wasm_byte_vec_t *out);
/* Instances of it live on; the last of them takes engine and code along. */
void eb_module_delete(eb_module *module);

/* A live guest. Calls of one instance must not overlap. */
typedef struct eb_instance {
	wasm_instance_t *instance;
	wasm_extern_vec_t exports; /* owns what the next five point into */
	wasm_memory_t *memory;
	wasm_func_t *alloc;
	wasm_func_t *handle;
	wasm_func_t *initialise; /* NULL where there is none */
	wasm_func_t *start;      /* of a command, whose alloc and handle are NULL */
	struct eb_stdio *stdio;  /* of a command, else NULL */

	uint64_t points;         /* for each call; 0 for any number */

	int64_t initialising; /* how long _initialize took, in nanoseconds */

	/* What the last step left behind. */
	wasm_trap_t *trap;  /* after EB_TRAPPED, and where _initialize has trapped */
	uint64_t packed;    /* handle's result, after EB_OK */
	const char *base;   /* of the memory, after EB_OK */
	size_t size;        /* of the memory in bytes, after EB_OK and EB_OUTSIDE */
	uint32_t at;        /* alloc's result, after EB_OUTSIDE */
} eb_instance;

/*
 * eb_instance_new makes an instance and runs its _initialize, in one crossing:
 * another one would be a hundredth of the time. An instance whose _initialize
 * has trapped is there all the same, with the trap in it.
 */
struct eb_outcome eb_instance_new(const eb_module *module, eb_instance **instance);
/* Takes one request to the guest; EB_OK, EB_TRAPPED or EB_OUTSIDE. */
enum eb_end eb_instance_call(eb_instance *instance, const uint8_t *request, uint32_t n);
/* Runs a command to its end; EB_OK or EB_TRAPPED. What it wrote is in stdio. */
enum eb_end eb_instance_run(eb_instance *instance, const uint8_t *request, size_t n, size_t most);
/* Tells of the last step's trap, and deletes it. */
struct eb_outcome eb_instance_trap(eb_instance *instance);
void eb_instance_delete(eb_instance *instance);

#endif

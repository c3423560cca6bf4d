//go:build cgo && linux && amd64

/*
 * shim.h: V8 as the runner needs it, with one crossing from Go to C++ for each
 * step that is timed. Nothing here keeps a pointer that Go has passed.
 */
#ifndef EDGEBENCH_V8_SHIM_H
#define EDGEBENCH_V8_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wasi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a step ended. */
enum eb_end {
	EB_OK,
	EB_FAILED,    /* V8 could not do it; text says why */
	EB_REFUSED,   /* V8 does not compile the module; text says why */
	EB_MALFORMED, /* it is not code that this V8 has stored */
	EB_EXPORT,    /* the export text is missing or is not of the right type */
	EB_TRAPPED,   /* the guest stopped itself; text says why */
	EB_OUTSIDE,   /* alloc gave a buffer that is not in the memory */
};

/* The end of a step with a text from malloc, NULL for none, for the caller to
 * free. */
struct eb_outcome {
	enum eb_end end;
	char *text;
};

const char *eb_version(void);

/* eb_start starts V8 with worker threads of its own, once in a process. The
 * script makes the imports of a guest (host.js); it is kept. */
void eb_start(const char *flags, const char *script);
/* eb_flags changes flags while there is no isolate. */
void eb_flags(const char *flags);

/* An isolate with a context. */
typedef struct eb_isolate eb_isolate;

eb_isolate *eb_isolate_new(void);
void eb_isolate_delete(eb_isolate *);
/* Frees what nothing refers to any more, such as code of deleted modules. */
void eb_isolate_collect(eb_isolate *);
/* Ends the call that is in it, or else the next one, from any thread. */
void eb_isolate_terminate(eb_isolate *);
/* Takes that back, once the call has ended. */
void eb_isolate_resume(eb_isolate *);
/* The size of its heap in bytes, which lies in the cage of all isolates. */
size_t eb_isolate_heap(eb_isolate *);

/* What each instance of a module has for itself. */
enum eb_scope { EB_ISOLATE, EB_CONTEXT, EB_INSTANCE };

/* What a module is called for, and what its guests find. */
struct eb_purpose {
	enum eb_scope scope;
	bool command;      /* _start is called, else alloc and handle */
	bool imports;      /* it imports functions of WASI */
	const char *files; /* the folder that it may read, or NULL */
	eb_texts args, variables;
};

/* Compiled code, which isolates share. */
typedef struct eb_module eb_module;

/*
 * eb_module_new compiles n bytes of WebAssembly in an isolate. With code that is
 * not NULL it makes a module of what eb_module_serialise gave for them.
 */
struct eb_outcome eb_module_new(eb_isolate *, const uint8_t *wasm, size_t n, const uint8_t *code, size_t code_size,
                                struct eb_purpose, eb_module **);
/* eb_module_serialise gives optimised code, for the caller to free, and its size
 * in bytes. It is NULL if there is none. */
uint8_t *eb_module_serialise(eb_module *, size_t *size);
/* Instances of the module must have been deleted. */
void eb_module_delete(eb_module *);

/* A live guest. Calls of one instance must not overlap. */
typedef struct eb_instance eb_instance;

/*
 * eb_instance_new makes an instance and runs its _initialize, in one crossing.
 * An instance whose _initialize has trapped is there all the same, and the
 * outcome says so. Its time in nanoseconds goes to initialising, -1 if there is
 * no _initialize.
 */
struct eb_outcome eb_instance_new(eb_module *, eb_instance **, int64_t *initialising);

/* What the last call has left behind. */
struct eb_answer {
	uint64_t packed;     /* handle's result, after EB_OK */
	const uint8_t *base; /* of the memory, after EB_OK */
	size_t size;         /* of the memory in bytes, after EB_OK and EB_OUTSIDE */
	uint32_t at;         /* alloc's result, after EB_OUTSIDE */
	char *text;          /* of the exception, after EB_TRAPPED, for the caller to free */
};

/* The answer of an instance, which lives as long as that. */
struct eb_answer *eb_instance_answer(eb_instance *);
/* Takes one request to the guest; EB_OK, EB_TRAPPED or EB_OUTSIDE. */
enum eb_end eb_instance_call(eb_instance *, const uint8_t *request, uint32_t n);
/* Runs a command to its end; EB_OK or EB_TRAPPED. What it wrote is in wasi. */
enum eb_end eb_instance_run(eb_instance *, const uint8_t *request, size_t n, size_t most);
/* The isolate of an instance, its own or that of the module. */
eb_isolate *eb_instance_isolate(eb_instance *);
/* NULL for a guest that imports nothing. */
struct eb_wasi *eb_instance_wasi(eb_instance *);
/* What compiled the code of handle, or of a command's _start. */
enum eb_tier { EB_UNCOMPILED, EB_LIFTOFF, EB_TURBOFAN };
/* Asks V8's own functions for tests, which a flag of the process admits to scripts
 * that are compiled meanwhile: not for a thread beside others that use V8. */
struct eb_outcome eb_instance_tier(eb_instance *, enum eb_tier *);
void eb_instance_delete(eb_instance *);

#ifdef __cplusplus
}
#endif
#endif

//go:build cgo && linux && wasmedge

/*
 * shim.h: libwasmedge as the runner needs it, with one crossing from Go to C for
 * each step that is timed. Nothing here keeps a pointer that Go has passed.
 */
#ifndef EDGEBENCH_WASMEDGE_SHIM_H
#define EDGEBENCH_WASMEDGE_SHIM_H

#include "../internal/capi/vectors.h"
#include "../internal/capi/world.h"

#include <pthread.h>

#include <wasmedge/wasmedge.h>

/* How a step ended. */
enum eb_end {
	EB_OK,
	EB_FAILED,  /* the library could not do it; text says why */
	EB_EXPORT,  /* the export text is missing */
	EB_TRAPPED, /* the guest has trapped; text says why */
	EB_EXITED,  /* the guest has called proc_exit */
	EB_OUTSIDE, /* alloc gave a buffer that is not in the memory */
};

/* The end of a step with a text that nobody frees. */
struct eb_outcome {
	enum eb_end end;
	const char *text;
};

/* eb_start silences the library's log, which goes to this process's stdout. */
void eb_start(void);

/* How the library's compiler is called. */
struct eb_compilation {
	enum WasmEdge_CompilerOptimizationLevel level;
	bool stoppable; /* the code asks whether it is to end */
};

/*
 * eb_compile compiles n bytes of WebAssembly into a file at path: the module with
 * the machine code in a section of its own.
 */
struct eb_outcome eb_compile(const uint8_t *bytes, size_t n, struct eb_compilation by, const char *path);

/* What a module is called for, and what its guests find. */
struct eb_purpose {
	bool command;       /* _start is called, else alloc and handle */
	bool stoppable;     /* its guests can be stopped */
	bool writes;        /* they write files, by the library's functions */
	eb_texts folders;   /* as the library's WASI takes them */
	eb_texts variables;
	uint32_t pages;     /* that a memory may have */
};

/* A module that has been validated, with an executor of its own. */
typedef struct eb_module eb_module;

/*
 * eb_module_new makes a module of n bytes of WebAssembly, which are interpreted, or,
 * where path is not NULL, of a file of eb_compile. It copies the purpose.
 */
struct eb_outcome eb_module_new(const uint8_t *bytes, size_t n, const char *path, struct eb_purpose purpose, eb_module **module);
/* Instances of it live on; the last of them takes the code along. */
void eb_module_delete(eb_module *module);

/* A live guest. Calls of one instance must not overlap. */
typedef struct eb_instance {
	eb_module *of;
	WasmEdge_StoreContext *store;         /* NULL where nothing is imported */
	WasmEdge_ModuleInstanceContext *wasi; /* NULL where nothing is imported */
	WasmEdge_ModuleInstanceContext *module;
	WasmEdge_MemoryInstanceContext *memory;
	WasmEdge_ExecutorContext *executor; /* its own if it can be stopped, else the module's */
	const WasmEdge_FunctionInstanceContext *alloc, *handle;
	const WasmEdge_FunctionInstanceContext *initialise; /* NULL where there is none */
	const WasmEdge_FunctionInstanceContext *start;      /* of a command */
	struct eb_input input;
	eb_output *output; /* of a command, else NULL */

	/* Of one that can be stopped, behind the lock. */
	pthread_mutex_t lock;
	WasmEdge_Async *running; /* NULL where nothing runs */
	bool stopped;

	int64_t initialising; /* how long _initialize took, in nanoseconds */

	/* What the last step left behind. */
	struct eb_outcome initialised; /* of _initialize */
	const char *trap;    /* after EB_TRAPPED */
	uint64_t packed;     /* handle's result, after EB_OK */
	const uint8_t *base; /* of the response, NULL where it lies outside; after EB_OK */
	uint64_t size;       /* of the memory in bytes, after EB_OK and EB_OUTSIDE */
	uint32_t at;         /* alloc's result, after EB_OUTSIDE */
} eb_instance;

/*
 * eb_instance_new makes an instance and runs its _initialize, in one crossing. An
 * instance whose _initialize has failed is there all the same, and says so.
 */
struct eb_outcome eb_instance_new(eb_module *module, eb_instance **instance);
/* Takes one request to the guest; EB_OK, EB_TRAPPED, EB_EXITED or EB_OUTSIDE. */
enum eb_end eb_instance_call(eb_instance *instance, const uint8_t *request, uint32_t n);
/* Runs a command to its end; EB_OK, EB_TRAPPED or EB_EXITED. What it wrote is in output. */
enum eb_end eb_instance_run(eb_instance *instance, const uint8_t *request, size_t n, size_t most);
/*
 * eb_instance_stop ends what an instance runs, from another thread, and all that it is
 * called for later. The module's guests must be stoppable.
 */
void eb_instance_stop(eb_instance *instance);
/* The code that a guest gave to proc_exit, after EB_EXITED. */
uint32_t eb_instance_exit_code(const eb_instance *instance);
void eb_instance_delete(eb_instance *instance);

#endif

//go:build cgo && linux && wasmedge

#include "shim.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Names of package runners/abi. */
static const char program_name[] = "guest";

struct eb_module {
	WasmEdge_ConfigureContext *config;
	WasmEdge_ExecutorContext *executor;
	WasmEdge_StoreContext *empty; /* for instances that import nothing */
	WasmEdge_ASTModuleContext *ast;
	/* The types of random_get, of fd_read and fd_write, and of fd_pread and fd_pwrite. */
	WasmEdge_FunctionTypeContext *pair, *stream, *positioned;
	atomic_int users; /* the caller of eb_module_new, and each instance */
	bool wasi;        /* it imports functions of WASI */
	bool command, stoppable, writes;
	eb_texts folders, variables; /* as in eb_purpose */
};

/* The most folders and variables that guests are given. */
#define MOST 16

static const struct eb_outcome fine = {EB_OK, NULL};

static struct eb_outcome outcome(enum eb_end end, const char *text)
{
	return (struct eb_outcome){end, text};
}

static bool is_ok(WasmEdge_Result r) { return WasmEdge_ResultGetCode(r) == WasmEdge_ErrCode_Success; }

static WasmEdge_String name_of(const char *text)
{
	return WasmEdge_StringWrap(text, (uint32_t)strlen(text));
}

void eb_start(void) { WasmEdge_LogOff(); }

struct eb_outcome eb_compile(const uint8_t *bytes, size_t n, struct eb_compilation by, const char *path)
{
	WasmEdge_ConfigureContext *config = WasmEdge_ConfigureCreate();
	WasmEdge_ConfigureCompilerSetOptimizationLevel(config, by.level);
	WasmEdge_ConfigureCompilerSetInterruptible(config, by.stoppable);
	WasmEdge_CompilerContext *compiler = WasmEdge_CompilerCreate(config);
	struct eb_outcome end = outcome(EB_FAILED, "the library was built without its compiler");
	if (compiler != NULL) {
		WasmEdge_Result r = WasmEdge_CompilerCompileFromBytes(compiler, WasmEdge_BytesWrap(bytes, (uint32_t)n), path);
		end = is_ok(r) ? fine : outcome(EB_FAILED, WasmEdge_ResultGetMessage(r));
	}
	WasmEdge_CompilerDelete(compiler);
	WasmEdge_ConfigureDelete(config);
	return end;
}

/* parse reads and validates the module. */
static struct eb_outcome parse(eb_module *m, const uint8_t *bytes, size_t n, const char *path)
{
	WasmEdge_LoaderContext *loader = WasmEdge_LoaderCreate(m->config);
	WasmEdge_Result r = path != NULL
		? WasmEdge_LoaderParseFromFile(loader, &m->ast, path)
		: WasmEdge_LoaderParseFromBytes(loader, &m->ast, WasmEdge_BytesWrap(bytes, (uint32_t)n));
	WasmEdge_LoaderDelete(loader);
	if (!is_ok(r))
		return outcome(EB_FAILED, WasmEdge_ResultGetMessage(r));
	WasmEdge_ValidatorContext *validator = WasmEdge_ValidatorCreate(m->config);
	r = WasmEdge_ValidatorValidate(validator, m->ast);
	WasmEdge_ValidatorDelete(validator);
	return is_ok(r) ? fine : outcome(EB_FAILED, WasmEdge_ResultGetMessage(r));
}

/* want_wasi makes what is needed for the imports of each instance. */
static bool want_wasi(eb_module *m, struct eb_purpose p)
{
	WasmEdge_ValType i32 = WasmEdge_ValTypeGenI32(), i64 = WasmEdge_ValTypeGenI64();
	WasmEdge_ValType stream[] = {i32, i32, i32, i32}, positioned[] = {i32, i32, i32, i64, i32};
	m->wasi = true;
	m->pair = WasmEdge_FunctionTypeCreate(stream, 2, &i32, 1);
	m->stream = WasmEdge_FunctionTypeCreate(stream, 4, &i32, 1);
	m->positioned = WasmEdge_FunctionTypeCreate(positioned, 5, &i32, 1);
	m->folders = eb_texts_copy(p.folders);
	m->variables = eb_texts_copy(p.variables);
	return m->folders.count == p.folders.count && m->variables.count == p.variables.count && m->folders.count <= MOST && m->variables.count <= MOST;
}

struct eb_outcome eb_module_new(const uint8_t *bytes, size_t n, const char *path, struct eb_purpose purpose, eb_module **module)
{
	eb_module *m = calloc(1, sizeof *m);
	if (m == NULL)
		return outcome(EB_FAILED, "no memory");
	m->users = 1;
	m->command = purpose.command;
	m->stoppable = purpose.stoppable;
	m->writes = purpose.writes;
	m->config = WasmEdge_ConfigureCreate();
	WasmEdge_ConfigureSetMaxMemoryPage(m->config, purpose.pages);
	WasmEdge_ConfigureSetForceInterpreter(m->config, path == NULL);
	struct eb_outcome end = parse(m, bytes, n, path);
	if (end.end == EB_OK) {
		m->executor = WasmEdge_ExecutorCreate(m->config, NULL);
		m->empty = WasmEdge_StoreCreate();
		if (WasmEdge_ASTModuleListImportsLength(m->ast) > 0 && !want_wasi(m, purpose))
			end = outcome(EB_FAILED, "no memory, or more folders or variables than guests may have");
	}
	if (end.end == EB_OK)
		*module = m;
	else
		eb_module_delete(m);
	return end;
}

void eb_module_delete(eb_module *m)
{
	if (atomic_fetch_sub(&m->users, 1) > 1)
		return;
	WasmEdge_ASTModuleDelete(m->ast);
	WasmEdge_StoreDelete(m->empty);
	WasmEdge_ExecutorDelete(m->executor);
	WasmEdge_FunctionTypeDelete(m->pair);
	WasmEdge_FunctionTypeDelete(m->stream);
	WasmEdge_FunctionTypeDelete(m->positioned);
	WasmEdge_ConfigureDelete(m->config);
	free((char *)m->folders.bytes);
	free((char *)m->variables.bytes);
	free(m);
}

/* memory_of is that of the guest that calls. */
static struct eb_piece memory_of(const WasmEdge_CallingFrameContext *frame)
{
	WasmEdge_MemoryInstanceContext *memory = WasmEdge_CallingFrameGetMemoryInstance(frame, 0);
	uint32_t pages = memory != NULL ? WasmEdge_MemoryInstanceGetPageSize(memory) : 0;
	if (pages == 0)
		return (struct eb_piece){NULL, 0};
	return (struct eb_piece){WasmEdge_MemoryInstanceGetPointer(memory, 0, 1), (size_t)pages << 16};
}

static uint32_t u32(WasmEdge_Value v) { return (uint32_t)WasmEdge_ValueGetI32(v); }

static WasmEdge_Result fd_read(void *data, const WasmEdge_CallingFrameContext *frame, const WasmEdge_Value *a, WasmEdge_Value *result)
{
	eb_instance *i = data;
	bool is_stdin = u32(a[0]) == 0;
	result[0] = WasmEdge_ValueGenI32(is_stdin ? eb_read(memory_of(frame), &i->input, u32(a[1]), u32(a[2]), u32(a[3])) : EB_BADF);
	return WasmEdge_Result_Success;
}

static WasmEdge_Result fd_write(void *data, const WasmEdge_CallingFrameContext *frame, const WasmEdge_Value *a, WasmEdge_Value *result)
{
	eb_instance *i = data;
	int32_t fd = WasmEdge_ValueGetI32(a[0]);
	bool is_output = fd == 1 || fd == 2;
	result[0] = WasmEdge_ValueGenI32(is_output ? eb_write(memory_of(frame), i->output, fd, u32(a[1]), u32(a[2]), u32(a[3])) : EB_BADF);
	return WasmEdge_Result_Success;
}

/* random_get fills a guest's buffer with the system's random numbers. */
static WasmEdge_Result random_get(void *data, const WasmEdge_CallingFrameContext *frame, const WasmEdge_Value *a, WasmEdge_Value *result)
{
	(void)data;
	size_t n = u32(a[1]), done = 0;
	uint8_t *to = eb_place(memory_of(frame), u32(a[0]), n);
	while (to != NULL && done < n) {
		ssize_t got = getrandom(to + done, n - done, 0);
		if (got < 0 && errno != EINTR)
			break;
		done += got > 0 ? (size_t)got : 0;
	}
	result[0] = WasmEdge_ValueGenI32(to == NULL ? EB_FAULT : done < n ? EB_IO : EB_SUCCESS);
	return WasmEdge_Result_Success;
}

/* no_position answers that no descriptor can be read or written at a position. */
static WasmEdge_Result no_position(void *data, const WasmEdge_CallingFrameContext *frame, const WasmEdge_Value *a, WasmEdge_Value *result)
{
	(void)data, (void)frame, (void)a;
	result[0] = WasmEdge_ValueGenI32(EB_BADF);
	return WasmEdge_Result_Success;
}

/* replace puts a function of ours in the place of the library's. */
static void replace(eb_instance *i, const char *name, const WasmEdge_FunctionTypeContext *type, WasmEdge_HostFunc_t function)
{
	WasmEdge_ModuleInstanceAddFunction(i->wasi, name_of(name), WasmEdge_FunctionInstanceCreate(type, function, i, 0));
}

/* list fills in where the texts begin, and gives their number. */
static uint32_t list(eb_texts t, const char *texts[MOST])
{
	const char *text = t.bytes;
	for (size_t i = 0; i < t.count; i++, text = eb_texts_next(text))
		texts[i] = text;
	return (uint32_t)t.count;
}

/* supply makes the imports of one instance, with a state of its own. Who has folders
 * reads and writes files by the library's functions, which take all descriptors. */
static bool supply(const eb_module *m, eb_instance *i)
{
	const char *args[] = {program_name}, *folders[MOST], *variables[MOST];
	uint32_t given = list(m->folders, folders), named = list(m->variables, variables);
	i->wasi = WasmEdge_ModuleInstanceCreateWASI(args, m->command ? 1 : 0, variables, named, folders, given);
	i->store = WasmEdge_StoreCreate();
	if (i->wasi == NULL || i->store == NULL)
		return false;
	replace(i, "random_get", m->pair, random_get);
	if (!m->writes) {
		replace(i, "fd_write", m->stream, fd_write);
		replace(i, "fd_pwrite", m->positioned, no_position);
	}
	if (given == 0) {
		replace(i, "fd_read", m->stream, fd_read);
		replace(i, "fd_pread", m->positioned, no_position);
	}
	return is_ok(WasmEdge_ExecutorRegisterImport(i->executor, i->store, i->wasi));
}

static const WasmEdge_FunctionInstanceContext *find(const eb_instance *i, const char *name)
{
	return WasmEdge_ModuleInstanceFindFunction(i->module, name_of(name));
}

/* find_exports fills in what the calls need. */
static struct eb_outcome find_exports(eb_instance *i)
{
	i->memory = WasmEdge_ModuleInstanceFindMemory(i->module, name_of("memory"));
	if (i->memory == NULL)
		return outcome(EB_EXPORT, "memory");
	if (i->of->command) {
		i->start = find(i, "_start");
		return i->start != NULL ? fine : outcome(EB_EXPORT, "_start");
	}
	i->alloc = find(i, "alloc");
	i->handle = find(i, "handle");
	i->initialise = find(i, "_initialize");
	if (i->alloc == NULL)
		return outcome(EB_EXPORT, "alloc");
	return i->handle != NULL ? fine : outcome(EB_EXPORT, "handle");
}

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* begin starts a function on a thread of the library's, unless the guest is stopped. */
static WasmEdge_Async *begin(eb_instance *i, const WasmEdge_FunctionInstanceContext *f, const WasmEdge_Value *args, uint32_t n)
{
	pthread_mutex_lock(&i->lock);
	if (!i->stopped)
		i->running = WasmEdge_ExecutorAsyncInvoke(i->executor, f, args, n);
	WasmEdge_Async *running = i->running;
	pthread_mutex_unlock(&i->lock);
	return running;
}

/* invoke_stoppable calls a function that eb_instance_stop can end. */
static WasmEdge_Result invoke_stoppable(eb_instance *i, const WasmEdge_FunctionInstanceContext *f, const WasmEdge_Value *args, uint32_t n, WasmEdge_Value *result)
{
	WasmEdge_Async *running = begin(i, f, args, n);
	if (running == NULL)
		return WasmEdge_ResultGen(WasmEdge_ErrCategory_WASM, WasmEdge_ErrCode_Interrupted);
	WasmEdge_Result r = WasmEdge_AsyncGet(running, result, result != NULL ? 1 : 0);
	pthread_mutex_lock(&i->lock);
	i->running = NULL;
	pthread_mutex_unlock(&i->lock);
	WasmEdge_AsyncDelete(running);
	return r;
}

void eb_instance_stop(eb_instance *i)
{
	pthread_mutex_lock(&i->lock);
	i->stopped = true;
	if (i->running != NULL)
		WasmEdge_AsyncCancel(i->running);
	pthread_mutex_unlock(&i->lock);
}

/* invoke calls a function of the guest. */
static enum eb_end invoke(eb_instance *i, const WasmEdge_FunctionInstanceContext *f, const WasmEdge_Value *args, uint32_t n, WasmEdge_Value *result)
{
	WasmEdge_Result r = i->of->stoppable ? invoke_stoppable(i, f, args, n, result)
		: WasmEdge_ExecutorInvoke(i->executor, f, args, n, result, result != NULL ? 1 : 0);
	switch (WasmEdge_ResultGetCode(r)) {
	case WasmEdge_ErrCode_Success: return EB_OK;
	case WasmEdge_ErrCode_Terminated: return EB_EXITED;
	default: i->trap = WasmEdge_ResultGetMessage(r); return EB_TRAPPED;
	}
}

/* make fills in an instance whose fields but of, executor, lock and output are all zero. */
static struct eb_outcome make(eb_instance *i)
{
	const eb_module *m = i->of;
	if (m->wasi && !supply(m, i))
		return outcome(EB_FAILED, "the library's WASI does not start");
	WasmEdge_Result r = WasmEdge_ExecutorInstantiate(i->executor, &i->module, m->wasi ? i->store : m->empty, m->ast);
	if (!is_ok(r))
		return outcome(EB_TRAPPED, WasmEdge_ResultGetMessage(r));
	struct eb_outcome found = find_exports(i);
	if (found.end != EB_OK || i->initialise == NULL)
		return found;
	int64_t from = now();
	i->initialised.end = invoke(i, i->initialise, NULL, 0, NULL);
	i->initialised.text = i->trap;
	i->initialising = now() - from;
	return fine;
}

struct eb_outcome eb_instance_new(eb_module *m, eb_instance **instance)
{
	eb_instance *i = calloc(1, sizeof *i);
	if (i != NULL && m->command)
		i->output = calloc(1, sizeof *i->output);
	if (i == NULL || (m->command && i->output == NULL)) {
		free(i);
		return outcome(EB_FAILED, "no memory");
	}
	i->of = m;
	i->executor = m->stoppable ? WasmEdge_ExecutorCreate(m->config, NULL) : m->executor;
	pthread_mutex_init(&i->lock, NULL);
	atomic_fetch_add(&m->users, 1);
	struct eb_outcome made = make(i);
	if (made.end == EB_OK)
		*instance = i;
	else
		eb_instance_delete(i);
	return made;
}

/* measure notes how large the memory is. */
static void measure(eb_instance *i)
{
	i->size = (uint64_t)WasmEdge_MemoryInstanceGetPageSize(i->memory) << 16;
}

enum eb_end eb_instance_call(eb_instance *i, const uint8_t *request, uint32_t n)
{
	WasmEdge_Value args[] = {WasmEdge_ValueGenI32(0), WasmEdge_ValueGenI32((int32_t)n)}, result;
	if (n > 0) {
		enum eb_end end = invoke(i, i->alloc, &args[1], 1, &result);
		if (end != EB_OK)
			return end;
		args[0] = result;
		i->at = u32(result);
		uint8_t *to = WasmEdge_MemoryInstanceGetPointer(i->memory, i->at, n);
		if (to == NULL) {
			measure(i);
			return EB_OUTSIDE;
		}
		memcpy(to, request, n);
	}
	enum eb_end end = invoke(i, i->handle, args, 2, &result);
	if (end != EB_OK)
		return end;
	i->packed = (uint64_t)WasmEdge_ValueGetI64(result);
	i->base = WasmEdge_MemoryInstanceGetPointer(i->memory, (uint32_t)(i->packed >> 32), (uint32_t)i->packed);
	measure(i);
	return EB_OK;
}

enum eb_end eb_instance_run(eb_instance *i, const uint8_t *request, size_t n, size_t most)
{
	i->input = (struct eb_input){request, n};
	i->output->most = most;
	enum eb_end end = invoke(i, i->start, NULL, 0, NULL);
	i->input = (struct eb_input){NULL, 0};
	return end;
}

uint32_t eb_instance_exit_code(const eb_instance *i)
{
	return WasmEdge_ModuleInstanceWASIGetExitCode(i->wasi);
}

void eb_instance_delete(eb_instance *i)
{
	WasmEdge_ModuleInstanceDelete(i->module);
	WasmEdge_ModuleInstanceDelete(i->wasi);
	WasmEdge_StoreDelete(i->store);
	if (i->of->stoppable)
		WasmEdge_ExecutorDelete(i->executor);
	pthread_mutex_destroy(&i->lock);
	if (i->output != NULL)
		free(i->output->data);
	free(i->output);
	eb_module_delete(i->of);
	free(i);
}

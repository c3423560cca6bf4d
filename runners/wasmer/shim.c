//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

#include "own.h"

#include "shim.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Names of package runners/abi. */
static const char wasi_name[] = "wasi_snapshot_preview1";
static const char memory_name[] = "memory";
static const char initialise_name[] = "_initialize";
static const char alloc_name[] = "alloc";
static const char handle_name[] = "handle";
static const char start_name[] = "_start";

/* What is imported and may not be the library's: see role_of. */
enum role { OTHER, READ, PREAD, WRITE, PWRITE };

/* Imports that have such a role, each of them once. */
#define ROLES 4

/* Where a module has no such export. */
#define NOWHERE (-1)

struct eb_module {
	wasm_engine_t *engine;
	wasm_store_t *store;
	wasm_module_t *module;
	bool wasi; /* it imports functions of WASI */
	bool command;
	uint64_t points; /* 0 where code is not metered */
	char *files;     /* NULL where there are none */
	eb_texts folders, args, variables; /* as in eb_purpose */

	/* Where the exports stand among all exports. */
	int memory, alloc, handle, initialise, start;

	/* Imports that get something else than the library has. */
	size_t replaced;
	struct {
		enum role role;
		size_t at;
		wasm_functype_t *type;
		wasm_func_t *denied; /* answers EBADF; NULL where an instance has its own */
	} replace[ROLES];
};

static const struct eb_outcome fine = {EB_OK, NULL, NULL};

static struct eb_outcome outcome(enum eb_end end, own char *text, own char *from)
{
	return (struct eb_outcome){end, text, from};
}

/* last_error takes the library's last error on this thread. */
static own char *last_error(void)
{
	int n = wasmer_last_error_length();
	char *text = n > 0 ? malloc((size_t)n) : NULL;
	if (text == NULL || wasmer_last_error_message(text, n) < 0) {
		free(text);
		return strdup("the library gives no reason");
	}
	return text;
}

/* note_export notes where an export stands that is called. */
static struct eb_outcome note_export(eb_module *m, int i, const wasm_exporttype_t *export)
{
	switch (eb_export_of(export)) {
	case EB_MEMORY: m->memory = i; break;
	case EB_ALLOC: m->alloc = i; break;
	case EB_HANDLE: m->handle = i; break;
	case EB_INITIALISE: m->initialise = i; break;
	case EB_START: m->start = i; break;
	case EB_ODD_START: return m->command ? fine : outcome(EB_EXPORT, strdup(initialise_name), NULL);
	case EB_OTHER: break;
	}
	return fine;
}

/* inspect_exports notes where the exports stand. */
static struct eb_outcome inspect_exports(eb_module *m, const wasm_exporttype_vec_t *exports)
{
	m->memory = m->alloc = m->handle = m->initialise = m->start = NOWHERE;
	for (size_t i = 0; i < exports->size; i++) {
		struct eb_outcome noted = note_export(m, (int)i, exports->data[i]);
		if (noted.end != EB_OK)
			return noted;
	}
	if (m->memory == NOWHERE)
		return outcome(EB_EXPORT, strdup(memory_name), NULL);
	if (m->command)
		return m->start == NOWHERE ? outcome(EB_EXPORT, strdup(start_name), NULL) : fine;
	if (m->alloc == NOWHERE)
		return outcome(EB_EXPORT, strdup(alloc_name), NULL);
	if (m->handle == NOWHERE)
		return outcome(EB_EXPORT, strdup(handle_name), NULL);
	return fine;
}

/* role_of tells imports of functions that read and write files from others. */
static enum role role_of(const wasm_name_t *name, const wasm_externtype_t *type)
{
	if (eb_is(name, "fd_read") && eb_is_function(type, "iiii", "i"))
		return READ;
	if (eb_is(name, "fd_pread") && eb_is_function(type, "iiiIi", "i"))
		return PREAD;
	if (eb_is(name, "fd_write") && eb_is_function(type, "iiii", "i"))
		return WRITE;
	if (eb_is(name, "fd_pwrite") && eb_is_function(type, "iiiIi", "i"))
		return PWRITE;
	return OTHER;
}

/*
 * stays tells whether a guest gets the library's own function. A command has
 * its stdin and stdout in memory and no other file, so it gets none of them.
 * Any other guest may not read: the library would let it read this process's
 * stdin. Only one that has files needs to.
 */
static bool stays(const eb_module *m, enum role role)
{
	return role == OTHER || (!m->command && (role == WRITE || role == PWRITE || m->files != NULL || m->folders.count > 0));
}

/* bad_descriptor is WASI's answer to a file descriptor that is not open. */
static own wasm_trap_t *bad_descriptor(const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
	enum { EBADF_OF_WASI = 8 };
	(void)args;
	results->data[0] = (wasm_val_t){.kind = WASM_I32, .of = {.i32 = EBADF_OF_WASI}};
	return NULL;
}

/* replace notes an import that gets something else than the library has. */
static void replace(eb_module *m, size_t at, enum role role, const wasm_functype_t *type)
{
	bool own_stdio = m->command && (role == READ || role == WRITE);
	m->replace[m->replaced].role = role;
	m->replace[m->replaced].at = at;
	m->replace[m->replaced].type = wasm_functype_copy((wasm_functype_t *)type); /* it only reads it */
	if (!own_stdio)
		m->replace[m->replaced].denied = wasm_func_new(m->store, type, bad_descriptor);
	m->replaced++;
}

/* inspect_imports refuses what is not a function of WASI, and an import that is
 * replaced for another time, for which there is neither room nor reason. */
static struct eb_outcome inspect_imports(eb_module *m, const wasm_importtype_vec_t *imports)
{
	for (size_t i = 0; i < imports->size; i++) {
		const wasm_name_t *from = wasm_importtype_module(imports->data[i]);
		const wasm_name_t *name = wasm_importtype_name(imports->data[i]);
		const wasm_externtype_t *type = wasm_importtype_type(imports->data[i]);
		enum role role = role_of(name, type);
		if (!eb_is(from, wasi_name) || wasm_externtype_kind(type) != WASM_EXTERN_FUNC ||
		    (!stays(m, role) && m->replaced == ROLES))
			return outcome(EB_IMPORT, strndup(name->data, name->size), strndup(from->data, from->size));
		m->wasi = true;
		if (!stays(m, role))
			replace(m, i, role, wasm_externtype_as_functype_const(type));
	}
	return fine;
}

static struct eb_outcome inspect(eb_module *m)
{
	wasm_exporttype_vec_t exports;
	wasm_module_exports(m->module, &exports);
	struct eb_outcome found = inspect_exports(m, &exports);
	wasm_exporttype_vec_delete(&exports);
	if (found.end != EB_OK)
		return found;
	wasm_importtype_vec_t imports;
	wasm_module_imports(m->module, &imports);
	found = inspect_imports(m, &imports);
	wasm_importtype_vec_delete(&imports);
	return found;
}

/* cost_of_one makes each instruction cost one point. */
static uint64_t cost_of_one(enum wasmer_parser_operator_t operator)
{
	(void)operator;
	return 1;
}

static bool start_engine(eb_module *m, struct eb_compilation by)
{
	wasm_config_t *config = wasm_config_new();
	wasm_config_set_compiler(config, by.compiler);
	wasm_config_set_engine(config, UNIVERSAL);
	m->points = by.points;
	if (by.points > 0)
		wasm_config_push_middleware(config, wasmer_metering_as_middleware(wasmer_metering_new(by.points, cost_of_one)));
	m->engine = wasm_engine_new_with_config(config);
	if (m->engine != NULL)
		m->store = wasm_store_new(m->engine);
	return m->store != NULL;
}

/* release lets go of all that a module holds. */
static void release(eb_module *m)
{
	for (size_t i = 0; i < m->replaced; i++) {
		wasm_functype_delete(m->replace[i].type);
		wasm_func_delete(m->replace[i].denied);
	}
	free(m->files);
	free((char *)m->folders.bytes);
	free((char *)m->args.bytes);
	free((char *)m->variables.bytes);
	wasm_module_delete(m->module);
	wasm_store_delete(m->store);
	wasm_engine_delete(m->engine);
}

struct eb_outcome eb_compiler_start(wasmer_compiler_t compiler)
{
	static char empty[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
	const wasm_byte_vec_t bytes = {sizeof empty, empty};
	eb_module m = {0};
	if (start_engine(&m, (struct eb_compilation){.compiler = compiler}))
		m.module = wasm_module_new(m.store, &bytes);
	struct eb_outcome started = m.module != NULL ? fine : outcome(EB_FAILED, last_error(), NULL);
	release(&m);
	return started;
}

/* make fills in a module whose fields are all zero. */
static struct eb_outcome make(eb_module *m, struct eb_compilation by, bool serialised, const wasm_byte_vec_t *bytes)
{
	if (!start_engine(m, by))
		return outcome(EB_FAILED, last_error(), NULL);
	m->module = serialised ? wasm_module_deserialize(m->store, bytes) : wasm_module_new(m->store, bytes);
	if (m->module != NULL)
		return inspect(m);
	return outcome(serialised ? EB_MALFORMED : EB_REFUSED, last_error(), NULL);
}

struct eb_outcome eb_module_new(struct eb_compilation compilation, bool serialised, const uint8_t *bytes, size_t n,
                                struct eb_purpose purpose, eb_module **module)
{
	eb_module *m = calloc(1, sizeof *m);
	if (m == NULL)
		return outcome(EB_FAILED, strdup("no memory"), NULL);
	m->command = purpose.command;
	if (purpose.files != NULL)
		m->files = strdup(purpose.files);
	m->folders = eb_texts_copy(purpose.folders);
	m->args = eb_texts_copy(purpose.args);
	m->variables = eb_texts_copy(purpose.variables);
	wasm_byte_vec_t vec = {n, (char *)bytes};
	struct eb_outcome made = make(m, compilation, serialised, &vec);
	if (made.end == EB_OK)
		*module = m;
	else
		eb_module_delete(m);
	return made;
}

struct eb_outcome eb_module_serialise(const eb_module *m, wasm_byte_vec_t *out)
{
	*out = (wasm_byte_vec_t){0, NULL};
	wasm_module_serialize(m->module, out);
	return out->data != NULL ? fine : outcome(EB_FAILED, last_error(), NULL);
}

void eb_module_delete(eb_module *m)
{
	release(m);
	free(m);
}

/* put puts a function in the place of an import, and lets go of it. */
static void put(own wasm_extern_vec_t *imports, size_t at, own wasm_func_t *function)
{
	wasm_extern_delete(imports->data[at]);
	imports->data[at] = wasm_extern_copy(wasm_func_as_extern(function));
	wasm_func_delete(function);
}

/* exchange puts what is ours in the place of the library's functions. */
static void exchange(const eb_module *m, struct eb_stdio *stdio, wasm_extern_vec_t *imports)
{
	for (size_t i = 0; i < m->replaced; i++) {
		size_t at = m->replace[i].at;
		if (m->replace[i].denied != NULL) {
			wasm_extern_delete(imports->data[at]);
			imports->data[at] = wasm_extern_copy(wasm_func_as_extern(m->replace[i].denied));
			continue;
		}
		wasm_func_callback_with_env_t ours = m->replace[i].role == READ ? eb_stdio_read : eb_stdio_write;
		put(imports, at, wasm_func_new_with_env(m->store, m->replace[i].type, ours, stdio, NULL));
	}
}

/* furnish gives a configuration arguments and variables. */
static void furnish(const eb_module *m, wasi_config_t *config)
{
	const char *text = m->args.bytes;
	for (size_t i = 0; i < m->args.count; i++, text = eb_texts_next(text))
		wasi_config_arg(config, text);
	text = m->variables.bytes;
	for (size_t i = 0; i < m->variables.count; i++, text = eb_texts_next(text)) {
		char *name = eb_variable_name(text);
		wasi_config_env(config, name, text + strlen(name) + 1);
		free(name);
	}
}

/* wasi_imports makes the imports of one instance, with a state of its own. */
static bool wasi_imports(const eb_module *m, struct eb_stdio *stdio, own wasm_extern_vec_t *imports)
{
	wasi_config_t *config = wasi_config_new("guest");
	if (config == NULL)
		return false;
	wasi_config_capture_stdout(config);
	wasi_config_capture_stderr(config);
	furnish(m, config);
	if (m->files != NULL && !wasi_config_mapdir(config, "/", m->files))
		return false;
	const char *guest = m->folders.bytes;
	for (size_t i = 0; i < m->folders.count; i += 2) {
		const char *host = eb_texts_next(guest);
		if (!wasi_config_mapdir(config, guest, host))
			return false;
		guest = eb_texts_next(host);
	}
	wasi_env_t *env = wasi_env_new(config);
	if (env == NULL)
		return false;
	bool ok = wasi_get_imports(m->store, m->module, env, imports);
	wasi_env_delete(env);
	if (ok)
		exchange(m, stdio, imports);
	return ok;
}

/* find_exports fills in what the calls need. */
static void find_exports(const eb_module *m, eb_instance *i)
{
	wasm_instance_exports(i->instance, &i->exports);
	i->memory = wasm_extern_as_memory(i->exports.data[m->memory]);
	if (m->command) {
		i->stdio->memory = i->memory;
		i->start = wasm_extern_as_func(i->exports.data[m->start]);
		return;
	}
	i->alloc = wasm_extern_as_func(i->exports.data[m->alloc]);
	i->handle = wasm_extern_as_func(i->exports.data[m->handle]);
	if (m->initialise != NOWHERE)
		i->initialise = wasm_extern_as_func(i->exports.data[m->initialise]);
}

static struct eb_outcome trapped(own wasm_trap_t *trap)
{
	wasm_byte_vec_t message;
	wasm_trap_message(trap, &message);
	char *text = strndup(message.data, message.size);
	wasm_byte_vec_delete(&message);
	wasm_trap_delete(trap);
	return outcome(EB_TRAPPED, text, NULL);
}

/* instantiate fills in an instance whose fields but stdio are all zero. */
static struct eb_outcome instantiate(const eb_module *m, eb_instance *i)
{
	wasm_extern_vec_t imports = {0, NULL};
	if (m->wasi && !wasi_imports(m, i->stdio, &imports))
		return outcome(EB_FAILED, last_error(), NULL);
	wasm_trap_t *trap = NULL;
	i->instance = wasm_instance_new(m->store, m->module, &imports, &trap);
	wasm_extern_vec_delete(&imports);
	if (trap != NULL)
		return trapped(trap);
	if (i->instance == NULL)
		return outcome(EB_FAILED, last_error(), NULL);
	find_exports(m, i);
	i->points = m->points;
	return fine;
}

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* initialise runs _initialize; its trap, if any, stays with the instance. */
static void initialise(eb_instance *i)
{
	wasm_val_vec_t none = {0, NULL}, results = {0, NULL};
	int64_t from = now();
	i->trap = wasm_func_call(i->initialise, &none, &results);
	i->initialising = now() - from;
}

struct eb_outcome eb_instance_new(const eb_module *m, eb_instance **instance)
{
	eb_instance *i = calloc(1, sizeof *i);
	if (i != NULL && m->command)
		i->stdio = calloc(1, sizeof *i->stdio);
	if (i == NULL || (m->command && i->stdio == NULL)) {
		free(i);
		return outcome(EB_FAILED, strdup("no memory"), NULL);
	}
	struct eb_outcome made = instantiate(m, i);
	if (made.end != EB_OK) {
		eb_instance_delete(i);
		return made;
	}
	if (i->initialise != NULL)
		initialise(i);
	*instance = i;
	return made;
}

/* allow gives a metered guest the points of one call. */
static void allow(const eb_instance *i)
{
	if (i->points > 0)
		wasmer_metering_set_remaining_points(i->instance, i->points);
}

enum eb_end eb_instance_call(eb_instance *i, const uint8_t *request, uint32_t n)
{
	wasm_val_t values[2] = {{.kind = WASM_I32}, {.kind = WASM_I32}}, result = {.kind = WASM_I32};
	wasm_val_vec_t args = {1, values}, results = {1, &result};
	allow(i);
	if (n > 0) {
		values[0].of.i32 = (int32_t)n;
		i->trap = wasm_func_call(i->alloc, &args, &results);
		if (i->trap != NULL)
			return EB_TRAPPED;
		i->at = (uint32_t)result.of.i32;
		i->size = wasm_memory_data_size(i->memory);
		if ((uint64_t)i->at + n > i->size)
			return EB_OUTSIDE;
		memcpy(wasm_memory_data(i->memory) + i->at, request, n);
		values[0].of.i32 = result.of.i32;
		values[1].of.i32 = (int32_t)n;
	}
	args.size = 2;
	i->trap = wasm_func_call(i->handle, &args, &results);
	if (i->trap != NULL)
		return EB_TRAPPED;
	i->packed = (uint64_t)result.of.i64;
	i->base = wasm_memory_data(i->memory);
	i->size = wasm_memory_data_size(i->memory);
	return EB_OK;
}

enum eb_end eb_instance_run(eb_instance *i, const uint8_t *request, size_t n, size_t most)
{
	wasm_val_vec_t none = {0, NULL}, results = {0, NULL};
	i->stdio->input = (struct eb_input){request, n};
	i->stdio->output.most = most;
	allow(i);
	i->trap = wasm_func_call(i->start, &none, &results);
	i->stdio->input = (struct eb_input){NULL, 0};
	return i->trap != NULL ? EB_TRAPPED : EB_OK;
}

bool eb_module_reads(const eb_module *m)
{
	return m->wasi && !m->command && m->files != NULL;
}

struct eb_outcome eb_instance_trap(eb_instance *i)
{
	struct eb_outcome end = trapped(i->trap);
	i->trap = NULL;
	if (i->points > 0 && wasmer_metering_points_are_exhausted(i->instance)) {
		free(end.text); /* it says that the guest has reached "unreachable" */
		end.text = strdup("it has used all of its points");
	}
	return end;
}

void eb_instance_delete(eb_instance *i)
{
	wasm_extern_vec_delete(&i->exports);
	wasm_instance_delete(i->instance);
	if (i->stdio != NULL)
		free(i->stdio->output.data);
	free(i->stdio);
	free(i);
}

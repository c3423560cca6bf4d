//go:build cgo && linux && amd64

#include "api.h"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include <fcntl.h>
#include <unistd.h>

#include "isolate.h"

using v8::Context;
using v8::Function;
using v8::Global;
using v8::HandleScope;
using v8::Integer;
using v8::Isolate;
using v8::Local;
using v8::Locker;
using v8::Object;
using v8::String;
using v8::TryCatch;
using v8::Value;
using v8::WasmMemoryObject;
using v8::WasmModuleObject;

struct eb_module {
	eb_isolate *home; /* in which it was compiled */
	eb_purpose purpose;
	int folder;
	v8::CompiledWasmModule *code;
	Global<WasmModuleObject> object; /* of home */
	Global<Function> importer;       /* of home's context, in the scope EB_INSTANCE */
};

/* The words of host.js's buffer. */
enum { WORD_FUNCTION = 9, WORD_RESULT = 10, WORDS = 11 };

struct eb_instance {
	eb_module *module;
	eb_isolate *isolate; /* its own, or the module's home */
	Global<Context> own; /* its context, if it has one for itself within home */
	Global<Function> alloc, handle, start;
	Global<WasmMemoryObject> memory;
	eb_wasi *wasi;  /* NULL if it imports nothing */
	int64_t *words; /* of the buffer through which it calls */
	eb_answer answer;

	const Global<Context> &context() const { return own.IsEmpty() ? isolate->context : own; }
};

/* The guest that runs on this thread. */
static thread_local eb_instance *running;

static eb_outcome fine() { return {EB_OK, nullptr}; }
static eb_outcome outcome(eb_end end, const char *text) { return {end, strdup(text)}; }

/* text gives what an exception says, from malloc. */
static char *text(Isolate *isolate, Local<Value> exception)
{
	if (exception.IsEmpty())
		return strdup("V8 gives no reason");
	String::Utf8Value said(isolate, exception);
	return strdup(*said != nullptr ? *said : "an exception without words");
}

static eb_outcome thrown(eb_end end, Isolate *isolate, const TryCatch &caught)
{
	return {end, text(isolate, caught.Exception())};
}

/* Bytes that the caller keeps. */
struct Bytes {
	const uint8_t *data;
	size_t size;
};

/* What eb_streaming hands to V8. */
struct Stored {
	Bytes wasm, code;
	bool taken;
};
static thread_local Stored *stored;

void eb_streaming(const v8::FunctionCallbackInfo<Value> &info)
{
	std::shared_ptr<v8::WasmStreaming> stream = v8::WasmStreaming::Unpack(info.GetIsolate(), info.Data());
	stored->taken = stream->SetCompiledModuleBytes(stored->code.data, stored->code.size);
	stream->OnBytesReceived(stored->wasm.data, stored->wasm.size);
	stream->Finish(stored->taken);
}

static Local<String> string(Isolate *isolate, const char *s)
{
	Local<String> made;
	String::NewFromUtf8(isolate, s).ToLocal(&made);
	return made;
}

/* member reads a property of an object, empty if there is none. */
static Local<Value> member(const Inside &in, Isolate *isolate, Local<Object> of, const char *name)
{
	Local<Value> found;
	of->Get(in.context, string(isolate, name)).ToLocal(&found);
	return found;
}

/* webassembly finds a member of the object WebAssembly, which is a function. */
static Local<Function> webassembly(const Inside &in, Isolate *isolate, const char *name)
{
	return member(in, isolate, member(in, isolate, in.context->Global(), "WebAssembly").As<Object>(), name).As<Function>();
}

/* importer runs the script, whose value is the function that makes imports. */
static Local<Function> importer(const Inside &in, Isolate *isolate)
{
	Local<v8::Script> script;
	Local<Value> made;
	if (v8::Script::Compile(in.context, string(isolate, eb_script())).ToLocal(&script))
		script->Run(in.context).ToLocal(&made);
	return made.As<Function>();
}

/* restore makes a module object of stored code. */
static Local<WasmModuleObject> restore(const Inside &in, Isolate *isolate, Bytes wasm, Bytes code)
{
	Stored s = {wasm, code, false};
	stored = &s;
	Local<Value> none[1] = {in.context->Global()}, promise;
	webassembly(in, isolate, "compileStreaming")->Call(in.context, none[0], 1, none).ToLocal(&promise);
	stored = nullptr;
	if (promise.IsEmpty() || !s.taken)
		return {};
	while (promise.As<v8::Promise>()->State() == v8::Promise::kPending)
		if (!eb_pump(isolate))
			break;
	if (promise.As<v8::Promise>()->State() != v8::Promise::kFulfilled)
		return {};
	return promise.As<v8::Promise>()->Result().As<WasmModuleObject>();
}

static eb_outcome compile(eb_isolate *home, Bytes wasm, Bytes code, eb_module *m)
{
	Isolate *isolate = home->v8;
	Inside in(isolate, home->context);
	Local<WasmModuleObject> object;
	if (code.data != nullptr) {
		object = restore(in, isolate, wasm, code);
		if (object.IsEmpty())
			return outcome(EB_MALFORMED, "V8 does not accept the stored code");
	} else if (!WasmModuleObject::Compile(isolate, v8::MemorySpan<const uint8_t>(wasm.data, wasm.size)).ToLocal(&object)) {
		return thrown(EB_REFUSED, isolate, in.caught);
	}
	m->code = new v8::CompiledWasmModule(object->GetCompiledModule());
	if (m->purpose.scope != EB_ISOLATE)
		m->object.Reset(isolate, object);
	if (m->purpose.scope == EB_INSTANCE && m->purpose.imports)
		m->importer.Reset(isolate, importer(in, isolate));
	return fine();
}

extern "C" eb_outcome eb_module_new(eb_isolate *home, const uint8_t *wasm, size_t n, const uint8_t *code, size_t code_size,
                                    eb_purpose purpose, eb_module **module)
{
	eb_module *m = new eb_module{home, purpose, -1, nullptr, {}, {}};
	m->purpose.files = nullptr; /* it is the caller's */
	m->purpose.args = eb_texts_copy(purpose.args);
	m->purpose.variables = eb_texts_copy(purpose.variables);
	if (purpose.files != nullptr)
		m->folder = open(purpose.files, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	eb_outcome made = fine();
	if (purpose.files != nullptr && m->folder < 0)
		made = outcome(EB_FAILED, "the folder of its files cannot be opened");
	else
		made = compile(home, {wasm, n}, {code, code_size}, m);
	if (made.end == EB_OK)
		*module = m;
	else
		eb_module_delete(m);
	return made;
}

extern "C" uint8_t *eb_module_serialise(eb_module *m, size_t *size)
{
	v8::OwnedBuffer out = m->code->Serialize();
	uint8_t *copy = out.size > 0 ? static_cast<uint8_t *>(malloc(out.size)) : nullptr;
	if (copy != nullptr)
		memcpy(copy, out.buffer.get(), out.size);
	*size = out.size;
	return copy;
}

extern "C" void eb_module_delete(eb_module *m)
{
	{
		Locker locker(m->home->v8);
		Isolate::Scope scope(m->home->v8);
		m->object.Reset();
		m->importer.Reset();
		delete m->code;
	}
	if (m->folder >= 0)
		close(m->folder);
	free(const_cast<char *>(m->purpose.args.bytes));
	free(const_cast<char *>(m->purpose.variables.bytes));
	delete m;
}

/* host is what host.js calls: it carries out the function of WASI that the
 * running guest asks for. */
static void host(const v8::FunctionCallbackInfo<Value> &info)
{
	eb_instance *i = running;
	uint8_t *base = nullptr;
	size_t size = 0;
	if (!i->memory.IsEmpty()) {
		Isolate *isolate = info.GetIsolate();
		HandleScope handles(isolate);
		Local<v8::ArrayBuffer> buffer = i->memory.Get(isolate)->Buffer();
		base = static_cast<uint8_t *>(buffer->Data());
		size = buffer->ByteLength();
	}
	int32_t result = eb_wasi_call(i->wasi, base, size, i->words[WORD_FUNCTION], i->words);
	i->words[WORD_RESULT] = static_cast<uint32_t>(result) | static_cast<int64_t>(eb_wasi_exited(i->wasi)) << 32;
}

/* imports makes what an instance imports, empty after an exception. */
static Local<Value> imports(const Inside &in, Isolate *isolate, eb_instance *i, Local<WasmModuleObject> object)
{
	Local<Function> make = i->module->importer.IsEmpty() ? importer(in, isolate) : i->module->importer.Get(isolate);
	Local<Function> call;
	Local<Value> made;
	Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(isolate, WORDS * sizeof(int64_t));
	if (make.IsEmpty() || !Function::New(in.context, host).ToLocal(&call))
		return made;
	i->words = static_cast<int64_t *>(buffer->Data());
	i->wasi = eb_wasi_new(i->module->purpose.command, i->module->purpose.args, i->module->purpose.variables, i->module->folder);
	Local<Value> args[3] = {call, buffer, object};
	make->Call(in.context, in.context->Global(), 3, args).ToLocal(&made);
	return made;
}

static int64_t now()
{
	timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<int64_t>(t.tv_sec) * 1000000000 + t.tv_nsec;
}

/* keep remembers an exported function. */
static bool keep(const Inside &in, Isolate *isolate, Local<Object> exports, const char *name, Global<Function> *to)
{
	Local<Value> found = member(in, isolate, exports, name);
	if (found.IsEmpty() || !found->IsFunction())
		return false;
	to->Reset(isolate, found.As<Function>());
	return true;
}

/* find remembers what the calls need. */
static eb_outcome find(const Inside &in, Isolate *isolate, eb_instance *i, Local<Object> exports)
{
	Local<Value> memory = member(in, isolate, exports, "memory");
	bool has = !memory.IsEmpty() && memory->IsWasmMemoryObject();
	if (has)
		i->memory.Reset(isolate, memory.As<WasmMemoryObject>());
	else if (!i->module->purpose.command || i->wasi != nullptr) /* a command that calls nobody needs none */
		return outcome(EB_EXPORT, "memory");
	if (i->module->purpose.command)
		return keep(in, isolate, exports, "_start", &i->start) ? fine() : outcome(EB_EXPORT, "_start");
	if (!keep(in, isolate, exports, "alloc", &i->alloc))
		return outcome(EB_EXPORT, "alloc");
	return keep(in, isolate, exports, "handle", &i->handle) ? fine() : outcome(EB_EXPORT, "handle");
}

/* initialise runs _initialize, if there is one. */
static eb_outcome initialise(const Inside &in, Isolate *isolate, eb_instance *i, Local<Object> exports, int64_t *took)
{
	Local<Value> function = member(in, isolate, exports, "_initialize");
	if (i->module->purpose.command || function.IsEmpty() || !function->IsFunction())
		return fine();
	running = i;
	int64_t from = now();
	bool ended = !function.As<Function>()->Call(in.context, in.context->Global(), 0, nullptr).IsEmpty();
	*took = now() - from;
	return ended ? fine() : thrown(EB_TRAPPED, isolate, in.caught);
}

static eb_outcome instantiate(eb_instance *i, int64_t *initialising)
{
	Isolate *isolate = i->isolate->v8;
	Inside in(isolate, i->context());
	Local<WasmModuleObject> object;
	if (!i->module->object.IsEmpty())
		object = i->module->object.Get(isolate);
	else if (!WasmModuleObject::FromCompiledModule(isolate, *i->module->code).ToLocal(&object))
		return thrown(EB_FAILED, isolate, in.caught);
	Local<Value> args[2] = {object};
	int count = 1;
	if (i->module->purpose.imports) {
		args[count++] = imports(in, isolate, i, object);
		if (args[1].IsEmpty())
			return thrown(EB_FAILED, isolate, in.caught);
	}
	running = i; /* a start function may call the host */
	Local<Object> made;
	if (!webassembly(in, isolate, "Instance")->NewInstance(in.context, count, args).ToLocal(&made))
		return thrown(EB_FAILED, isolate, in.caught);
	Local<Object> exports = member(in, isolate, made, "exports").As<Object>();
	eb_outcome found = find(in, isolate, i, exports);
	return found.end == EB_OK ? initialise(in, isolate, i, exports, initialising) : found;
}

extern "C" eb_outcome eb_instance_new(eb_module *m, eb_instance **instance, int64_t *initialising)
{
	eb_instance *i = new eb_instance{m, m->home, {}, {}, {}, {}, {}, nullptr, nullptr, {}};
	*initialising = -1;
	if (m->purpose.scope == EB_ISOLATE)
		i->isolate = eb_isolate_new();
	if (m->purpose.scope == EB_CONTEXT) {
		Isolate *isolate = m->home->v8;
		Locker locker(isolate);
		Isolate::Scope scope(isolate);
		HandleScope handles(isolate);
		i->own.Reset(isolate, Context::New(isolate));
	}
	eb_outcome made = instantiate(i, initialising);
	if (made.end == EB_OK)
		*instance = i;
	else
		eb_instance_delete(i);
	return made;
}

extern "C" eb_answer *eb_instance_answer(eb_instance *i) { return &i->answer; }

/* trapped keeps what the exception says. */
static eb_end trapped(const Locked &in, Isolate *isolate, eb_instance *i)
{
	Context::Scope scope(in.context);
	i->answer.text = text(isolate, in.caught.Exception());
	return EB_TRAPPED;
}

extern "C" enum eb_end eb_instance_call(eb_instance *i, const uint8_t *request, uint32_t n)
{
	Isolate *isolate = i->isolate->v8;
	Locked in(isolate, i->context());
	running = i;
	Local<Value> args[2], result, self = in.context->Global();
	Local<WasmMemoryObject> memory = i->memory.Get(isolate);
	args[0] = args[1] = Integer::New(isolate, static_cast<int32_t>(n));
	if (n > 0) {
		if (!i->alloc.Get(isolate)->Call(in.context, self, 1, args).ToLocal(&args[0]))
			return trapped(in, isolate, i);
		i->answer.at = static_cast<uint32_t>(args[0].As<Integer>()->Value());
		Local<v8::ArrayBuffer> buffer = memory->Buffer();
		i->answer.size = buffer->ByteLength();
		if (n > i->answer.size || i->answer.at > i->answer.size - n)
			return EB_OUTSIDE;
		memcpy(static_cast<uint8_t *>(buffer->Data()) + i->answer.at, request, n);
	}
	if (!i->handle.Get(isolate)->Call(in.context, self, 2, args).ToLocal(&result))
		return trapped(in, isolate, i);
	i->answer.packed = result.As<v8::BigInt>()->Uint64Value();
	Local<v8::ArrayBuffer> buffer = memory->Buffer();
	i->answer.base = static_cast<const uint8_t *>(buffer->Data());
	i->answer.size = buffer->ByteLength();
	return EB_OK;
}

extern "C" enum eb_end eb_instance_run(eb_instance *i, const uint8_t *request, size_t n, size_t most)
{
	Isolate *isolate = i->isolate->v8;
	Locked in(isolate, i->context());
	running = i;
	if (i->wasi != nullptr)
		eb_wasi_begin(i->wasi, request, n, most);
	bool ended = !i->start.Get(isolate)->Call(in.context, in.context->Global(), 0, nullptr).IsEmpty();
	if (i->wasi != nullptr)
		eb_wasi_end(i->wasi);
	return ended ? EB_OK : trapped(in, isolate, i);
}

extern "C" eb_isolate *eb_instance_isolate(eb_instance *i) { return i->isolate; }
extern "C" eb_wasi *eb_instance_wasi(eb_instance *i) { return i->wasi; }

static eb_outcome tier(eb_instance *i, eb_tier *found)
{
	Isolate *isolate = i->isolate->v8;
	Inside in(isolate, i->context());
	Local<v8::Script> script;
	Local<Value> ask, answer;
	const char *text = "(f => %IsTurboFanFunction(f) ? 2 : %IsLiftoffFunction(f) ? 1 : 0)";
	if (!v8::Script::Compile(in.context, string(isolate, text)).ToLocal(&script) || !script->Run(in.context).ToLocal(&ask))
		return thrown(EB_FAILED, isolate, in.caught);
	Local<Value> entry[1] = {(i->module->purpose.command ? i->start : i->handle).Get(isolate)};
	if (!ask.As<Function>()->Call(in.context, in.context->Global(), 1, entry).ToLocal(&answer))
		return thrown(EB_FAILED, isolate, in.caught);
	*found = static_cast<eb_tier>(answer.As<Integer>()->Value());
	return fine();
}

extern "C" eb_outcome eb_instance_tier(eb_instance *i, enum eb_tier *found)
{
	eb_flags("--allow-natives-syntax");
	eb_outcome asked = tier(i, found);
	eb_flags("--no-allow-natives-syntax");
	return asked;
}

/* release lets go of what an instance has in its isolate, and carries out the
 * tasks that V8 has left for this isolate. */
static void release(eb_instance *i)
{
	Locker locker(i->isolate->v8);
	Isolate::Scope scope(i->isolate->v8);
	i->alloc.Reset();
	i->handle.Reset();
	i->start.Reset();
	i->memory.Reset();
	i->own.Reset();
	eb_work(i->isolate->v8);
}

extern "C" void eb_instance_delete(eb_instance *i)
{
	release(i);
	if (i->isolate != i->module->home)
		eb_isolate_delete(i->isolate);
	eb_wasi_delete(i->wasi);
	delete i;
}

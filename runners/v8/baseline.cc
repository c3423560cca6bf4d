//go:build cgo && linux && amd64

#include "api.h"

#include <cstring>

#include "baseline.h"
#include "isolate.h"

using namespace v8;

struct baseline_module {
	baseline_own own;
	Isolate *isolate;
	Global<Context> context;
	CompiledWasmModule *code; /* NULL before it has been compiled or restored */
	Global<WasmModuleObject> object;
	OwnedBuffer stored;
};

struct baseline_guest {
	baseline_module *module;
	Isolate *isolate;
	Global<Context> context;
	Global<Function> alloc, handle;
	Global<WasmMemoryObject> memory;
};

static Isolate *new_isolate()
{
	static ArrayBuffer::Allocator *allocator = ArrayBuffer::Allocator::NewDefaultAllocator();
	Isolate::CreateParams params;
	params.array_buffer_allocator = allocator;
	return Isolate::New(params);
}

static Local<Value> get(Isolate *isolate, Local<Context> context, Local<Value> object, const char *name)
{
	Local<String> key;
	Local<Value> value;
	if (String::NewFromUtf8(isolate, name).ToLocal(&key))
		object.As<Object>()->Get(context, key).ToLocal(&value);
	return value;
}

extern "C" void baseline_start(const char *flags, const char *script)
{
	V8::SetFlagsFromString("--no-freeze-flags-after-init"); /* a later runtime may need others */
	V8::SetFlagsFromString(flags);
	Platform *platform = platform::NewDefaultPlatform().release();
	V8::InitializePlatform(platform);
	V8::Initialize();
	eb_keep(platform, script);
}

/* What the streaming callback gives V8, and whether V8 takes it. */
static thread_local struct {
	const uint8_t *wasm, *code;
	size_t n, size;
	bool taken;
} restored;

static void stream(const FunctionCallbackInfo<Value> &info)
{
	std::shared_ptr<WasmStreaming> to = WasmStreaming::Unpack(info.GetIsolate(), info.Data());
	restored.taken = to->SetCompiledModuleBytes(restored.code, restored.size);
	to->OnBytesReceived(restored.wasm, restored.n);
	to->Finish(restored.taken);
}

extern "C" baseline_module *baseline_open(baseline_own own)
{
	baseline_module *m = new baseline_module{own, new_isolate(), {}, nullptr, {}, {}};
	Locker locker(m->isolate);
	Isolate::Scope scope(m->isolate);
	HandleScope handles(m->isolate);
	m->isolate->SetWasmStreamingCallback(stream);
	m->context.Reset(m->isolate, Context::New(m->isolate));
	return m;
}

/* take makes a module object that of the module. */
static void take(baseline_module *m, Local<WasmModuleObject> object)
{
	delete m->code;
	m->code = new CompiledWasmModule(object->GetCompiledModule());
	if (m->own != BASELINE_ISOLATE)
		m->object.Reset(m->isolate, object);
}

extern "C" bool baseline_compile(baseline_module *m, const uint8_t *wasm, size_t n)
{
	Locker locker(m->isolate);
	Isolate::Scope scope(m->isolate);
	HandleScope handles(m->isolate);
	Context::Scope entered(m->context.Get(m->isolate));
	TryCatch caught(m->isolate);
	Local<WasmModuleObject> object;
	if (!WasmModuleObject::Compile(m->isolate, MemorySpan<const uint8_t>(wasm, n)).ToLocal(&object))
		return false;
	take(m, object);
	return true;
}

extern "C" const uint8_t *baseline_store(baseline_module *m, size_t *size)
{
	m->stored = m->code->Serialize();
	*size = m->stored.size;
	return m->stored.buffer.get();
}

extern "C" bool baseline_restore(baseline_module *m, const uint8_t *wasm, size_t n, const uint8_t *code, size_t size)
{
	Locker locker(m->isolate);
	Isolate::Scope scope(m->isolate);
	HandleScope handles(m->isolate);
	Local<Context> context = m->context.Get(m->isolate);
	Context::Scope entered(context);
	TryCatch caught(m->isolate);
	restored = {wasm, code, n, size, false};
	Local<Value> args[1] = {context->Global()}, promised;
	Local<Value> streaming = get(m->isolate, context, get(m->isolate, context, args[0], "WebAssembly"), "compileStreaming");
	if (!streaming.As<Function>()->Call(context, args[0], 1, args).ToLocal(&promised) || !restored.taken)
		return false;
	Local<Promise> promise = promised.As<Promise>();
	while (promise->State() == Promise::kPending && platform::PumpMessageLoop(eb_platform(), m->isolate))
		;
	if (promise->State() != Promise::kFulfilled)
		return false;
	take(m, promise->Result().As<WasmModuleObject>());
	return true;
}

extern "C" void baseline_close(baseline_module *m)
{
	{
		Locker locker(m->isolate);
		m->context.Reset();
		m->object.Reset();
		delete m->code;
	}
	eb_dispose(m->isolate);
	delete m;
}

extern "C" baseline_guest *baseline_new(baseline_module *m)
{
	Isolate *isolate = m->own == BASELINE_ISOLATE ? new_isolate() : m->isolate;
	Locker locker(isolate);
	Isolate::Scope scope(isolate);
	HandleScope handles(isolate);
	Local<Context> context = m->own == BASELINE_INSTANCE ? m->context.Get(isolate) : Context::New(isolate);
	Context::Scope entered(context);
	Local<WasmModuleObject> object;
	if (m->own != BASELINE_ISOLATE)
		object = m->object.Get(isolate);
	else if (!WasmModuleObject::FromCompiledModule(isolate, *m->code).ToLocal(&object))
		return nullptr;
	Local<Value> args[1] = {object}, global = context->Global();
	Local<Object> made;
	Local<Value> constructor = get(isolate, context, get(isolate, context, global, "WebAssembly"), "Instance");
	if (!constructor.As<Function>()->NewInstance(context, 1, args).ToLocal(&made))
		return nullptr;
	Local<Value> exports = get(isolate, context, made, "exports");
	Local<Value> initialise = get(isolate, context, exports, "_initialize");
	if (initialise->IsFunction() && initialise.As<Function>()->Call(context, global, 0, nullptr).IsEmpty())
		return nullptr;
	baseline_guest *g = new baseline_guest{m, isolate, {}, {}, {}, {}};
	g->context.Reset(isolate, context);
	g->alloc.Reset(isolate, get(isolate, context, exports, "alloc").As<Function>());
	g->handle.Reset(isolate, get(isolate, context, exports, "handle").As<Function>());
	g->memory.Reset(isolate, get(isolate, context, exports, "memory").As<WasmMemoryObject>());
	return g;
}

extern "C" void baseline_free(baseline_guest *g)
{
	Isolate *isolate = g->isolate;
	bool own = isolate != g->module->isolate;
	{
		Locker locker(isolate);
		Isolate::Scope scope(isolate);
		delete g;
		eb_work(isolate);
	}
	if (own)
		eb_dispose(isolate);
}

extern "C" size_t baseline_call(baseline_guest *g, const uint8_t *request, size_t n, uint8_t *response, size_t room)
{
	Isolate *isolate = g->isolate;
	Locker locker(isolate);
	Isolate::Scope scope(isolate);
	HandleScope handles(isolate);
	Local<Context> context = g->context.Get(isolate);
	Context::Scope entered(context);
	TryCatch caught(isolate);
	Local<Value> args[2], packed, global = context->Global();
	Local<WasmMemoryObject> memory = g->memory.Get(isolate);
	args[0] = args[1] = Integer::New(isolate, static_cast<int32_t>(n));
	if (!g->alloc.Get(isolate)->Call(context, global, 1, args).ToLocal(&args[0]))
		return room + 1;
	Local<ArrayBuffer> buffer = memory->Buffer();
	uint32_t at = static_cast<uint32_t>(args[0].As<Integer>()->Value());
	if (static_cast<uint64_t>(at) + n > buffer->ByteLength())
		return room + 1;
	memcpy(static_cast<uint8_t *>(buffer->Data()) + at, request, n);
	if (!g->handle.Get(isolate)->Call(context, global, 2, args).ToLocal(&packed))
		return room + 1;
	uint64_t where = packed.As<BigInt>()->Uint64Value();
	uint64_t from = where >> 32, size = where & UINT32_MAX;
	buffer = memory->Buffer();
	if (size > room || from + size > buffer->ByteLength())
		return room + 1;
	memcpy(response, static_cast<const uint8_t *>(buffer->Data()) + from, size);
	return size;
}

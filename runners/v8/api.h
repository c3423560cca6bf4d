//go:build cgo && linux && amd64

/*
 * api.h: what the shim uses of V8's C++ API, as V8 13.6 declares it. Why it is
 * declared here and not included: see the package's documentation.
 *
 * Names and types of parameters are part of each symbol, so the linker refuses
 * a function that V8 does not have. The rest (results, sizes, inline
 * functions) is checked by a test, which compiles the shim with V8's own headers
 * in place of this one, and this one's numbers against them.
 */
#ifndef EDGEBENCH_V8_API_H
#define EDGEBENCH_V8_API_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "layout.h"

#ifdef EDGEBENCH_V8_HEADERS
#include "libplatform/libplatform.h"
#include "v8.h"
#else

namespace v8 {

namespace internal {
using Address = uintptr_t;
class Isolate;
namespace wasm {
class NativeModule;
}
} // namespace internal

class Isolate;
class Context;
class Data;
class Value;
class Object;
class String;
class ExtensionConfiguration;
class ObjectTemplate;
class MicrotaskQueue;
class ScriptOrigin;
class BackingStore;
class WasmStreaming;

/* A reference into the innermost HandleScope. A T is never an object here: its
 * address is that of the reference's slot. */
template <class T> class Local {
public:
	Local() = default;
	template <class S> Local(Local<S> that) : slot_(that.slot_) { static_cast<void>(static_cast<T *>(static_cast<S *>(nullptr))); }
	bool IsEmpty() const { return slot_ == nullptr; }
	T *operator->() const { return reinterpret_cast<T *>(slot_); }
	template <class S> Local<S> As() const
	{
		Local<S> s;
		s.slot_ = slot_;
		return s;
	}
	internal::Address *slot_ = nullptr;
};

/* A reference that may be empty, after an exception. */
template <class T> class MaybeLocal {
public:
	MaybeLocal() = default;
	template <class S> MaybeLocal(Local<S> that) : local_(that) {}
	bool IsEmpty() const { return local_.IsEmpty(); }
	template <class S> bool ToLocal(Local<S> *out) const
	{
		*out = local_;
		return !IsEmpty();
	}

private:
	Local<T> local_;
};

class HandleScope {
public:
	explicit HandleScope(Isolate *);
	~HandleScope();
	static internal::Address *CreateHandle(internal::Isolate *, internal::Address value); /* protected in V8 */

private:
	uintptr_t room_[EB_SIZE_HANDLE_SCOPE / sizeof(uintptr_t)];
};

namespace api_internal {
void DisposeGlobal(internal::Address *);
internal::Address *GlobalizeReference(internal::Isolate *, internal::Address value);
Local<Value> GetFunctionTemplateData(Isolate *, Local<Data> target);
} // namespace api_internal

/* A reference that lives until it is reset. */
template <class T> class Global {
public:
	Global() = default;
	Global(const Global &) = delete;
	~Global() { Reset(); }
	void Reset()
	{
		if (slot_ != nullptr)
			api_internal::DisposeGlobal(slot_);
		slot_ = nullptr;
	}
	void Reset(Isolate *isolate, Local<T> that)
	{
		Reset();
		slot_ = api_internal::GlobalizeReference(reinterpret_cast<internal::Isolate *>(isolate), *that.slot_);
	}
	bool IsEmpty() const { return slot_ == nullptr; }
	Local<T> Get(Isolate *isolate) const
	{
		Local<T> local;
		local.slot_ = HandleScope::CreateHandle(reinterpret_cast<internal::Isolate *>(isolate), *slot_);
		return local;
	}

private:
	internal::Address *slot_ = nullptr;
};

template <class T> class Maybe {
public:
	bool IsNothing() const { return !has_value_; }

private:
	bool has_value_;
	T value_;
};

template <class T> class MemorySpan {
public:
	MemorySpan(T *data, size_t size) : data_(data), size_(size) {}

private:
	T *data_;
	size_t size_;
};

template <class T> class FunctionCallbackInfo {
public:
	Isolate *GetIsolate() const { return reinterpret_cast<Isolate *>(implicit_args_[EB_CALLBACK_ISOLATE]); }
	Local<Value> Data() const
	{
		Local<v8::Data> target;
		target.slot_ = &implicit_args_[EB_CALLBACK_TARGET];
		return api_internal::GetFunctionTemplateData(GetIsolate(), target);
	}

private:
	internal::Address *implicit_args_;
	internal::Address *values_;
	internal::Address length_;
};
using FunctionCallback = void (*)(const FunctionCallbackInfo<Value> &);
using WasmStreamingCallback = FunctionCallback;

class Data {};

class Value : public Data {
public:
	bool IsFunction() const;
	bool IsObject() const;
	bool IsWasmMemoryObject() const;
};

class Integer : public Value {
public:
	static Local<Integer> New(Isolate *, int32_t);
	int64_t Value() const;
};

class BigInt : public Value {
public:
	uint64_t Uint64Value(bool *lossless = nullptr) const;
};

enum class NewStringType { kNormal, kInternalized };

class String : public Value {
public:
	enum WriteOptions { REPLACE_INVALID_UTF8 = EB_REPLACE_INVALID_UTF8 };
	static MaybeLocal<String> NewFromUtf8(Isolate *, const char *, NewStringType = NewStringType::kNormal, int length = -1);
	class Utf8Value {
	public:
		Utf8Value(Isolate *, Local<v8::Value>, WriteOptions = REPLACE_INVALID_UTF8);
		~Utf8Value();
		const char *operator*() const { return str_; }

	private:
		char *str_;
		size_t length_;
	};
};

class Object : public Value {
public:
	Maybe<bool> Set(Local<Context>, Local<v8::Value> key, Local<v8::Value>);
	MaybeLocal<v8::Value> Get(Local<Context>, Local<v8::Value> key);
};

enum class ConstructorBehavior { kThrow, kAllow };
enum class SideEffectType { kHasSideEffect, kHasNoSideEffect, kHasSideEffectToReceiver };

class Function : public Object {
public:
	static MaybeLocal<Function> New(Local<Context>, FunctionCallback, Local<v8::Value> data = Local<v8::Value>(), int length = 0,
	                                ConstructorBehavior = ConstructorBehavior::kAllow,
	                                SideEffectType = SideEffectType::kHasSideEffect);
	MaybeLocal<Object> NewInstance(Local<Context>, int argc, Local<v8::Value> argv[]) const;
	MaybeLocal<v8::Value> Call(Local<Context>, Local<v8::Value> receiver, int argc, Local<v8::Value> argv[]);
};

class Promise : public Object {
public:
	enum PromiseState { kPending, kFulfilled, kRejected };
	Local<v8::Value> Result();
	PromiseState State();
};

enum class BackingStoreInitializationMode { kZeroInitialized, kUninitialized };

class ArrayBuffer : public Object {
public:
	class Allocator {
	public:
		static Allocator *NewDefaultAllocator();
	};
	static Local<ArrayBuffer> New(Isolate *, size_t byte_length,
	                              BackingStoreInitializationMode = BackingStoreInitializationMode::kZeroInitialized);
	size_t ByteLength() const;
	void *Data() const;
};

struct OwnedBuffer {
	std::unique_ptr<const uint8_t[]> buffer;
	size_t size = 0;
};

class CompiledWasmModule {
public:
	OwnedBuffer Serialize();

private:
	const std::shared_ptr<internal::wasm::NativeModule> native_module_;
	const std::string source_url_;
};

class WasmMemoryObject : public Object {
public:
	Local<ArrayBuffer> Buffer();
};

class WasmModuleObject : public Object {
public:
	static MaybeLocal<WasmModuleObject> FromCompiledModule(Isolate *, const CompiledWasmModule &);
	CompiledWasmModule GetCompiledModule();
	static MaybeLocal<WasmModuleObject> Compile(Isolate *, MemorySpan<const uint8_t>);
};

class WasmStreaming {
public:
	void OnBytesReceived(const uint8_t *, size_t);
	void Finish(bool can_use_compiled_module = true);
	bool SetCompiledModuleBytes(const uint8_t *, size_t);
	static std::shared_ptr<WasmStreaming> Unpack(Isolate *, Local<v8::Value>);
};

template <int kind> struct ContextCallback {
	void (*callback)() = nullptr;
	void *data = nullptr;
};
struct DeserializeInternalFieldsCallback : ContextCallback<0> {};
struct DeserializeContextDataCallback : ContextCallback<1> {};
struct DeserializeAPIWrapperCallback : ContextCallback<2> {};

class Context : public Data {
public:
	static Local<Context> New(Isolate *, ExtensionConfiguration * = nullptr, MaybeLocal<ObjectTemplate> = {},
	                          MaybeLocal<v8::Value> = {}, DeserializeInternalFieldsCallback = {}, MicrotaskQueue * = nullptr,
	                          DeserializeContextDataCallback = {}, DeserializeAPIWrapperCallback = {});
	Local<Object> Global();
	void Enter();
	void Exit();
	class Scope {
	public:
		explicit Scope(Local<Context> c) : context_(c) { context_->Enter(); }
		~Scope() { context_->Exit(); }

	private:
		Local<Context> context_;
	};
};

class Script : public Data {
public:
	static MaybeLocal<Script> Compile(Local<Context>, Local<String> source, ScriptOrigin * = nullptr);
	MaybeLocal<v8::Value> Run(Local<Context>);
};

class TryCatch {
public:
	explicit TryCatch(Isolate *);
	~TryCatch();
	Local<Value> Exception() const;

private:
	uintptr_t room_[EB_SIZE_TRY_CATCH / sizeof(uintptr_t)];
};

class Locker {
public:
	explicit Locker(Isolate *isolate) { Initialize(isolate); }
	~Locker();

private:
	void Initialize(Isolate *);
	uintptr_t room_[EB_SIZE_LOCKER / sizeof(uintptr_t)];
};

class HeapStatistics {
public:
	HeapStatistics();
	size_t total_heap_size() { return numbers_[0]; }

private:
	size_t numbers_[EB_SIZE_HEAP_STATISTICS / sizeof(size_t)];
};

class Isolate {
public:
	struct alignas(8) CreateParams {
		CreateParams();
		~CreateParams();
		unsigned char before_[EB_OFFSET_ALLOCATOR];
		ArrayBuffer::Allocator *array_buffer_allocator;
		unsigned char after_[EB_SIZE_CREATE_PARAMS - EB_OFFSET_ALLOCATOR - sizeof(void *)];
	};
	class Scope {
	public:
		explicit Scope(Isolate *isolate) : isolate_(isolate) { isolate_->Enter(); }
		~Scope() { isolate_->Exit(); }

	private:
		Isolate *isolate_;
	};
	static Isolate *New(const CreateParams &);
	void Dispose();
	void Enter();
	void Exit();
	void GetHeapStatistics(HeapStatistics *);
	void LowMemoryNotification();
	void TerminateExecution();
	void CancelTerminateExecution();
	void SetWasmStreamingCallback(WasmStreamingCallback);
};

class Platform {};
class TracingController {};

namespace platform {
enum class IdleTaskSupport { kDisabled, kEnabled };
enum class InProcessStackDumping { kDisabled, kEnabled };
enum class MessageLoopBehavior : bool { kDoNotWait = false, kWaitForWork = true };
enum class PriorityMode : bool { kDontApply, kApply };
std::unique_ptr<Platform> NewDefaultPlatform(int threads = 0, IdleTaskSupport = IdleTaskSupport::kDisabled,
                                             InProcessStackDumping = InProcessStackDumping::kDisabled,
                                             std::unique_ptr<TracingController> = {}, PriorityMode = PriorityMode::kDontApply);
void NotifyIsolateShutdown(Platform *, Isolate *);
bool PumpMessageLoop(Platform *, Isolate *, MessageLoopBehavior = MessageLoopBehavior::kDoNotWait);
} // namespace platform

class V8 {
public:
	static void SetFlagsFromString(const char *);
	static const char *GetVersion();
	static void InitializePlatform(Platform *);
	static bool Initialize() { return Initialize(EB_BUILD_CONFIGURATION); }

private:
	static bool Initialize(int build_configuration);
};

} // namespace v8

#endif
#endif

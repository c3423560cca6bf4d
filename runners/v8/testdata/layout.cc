/*
 * layout.cc compares the numbers of layout.h, and what api.h takes for granted,
 * with V8's headers. It is compiled by TestHeaders and never run.
 */
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#define private public
#define protected public
#include "libplatform/libplatform.h"
#include "v8.h"

#include "../layout.h"

static_assert(sizeof(v8::HandleScope) == EB_SIZE_HANDLE_SCOPE);
static_assert(sizeof(v8::TryCatch) == EB_SIZE_TRY_CATCH);
static_assert(sizeof(v8::Locker) == EB_SIZE_LOCKER);
static_assert(sizeof(v8::HeapStatistics) == EB_SIZE_HEAP_STATISTICS);
static_assert(offsetof(v8::HeapStatistics, total_heap_size_) == 0);
static_assert(sizeof(v8::Isolate::CreateParams) == EB_SIZE_CREATE_PARAMS);
static_assert(offsetof(v8::Isolate::CreateParams, array_buffer_allocator) == EB_OFFSET_ALLOCATOR);
static_assert(v8::FunctionCallbackInfo<v8::Value>::kIsolateIndex == EB_CALLBACK_ISOLATE);
static_assert(v8::FunctionCallbackInfo<v8::Value>::kTargetIndex == EB_CALLBACK_TARGET);
static_assert(offsetof(v8::FunctionCallbackInfo<v8::Value>, implicit_args_) == 0);
static_assert(v8::String::REPLACE_INVALID_UTF8 == EB_REPLACE_INVALID_UTF8);
static_assert((v8::V8::kPointerCompression | v8::V8::k31BitSmis | v8::V8::kSandbox) == EB_BUILD_CONFIGURATION);

/* References are one address, and travel in a register. */
static_assert(sizeof(v8::Local<v8::Value>) == sizeof(void *) && sizeof(v8::MaybeLocal<v8::Value>) == sizeof(void *));
static_assert(std::is_trivially_copyable_v<v8::Local<v8::Value>> && std::is_trivially_copyable_v<v8::MaybeLocal<v8::Value>>);
static_assert(sizeof(v8::Global<v8::Value>) == sizeof(void *));

/* Structures that are passed or returned. */
static_assert(sizeof(v8::MemorySpan<const uint8_t>) == 2 * sizeof(void *));
static_assert(offsetof(v8::MemorySpan<const uint8_t>, data_) == 0);
static_assert(sizeof(v8::OwnedBuffer) == 2 * sizeof(void *) && offsetof(v8::OwnedBuffer, buffer) == 0);
static_assert(sizeof(v8::CompiledWasmModule) == sizeof(std::shared_ptr<int>) + sizeof(std::string));
static_assert(offsetof(v8::CompiledWasmModule, native_module_) == 0);
static_assert(offsetof(v8::String::Utf8Value, str_) == 0);
static_assert(sizeof(v8::Maybe<bool>) == 2);
static_assert(sizeof(v8::DeserializeInternalFieldsCallback) == 2 * sizeof(void *));
static_assert(sizeof(v8::DeserializeContextDataCallback) == 2 * sizeof(void *));
static_assert(sizeof(v8::DeserializeAPIWrapperCallback) == 2 * sizeof(void *));

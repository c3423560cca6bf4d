//go:build cgo && linux && amd64

#include "isolate.h"

#include <cstring>

using v8::Context;
using v8::HandleScope;
using v8::Isolate;
using v8::Locker;

/* What a process has once. It lives until the end: V8 cannot be started twice. */
static v8::Platform *the_platform;
static v8::ArrayBuffer::Allocator *the_allocator;
static const char *the_script;

extern "C" const char *eb_version(void) { return v8::V8::GetVersion(); }
extern "C" void eb_flags(const char *flags) { v8::V8::SetFlagsFromString(flags); }

void eb_keep(v8::Platform *platform, const char *script)
{
	the_platform = platform;
	the_script = strdup(script);
	the_allocator = v8::ArrayBuffer::Allocator::NewDefaultAllocator();
}

extern "C" void eb_start(const char *flags, const char *script)
{
	eb_flags("--no-freeze-flags-after-init");
	eb_flags(flags);
	v8::Platform *platform = v8::platform::NewDefaultPlatform().release();
	v8::V8::InitializePlatform(platform);
	v8::V8::Initialize();
	eb_keep(platform, script);
}

v8::Platform *eb_platform() { return the_platform; }
const char *eb_script() { return the_script; }

bool eb_pump(Isolate *isolate) { return v8::platform::PumpMessageLoop(the_platform, isolate); }

void eb_work(Isolate *isolate)
{
	HandleScope handles(isolate);
	while (eb_pump(isolate))
		;
}

void eb_dispose(Isolate *isolate)
{
	v8::platform::NotifyIsolateShutdown(the_platform, isolate);
	isolate->Dispose();
}

extern "C" eb_isolate *eb_isolate_new(void)
{
	eb_isolate *i = new eb_isolate;
	Isolate::CreateParams params;
	params.array_buffer_allocator = the_allocator;
	i->v8 = Isolate::New(params);
	Locker locker(i->v8);
	Isolate::Scope scope(i->v8);
	HandleScope handles(i->v8);
	i->v8->SetWasmStreamingCallback(eb_streaming);
	i->context.Reset(i->v8, Context::New(i->v8));
	return i;
}

extern "C" void eb_isolate_delete(eb_isolate *i)
{
	{
		Locker locker(i->v8);
		Isolate::Scope scope(i->v8);
		i->context.Reset();
	}
	eb_dispose(i->v8);
	delete i;
}

extern "C" void eb_isolate_collect(eb_isolate *i)
{
	Locker locker(i->v8);
	Isolate::Scope scope(i->v8);
	i->v8->LowMemoryNotification();
	eb_work(i->v8);
}

extern "C" void eb_isolate_terminate(eb_isolate *i) { i->v8->TerminateExecution(); }

extern "C" void eb_isolate_resume(eb_isolate *i)
{
	Locker locker(i->v8);
	i->v8->CancelTerminateExecution();
}

extern "C" size_t eb_isolate_heap(eb_isolate *i)
{
	Locker locker(i->v8);
	v8::HeapStatistics found;
	i->v8->GetHeapStatistics(&found);
	return found.total_heap_size();
}

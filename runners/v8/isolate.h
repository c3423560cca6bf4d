//go:build cgo && linux && amd64

/*
 * isolate.h: V8 in this process, and isolates, for shim.cc and, outside all
 * timed regions, for the baseline loop.
 */
#ifndef EDGEBENCH_V8_ISOLATE_H
#define EDGEBENCH_V8_ISOLATE_H

#include "api.h"

#include "shim.h"

struct eb_isolate {
	v8::Isolate *v8;
	v8::Global<v8::Context> context;
};

/* Locked makes an isolate the current one of this thread, which waits while
 * another thread has it. That is enough for a call, which enters the context. */
struct Locked {
	v8::Locker locker;
	v8::Isolate::Scope isolate;
	v8::HandleScope handles;
	v8::Local<v8::Context> context;
	v8::TryCatch caught;

	Locked(v8::Isolate *i, const v8::Global<v8::Context> &c) : locker(i), isolate(i), handles(i), context(c.Get(i)), caught(i) {}
};

/* Inside makes a context the current one too. */
struct Inside : Locked {
	v8::Context::Scope scope;

	Inside(v8::Isolate *i, const v8::Global<v8::Context> &c) : Locked(i, c), scope(context) {}
};

/* eb_keep keeps a V8 that has been started: what eb_platform and eb_script give. */
void eb_keep(v8::Platform *, const char *script);
v8::Platform *eb_platform();
const char *eb_script();

/* eb_streaming is what V8 calls for WebAssembly.compileStreaming, its only way
 * to take stored code. */
void eb_streaming(const v8::FunctionCallbackInfo<v8::Value> &);

/* eb_pump carries out a task that V8 has left for an isolate, which this thread
 * has entered, and says whether there was one. eb_work carries out all. */
bool eb_pump(v8::Isolate *);
void eb_work(v8::Isolate *);

/* eb_dispose ends an isolate that no thread has entered, and its queue of tasks
 * in the platform. */
void eb_dispose(v8::Isolate *);

#endif

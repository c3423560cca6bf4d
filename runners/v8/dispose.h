//go:build cgo && linux && amd64

/*
 * dispose.h: what the baseline loop shares with the shim, outside all timed
 * regions.
 */
#ifndef EDGEBENCH_V8_DISPOSE_H
#define EDGEBENCH_V8_DISPOSE_H

#include "api.h"

/* eb_work carries out the tasks that V8 has left for an isolate, which this
 * thread has entered. */
void eb_work(v8::Isolate *);

/* eb_dispose ends an isolate that no thread has entered, and its queue of tasks
 * in the platform. */
void eb_dispose(v8::Isolate *);

#endif

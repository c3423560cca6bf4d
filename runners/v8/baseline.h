//go:build cgo && linux && amd64

/*
 * baseline.h: instances and calls through V8's API alone, as its user would
 * write them, for the baseline loop. It shares no function with shim.h, and takes
 * modules without imports.
 */
#ifndef EDGEBENCH_V8_BASELINE_H
#define EDGEBENCH_V8_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What each guest has for itself. */
enum baseline_own { BASELINE_ISOLATE, BASELINE_CONTEXT, BASELINE_INSTANCE };

typedef struct baseline_module baseline_module;
typedef struct baseline_guest baseline_guest;

/* baseline_load compiles n bytes, in a V8 that has been started; NULL if V8
 * refuses. */
baseline_module *baseline_load(enum baseline_own, const uint8_t *wasm, size_t n);
void baseline_unload(baseline_module *);

/* baseline_new makes a guest and runs its _initialize; NULL after an exception. */
baseline_guest *baseline_new(baseline_module *);
void baseline_free(baseline_guest *);

/* baseline_call gives the size of the response, more than room after an
 * exception or if it does not fit. */
size_t baseline_call(baseline_guest *, const uint8_t *request, size_t n, uint8_t *response, size_t room);

#ifdef __cplusplus
}
#endif
#endif

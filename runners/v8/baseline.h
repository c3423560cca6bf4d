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

/* baseline_start starts V8 in a process that has none. The script is kept for the
 * adapter (eb_start). */
void baseline_start(const char *flags, const char *script);

/* baseline_open makes an isolate with a context, which has no code yet. */
baseline_module *baseline_open(enum baseline_own);
/* baseline_compile compiles n bytes; false if V8 refuses. */
bool baseline_compile(baseline_module *, const uint8_t *wasm, size_t n);
/* baseline_store gives the optimised code and its size in bytes, which is 0 if there
 * is none. The module keeps them. */
const uint8_t *baseline_store(baseline_module *, size_t *size);
/* baseline_restore takes code that baseline_store gave for n bytes, in place of what
 * the module has; false if V8 does not accept it. */
bool baseline_restore(baseline_module *, const uint8_t *wasm, size_t n, const uint8_t *code, size_t size);
void baseline_close(baseline_module *);

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

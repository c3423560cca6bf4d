//go:build cgo && linux && amd64

/*
 * wasi.h: the functions of WASI preview 1 that guests need, over the bytes of a
 * memory. They know nothing of V8. host.js passes a guest's calls on.
 */
#ifndef EDGEBENCH_V8_WASI_H
#define EDGEBENCH_V8_WASI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../internal/capi/world.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A guest's side of the world. */
struct eb_wasi;

/* eb_wasi_new gives a guest arguments and variables, and a command stdin and stdout.
 * The texts and the folder of files, -1 for none, remain the caller's. NULL if there
 * is no memory. */
struct eb_wasi *eb_wasi_new(bool command, eb_texts args, eb_texts variables, int folder);
void eb_wasi_delete(struct eb_wasi *);

/* eb_wasi_begin gives a command its request, of which nothing is kept after
 * eb_wasi_end, and bounds its response. */
void eb_wasi_begin(struct eb_wasi *, const uint8_t *request, size_t n, size_t most);
void eb_wasi_end(struct eb_wasi *);

/* eb_wasi_call calls a function, by host.js's number, for a guest whose memory
 * has size bytes at base. Of its nine arguments those of 32 bits are in the
 * lower halves. It gives an error of WASI, 0 for none. */
int32_t eb_wasi_call(struct eb_wasi *, uint8_t *base, size_t size, int64_t function, const int64_t *args);

/* eb_wasi_exited says that the guest has called proc_exit. */
bool eb_wasi_exited(const struct eb_wasi *);

#ifdef __cplusplus
}
#else

#include "../internal/capi/output.h"

/* Files that one guest has open at most. */
enum { EB_MOST_FILES = 64 };

struct eb_wasi {
	bool command;
	eb_texts args, variables;
	const uint8_t *request; /* what it has not read of stdin */
	size_t left;
	eb_output output; /* what it has written */

	int folder;               /* -1 for none */
	int files[EB_MOST_FILES]; /* each a descriptor of this process, -1 for none */

	bool exited; /* by proc_exit */
	uint32_t code;
};

#endif
#endif

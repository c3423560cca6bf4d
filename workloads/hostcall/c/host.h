/* host.h: what hostcall asks of the host. Each function is one call, or as few as
 * the interface takes: of WASI in a module, of the kernel in an executable. */
#ifndef EDGEBENCH_HOST_H
#define EDGEBENCH_HOST_H

#include <stddef.h>
#include <stdint.h>

enum host_clock { HOST_MONOTONIC, HOST_REALTIME };

/* host_now reads a clock, in nanoseconds, and returns 0 if there is none. */
int host_now(enum host_clock clock, uint64_t *nanoseconds);

/* host_random fills n bytes, at most 256, and returns 0 if it can't. */
int host_random(void *to, size_t n);

/* host_open opens a file of the working directory for reading; -1 if it can't.
 * The name is n bytes. */
int host_open(const char *name, size_t n);

/* host_read reads on where the last one ended, host_read_at at an offset. They
 * return how many bytes there were, 0 at the end, -1 where reading fails. */
ptrdiff_t host_read(int file, void *to, size_t n);
ptrdiff_t host_read_at(int file, void *to, size_t n, uint64_t offset);

int host_close(int file);

#endif

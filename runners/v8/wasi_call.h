//go:build cgo && linux && amd64

/*
 * wasi_call.h: what the functions of WASI share. Each takes a call and gives an
 * error of WASI.
 */
#ifndef EDGEBENCH_V8_WASI_CALL_H
#define EDGEBENCH_V8_WASI_CALL_H

#include "wasi.h"

/* Errors of WASI. */
enum {
	SUCCESS = 0, ACCES = 2, BADF = 8, FAULT = 21, FBIG = 22, INVAL = 28, IO = 29, LOOP = 32, MFILE = 33, NAMETOOLONG = 37,
	NOENT = 44, NOSYS = 52, NOTSUP = 58, ROFS = 69, SPIPE = 70, NOTCAPABLE = 76,
};

/* A guest's memory and the call that it makes. */
struct call {
	struct eb_wasi *w;
	uint8_t *base;
	size_t size;
	const int64_t *args;
};

static inline uint32_t arg(const struct call *c, int i) { return (uint32_t)c->args[i]; }

/* place finds n bytes at a guest's address, NULL for what lies outside. */
static inline uint8_t *place(const struct call *c, uint32_t at, size_t n)
{
	return n > c->size || at > c->size - n ? NULL : c->base + at;
}

static inline bool put32(const struct call *c, uint32_t at, uint32_t v)
{
	uint8_t *to = place(c, at, sizeof v);
	if (to != NULL)
		memcpy(to, &v, sizeof v);
	return to != NULL;
}

static inline bool put64(const struct call *c, uint32_t at, uint64_t v)
{
	uint8_t *to = place(c, at, sizeof v);
	if (to != NULL)
		memcpy(to, &v, sizeof v);
	return to != NULL;
}

/* eb_wasi_failed is the error of WASI for errno. */
int32_t eb_wasi_failed(void);

/* Streams and files. */
int32_t eb_fd_close(const struct call *);
int32_t eb_fd_fdstat_get(const struct call *);
int32_t eb_fd_fdstat_set_flags(const struct call *);
int32_t eb_fd_filestat_get(const struct call *);
int32_t eb_fd_read(const struct call *);
int32_t eb_fd_pread(const struct call *);
int32_t eb_fd_write(const struct call *);
int32_t eb_fd_seek(const struct call *);
int32_t eb_fd_tell(const struct call *);
int32_t eb_fd_prestat_get(const struct call *);
int32_t eb_fd_prestat_dir_name(const struct call *);
int32_t eb_path_filestat_get(const struct call *);
int32_t eb_path_open(const struct call *);

#endif

/* host_wasi.c: the host's functions as a module has them. They are called as WASI
 * defines them, so that no libc stands between guest and host. */
#ifdef __wasm__

#include <wasi/api.h>

#include "host.h"

#define FIRST_FOLDER 3 /* after the three standard streams */
#define LAST_FOLDER 15

int host_now(enum host_clock clock, uint64_t *nanoseconds)
{
	__wasi_clockid_t id = clock == HOST_MONOTONIC ? __WASI_CLOCKID_MONOTONIC : __WASI_CLOCKID_REALTIME;
	return __wasi_clock_time_get(id, 1, nanoseconds) == 0;
}

int host_random(void *to, size_t n)
{
	return __wasi_random_get(to, n) == 0;
}

/* Not every host offers the folder as the first of those it offers. */
int host_open(const char *name, size_t n)
{
	char path[64];
	if (n >= sizeof path)
		return -1;
	__builtin_memcpy(path, name, n);
	path[n] = 0;
	for (int folder = FIRST_FOLDER; folder <= LAST_FOLDER; folder++) {
		__wasi_fd_t file;
		__wasi_rights_t rights = __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK;
		if (__wasi_path_open(folder, 0, path, 0, rights, 0, 0, &file) == 0)
			return (int)file;
	}
	return -1;
}

ptrdiff_t host_read(int file, void *to, size_t n)
{
	__wasi_iovec_t part = {to, n};
	__wasi_size_t got;
	return __wasi_fd_read(file, &part, 1, &got) == 0 ? (ptrdiff_t)got : -1;
}

ptrdiff_t host_read_at(int file, void *to, size_t n, uint64_t offset)
{
	__wasi_iovec_t part = {to, n};
	__wasi_size_t got;
	return __wasi_fd_pread(file, &part, 1, offset, &got) == 0 ? (ptrdiff_t)got : -1;
}

int host_close(int file)
{
	return __wasi_fd_close(file) == 0;
}

#endif

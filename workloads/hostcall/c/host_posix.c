/* host_posix.c: the host's functions as an executable has them. */
#ifndef __wasm__

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

int host_now(enum host_clock clock, uint64_t *nanoseconds)
{
	struct timespec t;
	if (clock_gettime(clock == HOST_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_REALTIME, &t) != 0)
		return 0;
	*nanoseconds = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
	return 1;
}

int host_random(void *to, size_t n)
{
	return getentropy(to, n) == 0;
}

int host_open(const char *name, size_t n)
{
	char path[64];
	if (n >= sizeof path)
		return -1;
	memcpy(path, name, n);
	path[n] = 0;
	return open(path, O_RDONLY | O_CLOEXEC);
}

ptrdiff_t host_read(int file, void *to, size_t n)
{
	return read(file, to, n);
}

ptrdiff_t host_read_at(int file, void *to, size_t n, uint64_t offset)
{
	return pread(file, to, n, (off_t)offset);
}

int host_close(int file)
{
	return close(file) == 0;
}

#endif

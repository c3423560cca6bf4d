/* system_posix.c: the host's functions as an executable has them. */
#ifndef __wasm__

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "system.h"

extern char **environ;

static int error_of(int result) { return result < 0 ? errno : 0; }

/* whole says whether a path has no zero byte, behind which the kernel would not look. */
static int whole(struct word path) { return strlen(path.at) == path.n; }

int sys_open(struct word path, enum sys_mode mode, int *file)
{
	static const int flags[] = {
		[SYS_READ] = O_RDONLY | O_NONBLOCK, [SYS_WRITE] = O_WRONLY | O_NONBLOCK, [SYS_CREATE] = O_WRONLY | O_CREAT,
		[SYS_TRUNCATE] = O_RDONLY | O_TRUNC, [SYS_FOLDER] = O_RDONLY | O_DIRECTORY,
	};
	if (!whole(path))
		return EINVAL;
	*file = open(path.at, flags[mode] | O_CLOEXEC | O_NOCTTY, 0600);
	return error_of(*file);
}

int sys_open_in(int folder, const char *name, int *file)
{
	*file = openat(folder, name, O_RDONLY | O_CLOEXEC);
	return error_of(*file);
}

int sys_read(int file, void *to, size_t n, size_t *got)
{
	ssize_t read_now = read(file, to, n);
	*got = read_now > 0 ? (size_t)read_now : 0;
	return read_now < 0 ? errno : 0;
}

int sys_write(int file, const void *from, size_t n)
{
	ssize_t put = write(file, from, n);
	return put < 0 ? errno : (size_t)put < n ? ENOSPC : 0;
}

int sys_sync(int file) { return error_of(fsync(file)); }

int sys_close(int file) { return error_of(close(file)); }

int sys_list(int folder, struct printed *seen)
{
	DIR *stream = fdopendir(dup(folder));
	if (stream == NULL)
		return errno;
	for (struct dirent *entry; (entry = readdir(stream)) != NULL;) {
		see(seen, entry->d_name, strlen(entry->d_name));
		see(seen, "\n", 1);
	}
	closedir(stream);
	return 0;
}

int sys_make_folder(struct word path) { return error_of(mkdir(path.at, 0700)); }

int sys_remove(struct word path) { return error_of(unlink(path.at)); }

int sys_symlink(struct word target, struct word path) { return error_of(symlink(target.at, path.at)); }

int sys_link(struct word from, struct word to) { return error_of(link(from.at, to.at)); }

int sys_rename(struct word from, struct word to) { return error_of(rename(from.at, to.at)); }

/* An executable was given no folders by number. */
int sys_renumber(struct word from, struct word to)
{
	(void)from;
	(void)to;
	return ENOSYS;
}

int sys_now(uint64_t *nanoseconds)
{
	struct timespec t;
	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return errno;
	*nanoseconds = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
	return 0;
}

int sys_wait(uint64_t nanoseconds)
{
	struct timespec t = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
	return error_of(ppoll(NULL, 0, &t, NULL));
}

int sys_complain(const void *from, size_t n) { return sys_write(2, from, n); }

int sys_environ(struct printed *seen)
{
	for (char **variable = environ; *variable != NULL; variable++) {
		see(seen, *variable, strlen(*variable));
		see(seen, "\n", 1);
	}
	return 0;
}

uint8_t *sys_memory(size_t n)
{
	void *at = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}

#endif

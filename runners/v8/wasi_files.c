//go:build cgo && linux && amd64

#define _GNU_SOURCE
#include "wasi_call.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Descriptors of a guest: three streams, the folder, and files. */
enum { STDIN, STDOUT, STDERR, FOLDER, FIRST_FILE };

/* Kinds of files. */
enum { UNKNOWN = 0, DIRECTORY = 3, REGULAR = 4 };

/* file finds the descriptor of a guest's file, -1 if it is none. */
static int file(const struct call *c, uint32_t fd)
{
	return fd >= FIRST_FILE && fd - FIRST_FILE < EB_MOST_FILES ? c->w->files[fd - FIRST_FILE] : -1;
}

static bool is_folder(const struct call *c, uint32_t fd) { return fd == FOLDER && c->w->folder >= 0; }

int32_t eb_fd_close(const struct call *c)
{
	int fd = file(c, arg(c, 0));
	if (fd < 0)
		return arg(c, 0) <= STDERR || is_folder(c, arg(c, 0)) ? SUCCESS : BADF;
	close(fd);
	c->w->files[arg(c, 0) - FIRST_FILE] = -1;
	return SUCCESS;
}

/* kind says what a descriptor is, -1 for nothing. */
static int kind(const struct call *c, uint32_t fd)
{
	if (fd <= STDERR)
		return UNKNOWN;
	if (is_folder(c, fd))
		return DIRECTORY;
	return file(c, fd) >= 0 ? REGULAR : -1;
}

int32_t eb_fd_fdstat_get(const struct call *c)
{
	int is = kind(c, arg(c, 0));
	uint8_t *to = place(c, arg(c, 1), 24);
	if (is < 0)
		return BADF;
	if (to == NULL)
		return FAULT;
	memset(to, 0, 8);
	memset(to + 8, 0xff, 16); /* all rights, as far as there is something to do with them */
	to[0] = (uint8_t)is;
	return SUCCESS;
}

int32_t eb_fd_fdstat_set_flags(const struct call *c) { return kind(c, arg(c, 0)) >= 0 ? SUCCESS : BADF; }

/* put_filestat writes 64 bytes that describe a file. */
static int32_t put_filestat(const struct call *c, uint32_t at, const struct stat *s, int is)
{
	uint8_t *to = place(c, at, 64);
	if (to == NULL)
		return FAULT;
	uint64_t times[3] = {(uint64_t)s->st_atim.tv_sec * 1000000000 + (uint64_t)s->st_atim.tv_nsec,
	                     (uint64_t)s->st_mtim.tv_sec * 1000000000 + (uint64_t)s->st_mtim.tv_nsec,
	                     (uint64_t)s->st_ctim.tv_sec * 1000000000 + (uint64_t)s->st_ctim.tv_nsec};
	uint64_t fields[5] = {s->st_dev, s->st_ino, (uint64_t)is, s->st_nlink, (uint64_t)s->st_size};
	memcpy(to, fields, sizeof fields);
	memcpy(to + sizeof fields, times, sizeof times);
	return SUCCESS;
}

int32_t eb_fd_filestat_get(const struct call *c)
{
	int is = kind(c, arg(c, 0));
	struct stat s = {0};
	if (is < 0)
		return BADF;
	if (is != UNKNOWN && fstat(is == DIRECTORY ? c->w->folder : file(c, arg(c, 0)), &s) != 0)
		return eb_wasi_failed();
	return put_filestat(c, arg(c, 1), &s, is);
}

/* take moves a part of the request into the guest's memory. */
static ssize_t take(struct eb_wasi *w, uint8_t *to, size_t n)
{
	n = n < w->left ? n : w->left;
	if (n > 0) {
		memcpy(to, w->request, n);
		w->request += n;
		w->left -= n;
	}
	return (ssize_t)n;
}

/* vector finds the i-th of the vectors at an address: n bytes at a place, NULL
 * for what lies outside. */
static uint8_t *vector(const struct call *c, uint32_t vectors, uint32_t i, uint32_t *n)
{
	uint32_t head[2];
	if (i >= UINT32_MAX / 8 || vectors > UINT32_MAX - 8 * i)
		return NULL;
	const uint8_t *at = place(c, vectors + 8 * i, sizeof head);
	if (at == NULL)
		return NULL;
	memcpy(head, at, sizeof head);
	*n = head[1];
	return place(c, head[0], head[1]);
}

/* read_vectors fills vectors from stdin or a file, from an offset on unless it
 * is negative. */
static int32_t read_vectors(const struct call *c, int64_t offset, uint32_t result)
{
	int fd = file(c, arg(c, 0));
	uint32_t total = 0;
	if (fd < 0 && (arg(c, 0) != STDIN || offset >= 0))
		return BADF;
	for (uint32_t i = 0; i < arg(c, 2); i++) {
		uint32_t n;
		uint8_t *to = vector(c, arg(c, 1), i, &n);
		if (to == NULL)
			return FAULT;
		ssize_t got = fd < 0 ? take(c->w, to, n) : offset < 0 ? read(fd, to, n) : pread(fd, to, n, offset + total);
		if (got < 0)
			return eb_wasi_failed();
		total += (uint32_t)got;
		if ((size_t)got < n)
			break;
	}
	return put32(c, result, total) ? SUCCESS : FAULT;
}

int32_t eb_fd_read(const struct call *c) { return read_vectors(c, -1, arg(c, 3)); }
int32_t eb_fd_pread(const struct call *c) { return c->args[3] < 0 ? INVAL : read_vectors(c, c->args[3], arg(c, 4)); }

int32_t eb_fd_write(const struct call *c)
{
	uint32_t total = 0;
	if (arg(c, 0) != STDOUT && arg(c, 0) != STDERR)
		return BADF;
	for (uint32_t i = 0; i < arg(c, 2); i++) {
		uint32_t n;
		const uint8_t *from = vector(c, arg(c, 1), i, &n);
		if (from == NULL)
			return FAULT;
		if (arg(c, 0) == STDERR)
			eb_output_say(&c->w->output, from, n);
		else if (c->w->command && !eb_output_write(&c->w->output, from, n))
			return FBIG;
		total += n;
	}
	return put32(c, arg(c, 3), total) ? SUCCESS : FAULT;
}

/* seek moves within a file and writes the new position. */
static int32_t seek(const struct call *c, int64_t offset, uint32_t whence, uint32_t result)
{
	static const int from[] = {SEEK_SET, SEEK_CUR, SEEK_END};
	int fd = file(c, arg(c, 0));
	if (fd < 0)
		return arg(c, 0) <= STDERR ? SPIPE : BADF;
	if (whence >= sizeof from / sizeof *from)
		return INVAL;
	off_t at = lseek(fd, offset, from[whence]);
	if (at < 0)
		return eb_wasi_failed();
	return put64(c, result, (uint64_t)at) ? SUCCESS : FAULT;
}

int32_t eb_fd_seek(const struct call *c) { return seek(c, c->args[1], arg(c, 2), arg(c, 3)); }
int32_t eb_fd_tell(const struct call *c) { return seek(c, 0, 1, arg(c, 1)); }

static const char folder_name[] = "/";

int32_t eb_fd_prestat_get(const struct call *c)
{
	if (!is_folder(c, arg(c, 0)))
		return BADF;
	return put64(c, arg(c, 1), (uint64_t)strlen(folder_name) << 32) ? SUCCESS : FAULT;
}

int32_t eb_fd_prestat_dir_name(const struct call *c)
{
	if (!is_folder(c, arg(c, 0)))
		return BADF;
	uint8_t *to = place(c, arg(c, 1), arg(c, 2));
	if (to == NULL)
		return FAULT;
	if (arg(c, 2) < strlen(folder_name))
		return NAMETOOLONG;
	memcpy(to, folder_name, strlen(folder_name));
	return SUCCESS;
}

/* A path is the name of a file in the folder: nothing leads out of it. */
enum { MOST_PATH = 256 };

/* name reads a path at an address into a string. */
static int32_t name(const struct call *c, uint32_t at, uint32_t n, char out[MOST_PATH])
{
	const uint8_t *from = place(c, at, n);
	if (from == NULL)
		return FAULT;
	if (n >= MOST_PATH)
		return NAMETOOLONG;
	while (n > 2 && from[0] == '.' && from[1] == '/') {
		from += 2;
		n -= 2;
	}
	memcpy(out, from, n);
	out[n] = 0;
	if (n == 0 || strlen(out) != n)
		return NOENT;
	return memchr(out, '/', n) != NULL || strcmp(out, "..") == 0 ? NOTCAPABLE : SUCCESS;
}

int32_t eb_path_filestat_get(const struct call *c)
{
	char path[MOST_PATH];
	struct stat s;
	if (!is_folder(c, arg(c, 0)))
		return BADF;
	int32_t bad = name(c, arg(c, 2), arg(c, 3), path);
	if (bad != SUCCESS)
		return bad;
	if (fstatat(c->w->folder, path, &s, AT_SYMLINK_NOFOLLOW) != 0)
		return eb_wasi_failed();
	return put_filestat(c, arg(c, 4), &s, S_ISDIR(s.st_mode) ? DIRECTORY : S_ISREG(s.st_mode) ? REGULAR : UNKNOWN);
}

/* open_file opens a regular file by its name, for reading. */
static int32_t open_file(const struct call *c, const char *path, uint32_t result)
{
	uint32_t i = 0;
	while (i < EB_MOST_FILES && c->w->files[i] >= 0)
		i++;
	if (i == EB_MOST_FILES)
		return MFILE;
	int fd = openat(c->w->folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat s;
	if (fd < 0)
		return eb_wasi_failed();
	if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
		close(fd);
		return NOTSUP;
	}
	c->w->files[i] = fd;
	return put32(c, result, FIRST_FILE + i) ? SUCCESS : FAULT;
}

int32_t eb_path_open(const struct call *c)
{
	enum { CREATE = 1, TRUNCATE = 8 };
	char path[MOST_PATH];
	if (!is_folder(c, arg(c, 0)))
		return BADF;
	int32_t bad = name(c, arg(c, 2), arg(c, 3), path);
	if (bad != SUCCESS)
		return bad;
	return arg(c, 4) & (CREATE | TRUNCATE) ? ROFS : open_file(c, path, arg(c, 8));
}

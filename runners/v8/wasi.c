//go:build cgo && linux && amd64

#define _GNU_SOURCE
#include "wasi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Errors of WASI. */
enum {
	SUCCESS = 0, ACCES = 2, BADF = 8, FAULT = 21, FBIG = 22, INVAL = 28, IO = 29, LOOP = 32, MFILE = 33, NAMETOOLONG = 37,
	NOENT = 44, NOSYS = 52, NOTSUP = 58, ROFS = 69, SPIPE = 70, NOTCAPABLE = 76,
};

/* Descriptors of a guest: three streams, the folder, and files. */
enum { STDIN, STDOUT, STDERR, FOLDER, FIRST_FILE };

/* Kinds of files. */
enum { UNKNOWN = 0, DIRECTORY = 3, REGULAR = 4 };

/* A guest's memory and the call that it makes. */
struct call {
	struct eb_wasi *w;
	uint8_t *base;
	size_t size;
	const int64_t *args;
};

static uint32_t arg(const struct call *c, int i) { return (uint32_t)c->args[i]; }

/* place finds n bytes at a guest's address, NULL for what lies outside. */
static uint8_t *place(const struct call *c, uint32_t at, size_t n)
{
	return n > c->size || at > c->size - n ? NULL : c->base + at;
}

static bool put32(const struct call *c, uint32_t at, uint32_t v)
{
	uint8_t *to = place(c, at, sizeof v);
	if (to != NULL)
		memcpy(to, &v, sizeof v);
	return to != NULL;
}

static bool put64(const struct call *c, uint32_t at, uint64_t v)
{
	uint8_t *to = place(c, at, sizeof v);
	if (to != NULL)
		memcpy(to, &v, sizeof v);
	return to != NULL;
}

/* failed is the error of WASI for errno. */
static int32_t failed(void)
{
	switch (errno) {
	case ENOENT: return NOENT;
	case EACCES: return ACCES;
	case ELOOP: return LOOP;
	case ENAMETOOLONG: return NAMETOOLONG;
	case EMFILE: case ENFILE: return MFILE;
	case EINVAL: return INVAL;
	case ESPIPE: return SPIPE;
	default: return IO;
	}
}

/* file finds the descriptor of a guest's file, -1 if it is none. */
static int file(const struct call *c, uint32_t fd)
{
	return fd >= FIRST_FILE && fd - FIRST_FILE < EB_MOST_FILES ? c->w->files[fd - FIRST_FILE] : -1;
}

static bool is_folder(const struct call *c, uint32_t fd) { return fd == FOLDER && c->w->folder >= 0; }

/* A command has one argument, the name "guest". */
static const char argument[] = "guest";

static int32_t args_sizes_get(const struct call *c)
{
	bool has = c->w->command;
	return put32(c, arg(c, 0), has) && put32(c, arg(c, 1), has ? sizeof argument : 0) ? SUCCESS : FAULT;
}

static int32_t args_get(const struct call *c)
{
	if (!c->w->command)
		return SUCCESS;
	uint8_t *text = place(c, arg(c, 1), sizeof argument);
	if (text == NULL || !put32(c, arg(c, 0), arg(c, 1)))
		return FAULT;
	memcpy(text, argument, sizeof argument);
	return SUCCESS;
}

static int32_t environ_sizes_get(const struct call *c)
{
	return put32(c, arg(c, 0), 0) && put32(c, arg(c, 1), 0) ? SUCCESS : FAULT;
}

static int32_t environ_get(const struct call *c)
{
	(void)c;
	return SUCCESS;
}

/* read_clock reads a clock, or its resolution, in nanoseconds. */
static int32_t read_clock(const struct call *c, int (*get)(clockid_t, struct timespec *), uint32_t to)
{
	static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
	struct timespec t;
	if (arg(c, 0) >= sizeof clocks / sizeof *clocks || get(clocks[arg(c, 0)], &t) != 0)
		return INVAL;
	return put64(c, to, (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec) ? SUCCESS : FAULT;
}

static int32_t clock_res_get(const struct call *c) { return read_clock(c, clock_getres, arg(c, 1)); }
static int32_t clock_time_get(const struct call *c) { return read_clock(c, clock_gettime, arg(c, 2)); }

static int32_t fd_close(const struct call *c)
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

static int32_t fd_fdstat_get(const struct call *c)
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

static int32_t fd_fdstat_set_flags(const struct call *c) { return kind(c, arg(c, 0)) >= 0 ? SUCCESS : BADF; }

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

static int32_t fd_filestat_get(const struct call *c)
{
	int is = kind(c, arg(c, 0));
	struct stat s = {0};
	if (is < 0)
		return BADF;
	if (is != UNKNOWN && fstat(is == DIRECTORY ? c->w->folder : file(c, arg(c, 0)), &s) != 0)
		return failed();
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
			return failed();
		total += (uint32_t)got;
		if ((size_t)got < n)
			break;
	}
	return put32(c, result, total) ? SUCCESS : FAULT;
}

static int32_t fd_read(const struct call *c) { return read_vectors(c, -1, arg(c, 3)); }
static int32_t fd_pread(const struct call *c) { return c->args[3] < 0 ? INVAL : read_vectors(c, c->args[3], arg(c, 4)); }

static int32_t fd_write(const struct call *c)
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
		return failed();
	return put64(c, result, (uint64_t)at) ? SUCCESS : FAULT;
}

static int32_t fd_seek(const struct call *c) { return seek(c, c->args[1], arg(c, 2), arg(c, 3)); }
static int32_t fd_tell(const struct call *c) { return seek(c, 0, 1, arg(c, 1)); }

static const char folder_name[] = "/";

static int32_t fd_prestat_get(const struct call *c)
{
	if (!is_folder(c, arg(c, 0)))
		return BADF;
	return put64(c, arg(c, 1), (uint64_t)strlen(folder_name) << 32) ? SUCCESS : FAULT;
}

static int32_t fd_prestat_dir_name(const struct call *c)
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

static int32_t path_filestat_get(const struct call *c)
{
	char path[MOST_PATH];
	struct stat s;
	if (!is_folder(c, arg(c, 0)))
		return BADF;
	int32_t bad = name(c, arg(c, 2), arg(c, 3), path);
	if (bad != SUCCESS)
		return bad;
	if (fstatat(c->w->folder, path, &s, AT_SYMLINK_NOFOLLOW) != 0)
		return failed();
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
		return failed();
	if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
		close(fd);
		return NOTSUP;
	}
	c->w->files[i] = fd;
	return put32(c, result, FIRST_FILE + i) ? SUCCESS : FAULT;
}

static int32_t path_open(const struct call *c)
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

/* Sizes of what poll_oneoff reads and writes, in bytes. */
enum { SUBSCRIPTION = 48, EVENT = 32 };

/* until reads how long a subscription to a clock waits, in nanoseconds. Nothing
 * else can be waited for. */
static int32_t until(const uint8_t *s, int64_t *wait)
{
	enum { KIND = 8, CLOCK = 16, TIMEOUT = 24, FLAGS = 40, ABSOLUTE = 1 };
	uint32_t clock;
	uint64_t timeout;
	memcpy(&clock, s + CLOCK, sizeof clock);
	memcpy(&timeout, s + TIMEOUT, sizeof timeout);
	if (s[KIND] != 0 || clock > 1)
		return NOTSUP;
	*wait = timeout < INT64_MAX ? (int64_t)timeout : INT64_MAX;
	if (s[FLAGS] & ABSOLUTE) {
		struct timespec now;
		clock_gettime(clock == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
		*wait -= (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	}
	return SUCCESS;
}

static void sleep_for(int64_t nanoseconds)
{
	if (nanoseconds <= 0)
		return;
	struct timespec t = {nanoseconds / 1000000000, nanoseconds % 1000000000};
	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/* poll_oneoff waits for the first of several moments. */
static int32_t poll_oneoff(const struct call *c)
{
	uint32_t n = arg(c, 2), first = 0;
	if (n == 0 || n > 1024)
		return INVAL;
	const uint8_t *in = place(c, arg(c, 0), (size_t)n * SUBSCRIPTION);
	uint8_t *out = place(c, arg(c, 1), EVENT);
	if (in == NULL || out == NULL)
		return FAULT;
	int64_t shortest = INT64_MAX, wait;
	for (uint32_t i = 0; i < n; i++) {
		int32_t bad = until(in + (size_t)i * SUBSCRIPTION, &wait);
		if (bad != SUCCESS)
			return bad;
		if (wait < shortest) {
			shortest = wait;
			first = i;
		}
	}
	sleep_for(shortest);
	uint8_t user_data[8];
	memcpy(user_data, in + (size_t)first * SUBSCRIPTION, sizeof user_data);
	memset(out, 0, EVENT);
	memcpy(out, user_data, sizeof user_data);
	return put32(c, arg(c, 3), 1) ? SUCCESS : FAULT;
}

static int32_t proc_exit(const struct call *c)
{
	c->w->exited = true;
	c->w->code = arg(c, 0);
	return SUCCESS;
}

static int32_t random_get(const struct call *c)
{
	uint8_t *to = place(c, arg(c, 0), arg(c, 1));
	if (to == NULL)
		return FAULT;
	for (size_t done = 0; done < arg(c, 1);) {
		ssize_t n = getrandom(to + done, arg(c, 1) - done, 0);
		if (n < 0 && errno != EINTR)
			return failed();
		done += n > 0 ? (size_t)n : 0;
	}
	return SUCCESS;
}

static int32_t yield_core(const struct call *c)
{
	(void)c;
	sched_yield();
	return SUCCESS;
}

/* The functions, in the order of host.js. */
static int32_t (*const functions[])(const struct call *) = {
	args_get, args_sizes_get, clock_res_get, clock_time_get, environ_get, environ_sizes_get,
	fd_close, fd_fdstat_get, fd_fdstat_set_flags, fd_filestat_get, fd_pread, fd_prestat_dir_name,
	fd_prestat_get, fd_read, fd_seek, fd_tell, fd_write, path_filestat_get, path_open,
	poll_oneoff, proc_exit, random_get, yield_core,
};

int32_t eb_wasi_call(struct eb_wasi *w, uint8_t *base, size_t size, int64_t function, const int64_t *args)
{
	const struct call c = {w, base, size, args};
	return (uint64_t)function < sizeof functions / sizeof *functions ? functions[function](&c) : NOSYS;
}

struct eb_wasi *eb_wasi_new(bool command, int folder)
{
	struct eb_wasi *w = calloc(1, sizeof *w);
	if (w == NULL)
		return NULL;
	w->command = command;
	w->folder = folder;
	for (int i = 0; i < EB_MOST_FILES; i++)
		w->files[i] = -1;
	return w;
}

void eb_wasi_delete(struct eb_wasi *w)
{
	if (w == NULL)
		return;
	for (int i = 0; i < EB_MOST_FILES; i++)
		if (w->files[i] >= 0)
			close(w->files[i]);
	free(w->output.data);
	free(w);
}

void eb_wasi_begin(struct eb_wasi *w, const uint8_t *request, size_t n, size_t most)
{
	w->request = request;
	w->left = n;
	w->output.most = most;
}

void eb_wasi_end(struct eb_wasi *w)
{
	w->request = NULL;
	w->left = 0;
}

bool eb_wasi_exited(const struct eb_wasi *w) { return w->exited; }

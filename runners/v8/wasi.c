//go:build cgo && linux && amd64

#define _GNU_SOURCE
#include "wasi_call.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

int32_t eb_wasi_failed(void)
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

static int32_t texts_sizes(const struct call *c, eb_texts t)
{
	return put32(c, arg(c, 0), (uint32_t)t.count) && put32(c, arg(c, 1), (uint32_t)t.size) ? SUCCESS : FAULT;
}

/* texts_get writes texts to the second address, and the place of each to the first. */
static int32_t texts_get(const struct call *c, eb_texts t)
{
	uint8_t *to = place(c, arg(c, 1), t.size);
	if (to == NULL)
		return FAULT;
	const char *text = t.bytes;
	for (size_t i = 0; i < t.count; i++, text = eb_texts_next(text))
		if (!put32(c, arg(c, 0) + 4 * (uint32_t)i, arg(c, 1) + (uint32_t)(text - t.bytes)))
			return FAULT;
	if (t.size > 0)
		memcpy(to, t.bytes, t.size);
	return SUCCESS;
}

static int32_t args_sizes_get(const struct call *c) { return texts_sizes(c, c->w->args); }
static int32_t args_get(const struct call *c) { return texts_get(c, c->w->args); }
static int32_t environ_sizes_get(const struct call *c) { return texts_sizes(c, c->w->variables); }
static int32_t environ_get(const struct call *c) { return texts_get(c, c->w->variables); }

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
			return eb_wasi_failed();
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
	eb_fd_close, eb_fd_fdstat_get, eb_fd_fdstat_set_flags, eb_fd_filestat_get, eb_fd_pread, eb_fd_prestat_dir_name,
	eb_fd_prestat_get, eb_fd_read, eb_fd_seek, eb_fd_tell, eb_fd_write, eb_path_filestat_get, eb_path_open,
	poll_oneoff, proc_exit, random_get, yield_core,
};

int32_t eb_wasi_call(struct eb_wasi *w, uint8_t *base, size_t size, int64_t function, const int64_t *args)
{
	const struct call c = {w, base, size, args};
	return (uint64_t)function < sizeof functions / sizeof *functions ? functions[function](&c) : NOSYS;
}

struct eb_wasi *eb_wasi_new(bool command, eb_texts args, eb_texts variables, int folder)
{
	struct eb_wasi *w = calloc(1, sizeof *w);
	if (w == NULL)
		return NULL;
	w->command = command;
	w->args = args;
	w->variables = variables;
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

/* files.c: attempts on files. */
#include <errno.h>
#include <string.h>

#include "system.h"

/* see_file reports what a file that is open begins with, and closes it. */
static struct outcome see_file(int file, struct printed *seen)
{
	uint8_t bytes[512];
	size_t got;
	int error;
	while ((error = sys_read(file, bytes, sizeof bytes, &got)) == 0 && got > 0 && seen->n < MAX_SEEN)
		see(seen, bytes, got);
	sys_close(file);
	return error == 0 ? done() : failed(error);
}

static struct outcome read_file(const struct word *w, struct printed *seen)
{
	int file, error = sys_open(w[0], SYS_READ, &file);
	return error == 0 ? see_file(file, seen) : failed(error);
}

/* read_in opens a folder, and a file in it by its name. */
static struct outcome read_in(const struct word *w, struct printed *seen)
{
	int folder, file, error = sys_open(w[0], SYS_FOLDER, &folder);
	if (error != 0)
		return failed(error);
	error = sys_open_in(folder, w[1].at, &file);
	sys_close(folder);
	return error == 0 ? see_file(file, seen) : failed(error);
}

static struct outcome list(const struct word *w, struct printed *seen)
{
	int folder, error = sys_open(w[0], SYS_FOLDER, &folder);
	if (error != 0)
		return failed(error);
	error = sys_list(folder, seen);
	sys_close(folder);
	return error == 0 ? done() : failed(error);
}

static struct outcome open_only(struct word path, enum sys_mode mode)
{
	int file, error = sys_open(path, mode, &file);
	if (error != 0)
		return failed(error);
	sys_close(file);
	return done();
}

static struct outcome open_to_read(const struct word *w, struct printed *seen)
{
	(void)seen;
	return open_only(w[0], SYS_READ);
}

static struct outcome open_to_write(const struct word *w, struct printed *seen)
{
	(void)seen;
	return open_only(w[0], SYS_WRITE);
}

static struct outcome truncate_file(const struct word *w, struct printed *seen)
{
	(void)seen;
	return open_only(w[0], SYS_TRUNCATE);
}

static struct outcome write_file(const struct word *w, struct printed *seen)
{
	(void)seen;
	int file, error = sys_open(w[0], SYS_CREATE, &file);
	if (error != 0)
		return failed(error);
	error = sys_write(file, w[1].at, w[1].n);
	sys_close(file);
	return error == 0 ? done() : failed(error);
}

static struct outcome of(int error) { return error == 0 ? done() : failed(error); }

static struct outcome make_folder(const struct word *w, struct printed *seen)
{
	(void)seen;
	return of(sys_make_folder(w[0]));
}

static struct outcome remove_file(const struct word *w, struct printed *seen)
{
	(void)seen;
	return of(sys_remove(w[0]));
}

static struct outcome make_symlink(const struct word *w, struct printed *seen)
{
	(void)seen;
	return of(sys_symlink(w[0], w[1]));
}

static struct outcome make_link(const struct word *w, struct printed *seen)
{
	(void)seen;
	return of(sys_link(w[0], w[1]));
}

static struct outcome move(const struct word *w, struct printed *seen)
{
	(void)seen;
	return of(sys_rename(w[0], w[1]));
}

static struct outcome renumber(const struct word *w, struct printed *seen)
{
	(void)seen;
	int error = sys_renumber(w[0], w[1]);
	return error == ENOSYS ? absent() : of(error);
}

/* swap replaces two names by each other through a third, so many times. */
static struct outcome swap(const struct word *w, struct printed *seen)
{
	(void)seen;
	uint64_t times = decimal(w[3]), i = 0;
	int error = 0;
	for (; i < times && error == 0; i++) {
		error = sys_rename(w[0], w[2]);
		if (error == 0)
			error = sys_rename(w[1], w[0]);
		if (error == 0)
			error = sys_rename(w[2], w[1]);
	}
	return i == times ? done() : failed(error);
}

/* race reads a file so many times, until it begins with the word. */
static struct outcome race(const struct word *w, struct printed *seen)
{
	uint64_t times = decimal(w[2]);
	struct outcome last = done();
	for (uint64_t i = 0; i < times; i++) {
		seen->n = 0;
		last = read_file(w, seen);
		if (last.how == DONE && seen->n >= w[1].n && memcmp(seen->at, w[1].at, w[1].n) == 0)
			return last;
	}
	return last;
}

/* race_in reads a file in a folder for so many milliseconds, until it begins with the
 * third word. It gives up where there is no such folder. At its end it removes the files
 * that the last two words name, which ends a swap of them. */
static struct outcome race_in(const struct word *w, struct printed *seen)
{
	uint64_t begun, now, asked = decimal(w[3]) * 1000000;
	struct outcome last = absent();
	if (sys_now(&begun) != 0)
		return last;
	do {
		seen->n = 0;
		last = read_in(w, seen);
		if (last.how == DONE && seen->n >= w[2].n && memcmp(seen->at, w[2].at, w[2].n) == 0)
			break;
	} while (last.error != ENOENT && last.error != EBADF && last.error != ENOSYS && sys_now(&now) == 0 && now - begun < asked);
	sys_remove(w[4]);
	sys_remove(w[5]);
	return last;
}

const struct attempt file_attempts[] = {
	{"read", 1, read_file},       {"read-in", 2, read_in},        {"list", 1, list},
	{"open", 1, open_to_read},    {"open-write", 1, open_to_write}, {"truncate", 1, truncate_file},
	{"write", 2, write_file},     {"make-folder", 1, make_folder}, {"remove", 1, remove_file},
	{"symlink", 2, make_symlink}, {"link", 2, make_link},         {"rename", 2, move},
	{"renumber", 2, renumber},    {"swap", 4, swap},              {"race", 3, race},
	{"race-in", 6, race_in},      {NULL, 0, NULL},
};

/* exhaustion.c: attempts to use more than a share. Each is bounded by its words. */
#include <errno.h>
#include <string.h>

#include "system.h"

#define NANOSECONDS_PER_MILLISECOND ((uint64_t)1000000)
#define MIB ((size_t)1 << 20)

static volatile uint64_t sink;

static void turn(uint64_t times)
{
	for (uint64_t i = 0; i < times; i++)
		sink = sink * 6364136223846793005u + 1;
}

/* turns_of finds out how many turns take so many nanoseconds at most: the fastest of
 * three pieces tells. 0 where there is no clock. */
static uint64_t turns_of(uint64_t nanoseconds)
{
	const uint64_t piece = (uint64_t)1 << 16;
	uint64_t before, after, least = UINT64_MAX;
	for (int i = 0; i < 3; i++) {
		if (sys_now(&before) != 0)
			return 0;
		turn(piece);
		if (sys_now(&after) != 0)
			return 0;
		if (after - before < least)
			least = after - before;
	}
	return least > 0 ? (uint64_t)((double)piece * (double)nanoseconds / (double)least) : 0;
}

/* spin computes for so many milliseconds, without a call of the host but for the clock at
 * the end, and goes on where that was not long enough. */
static struct outcome spin(const struct word *w, struct printed *seen)
{
	(void)seen;
	uint64_t asked = decimal(w[0]) * NANOSECONDS_PER_MILLISECOND, begun, now;
	uint64_t turns = turns_of(asked);
	if (turns == 0 || sys_now(&begun) != 0)
		return absent();
	do {
		turn(turns);
		turns = turns / 4 + 1;
		if (sys_now(&now) != 0)
			return absent();
	} while (now - begun < asked);
	return done();
}

static struct outcome take_memory(const struct word *w, struct printed *seen)
{
	(void)seen;
	uint64_t asked = decimal(w[0]);
	for (uint64_t i = 0; i < asked; i++) {
		uint8_t *at = sys_memory(MIB);
		if (at == NULL)
			return (struct outcome){LIMITED, ENOMEM, i};
		memset(at, 1, MIB);
	}
	return ended(asked, asked, 0);
}

#ifdef __wasm__

/* grow_by adds elements to the table of functions, -1 where that is refused. No built-in
 * function of this compiler does so. */
__attribute__((target("reference-types"), noinline)) static int32_t grow_by(int32_t n)
{
	int32_t was;
	__asm__ volatile("ref.null_func\n\tlocal.get %1\n\ttable.grow __indirect_function_table\n\tlocal.set %0" : "=r"(was) : "r"(n));
	return was;
}

/* grow_table adds so many thousand elements to the module's table. */
static struct outcome grow_table(const struct word *w, struct printed *seen)
{
	(void)seen;
	uint64_t asked = decimal(w[0]), n = 0;
	while (n < asked && grow_by(1000) >= 0)
		n++;
	return n == 0 ? failed(ENOMEM) : ended(n, asked, 0);
}

#else

/* An executable has no tables. */
static struct outcome grow_table(const struct word *w, struct printed *seen)
{
	(void)w;
	(void)seen;
	return absent();
}

#endif

/* descend calls itself. What it adds on the way back keeps a compiler from making a
 * loop of it. */
__attribute__((noinline)) static uint64_t descend(uint64_t depth, volatile uint64_t *sum)
{
	if (depth == 0)
		return 1;
	*sum += depth;
	return descend(depth - 1, sum) + *sum;
}

static struct outcome recurse(const struct word *w, struct printed *seen)
{
	(void)seen;
	uint64_t asked = decimal(w[0]);
	sink = descend(asked, &sink);
	return ended(asked, asked, 0);
}

/* open_many opens one file again and again, and closes all at the end. */
static struct outcome open_many(const struct word *w, struct printed *seen)
{
	(void)seen;
	enum { MOST = 4096 };
	static int files[MOST];
	uint64_t asked = decimal(w[1]), n = 0;
	int error = 0;
	if (asked > MOST)
		asked = MOST;
	while (n < asked && (error = sys_open(w[0], SYS_READ, &files[n])) == 0)
		n++;
	for (uint64_t i = 0; i < n; i++)
		sys_close(files[i]);
	return n == 0 ? failed(error) : ended(n, asked, error);
}

/* make_many makes empty files "PATH" with a number behind. */
static struct outcome make_many(const struct word *w, struct printed *seen)
{
	(void)seen;
	static uint8_t name[512];
	uint64_t asked = decimal(w[1]), n = 0;
	int error = 0, file;
	if (w[0].n > sizeof name - 32)
		return failed(ENAMETOOLONG);
	for (; n < asked; n++) {
		struct printed path = {name, 0};
		print_bytes(&path, w[0].at, w[0].n);
		print_decimal(&path, n);
		name[path.n] = 0;
		struct word word = {(const char *)name, path.n};
		if ((error = sys_open(word, SYS_CREATE, &file)) != 0)
			break;
		sys_close(file);
	}
	return n == 0 ? failed(error) : ended(n, asked, error);
}

/* fill_disk writes so many MiB to a file. */
static struct outcome fill_disk(const struct word *w, struct printed *seen)
{
	(void)seen;
	static uint8_t block[1 << 14];
	uint64_t asked = decimal(w[1]), n = 0, blocks = asked * (MIB / sizeof block);
	int file, error = sys_open(w[0], SYS_CREATE, &file);
	if (error != 0)
		return failed(error);
	memset(block, 'x', sizeof block);
	while (n < blocks && (error = sys_write(file, block, sizeof block)) == 0)
		n++;
	sys_close(file);
	return ended(n / (MIB / sizeof block), asked, error);
}

/* complain writes so many MiB to standard error. */
static struct outcome complain(const struct word *w, struct printed *seen)
{
	(void)seen;
	static uint8_t block[1 << 14];
	uint64_t asked = decimal(w[0]), n = 0, blocks = asked * (MIB / sizeof block);
	int error = 0;
	memset(block, 'x', sizeof block);
	while (n < blocks && (error = sys_complain(block, sizeof block)) == 0)
		n++;
	return ended(n / (MIB / sizeof block), asked, error);
}

static struct outcome read_clocks(const struct word *w, struct printed *seen)
{
	(void)seen;
	uint64_t asked = decimal(w[0]), n = 0, now;
	int error = 0;
	while (n < asked && (error = sys_now(&now)) == 0)
		n++;
	return n == 0 ? failed(error) : ended(n, asked, error);
}

static struct outcome poll_many(const struct word *w, struct printed *seen)
{
	(void)seen;
	uint64_t asked = decimal(w[0]), n = 0;
	int error = 0;
	while (n < asked && (error = sys_wait(0)) == 0)
		n++;
	return n == 0 ? failed(error) : ended(n, asked, error);
}

/* sync_many writes a byte and has it stored, so many times. */
static struct outcome sync_many(const struct word *w, struct printed *seen)
{
	(void)seen;
	uint64_t asked = decimal(w[1]), n = 0;
	int file, error = sys_open(w[0], SYS_CREATE, &file);
	if (error != 0)
		return failed(error);
	while (n < asked && (error = sys_write(file, "x", 1)) == 0 && (error = sys_sync(file)) == 0)
		n++;
	sys_close(file);
	return n == 0 ? failed(error) : ended(n, asked, error);
}

const struct attempt exhaustion_attempts[] = {
	{"spin", 1, spin},           {"take-memory", 1, take_memory}, {"recurse", 1, recurse},
	{"open-many", 2, open_many}, {"make-many", 2, make_many},     {"fill-disk", 2, fill_disk},
	{"complain", 1, complain},   {"clocks", 1, read_clocks},      {"polls", 1, poll_many},
	{"syncs", 2, sync_many},     {"grow-table", 1, grow_table},   {NULL, 0, NULL},
};

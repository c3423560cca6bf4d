/*
 * system.c: SQLite is compiled with SQLITE_OS_OTHER, so that this is all it has:
 * memory from a pool, no files, a clock that stands still, and zeroes for random
 * bytes.
 */
#include "system.h"

#include <sqlite3-binding.h>
#include <string.h>

#define JULIAN_DAY_2026 2461041.5 /* 2026-01-01T00:00:00Z */

/* The database takes about 1 MiB. Statements within their bounds (sqlite.c) can
 * have large intermediate results. */
struct pool system_pool = {.limit = (size_t)64 << 20};

/* ---- memory ---- */

static void *take(int n)
{
	return pool_take(&system_pool, (size_t)n);
}

static void give(void *at)
{
	pool_give(&system_pool, at);
}

static void *resize(void *at, int n)
{
	return pool_resize(&system_pool, at, (size_t)n);
}

static int size(void *at)
{
	return at == NULL ? 0 : (int)pool_size(at);
}

static int round_up(int n)
{
	return (n + 7) & ~7;
}

static int begin(void *data)
{
	(void)data;
	return SQLITE_OK;
}

static void end(void *data)
{
	(void)data;
}

void system_prepare(void)
{
	static const sqlite3_mem_methods methods = {take, give, resize, size, round_up, begin, end, NULL};
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK)
		__builtin_trap();
}

/* ---- the rest ---- */

static int no_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
	(void)vfs, (void)name, (void)flags, (void)out;
	file->pMethods = NULL;
	return SQLITE_CANTOPEN;
}

static int no_deletion(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs, (void)name, (void)sync;
	return SQLITE_IOERR_DELETE;
}

static int no_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs, (void)name, (void)flags;
	*out = 0;
	return SQLITE_OK;
}

static int full_name(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	sqlite3_snprintf(n, out, "%s", name);
	return SQLITE_OK;
}

static int zeroes(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	memset(out, 0, (size_t)n);
	return n;
}

static int no_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs, (void)microseconds;
	return 0;
}

static int still_clock(sqlite3_vfs *vfs, double *day)
{
	(void)vfs;
	*day = JULIAN_DAY_2026;
	return SQLITE_OK;
}

static int no_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs, (void)n, (void)out;
	return 0;
}

/* SQLite calls these two when it is initialised and shut down. */
int sqlite3_os_init(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 1, .szOsFile = sizeof(sqlite3_file), .mxPathname = 64, .zName = "none",
		.xOpen = no_file, .xDelete = no_deletion, .xAccess = no_access, .xFullPathname = full_name,
		.xRandomness = zeroes, .xSleep = no_sleep, .xCurrentTime = still_clock, .xGetLastError = no_error,
	};
	return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void)
{
	return SQLITE_OK;
}

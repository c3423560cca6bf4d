/*
 * sqlite: answers a statement in SQL out of a database in memory, which is made
 * when the first request comes and stays. The manifest states what is in it, what
 * may be asked, and how rows are written.
 */
#include <sqlite3-binding.h>
#include <string.h>

#include "guest.h"
#include "shop.h"
#include "system.h"

#define MAX_STATEMENT 4096
#define MAX_VALUE 1024
#define MAX_RESPONSE ((size_t)128 << 10)
#define MAX_STEPS 200000 /* of SQLite's virtual machine, in one statement */
#define STEPS_AT_ONCE 1000

static sqlite3 *db;

/* ---- the response ---- */

static struct {
	uint8_t *at;
	size_t n, size;
	int full; /* it would be too long */
} out;

static void put(const void *bytes, size_t n)
{
	if (out.full || n > MAX_RESPONSE - out.n) {
		out.full = 1;
		return;
	}
	if (out.n + n > out.size) {
		size_t size = 2 * (out.n + n);
		uint8_t *at = pool_resize(&system_pool, out.at, size);
		if (at == NULL) {
			out.full = 1;
			return;
		}
		out.at = at;
		out.size = size;
	}
	memcpy(out.at + out.n, bytes, n);
	out.n += n;
}

static void put_string(const char *s)
{
	put(s, strlen(s));
}

/* put_text writes backslash, tab and line feed with a backslash. */
static void put_text(const char *s, size_t n)
{
	size_t from = 0;
	for (size_t i = 0; i < n; i++) {
		const char *escape = s[i] == '\\' ? "\\\\" : s[i] == '\t' ? "\\t" : s[i] == '\n' ? "\\n" : NULL;
		if (escape == NULL)
			continue;
		put(s + from, i - from);
		put_string(escape);
		from = i + 1;
	}
	put(s + from, n - from);
}

static void put_blob(const uint8_t *at, size_t n)
{
	put_string("x'");
	for (size_t i = 0; i < n; i++) {
		put(&"0123456789abcdef"[at[i] >> 4], 1);
		put(&"0123456789abcdef"[at[i] & 15], 1);
	}
	put_string("'");
}

static void put_value(sqlite3_stmt *statement, int column)
{
	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_NULL:
		put_string("\\N");
		return;
	case SQLITE_BLOB: {
		const uint8_t *at = sqlite3_column_blob(statement, column);
		put_blob(at, (size_t)sqlite3_column_bytes(statement, column));
		return;
	}
	default: {
		const unsigned char *s = sqlite3_column_text(statement, column);
		if (s == NULL)
			out.full = 1;
		else
			put_text((const char *)s, (size_t)sqlite3_column_bytes(statement, column));
	}
	}
}

static void put_separator(int column, int columns)
{
	put(column + 1 < columns ? "\t" : "\n", 1);
}

static void put_error(const char *why)
{
	out.n = 0;
	out.full = 0;
	put_string("error: ");
	put_string(why);
	put_string("\n");
}

/* put_failure: what has no memory left has worked too much. */
static void put_failure(int code)
{
	if (code == SQLITE_INTERRUPT || code == SQLITE_NOMEM)
		put_error("too much work");
	else
		put_error(sqlite3_errmsg(db));
}

/* ---- what may be asked ---- */

/* authorise allows to read. The order of random numbers would show which requests
 * came before. */
static int authorise(void *data, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)data, (void)a, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return strcmp(b, "random") == 0 || strcmp(b, "randomblob") == 0 ? SQLITE_DENY : SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

static int steps;

/* enough interrupts a statement that has taken too many steps. */
static int enough(void *data)
{
	(void)data;
	steps += STEPS_AT_ONCE;
	return steps > MAX_STEPS;
}

static void set_limits(void)
{
	static const struct {
		int id, value;
	} limits[] = {
		{SQLITE_LIMIT_LENGTH, MAX_VALUE},    {SQLITE_LIMIT_SQL_LENGTH, MAX_STATEMENT},
		{SQLITE_LIMIT_COLUMN, 100},         {SQLITE_LIMIT_EXPR_DEPTH, 100},
		{SQLITE_LIMIT_COMPOUND_SELECT, 20}, {SQLITE_LIMIT_VDBE_OP, 25000},
		{SQLITE_LIMIT_FUNCTION_ARG, 100},   {SQLITE_LIMIT_ATTACHED, 0},
		{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
	};
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		sqlite3_limit(db, limits[i].id, limits[i].value);
}

static void open_shop(void)
{
	system_prepare();
	if (sqlite3_open(":memory:", &db) != SQLITE_OK || shop_fill(db) != SQLITE_OK)
		__builtin_trap(); /* it always fits */
	set_limits();
	sqlite3_set_authorizer(db, authorise, NULL);
	sqlite3_progress_handler(db, STEPS_AT_ONCE, enough, NULL);
}

/* ---- the request ---- */

/* run writes the rows of a statement. */
static void run(sqlite3_stmt *statement)
{
	int columns = sqlite3_column_count(statement), code;
	for (int i = 0; i < columns; i++) {
		const char *name = sqlite3_column_name(statement, i);
		if (name != NULL) /* else it is too long for a value */
			put_text(name, strlen(name));
		put_separator(i, columns);
	}
	while ((code = sqlite3_step(statement)) == SQLITE_ROW && !out.full)
		for (int i = 0; i < columns; i++) {
			put_value(statement, i);
			put_separator(i, columns);
		}
	if (out.full)
		put_error("too many rows");
	else if (code != SQLITE_DONE)
		put_failure(code);
}

/* is_blank: there is nothing behind the statement but space and comments. */
static int is_blank(const char *rest, const char *end)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db, rest, (int)(end - rest), &statement, NULL);
	int blank = code == SQLITE_OK && statement == NULL;
	sqlite3_finalize(statement);
	return blank;
}

static void answer(const char *sql, size_t n)
{
	sqlite3_stmt *statement = NULL;
	const char *rest = NULL;
	steps = 0;
	int code = sqlite3_prepare_v2(db, sql, (int)n, &statement, &rest);
	if (code != SQLITE_OK)
		put_failure(code);
	else if (statement == NULL)
		put_error("no statement");
	else if (!is_blank(rest, sql + n))
		put_error("more than one statement");
	else if (!sqlite3_stmt_readonly(statement) || sqlite3_stmt_isexplain(statement))
		put_error("not authorized");
	else
		run(statement);
	sqlite3_finalize(statement);
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	if (db == NULL)
		open_shop();
	out.n = 0;
	out.full = 0;
	if (n > MAX_STATEMENT)
		put_error("the statement is too long");
	else if (memchr(request, 0, n) != NULL)
		put_error("the statement is not text");
	else
		answer((const char *)request, n);
	*response = out.at;
	return out.n;
}

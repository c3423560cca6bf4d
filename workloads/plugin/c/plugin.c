/*
 * plugin: runs a script that nobody here wrote, in JavaScript, by the library
 * mujs. The manifest states what a script finds and what it may spend.
 */
#include <string.h>

#include "engine.h"
#include "guest.h"
#include "memory.h"
#include "utf8.h"

#define MAX_SCRIPT ((size_t)16 << 10)
#define MAX_INPUT ((size_t)32 << 10)
#define MAX_OUTPUT ((size_t)64 << 10)
#define SEPARATOR "\n====\n"

/* ---- the response ---- */

static struct {
	uint8_t at[MAX_OUTPUT];
	size_t n;
	int full; /* it would be too long */
} out;

static void put(const char *s, size_t n)
{
	if (out.full || n > MAX_OUTPUT - out.n) {
		out.full = 1;
		return;
	}
	memcpy(out.at + out.n, s, n);
	out.n += n;
}

static void begin(const char *s)
{
	out.n = 0;
	out.full = 0;
	put(s, strlen(s));
}

static void fail(const char *why)
{
	begin("error: ");
	put(why, strlen(why));
	put("\n", 1);
}

/* ---- what a script finds ---- */

/* print(…) writes its arguments with spaces between them, and a line feed. */
static void print(js_State *J)
{
	int count = js_gettop(J);
	for (int i = 1; i < count; i++) {
		const char *s = js_tostring(J, i);
		put(" ", i > 1);
		put(s, strlen(s));
	}
	put("\n", 1);
	if (out.full)
		js_error(J, "too much output");
	js_pushundefined(J);
}

static void be_quiet(js_State *J, const char *message)
{
	(void)J, (void)message;
}

static js_State *prepare(const char *input)
{
	js_State *J = engine_new();
	if (J == NULL)
		return NULL;
	js_setreport(J, be_quiet);
	js_newcfunction(J, print, "print", 0);
	js_setglobal(J, "print");
	js_pushstring(J, input);
	js_setglobal(J, "input");
	return J;
}

/* ---- the request ---- */

static void run(const char *script, const char *input)
{
	js_State *J = prepare(input);
	if (J == NULL) {
		fail("too much work");
		return;
	}
	begin("ok\n");
	int failed = js_ploadstring(J, "script", script);
	if (!failed) {
		js_pushundefined(J);
		failed = js_pcall(J, 0);
	}
	/* Asked for its text, an object may run more of the script. */
	const char *why = failed && !engine_stopped() ? js_trystring(J, -1, "an error without a text") : NULL;
	if (engine_stopped() || memory_ran_out())
		fail("too much work");
	else if (out.full)
		fail("too much output");
	else if (why != NULL)
		fail(why);
}

/* keep returns a copy that ends with a NUL. */
static char *keep(const uint8_t *at, size_t n)
{
	char *copy = memory_resize(NULL, n + 1);
	if (copy != NULL) {
		memcpy(copy, at, n);
		copy[n] = 0;
	}
	return copy;
}

/* find_separator returns where it begins, n if it is not there. */
static size_t find_separator(const uint8_t *request, size_t n)
{
	size_t length = sizeof SEPARATOR - 1;
	for (size_t i = 0; i + length <= n; i++)
		if (memcmp(request + i, SEPARATOR, length) == 0)
			return i;
	return n;
}

static void answer(const uint8_t *request, size_t n)
{
	size_t script = find_separator(request, n);
	size_t skipped = script == n ? 0 : sizeof SEPARATOR - 1;
	size_t input = n - script - skipped;
	if (script > MAX_SCRIPT) {
		fail("the script is too long");
		return;
	}
	if (input > MAX_INPUT) {
		fail("the input is too long");
		return;
	}
	if (!utf8_is_text(request, n)) {
		fail("the request is not text");
		return;
	}
	memory_clear();
	const char *source = keep(request, script), *text = keep(request + script + skipped, input);
	if (source == NULL || text == NULL)
		fail("too much work");
	else
		run(source, text);
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	answer(request, n);
	*response = out.at;
	return out.n;
}

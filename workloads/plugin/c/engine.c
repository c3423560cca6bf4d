/*
 * engine.c: the whole of mujs in one unit, as its own one.c has it, with macros
 * around that
 *
 *   - count work, so that no script runs for ever. Work is counted in the same
 *     places on all machines, and not in time;
 *   - stop the clock and start Math.random at the same place for each script;
 *   - keep it from files and from the standard streams, where responses go;
 *   - sort with a function through which longjmp finds its way (unwind.c).
 */
#include <assert.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <jsi.h>

#include "engine.h"
#include "memory.h"
#include "sort.h"

/* ---- work ---- */

enum {
	INSTRUCTION = 100, /* of the byte code; also an element of an array */
	ALLOCATION = 200,
	MATCH = 20, /* a step of a regular expression */
	FOLD = 20,  /* a change of case */
	RUNE = 1,
	MOST = 10000000
};

static js_State *running; /* NULL while there is no one to throw to */
static unsigned spent;

/* spend throws when too much has been spent; where that is caught, the next step
 * throws again, until all who catch are gone. */
static void spend(unsigned work)
{
	spent += work;
	if (spent > MOST && running != NULL) {
		spent = MOST + 1;
		js_error(running, "too much work");
	}
}

static int spend_instruction(void)
{
	spend(INSTRUCTION);
	return 0;
}

static void *allocate(void *context, void *at, int size)
{
	(void)context;
	if (size == 0) {
		memory_give(at);
		return NULL;
	}
	if (spent <= MOST)
		spent += ALLOCATION;
	return memory_resize(at, (size_t)size);
}

/* ---- the world outside ---- */

#define NOW 1767225600 /* 2026-01-01T00:00:00Z */

#define printf(...) ((void)0)
#define putchar(c) ((void)(c))
#define fputs(s, f) ((void)0)
#define fputc(c, f) ((void)0)
#define fopen(name, mode) NULL
#define time(t) ((time_t)NOW)
#define gettimeofday(t, zone) ((t)->tv_sec = NOW, (t)->tv_usec = 0)
#define mktime(t) ((time_t)0) /* there is one time zone */
#define gmtime(t) NULL
#define localtime(t) NULL
#define qsort sort

#include <utf.c>

#undef chartorune
#undef utflen
#undef toupperrune
#undef tolowerrune
#define chartorune(rune, s) (spend(RUNE), jsU_chartorune(rune, s))
#define toupperrune(rune) (spend(FOLD), jsU_toupperrune(rune))
#define tolowerrune(rune) (spend(FOLD), jsU_tolowerrune(rune))
#define utflen(s) counted_length(s)

static int counted_length(const char *s)
{
	spend(RUNE * (unsigned)strlen(s));
	return jsU_utflen(s);
}

#define js_hasindex(J, object, i) (spend(INSTRUCTION), js_hasindex(J, object, i))
#define js_getindex(J, object, i) (spend(INSTRUCTION), js_getindex(J, object, i))
#include <jsarray.c>
#undef js_hasindex
#undef js_getindex

#define js_itoa(buffer, i) (spend(INSTRUCTION), js_itoa(buffer, i))
#include <jsproperty.c>
#undef js_itoa

#define gcthresh gcthresh || spend_instruction()
#include <jsrun.c>
#undef gcthresh

#include <jsboolean.c>
#include <jsbuiltin.c>
#include <jscompile.c>
#include <jsdate.c>
#include <jsdtoa.c>
#include <jsdump.c>
#include <jserror.c>
#include <jsfunction.c>
#include <jsgc.c>
#include <jsintern.c>
#include <jslex.c>
#include <jsmath.c>
#include <jsnumber.c>
#include <jsobject.c>
#include <json.c>
#include <jsparse.c>
#include <jsregexp.c>
#include <jsrepr.c>
#include <jsstate.c>
#include <jsstring.c>
#include <jsvalue.c>

/* Last, since it has macros of its own. */
#define switch(choice) switch (spend(MATCH), (choice))
#include <regexp.c>
#undef switch

js_State *engine_new(void)
{
	running = NULL;
	js_State *J = js_newstate(allocate, NULL, 0);
	running = J;
	spent = 0;
	return J;
}

int engine_stopped(void)
{
	return spent > MOST;
}

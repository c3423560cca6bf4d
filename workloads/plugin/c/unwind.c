/*
 * unwind.c: what setjmp and longjmp come to in a module. WebAssembly as all our
 * runtimes know it can't leave a function but by its end, so the compiler and the
 * build do it together ("longjmp" in the manifest):
 *
 *   - in a function that calls setjmp, the compiler makes each call that may not
 *     come back a call of invoke_…, tells which setjmp is meant by the functions
 *     below, and goes on there;
 *   - behind each other call the build adds "if guest_unwinding, return".
 *
 * So longjmp sets the flag and returns, and so does everyone up to an invoke_…,
 * which clears the flag. The names and the table's layout are the compiler's
 * (LLVM's WebAssemblyLowerEmscriptenEHSjLj).
 */
#ifdef __wasm__

#include <stddef.h>
#include <stdint.h>

#include "memory.h"

int guest_unwinding;

/* Where the compiler's code finds what longjmp was given. */
uintptr_t __THREW__;
int __threwValue;

void emscripten_longjmp(uintptr_t environment, int value)
{
	__THREW__ = environment;
	__threwValue = value == 0 ? 1 : value;
	guest_unwinding = 1;
}

static uint32_t second_result;

void setTempRet0(uint32_t value)
{
	second_result = value;
}

uint32_t getTempRet0(void)
{
	return second_result;
}

/* An entry of a function's table of setjmps; the one behind the last has id 0. */
struct entry {
	uint32_t id, label;
};

/* saveSetjmp gives the environment an id of its own, and notes to which label of
 * the function it leads. It returns the table and, as a second result, its size. */
struct entry *saveSetjmp(uint32_t *environment, uint32_t label, struct entry *table, uint32_t size)
{
	static uint32_t last;
	uint32_t i = 0;
	*environment = ++last;
	while (i < size && table[i].id != 0)
		i++;
	if (i == size) {
		size *= 2;
		table = memory_resize(table, (size + 1) * sizeof *table);
		if (table == NULL)
			__builtin_trap(); /* a function with so many setjmps is not here */
	}
	table[i] = (struct entry){last, label};
	table[i + 1].id = 0;
	second_result = size;
	return table;
}

/* testSetjmp returns the label, 0 if it is none of this function's. */
uint32_t testSetjmp(uint32_t id, const struct entry *table, uint32_t size)
{
	for (uint32_t i = 0; i < size && table[i].id != 0; i++)
		if (table[i].id == id)
			return table[i].label;
	return 0;
}

/* The compiler's code takes the tables from malloc. */
void *malloc(size_t n)
{
	return memory_resize(NULL, n);
}

void *realloc(void *at, size_t n)
{
	return memory_resize(at, n);
}

void free(void *at)
{
	memory_give(at);
}

/* ---- calls that may not come back ---- */

/* It is volatile, or the compiler would read it where it is used: after the call. */
static inline uint32_t stack_pointer(void)
{
	uint32_t at;
	__asm__ volatile(".globaltype __stack_pointer, i32\n"
			 "global.get __stack_pointer\n"
			 "local.set %0"
			 : "=r"(at));
	return at;
}

/* land ends the unwinding, and gives back the stack of those who were left. */
static inline void land(uint32_t stack)
{
	if (!guest_unwinding)
		return;
	guest_unwinding = 0;
	__asm__ volatile("local.get %0\n"
			 "global.set __stack_pointer" ::"r"(stack));
}

#define INVOKE(name, types, parameters, arguments)    \
	void invoke_v##name(void(*f) types, parameters) \
	{                                               \
		uint32_t stack = stack_pointer();       \
		f arguments;                            \
		land(stack);                            \
	}
#define INVOKE_FOR(letter, type, name, types, parameters, arguments) \
	type invoke_##letter##name(type(*f) types, parameters)         \
	{                                                              \
		uint32_t stack = stack_pointer();                      \
		type result = f arguments;                             \
		land(stack);                                           \
		return result;                                         \
	}

#define P1 uint32_t a
#define P2 P1, uint32_t b
#define P3 P2, uint32_t c
#define P4 P3, uint32_t d
#define P5 P4, uint32_t e
#define P6 P5, uint32_t g
#define P7 P6, uint32_t h
#define P8 P7, uint32_t i
#define COMMA ,

INVOKE(i, (P1), P1, (a))
INVOKE(ii, (P2), P2, (a, b))
INVOKE(iii, (P3), P3, (a, b, c))
INVOKE(iiii, (P4), P4, (a, b, c, d))
INVOKE(iiiiiiii, (P8), P8, (a, b, c, d, e, g, h, i))
INVOKE_FOR(i, uint32_t, i, (P1), P1, (a))
INVOKE_FOR(i, uint32_t, ii, (P2), P2, (a, b))
INVOKE_FOR(i, uint32_t, iii, (P3), P3, (a, b, c))
INVOKE_FOR(i, uint32_t, iiii, (P4), P4, (a, b, c, d))
INVOKE_FOR(i, uint32_t, iiiii, (P5), P5, (a, b, c, d, e))
INVOKE_FOR(i, uint32_t, iiiiii, (P6), P6, (a, b, c, d, e, g))
INVOKE_FOR(i, uint32_t, iiiiiii, (P7), P7, (a, b, c, d, e, g, h))
INVOKE_FOR(d, double, ii, (P2), P2, (a, b))
INVOKE_FOR(i, uint32_t, iid, (P2, double x), P2 COMMA double x, (a, b, x))

#endif

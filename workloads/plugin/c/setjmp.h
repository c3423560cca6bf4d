/*
 * setjmp.h: for modules, whose libc has none; see unwind.c. Executables get that
 * of their libc.
 */
#ifdef __wasm__
#ifndef EDGEBENCH_SETJMP_H
#define EDGEBENCH_SETJMP_H

typedef unsigned long jmp_buf[1];

int setjmp(jmp_buf) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf, int);

#endif
#else
#include_next <setjmp.h>
#endif

/*
 * checked.c: Debian's static libc++ is compiled over glibc, with checks of
 * buffers that ask for functions of glibc's. Over musl they are these. All are
 * in parts that run before a guest ends by force, if they run at all.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int __vfprintf_chk(FILE *file, int flag, const char *format, va_list arguments)
{
	(void)flag;
	return vfprintf(file, format, arguments);
}

int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
	(void)flag;
	va_list arguments;
	va_start(arguments, format);
	int n = vfprintf(file, format, arguments);
	va_end(arguments);
	return n;
}

void *__memmove_chk(void *to, const void *from, size_t n, size_t room)
{
	if (n > room)
		__builtin_trap();
	return memmove(to, from, n);
}

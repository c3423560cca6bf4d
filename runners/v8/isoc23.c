//go:build cgo && linux && amd64

/*
 * isoc23.c: functions under the names that the C library has had since its
 * version 2.38, with which V8's library was compiled. An older one does not have the
 * names. What it has instead differs in one thing: it does not read binary numbers
 * (0b1), which V8 asks it for nowhere.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__GLIBC__) && !__GLIBC_PREREQ(2, 38)

long __isoc23_strtol(const char *s, char **end, int base) { return strtol(s, end, base); }
unsigned long __isoc23_strtoul(const char *s, char **end, int base) { return strtoul(s, end, base); }
long long __isoc23_strtoll(const char *s, char **end, int base) { return strtoll(s, end, base); }
unsigned long long __isoc23_strtoull(const char *s, char **end, int base) { return strtoull(s, end, base); }

int __isoc23_sscanf(const char *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsscanf(s, format, args);
	va_end(args);
	return n;
}

int __isoc23_fscanf(FILE *from, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vfscanf(from, format, args);
	va_end(args);
	return n;
}

#endif

//go:build cgo && linux && amd64

/*
 * keys.c: keeps V8 from protecting its code with memory protection keys, where the
 * processor has them. A thread has the rights that the thread had which created it, and
 * one that is older than V8's key may not even read what the key protects. V8 says that
 * it must be initialised before there are other threads, but Go's runtime has some
 * before any of our code runs, and whoever calls into V8 on one of them ends with a
 * segmentation fault. This function takes the place of the C library's, to which V8
 * refers weakly: it has no key to give, as on a processor without them.
 */
#include <errno.h>

int pkey_alloc(unsigned int flags, unsigned int rights)
{
	(void)flags;
	(void)rights;
	errno = ENOSPC;
	return -1;
}

//go:build cgo && linux && amd64

/*
 * layout.h: numbers of V8 13.6's headers that api.h relies on. TestHeaders
 * compares each with the headers of the linked module.
 */
#ifndef EDGEBENCH_V8_LAYOUT_H
#define EDGEBENCH_V8_LAYOUT_H

/* Sizes and an offset, in bytes. */
#define EB_SIZE_HANDLE_SCOPE 24
#define EB_SIZE_TRY_CATCH 48
#define EB_SIZE_LOCKER 16
#define EB_SIZE_HEAP_STATISTICS 112
#define EB_SIZE_CREATE_PARAMS 160
#define EB_OFFSET_ALLOCATOR 88

/* Where a callback finds its isolate and its function among the implicit
 * arguments. */
#define EB_CALLBACK_ISOLATE 1
#define EB_CALLBACK_TARGET 4

#define EB_REPLACE_INVALID_UTF8 8

/* Compressed pointers (1), small integers of 31 bits (2) and the sandbox (4). */
#define EB_BUILD_CONFIGURATION 7

#endif

/*
 * own.h: the headers of a user's own library, with which C is compiled for it, so that
 * a declaration of library.h that differs is an error. What cgo reads are always those
 * declarations: it makes other types of Go of the library's.
 */
#ifdef EDGEBENCH_OWN_HEADERS
#include <wasmtime.h>
#endif

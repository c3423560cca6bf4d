/* sort.h: qsort, written here so that it is compiled as all that longjmp passes
 * through, and does the same steps on both sides. */
#ifndef EDGEBENCH_SORT_H
#define EDGEBENCH_SORT_H

#include <stddef.h>

void sort(void *rows, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif

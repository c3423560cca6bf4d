#include "sort.h"

#include <stdint.h>

/* Heap sort: in place, with a bound on its steps whatever compare says. */

static void swap(uint8_t *a, uint8_t *b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = a[i];
		a[i] = b[i];
		b[i] = byte;
	}
}

/* sink moves a row down to where both its children are not larger. */
static void sink(uint8_t *rows, size_t row, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	for (;;) {
		size_t child = 2 * row + 1;
		if (child >= count)
			return;
		if (child + 1 < count && compare(rows + child * size, rows + (child + 1) * size) < 0)
			child++;
		if (compare(rows + row * size, rows + child * size) >= 0)
			return;
		swap(rows + row * size, rows + child * size, size);
		row = child;
	}
}

void sort(void *rows, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	for (size_t row = count / 2; row-- > 0;)
		sink(rows, row, count, size, compare);
	while (count > 1) {
		count--;
		swap(rows, (uint8_t *)rows + count * size, size);
		sink(rows, 0, count, size, compare);
	}
}

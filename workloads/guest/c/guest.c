/* guest.c: what both shells have in common. */
#include "shell.h"

/* A buffer grows at least to its double, which bounds what a shell that never
 * frees leaves behind by the size of what it uses. */
uint8_t *guest_reserve(struct guest_buffer *buffer, size_t n)
{
	if (n <= buffer->size)
		return buffer->at;
	size_t twice = buffer->size <= SIZE_MAX / 2 ? 2 * buffer->size : n;
	if (twice > n && guest_resize(buffer, twice))
		return buffer->at;
	if (!guest_resize(buffer, n))
		guest_die("no memory for a message");
	return buffer->at;
}

/* filter.c: the outer one of two components. It refuses what is internal, asks the
 * next component about all else, and marks its response. The manifest states the
 * rules. */
#include "guest.h"
#include "next.h"

#include <string.h>

static const char internal[] = "/internal/";
static const char refusal[] = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
static const char mark[] = "\r\nx-filter: c";

/* is_internal says whether the target, which follows the first space, begins with the
 * internal path. */
static int is_internal(const uint8_t *request, size_t n)
{
	const size_t length = sizeof internal - 1;
	const uint8_t *space = memchr(request, ' ', n);
	return space != NULL && (size_t)(request + n - space) > length && memcmp(space + 1, internal, length) == 0;
}

/* head_end gives the place of the empty line that ends the head, n without one. */
static size_t head_end(const uint8_t *response, size_t n)
{
	for (size_t i = 0; i + 4 <= n; i++)
		if (memcmp(response + i, "\r\n\r\n", 4) == 0)
			return i;
	return n;
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	static struct guest_buffer out;
	if (is_internal(request, n)) {
		*response = (const uint8_t *)refusal;
		return sizeof refusal - 1;
	}
	const uint8_t *answer;
	size_t size = guest_next(request, n, &answer);
	size_t end = head_end(answer, size), added = sizeof mark - 1;
	uint8_t *at = guest_reserve(&out, size + added);
	memcpy(at, answer, end);
	memcpy(at + end, mark, added);
	memcpy(at + end + added, answer + end, size - end);
	*response = at;
	return size + added;
}

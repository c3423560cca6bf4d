#include "bmp.h"

#include "guest.h"

#define STBIW_MALLOC(n) NULL /* what writes a BMP takes no memory */
#define STBIW_REALLOC(at, n) NULL
#define STBIW_FREE(at) ((void)(at))
#define STBIW_ASSERT(condition) ((void)(condition))
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

#define HEADERS 54 /* bytes in front of the pixels */

struct written {
	uint8_t *at;
	size_t n;
};

static void append(void *context, void *bytes, int n)
{
	struct written *w = context;
	memcpy(w->at + w->n, bytes, (size_t)n);
	w->n += (size_t)n;
}

size_t bmp_write(const uint8_t *rgb, struct size size, const uint8_t **file)
{
	static struct guest_buffer room;
	size_t row = ((size_t)size.width * 3 + 3) & ~(size_t)3;
	struct written w = {guest_reserve(&room, HEADERS + row * size.height), 0};
	stbi_write_bmp_to_func(append, &w, (int)size.width, (int)size.height, 3, rgb);
	*file = w.at;
	return w.n;
}

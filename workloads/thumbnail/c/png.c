#include "png.h"

#include <string.h>

#include "guest.h"

/* The decoder takes the memory for one picture at a time. */
static void *pixels(size_t n)
{
	static struct guest_buffer room;
	return guest_reserve(&room, n);
}

#define STBI_MALLOC(n) pixels(n)
#define STBI_REALLOC(at, n) ((void)(at), (void)(n), NULL) /* nothing grows */
#define STBI_FREE(at) ((void)(at))
#define STBI_ASSERT(condition) ((void)(condition))
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_FAILURE_STRINGS
#define STBI_NO_THREAD_LOCALS
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

#define IHDR 0x49484452u
#define IDAT 0x49444154u
#define IEND 0x49454e44u
#define TRNS 0x74524e53u

struct chunk {
	uint32_t type, size;
	const uint8_t *at;
};

/* What is left of a file. */
struct rest {
	const uint8_t *at;
	size_t n;
};

static uint32_t big_endian(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* crc32 is that of PNG and zip. */
static uint32_t crc32(const uint8_t *at, size_t n)
{
	static uint32_t table[256];
	if (table[1] == 0)
		for (uint32_t i = 0; i < 256; i++) {
			table[i] = i;
			for (int bit = 0; bit < 8; bit++)
				table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
		}
	uint32_t crc = 0xffffffffu;
	for (size_t i = 0; i < n; i++)
		crc = table[(crc ^ at[i]) & 255] ^ crc >> 8;
	return ~crc;
}

/* adler32 is that of zlib. The sums are reduced before 5552 bytes can make them
 * pass 32 bits. */
static uint32_t adler32(const uint8_t *at, size_t n)
{
	uint32_t a = 1, b = 0;
	while (n > 0) {
		size_t part = n < 5552 ? n : 5552;
		for (size_t i = 0; i < part; i++)
			b += a += at[i];
		a %= 65521;
		b %= 65521;
		at += part;
		n -= part;
	}
	return b << 16 | a;
}

static int is_letter(uint8_t c)
{
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'z';
}

/* next_chunk takes a chunk off; 0 if there is none whose checksum is right. */
static int next_chunk(struct rest *rest, struct chunk *c)
{
	if (rest->n < 12)
		return 0;
	c->size = big_endian(rest->at);
	if (c->size > rest->n - 12)
		return 0;
	const uint8_t *type = rest->at + 4;
	for (int i = 0; i < 4; i++)
		if (!is_letter(type[i]))
			return 0;
	c->type = big_endian(type);
	c->at = type + 4;
	rest->at += c->size + 12;
	rest->n -= c->size + 12;
	return crc32(type, c->size + 4) == big_endian(c->at + c->size);
}

/* read_header takes signature and IHDR off. */
static int read_header(struct rest *rest, struct picture *p)
{
	static const uint32_t channels[7] = {1, 0, 3, 0, 2, 0, 4}; /* by colour type */
	struct chunk c;
	if (rest->n < 8 || memcmp(rest->at, "\x89PNG\r\n\x1a\n", 8) != 0)
		return 0;
	rest->at += 8;
	rest->n -= 8;
	if (!next_chunk(rest, &c) || c.type != IHDR || c.size != 13)
		return 0;
	p->width = big_endian(c.at);
	p->height = big_endian(c.at + 4);
	p->channels = c.at[9] < 7 ? channels[c.at[9]] : 0;
	return p->width >= 1 && p->width <= PNG_MAX_SIDE && p->height >= 1 && p->height <= PNG_MAX_SIDE &&
	       p->width * p->height <= PNG_MAX_PIXELS && p->channels > 0 && c.at[8] == 8 &&
	       c.at[10] == 0 && c.at[11] == 0 && c.at[12] == 0;
}

/* read_data puts the content of the IDAT chunks together and returns its
 * length, 0 if the chunks are not in order. */
static size_t read_data(struct rest rest, uint8_t *data)
{
	size_t n = 0;
	enum { BEFORE, WITHIN, AFTER } place = BEFORE;
	struct chunk c;
	while (next_chunk(&rest, &c)) {
		int ancillary = c.type >> 29 & 1;
		if (c.type == IEND)
			return c.size == 0 && rest.n == 0 ? n : 0;
		if (c.type == TRNS || (!ancillary && c.type != IDAT) || (c.type == IDAT && place == AFTER))
			return 0;
		if (c.type == IDAT) {
			memcpy(data + n, c.at, c.size);
			n += c.size;
			place = WITHIN;
		} else if (place == WITHIN) {
			place = AFTER;
		}
	}
	return 0;
}

/* unpack makes pixels of compressed data. stb goes without the checksum, so its
 * two halves are called one by one, the second of which is not in its public
 * interface; the version is pinned. */
static int unpack(const uint8_t *data, size_t n, struct picture *p)
{
	static struct guest_buffer room;
	size_t size = p->height * (1 + (size_t)p->width * p->channels);
	uint8_t *raw = guest_reserve(&room, size);
	if (n < 6 || data[0] >> 4 > 7)
		return 0;
	int got = stbi_zlib_decode_buffer((char *)raw, (int)size, (const char *)data, (int)n);
	if (got < 0 || (size_t)got != size || adler32(raw, size) != big_endian(data + n - 4))
		return 0;
	stbi__context context = {.img_x = p->width, .img_y = p->height, .img_n = (int)p->channels};
	stbi__png png = {.s = &context};
	if (!stbi__create_png_image(&png, raw, (stbi__uint32)size, context.img_n, 8, 0, 0))
		return 0;
	p->at = png.out;
	return 1;
}

int png_read(const uint8_t *file, size_t n, struct picture *picture)
{
	static struct guest_buffer room;
	struct rest rest = {file, n};
	if (n > PNG_MAX_FILE || !read_header(&rest, picture))
		return 0;
	uint8_t *data = guest_reserve(&room, rest.n);
	return unpack(data, read_data(rest, data), picture);
}

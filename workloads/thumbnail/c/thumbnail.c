/* thumbnail.c: reads what is wanted of a PNG picture and answers with it as a
 * BMP file, or with the reason why not. */
#include <string.h>

#include "bmp.h"
#include "guest.h"
#include "http.h"
#include "png.h"
#include "scale.h"

/* What the first line of a request says; a piece of width or height 0 goes to
 * the picture's edge. */
struct wish {
	uint64_t x, y, width, height;
	uint64_t to_width, to_height;
	uint8_t background[3];
};

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_colour(struct http_text word, uint8_t colour[3])
{
	if (word.n != 6)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		int high = hex(word.at[2 * i]), low = hex(word.at[2 * i + 1]);
		if (high < 0 || low < 0)
			return 0;
		colour[i] = (uint8_t)(16 * high + low);
	}
	return 1;
}

static int read_wish(struct http_text line, struct wish *w)
{
	uint64_t *const numbers[] = {&w->x, &w->y, &w->width, &w->height, &w->to_width, &w->to_height};
	struct http_text word;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (!http_cut(&line, ' ', &word) || !http_decimal(word, numbers[i]))
			return 0;
	return http_cut(&line, ' ', &word) && line.at == NULL && read_colour(word, w->background);
}

static int good_size(const struct wish *w)
{
	return w->to_width >= 1 && w->to_width <= PNG_MAX_SIDE && w->to_height >= 1 &&
	       w->to_height <= PNG_MAX_SIDE && w->to_width * w->to_height <= PNG_MAX_PIXELS;
}

/* cut puts the piece within the picture; 0 if it is not. */
static int cut(const struct wish *w, const struct picture *p, struct piece *piece)
{
	if (w->x >= p->width || w->y >= p->height || w->width > p->width - w->x || w->height > p->height - w->y)
		return 0;
	piece->x = (uint32_t)w->x;
	piece->y = (uint32_t)w->y;
	piece->size.width = w->width ? (uint32_t)w->width : p->width - piece->x;
	piece->size.height = w->height ? (uint32_t)w->height : p->height - piece->y;
	return 1;
}

static size_t refuse(const char *why, const uint8_t **response)
{
	*response = (const uint8_t *)why;
	return strlen(why);
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	struct http_text rest = {request, n}, line;
	struct wish wish;
	struct picture picture;
	struct piece piece;
	http_cut(&rest, '\n', &line);
	if (rest.at == NULL || !read_wish(line, &wish))
		return refuse("bad request\n", response);
	if (!good_size(&wish))
		return refuse("bad size\n", response);
	if (!png_read(rest.at, rest.n, &picture))
		return refuse("bad picture\n", response);
	if (!cut(&wish, &picture, &piece))
		return refuse("bad piece\n", response);
	struct size size = {(uint32_t)wish.to_width, (uint32_t)wish.to_height};
	return bmp_write(scale(&picture, piece, wish.background, size), size, response);
}

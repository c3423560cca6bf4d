/*
 * png.h: reads PNG pictures with stb_image. What is a good picture is checked
 * here, as strictly as Go's decoder does it: stb takes more.
 */
#ifndef PNG_H
#define PNG_H

#include <stddef.h>
#include <stdint.h>

#define PNG_MAX_FILE ((size_t)16 << 20) /* bytes */
#define PNG_MAX_SIDE 4096u
#define PNG_MAX_PIXELS ((uint32_t)1 << 21)

/* A picture of 8-bit samples by rows from the top. The channels are those of
 * the file: grey (1), grey and alpha (2), RGB (3) or RGBA (4). */
struct picture {
	const uint8_t *at;
	uint32_t width, height, channels;
};

/* png_read returns 0 for what is no PNG picture of the kinds above. The picture
 * stays as it is until the next call. */
int png_read(const uint8_t *file, size_t n, struct picture *picture);

#endif

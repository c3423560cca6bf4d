/* scale.h: cuts a piece out of a picture and scales it. */
#ifndef SCALE_H
#define SCALE_H

#include "png.h"

struct size {
	uint32_t width, height;
};

/* The piece of a picture that is wanted, in pixels; it lies within it. */
struct piece {
	uint32_t x, y;
	struct size size;
};

/*
 * scale makes an RGB picture of the size, each of whose pixels is the mean of
 * what it covers of the piece, weighted by area. What is transparent shows the
 * background. The rounding is in the manifest. The result stays as it is until
 * the next call.
 */
const uint8_t *scale(const struct picture *from, struct piece piece, const uint8_t background[3],
		     struct size to);

#endif

/* bmp.h: writes pictures with stb_image_write. */
#ifndef BMP_H
#define BMP_H

#include "scale.h"

/* bmp_write makes a BMP file of an RGB picture and returns its length in bytes.
 * The file stays as it is until the next call. */
size_t bmp_write(const uint8_t *rgb, struct size size, const uint8_t **file);

#endif

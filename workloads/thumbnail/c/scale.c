#include "scale.h"

#include <string.h>

#include "guest.h"

/*
 * Lengths along an axis are counted so that both a pixel of the piece and one of
 * the result have whole ones: the former is as long as the result has pixels,
 * the latter as long as the piece has. A sum of weighted samples is at most
 * 255 * PNG_MAX_PIXELS, which is less than 2^29.
 */

#define CHANNELS 3

static uint32_t low(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* opaque makes RGB of a row of the piece. */
static void opaque(uint8_t *to, const uint8_t *from, uint32_t pixels, uint32_t channels,
		   const uint8_t background[3])
{
	uint32_t colours = channels < 3 ? 1 : 3;
	for (uint32_t i = 0; i < pixels; i++, from += channels, to += CHANNELS)
		for (uint32_t c = 0; c < CHANNELS; c++) {
			uint32_t sample = from[colours == 1 ? 0 : c];
			if (channels > colours) {
				uint32_t alpha = from[colours];
				sample = (sample * alpha + background[c] * (255 - alpha) + 127) / 255;
			}
			to[c] = (uint8_t)sample;
		}
}

/* across sums a row of n pixels up for each of the result's `pixels`. */
static void across(uint32_t *sums, uint32_t pixels, const uint8_t *row, uint32_t n)
{
	memset(sums, 0, (size_t)pixels * CHANNELS * sizeof *sums);
	uint32_t at = 0, to = 0; /* where we are, and the pixel there */
	for (uint32_t i = 0; i < n; i++, row += CHANNELS)
		for (uint32_t end = (i + 1) * pixels; at < end;) {
			uint32_t next = low(end, (to + 1) * n), weight = next - at;
			for (uint32_t c = 0; c < CHANNELS; c++)
				sums[to * CHANNELS + c] += weight * row[c];
			at = next;
			if (at == (to + 1) * n)
				to++;
		}
}

/* finish makes a row of the result of its sums, and 0 of the sums. */
static void finish(uint8_t *to, uint32_t *sums, size_t n, uint32_t area)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)((2 * sums[i] + area) / (2 * area));
	memset(sums, 0, n * sizeof *sums);
}

const uint8_t *scale(const struct picture *from, struct piece piece, const uint8_t background[3],
		     struct size to)
{
	static struct guest_buffer room;
	static uint8_t row[PNG_MAX_SIDE * CHANNELS];
	static uint32_t narrow[PNG_MAX_SIDE * CHANNELS], sums[PNG_MAX_SIDE * CHANNELS];
	size_t samples = (size_t)to.width * CHANNELS;
	uint8_t *result = guest_reserve(&room, to.height * samples);
	uint32_t at = 0, done = 0; /* where we are, and the row of the result there */
	for (uint32_t i = 0; i < piece.size.height; i++) {
		size_t start = (size_t)(piece.y + i) * from->width + piece.x;
		opaque(row, from->at + start * from->channels, piece.size.width, from->channels, background);
		across(narrow, to.width, row, piece.size.width);
		for (uint32_t end = (i + 1) * to.height; at < end;) {
			uint32_t next = low(end, (done + 1) * piece.size.height), weight = next - at;
			for (size_t s = 0; s < samples; s++)
				sums[s] += weight * narrow[s];
			at = next;
			if (at == (done + 1) * piece.size.height)
				finish(result + done++ * samples, sums, samples, piece.size.width * piece.size.height);
		}
	}
	return result;
}

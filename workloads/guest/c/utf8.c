#include "utf8.h"

/* sequence returns the length of the UTF-8 sequence (RFC 3629) that the text
 * begins with, 0 if it begins with none. */
static size_t sequence(const uint8_t *s, size_t n)
{
	static const struct {
		uint8_t first, last; /* of the first byte */
		uint8_t low, high;   /* of the second */
		size_t length;
	} kinds[] = {
		{0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	size_t k = 0;
	while (k < sizeof kinds / sizeof kinds[0] && (s[0] < kinds[k].first || s[0] > kinds[k].last))
		k++;
	if (k == sizeof kinds / sizeof kinds[0] || kinds[k].length > n)
		return 0;
	if (kinds[k].length > 1 && (s[1] < kinds[k].low || s[1] > kinds[k].high))
		return 0;
	for (size_t i = 2; i < kinds[k].length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return kinds[k].length;
}

int utf8_is_text(const uint8_t *s, size_t n)
{
	while (n > 0) {
		size_t length = sequence(s, n);
		if (length == 0 || s[0] == 0)
			return 0;
		s += length;
		n -= length;
	}
	return 1;
}

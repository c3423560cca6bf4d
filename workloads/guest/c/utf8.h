/* utf8.h: what is text. */
#ifndef EDGEBENCH_UTF8_H
#define EDGEBENCH_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* utf8_is_text: the bytes are UTF-8 (RFC 3629) without a NUL. */
int utf8_is_text(const uint8_t *s, size_t n);

#endif

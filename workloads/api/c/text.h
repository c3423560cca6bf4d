/* text.h: comparing a text with a word. */
#ifndef EDGEBENCH_TEXT_H
#define EDGEBENCH_TEXT_H

#include <string.h>

#include "http.h"

/* text_is compares all bytes, and case counts. A text whose `at` is NULL is no word. */
static inline int text_is(struct http_text text, const char *word)
{
	return text.at != NULL && text.n == strlen(word) && memcmp(text.at, word, text.n) == 0;
}

#endif

/*
 * http.h: a strict reader of the head of an HTTP/1.1 request. Package
 * edgebench/workloads/guest/httphead is the same in Go: the two refuse the same
 * requests for the same reason.
 */
#ifndef EDGEBENCH_HTTP_H
#define EDGEBENCH_HTTP_H

#include <stddef.h>
#include <stdint.h>

#define HTTP_MAX_FIELDS 100

/* Bytes of the request; nothing is copied. */
struct http_text {
	const uint8_t *at;
	size_t n;
};

/* The name has only the characters of a token, the value no space around it. */
struct http_field {
	struct http_text name, value;
};

struct http_head {
	struct http_text method, target, body;
	struct http_field fields[HTTP_MAX_FIELDS];
	size_t count;
};

/*
 * http_read takes a request apart and returns NULL, or why it is refused. The
 * first of these that applies:
 *
 *   no end of head      there is no empty line (CR LF CR LF)
 *   bad request line    it is not METHOD SP TARGET SP HTTP/1.1, METHOD a token,
 *                       TARGET without white space, control characters, bytes
 *                       over 126 and '#', and with '/' as its first character
 *   too many fields     more than HTTP_MAX_FIELDS
 *   bad field           a line that is not TOKEN ":" VALUE, or a control
 *                       character other than a tab in VALUE; lines end with
 *                       CR LF and none is folded
 *
 * The last two are found line by line.
 */
const char *http_read(const uint8_t *request, size_t n, struct http_head *head);

/* http_single finds the one field of that name, which is in lower case; 0 if
 * there is none, or more. */
int http_single(const struct http_head *head, const char *name, struct http_text *value);

/* http_lower makes an ASCII letter a small one. */
uint8_t http_lower(uint8_t c);

/* http_is compares a text with a word in lower case, ignoring case. */
int http_is(struct http_text text, const char *word);

/* http_same compares two texts, ignoring case. */
int http_same(struct http_text a, struct http_text b);

/* http_has_prefix is http_is for the first bytes of the text. */
int http_has_prefix(struct http_text text, const char *word);

/* http_trim takes spaces and tabs off both ends. */
struct http_text http_trim(struct http_text text);

/* http_cut moves what stands before the first separator from *rest to *part, and
 * drops the separator; all, if there is none. It returns 0 when *rest is used
 * up, which a NULL marks: an empty text still has one empty part. */
int http_cut(struct http_text *rest, uint8_t separator, struct http_text *part);

/* http_decimal reads a text of 1 to 15 digits and returns 0 if it is not one. */
int http_decimal(struct http_text text, uint64_t *value);

#endif

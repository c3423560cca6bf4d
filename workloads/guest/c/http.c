#include "http.h"

#include <string.h>

uint8_t http_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

int http_has_prefix(struct http_text text, const char *word)
{
	for (size_t i = 0; word[i] != 0; i++)
		if (i == text.n || http_lower(text.at[i]) != (uint8_t)word[i])
			return 0;
	return 1;
}

int http_same(struct http_text a, struct http_text b)
{
	size_t i = 0;
	while (i < a.n && i < b.n && http_lower(a.at[i]) == http_lower(b.at[i]))
		i++;
	return i == a.n && i == b.n;
}

int http_is(struct http_text text, const char *word)
{
	return text.n == strlen(word) && http_has_prefix(text, word);
}

struct http_text http_trim(struct http_text text)
{
	while (text.n > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.n--;
	}
	while (text.n > 0 && (text.at[text.n - 1] == ' ' || text.at[text.n - 1] == '\t'))
		text.n--;
	return text;
}

int http_cut(struct http_text *rest, uint8_t separator, struct http_text *part)
{
	if (rest->at == NULL)
		return 0;
	const uint8_t *end = memchr(rest->at, separator, rest->n);
	*part = *rest;
	if (end == NULL) {
		rest->at = NULL;
		return 1;
	}
	part->n = (size_t)(end - rest->at);
	rest->at += part->n + 1;
	rest->n -= part->n + 1;
	return 1;
}

int http_decimal(struct http_text text, uint64_t *value)
{
	if (text.n < 1 || text.n > 15)
		return 0;
	*value = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return 0;
		*value = *value * 10 + (uint64_t)(text.at[i] - '0');
	}
	return 1;
}

static int is_token(struct http_text text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = http_lower(text.at[i]);
		if (c >= 'a' && c <= 'z')
			continue;
		if (c >= '0' && c <= '9')
			continue;
		if (c == 0 || strchr("!#$%&'*+-.^_`|~", c) == NULL)
			return 0;
	}
	return text.n > 0;
}

static int is_value(struct http_text text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.at[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return 0;
	}
	return 1;
}

static int is_target(struct http_text text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~' || text.at[i] == '#')
			return 0;
	return text.n > 0 && text.at[0] == '/';
}

/* next_line cuts off what stands before the next CR LF; there always is one. */
static struct http_text next_line(struct http_text *rest)
{
	struct http_text line = {rest->at, 0};
	while (line.at[line.n] != '\r' || line.at[line.n + 1] != '\n')
		line.n++;
	rest->at += line.n + 2;
	rest->n -= line.n + 2;
	return line;
}

static int read_request_line(struct http_text line, struct http_head *head)
{
	struct http_text version;
	return http_cut(&line, ' ', &head->method) && http_cut(&line, ' ', &head->target) &&
	       http_cut(&line, ' ', &version) && line.at == NULL && is_token(head->method) &&
	       is_target(head->target) && version.n == 8 && memcmp(version.at, "HTTP/1.1", 8) == 0;
}

static int read_field(struct http_text line, struct http_field *field)
{
	if (!http_cut(&line, ':', &field->name) || line.at == NULL)
		return 0;
	field->value = http_trim(line);
	return is_token(field->name) && is_value(field->value);
}

/* head_size finds the empty line and returns the length of what stands before
 * its CR LF, 0 if there is none. */
static size_t head_size(const uint8_t *request, size_t n)
{
	for (size_t i = 0; i + 4 <= n; i++)
		if (request[i] == '\r' && memcmp(request + i, "\r\n\r\n", 4) == 0)
			return i + 2;
	return 0;
}

const char *http_read(const uint8_t *request, size_t n, struct http_head *head)
{
	size_t size = head_size(request, n);
	if (size == 0)
		return "no end of head";
	struct http_text rest = {request, size};
	head->body = (struct http_text){request + size + 2, n - size - 2};
	head->count = 0;
	if (!read_request_line(next_line(&rest), head))
		return "bad request line";
	while (rest.n > 0) {
		if (head->count == HTTP_MAX_FIELDS)
			return "too many fields";
		if (!read_field(next_line(&rest), &head->fields[head->count]))
			return "bad field";
		head->count++;
	}
	return NULL;
}

int http_single(const struct http_head *head, const char *name, struct http_text *value)
{
	size_t found = 0;
	for (size_t i = 0; i < head->count; i++)
		if (http_is(head->fields[i].name, name)) {
			*value = head->fields[i].value;
			found++;
		}
	return found == 1;
}

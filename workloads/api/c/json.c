#include "json.h"

#include <string.h>

#include "guest.h"
#include "text.h"

/* The text from `at` to `end` has not been read. Each function reads one thing and
 * returns 0 or NULL if it is not there. A value and a character of a decoded text each
 * take at least one byte of the text, which is how much room there is for them. */
struct reader {
	const uint8_t *at, *end;
	struct json_value *value; /* the next new value */
	uint8_t *decoded;         /* the next character of a text */
};

static struct json_value *new_value(struct reader *r, enum json_kind kind)
{
	*r->value = (struct json_value){.kind = kind};
	return r->value++;
}

static int next_is(const struct reader *r, char c)
{
	return r->at < r->end && *r->at == (uint8_t)c;
}

static int take(struct reader *r, char c)
{
	if (!next_is(r, c))
		return 0;
	r->at++;
	return 1;
}

static struct json_value *take_word(struct reader *r, const char *word, enum json_kind kind)
{
	size_t n = strlen(word);
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return NULL;
	r->at += n;
	return new_value(r, kind);
}

static void skip_space(struct reader *r)
{
	while (next_is(r, ' ') || next_is(r, '\t') || next_is(r, '\n') || next_is(r, '\r'))
		r->at++;
}

static struct json_value *take_number(struct reader *r)
{
	int negative = take(r, '-');
	const uint8_t *from = r->at;
	int64_t number = 0;
	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
		if (r->at - from == JSON_MAX_DIGITS)
			return NULL;
		number = number * 10 + (*r->at - '0');
	}
	if (r->at == from || (*from == '0' && r->at - from > 1))
		return NULL;
	if (next_is(r, '.') || next_is(r, 'e') || next_is(r, 'E'))
		return NULL;
	struct json_value *value = new_value(r, JSON_NUMBER);
	value->number = negative ? -number : number;
	return value;
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = http_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* take_escape reads what follows a backslash and gives the UTF-16 unit, negative if it
 * is no escape. */
static int take_escape(struct reader *r)
{
	if (r->at == r->end)
		return -1;
	uint8_t c = *r->at++;
	if (c == '"' || c == '\\' || c == '/')
		return c;
	if (c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't')
		return 0; /* none of them is printable */
	if (c != 'u' || r->end - r->at < 4)
		return -1;
	int unit = 0;
	for (int i = 0; i < 4; i++) {
		int digit = hex(*r->at++);
		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

static struct json_value *take_text(struct reader *r)
{
	if (!take(r, '"'))
		return NULL;
	struct http_text text = {r->decoded, 0};
	while (r->at < r->end && !next_is(r, '"')) {
		int c = *r->at++;
		if (c < ' ' || c > '~')
			return NULL;
		if (c == '\\' && (c = take_escape(r)) < 0)
			return NULL;
		if (c < ' ' || c > '~')
			text.at = NULL;
		*r->decoded++ = (uint8_t)c;
		text.n++;
	}
	if (!take(r, '"'))
		return NULL;
	struct json_value *value = new_value(r, JSON_TEXT);
	value->text = text;
	return value;
}

static struct json_value *take_value(struct reader *r, int depth);

/* take_item reads an item of an array, or a key with its value, and gives the first and
 * the last of what it has read. */
static int take_item(struct reader *r, int depth, enum json_kind kind, struct json_value **first, struct json_value **last)
{
	if (kind == JSON_ARRAY)
		return (*first = *last = take_value(r, depth)) != NULL;
	skip_space(r);
	if ((*first = take_text(r)) == NULL)
		return 0;
	skip_space(r);
	return take(r, ':') && ((*first)->next = *last = take_value(r, depth)) != NULL;
}

/* take_list reads items with commas between them, if any, and what encloses them; depth
 * counts the lists around it and itself. */
static struct json_value *take_list(struct reader *r, char close, int depth, enum json_kind kind)
{
	if (depth > JSON_MAX_DEPTH)
		return NULL;
	r->at++;
	struct json_value *list = new_value(r, kind), **end = &list->first, *last;
	skip_space(r);
	if (take(r, close))
		return list;
	do {
		if (!take_item(r, depth, kind, end, &last))
			return NULL;
		end = &last->next;
		skip_space(r);
	} while (take(r, ','));
	return take(r, close) ? list : NULL;
}

/* take_value reads a value that stands within so many lists, and the space before it. */
static struct json_value *take_value(struct reader *r, int depth)
{
	skip_space(r);
	if (next_is(r, '{'))
		return take_list(r, '}', depth + 1, JSON_OBJECT);
	if (next_is(r, '['))
		return take_list(r, ']', depth + 1, JSON_ARRAY);
	if (next_is(r, '"'))
		return take_text(r);
	if (next_is(r, 't'))
		return take_word(r, "true", JSON_BOOL);
	if (next_is(r, 'f'))
		return take_word(r, "false", JSON_BOOL);
	if (next_is(r, 'n'))
		return take_word(r, "null", JSON_NULL);
	return take_number(r);
}

const struct json_value *json_read(struct http_text text)
{
	static struct guest_buffer values, decoded;
	if (text.n == 0)
		return NULL;
	struct reader r = {
		.at = text.at,
		.end = text.at + text.n,
		.value = (struct json_value *)guest_reserve(&values, text.n * sizeof *r.value),
		.decoded = guest_reserve(&decoded, text.n),
	};
	const struct json_value *value = take_value(&r, 0);
	skip_space(&r);
	return r.at == r.end ? value : NULL;
}

const struct json_value *json_get(const struct json_value *object, const char *key)
{
	static const struct json_value nothing = {.kind = JSON_NULL};
	const struct json_value *found = &nothing;
	if (object->kind != JSON_OBJECT)
		return found;
	for (const struct json_value *k = object->first; k != NULL; k = k->next->next)
		if (text_is(k->text, key))
			found = k->next;
	return found;
}

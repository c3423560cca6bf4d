#include "json.h"

#include <string.h>

/* The text from `at` to `end` has not been read. Each function reads one thing
 * and returns 0 if it is not there. */
struct reader {
	const uint8_t *at, *end;
};

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

static int take_word(struct reader *r, const char *word)
{
	for (; *word != 0; word++)
		if (!take(r, *word))
			return 0;
	return 1;
}

static void skip_space(struct reader *r)
{
	while (next_is(r, ' ') || next_is(r, '\t') || next_is(r, '\n') || next_is(r, '\r'))
		r->at++;
}

static int take_digits(struct reader *r)
{
	const uint8_t *from = r->at;
	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	return r->at > from;
}

static int take_number(struct reader *r)
{
	take(r, '-');
	if (!take(r, '0') && !take_digits(r))
		return 0;
	if (take(r, '.') && !take_digits(r))
		return 0;
	if (!take(r, 'e') && !take(r, 'E'))
		return 1;
	if (!take(r, '+'))
		take(r, '-');
	return take_digits(r);
}

static int take_escape(struct reader *r)
{
	if (r->at == r->end)
		return 0;
	uint8_t c = *r->at++;
	if (c != 'u')
		return c != 0 && strchr("\"\\/bfnrt", c) != NULL;
	for (int i = 0; i < 4; i++, r->at++) {
		if (r->at == r->end)
			return 0;
		uint8_t digit = *r->at, letter = digit | 0x20;
		if (!(digit >= '0' && digit <= '9') && !(letter >= 'a' && letter <= 'f'))
			return 0;
	}
	return 1;
}

static int take_string(struct reader *r)
{
	if (!take(r, '"'))
		return 0;
	while (r->at < r->end && *r->at >= ' ') {
		uint8_t c = *r->at++;
		if (c == '"')
			return 1;
		if (c == '\\' && !take_escape(r))
			return 0;
	}
	return 0;
}

static int take_value(struct reader *r, int depth);

/* take_key reads `"key":` and the spaces around it. */
static int take_key(struct reader *r)
{
	skip_space(r);
	if (!take_string(r))
		return 0;
	skip_space(r);
	return take(r, ':');
}

/* take_list reads what stands between brackets; depth counts the lists around
 * it and itself. */
static int take_list(struct reader *r, char close, int keys, int depth)
{
	if (depth > JSON_MAX_DEPTH)
		return 0;
	skip_space(r);
	if (take(r, close))
		return 1;
	do {
		if (keys && !take_key(r))
			return 0;
		skip_space(r);
		if (!take_value(r, depth))
			return 0;
		skip_space(r);
	} while (take(r, ','));
	return take(r, close);
}

/* take_value reads a value within so many lists. */
static int take_value(struct reader *r, int depth)
{
	if (take(r, '{'))
		return take_list(r, '}', 1, depth + 1);
	if (take(r, '['))
		return take_list(r, ']', 0, depth + 1);
	if (next_is(r, '"'))
		return take_string(r);
	if (next_is(r, 't'))
		return take_word(r, "true");
	if (next_is(r, 'f'))
		return take_word(r, "false");
	if (next_is(r, 'n'))
		return take_word(r, "null");
	return take_number(r);
}

/* take_member reads one member of the outermost object and keeps its value if
 * it was asked for. */
static int take_member(struct reader *r, struct json_member *members, size_t count)
{
	skip_space(r);
	const uint8_t *key = r->at + 1; /* behind its quote */
	if (!take_key(r))
		return 0;
	skip_space(r);
	const uint8_t *value = r->at;
	if (!take_value(r, 1))
		return 0;
	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(members[i].key);
		if (n >= (size_t)(r->at - key) || memcmp(key, members[i].key, n) != 0 || key[n] != '"')
			continue;
		if (members[i].at != NULL)
			return 0;
		members[i].at = value;
		members[i].n = (size_t)(r->at - value);
	}
	skip_space(r);
	return 1;
}

int json_read(const uint8_t *text, size_t n, struct json_member *members, size_t count)
{
	struct reader r = {text, text + n};
	for (size_t i = 0; i < count; i++)
		members[i].at = NULL;
	skip_space(&r);
	if (!take(&r, '{'))
		return 0;
	skip_space(&r);
	if (!take(&r, '}')) {
		do {
			if (!take_member(&r, members, count))
				return 0;
		} while (take(&r, ','));
		if (!take(&r, '}'))
			return 0;
	}
	skip_space(&r);
	return r.at == r.end;
}

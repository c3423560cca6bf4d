#include "path.h"

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = http_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int unreserved(uint8_t c)
{
	uint8_t l = http_lower(c);
	return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_' || c == '~';
}

/* put_segment writes one segment with its escapes normalised; 0 if one of them
 * is not an escape. */
static int put_segment(struct writer *w, struct http_text segment)
{
	for (size_t i = 0; i < segment.n; i++) {
		uint8_t c = segment.at[i];
		if (c != '%') {
			w->at[w->n++] = c;
			continue;
		}
		int high = i + 2 < segment.n ? hex(segment.at[i + 1]) : -1;
		int low = i + 2 < segment.n ? hex(segment.at[i + 2]) : -1;
		if (high < 0 || low < 0)
			return 0;
		i += 2;
		c = (uint8_t)(high << 4 | low);
		if (unreserved(c)) {
			w->at[w->n++] = c;
			continue;
		}
		w->at[w->n++] = '%';
		w->at[w->n++] = (uint8_t)"0123456789ABCDEF"[high];
		w->at[w->n++] = (uint8_t)"0123456789ABCDEF"[low];
	}
	return 1;
}

int normalise(struct http_text path, struct writer *w)
{
	struct http_text segment;
	int open = 1; /* the path ends with a slash */
	path.at++, path.n--;
	while (http_cut(&path, '/', &segment)) {
		size_t from = w->n;
		w->at[w->n++] = '/';
		if (!put_segment(w, segment))
			return 0;
		struct http_text done = {w->at + from + 1, w->n - from - 1};
		int up = equal(done, text(".."));
		open = up || done.n == 0 || equal(done, text("."));
		if (open)
			w->n = from;
		if (up)
			while (w->n > 0 && w->at[--w->n] != '/')
				;
	}
	if (open)
		w->at[w->n++] = '/';
	return 1;
}

static const struct rule rules[] = {
	{"/blog/", "/content/blog/", 0, 0},
	{"/static/", "/assets/v3/", 0, 0},
	{"/api/v1/", "/api/v2/", 0, 0},
	{"/index.html", "/", 1, 0},
	{"/old/", "/archive/", 0, 1},
	{"/feed.xml", "/blog/feed", 1, 1},
};

const struct rule *rule_for(struct http_text path)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		struct http_text from = text(rules[i].from);
		if (path.n < from.n || memcmp(path.at, from.at, from.n) != 0)
			continue;
		if (!rules[i].whole || path.n == from.n)
			return &rules[i];
	}
	return NULL;
}

void put_target(struct writer *w, const struct rule *rule, struct http_text path,
		struct http_text query)
{
	if (rule != NULL) {
		put(w, text(rule->to));
		path.at += strlen(rule->from);
		path.n -= strlen(rule->from);
	}
	put(w, path);
	put(w, query);
}

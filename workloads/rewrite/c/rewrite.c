/*
 * rewrite: an edge rule. It takes an HTTP/1.1 request and answers with the
 * request as it goes on to the origin, with a redirect, or with a refusal. The
 * manifest states the rules; go/main.go is the same program.
 */
#include <string.h>

#include "guest.h"
#include "http.h"

/* What a response has beyond the bytes of its request: names and values that
 * are added, two bytes for each field, a longer path and host. */
#define ADDED 1024
#define MAX_HOST 255

static struct http_head head;
static struct guest_buffer path_room, out_room;
static uint8_t host_room[MAX_HOST];

struct writer {
	uint8_t *at;
	size_t n;
};

static void put(struct writer *w, struct http_text text)
{
	memcpy(w->at + w->n, text.at, text.n);
	w->n += text.n;
}

static struct http_text text(const char *s)
{
	return (struct http_text){(const uint8_t *)s, strlen(s)};
}

static void put_field(struct writer *w, struct http_text name, struct http_text value)
{
	put(w, name);
	put(w, text(": "));
	put(w, value);
	put(w, text("\r\n"));
}

static int equal(struct http_text a, struct http_text b)
{
	return a.n == b.n && memcmp(a.at, b.at, a.n) == 0;
}

/* ---- the path ---- */

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int unreserved(uint8_t c)
{
	uint8_t l = c | 0x20;
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

/* normalise writes the path without empty and dot segments; 0 if it is bad. It
 * never writes more than it reads. */
static int normalise(struct http_text path, struct writer *w)
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

/* The first rule whose `from` the path starts with applies; where `whole` is
 * set, it must be all of the path. */
struct rule {
	const char *from, *to;
	int whole, redirect;
};

static const struct rule rules[] = {
	{"/blog/", "/content/blog/", 0, 0},
	{"/static/", "/assets/v3/", 0, 0},
	{"/api/v1/", "/api/v2/", 0, 0},
	{"/index.html", "/", 1, 0},
	{"/old/", "/archive/", 0, 1},
	{"/feed.xml", "/blog/feed", 1, 1},
};

static const struct rule *rule_for(struct http_text path)
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

static void put_target(struct writer *w, const struct rule *rule, struct http_text path,
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

/* ---- the host ---- */

static int is_name(struct http_text name)
{
	for (size_t i = 0; i < name.n; i++) {
		uint8_t c = name.at[i] | 0x20;
		if (!(c >= 'a' && c <= 'z') && !(name.at[i] >= '0' && name.at[i] <= '9') &&
		    name.at[i] != '-' && name.at[i] != '.')
			return 0;
	}
	return name.n > 0;
}

/* read_host finds the one Host field, and its name in lower case without port
 * and without www. */
static int read_host(struct http_text *whole, struct http_text *name)
{
	size_t found = 0;
	for (size_t i = 0; i < head.count; i++)
		if (http_is(head.fields[i].name, "host")) {
			*whole = head.fields[i].value;
			found++;
		}
	if (found != 1 || whole->n > MAX_HOST)
		return 0;
	struct http_text rest = *whole;
	uint64_t port;
	http_cut(&rest, ':', name);
	if (!is_name(*name) || (rest.at != NULL && (rest.n > 5 || !http_decimal(rest, &port))))
		return 0;
	for (size_t i = 0; i < name->n; i++) {
		uint8_t c = name->at[i];
		host_room[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
	}
	name->at = host_room;
	if (http_has_prefix(*name, "www.") && name->n > 4) {
		name->at += 4;
		name->n -= 4;
	}
	return 1;
}

static struct http_text origin_of(struct http_text name)
{
	static const char *const origins[][2] = {
		{"example.com", "web.origin.internal"},
		{"shop.example.com", "shop.origin.internal"},
		{"img.example.com", "images.origin.internal"},
	};
	for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++)
		if (equal(name, text(origins[i][0])))
			return text(origins[i][1]);
	return name;
}

/* ---- the other fields ---- */

/* ambiguous: two lengths, or a length beside chunks, are how requests are
 * smuggled. */
static int ambiguous(void)
{
	size_t lengths = 0;
	for (size_t i = 0; i < head.count; i++)
		if (http_is(head.fields[i].name, "content-length") ||
		    http_is(head.fields[i].name, "transfer-encoding"))
			lengths++;
	return lengths > 1;
}

/* nominated: a Connection field names it as meant for this hop. */
static int nominated(struct http_text name)
{
	for (size_t i = 0; i < head.count; i++) {
		struct http_text rest = head.fields[i].value, part;
		if (!http_is(head.fields[i].name, "connection"))
			continue;
		while (http_cut(&rest, ',', &part))
			if (http_same(http_trim(part), name))
				return 1;
	}
	return 0;
}

static int listed(struct http_text name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (http_is(name, *words))
			return 1;
	return 0;
}

static int dropped(struct http_text name)
{
	static const char *const always[] = {
		"connection", "keep-alive", "proxy-connection", "proxy-authenticate",
		"proxy-authorization", "te", "trailer", "upgrade",
		"x-forwarded-proto", "x-forwarded-host", "x-bucket", NULL,
	};
	static const char *const never[] = {
		"host", "content-length", "transfer-encoding", "cookie", NULL,
	};
	if (listed(name, always) || http_has_prefix(name, "x-internal-"))
		return 1;
	return !listed(name, never) && nominated(name);
}

/* ---- the bucket ---- */

static int find_uid(struct http_text *uid)
{
	for (size_t i = 0; i < head.count; i++) {
		struct http_text rest = head.fields[i].value, part;
		if (!http_is(head.fields[i].name, "cookie"))
			continue;
		while (http_cut(&rest, ';', &part)) {
			part = http_trim(part);
			if (part.n > 4 && memcmp(part.at, "uid=", 4) == 0) {
				*uid = (struct http_text){part.at + 4, part.n - 4};
				return 1;
			}
		}
	}
	return 0;
}

static const char *bucket(void)
{
	struct http_text uid;
	if (!find_uid(&uid))
		return "a";
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < uid.n; i++)
		hash = (hash ^ uid.at[i]) * 1099511628211u;
	return hash % 100 < 80 ? "a" : "b";
}

/* ---- responses ---- */

static void refuse(struct writer *w, const char *reason)
{
	size_t n = strlen(reason) + 1; /* below 100, and so two digits or one */
	char length[] = {(char)('0' + n / 10), (char)('0' + n % 10), 0};
	put(w, text("HTTP/1.1 400 Bad Request\r\n"));
	put_field(w, text("content-type"), text("text/plain"));
	put_field(w, text("content-length"), text(n < 10 ? length + 1 : length));
	put(w, text("\r\n"));
	put(w, text(reason));
	put(w, text("\n"));
}

static void redirect(struct writer *w, const struct rule *rule, struct http_text path,
		     struct http_text query)
{
	put(w, text("HTTP/1.1 301 Moved Permanently\r\nlocation: "));
	put_target(w, rule, path, query);
	put(w, text("\r\n"));
	put_field(w, text("content-length"), text("0"));
	put(w, text("\r\n"));
}

static void forward(struct writer *w, struct http_text host, struct http_text origin)
{
	put(w, text(" HTTP/1.1\r\n"));
	for (size_t i = 0; i < head.count; i++) {
		struct http_text name = head.fields[i].name;
		if (http_is(name, "host"))
			put_field(w, name, origin);
		else if (!dropped(name))
			put_field(w, name, head.fields[i].value);
	}
	put_field(w, text("x-forwarded-proto"), text("https"));
	put_field(w, text("x-forwarded-host"), host);
	put_field(w, text("via"), text("1.1 edge"));
	put_field(w, text("x-bucket"), text(bucket()));
	put(w, text("\r\n"));
	put(w, head.body);
}

/* rewrite writes the response, or returns why the request is refused. */
static const char *rewrite(const uint8_t *request, size_t n, struct writer *w)
{
	struct http_text host, name, path;
	const char *reason = http_read(request, n, &head);
	if (reason != NULL)
		return reason;
	if (!read_host(&host, &name))
		return "bad host";
	if (ambiguous())
		return "ambiguous length";
	struct http_text query = head.target;
	http_cut(&query, '?', &path);
	query.at = path.at + path.n; /* from the question mark on */
	query.n = head.target.n - path.n;
	struct writer normal = {guest_reserve(&path_room, path.n + 1), 0};
	if (!normalise(path, &normal))
		return "bad escape";
	path = (struct http_text){normal.at, normal.n};
	const struct rule *rule = rule_for(path);
	if (rule != NULL && rule->redirect) {
		redirect(w, rule, path, query);
		return NULL;
	}
	put(w, head.method);
	put(w, text(" "));
	put_target(w, rule, path, query);
	forward(w, host, origin_of(name));
	return NULL;
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	struct writer w = {guest_reserve(&out_room, n + ADDED), 0};
	const char *reason = rewrite(request, n, &w);
	if (reason != NULL)
		refuse(&w, reason);
	*response = w.at;
	return w.n;
}

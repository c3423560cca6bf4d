/*
 * rewrite: an edge rule. It takes an HTTP/1.1 request and answers with the
 * request as it goes on to the origin, with a redirect, or with a refusal. The
 * manifest states the rules; go/main.go is the same program.
 */
#include "fields.h"
#include "guest.h"
#include "path.h"

/* What a response can have beyond the bytes of its request: the names and values
 * that are added, a space in each field, a longer path and host. */
#define ADDED 1024

static struct guest_buffer path_room, out_room;

static void put_field(struct writer *w, struct http_text name, struct http_text value)
{
	put(w, name);
	put(w, text(": "));
	put(w, value);
	put(w, text("\r\n"));
}

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

static void forward(struct writer *w, const struct http_head *head, struct http_text host,
		    struct http_text origin)
{
	put(w, text(" HTTP/1.1\r\n"));
	for (size_t i = 0; i < head->count; i++) {
		struct http_text name = head->fields[i].name;
		if (http_is(name, "host"))
			put_field(w, name, origin);
		else if (!dropped(head, name))
			put_field(w, name, head->fields[i].value);
	}
	put_field(w, text("x-forwarded-proto"), text("https"));
	put_field(w, text("x-forwarded-host"), host);
	put_field(w, text("via"), text("1.1 edge"));
	put_field(w, text("x-bucket"), text(bucket(head)));
	put(w, text("\r\n"));
	put(w, head->body);
}

/* rewrite writes the response, or returns why the request is refused. */
static const char *rewrite(const uint8_t *request, size_t n, struct writer *w)
{
	static struct http_head head;
	struct http_text host, name, path;
	const char *reason = http_read(request, n, &head);
	if (reason != NULL)
		return reason;
	if (!read_host(&head, &host, &name))
		return "bad host";
	if (ambiguous(&head))
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
	forward(w, &head, host, origin_of(name));
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

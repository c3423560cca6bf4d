/*
 * api: a JSON microservice. The manifest states the rules; go/ is the same program over
 * Go's standard library.
 */
#include <string.h>

#include "catalogue.h"
#include "guest.h"
#include "http.h"
#include "json.h"
#include "order.h"
#include "reply.h"
#include "text.h"

#define MAX_BODY ((size_t)16384)

/* ---- the response ---- */

/* The response: room for a head, the body and the line end. The head is written last,
 * so that it ends where the body begins. */
static struct guest_buffer out;

#define MAX_HEAD ((size_t)192)

void reply_start(struct reply *reply, const char *status, size_t most)
{
	*reply = (struct reply){.status = status};
	reply->body.out.at = guest_reserve(&out, MAX_HEAD + most + 1) + MAX_HEAD;
	reply->body.first = 1;
}

void reply_refuse(struct reply *reply, const char *status, const char *reason)
{
	reply_start(reply, status, 64);
	write_open(&reply->body, "{");
	write_string(&reply->body, "error", reason);
	write_close(&reply->body, "}");
}

static size_t finish(struct reply *reply, const uint8_t **response)
{
	uint8_t head[MAX_HEAD];
	struct printed p = {head, 0}, *body = &reply->body.out;
	print_string(body, "\n");
	print_string(&p, "HTTP/1.1 ");
	print_string(&p, reply->status);
	print_string(&p, "\r\ncontent-type: application/json\r\ncontent-length: ");
	print_decimal(&p, body->n);
	if (reply->field != NULL) {
		print_string(&p, reply->field);
		print_string(&p, reply->value);
	}
	print_string(&p, "\r\n\r\n");
	*response = memcpy(body->at - p.n, head, p.n);
	return p.n + body->n;
}

/* ---- the routes ---- */

static void health(struct reply *reply)
{
	reply_start(reply, STATUS_OK, 32);
	write_open(&reply->body, "{");
	write_string(&reply->body, "status", "ok");
	write_close(&reply->body, "}");
}

/* id_of gives "o-" and the FNV-1a hash of a body. */
static const char *id_of(struct http_text body)
{
	static char id[sizeof "o-" + 8];
	uint32_t hash = 0x811c9dc5;
	for (size_t i = 0; i < body.n; i++)
		hash = (hash ^ body.at[i]) * 0x01000193;
	struct printed p = {(uint8_t *)id, 0};
	print_string(&p, "o-");
	print_hex(&p, hash, 8);
	return id;
}

static void post_order(struct http_text body, struct reply *reply)
{
	if (body.n > MAX_BODY) {
		reply_refuse(reply, STATUS_TOO_LARGE, "too large");
		return;
	}
	const struct json_value *value = json_read(body);
	if (value == NULL) {
		reply_refuse(reply, STATUS_BAD_REQUEST, "malformed json");
		return;
	}
	const char *id = id_of(body);
	if (order_answer(value, id, reply)) {
		reply->field = "\r\nlocation: /orders/";
		reply->value = id;
	}
}

/* only says whether a request has the one method of its route, and refuses it if not. */
static int only(const char *method, const struct http_head *head, struct reply *reply)
{
	if (text_is(head->method, method))
		return 1;
	reply_refuse(reply, STATUS_METHOD_NOT_ALLOWED, "method not allowed");
	reply->field = "\r\nallow: ";
	reply->value = method;
	return 0;
}

static void route(const struct http_head *head, struct reply *reply)
{
	static const char one[] = "/products/";
	const size_t prefix = sizeof one - 1;
	struct http_text query = head->target, path;
	http_cut(&query, '?', &path);
	if (text_is(path, "/health")) {
		if (only("GET", head, reply))
			health(reply);
	} else if (text_is(path, "/products")) {
		if (only("GET", head, reply))
			catalogue_list(query, reply);
	} else if (text_is(path, "/orders")) {
		if (only("POST", head, reply))
			post_order(head->body, reply);
	} else if (path.n >= prefix && memcmp(path.at, one, prefix) == 0) {
		if (only("GET", head, reply))
			catalogue_one((struct http_text){path.at + prefix, path.n - prefix}, reply);
	} else {
		reply_refuse(reply, STATUS_NOT_FOUND, "not found");
	}
}

/* ---- the request ---- */

static int is_target(struct http_text target)
{
	for (size_t i = 0; i < target.n; i++) {
		uint8_t c = http_lower(target.at[i]);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && strchr("-._~/?=&", c) == NULL)
			return 0;
	}
	return 1;
}

/* is_announced says whether the fields of a request give the length of its body. */
static int is_announced(const struct http_head *head)
{
	size_t lengths = 0;
	uint64_t length = 0;
	for (const struct http_field *f = head->fields; f < head->fields + head->count; f++) {
		if (http_is(f->name, "transfer-encoding"))
			return 0;
		if (http_is(f->name, "content-length") && (lengths++ > 0 || !http_decimal(f->value, &length)))
			return 0;
	}
	return length == head->body.n;
}

/* check returns NULL, or why the request is refused, by the rules 2 to 4. */
static const char *check(const struct http_head *head)
{
	struct http_text host;
	if (!is_target(head->target))
		return "bad target";
	if (!http_single(head, "host", &host))
		return "bad host";
	return is_announced(head) ? NULL : "bad length";
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	static struct http_head head;
	struct reply reply;
	const char *reason = http_read(request, n, &head);
	if (reason == NULL)
		reason = check(&head);
	if (reason != NULL)
		reply_refuse(&reply, STATUS_BAD_REQUEST, reason);
	else
		route(&head, &reply);
	return finish(&reply, response);
}

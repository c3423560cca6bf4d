#include "fields.h"

#define MAX_HOST 255

static uint8_t host_room[MAX_HOST];

static int is_name(struct http_text name)
{
	for (size_t i = 0; i < name.n; i++) {
		uint8_t c = http_lower(name.at[i]);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.')
			return 0;
	}
	return name.n > 0;
}

int read_host(const struct http_head *head, struct http_text *host, struct http_text *name)
{
	if (!http_single(head, "host", host) || host->n > MAX_HOST)
		return 0;
	struct http_text rest = *host;
	uint64_t port;
	http_cut(&rest, ':', name);
	if (!is_name(*name) || (rest.at != NULL && (rest.n > 5 || !http_decimal(rest, &port))))
		return 0;
	for (size_t i = 0; i < name->n; i++)
		host_room[i] = http_lower(name->at[i]);
	name->at = host_room;
	if (http_has_prefix(*name, "www.") && name->n > 4) {
		name->at += 4;
		name->n -= 4;
	}
	return 1;
}

struct http_text origin_of(struct http_text name)
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

int ambiguous(const struct http_head *head)
{
	size_t lengths = 0;
	for (size_t i = 0; i < head->count; i++)
		if (http_is(head->fields[i].name, "content-length") ||
		    http_is(head->fields[i].name, "transfer-encoding"))
			lengths++;
	return lengths > 1;
}

/* nominated: a Connection field names it as meant for this hop. */
static int nominated(const struct http_head *head, struct http_text name)
{
	for (size_t i = 0; i < head->count; i++) {
		struct http_text rest = head->fields[i].value, part;
		if (!http_is(head->fields[i].name, "connection"))
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

int dropped(const struct http_head *head, struct http_text name)
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
	return !listed(name, never) && nominated(head, name);
}

static int find_uid(const struct http_head *head, struct http_text *uid)
{
	for (size_t i = 0; i < head->count; i++) {
		struct http_text rest = head->fields[i].value, part;
		if (!http_is(head->fields[i].name, "cookie"))
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

const char *bucket(const struct http_head *head)
{
	struct http_text uid;
	if (!find_uid(head, &uid))
		return "a";
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < uid.n; i++)
		hash = (hash ^ uid.at[i]) * 1099511628211u;
	return hash % 100 < 80 ? "a" : "b";
}

/*
 * auth: verifies the JSON Web Token of a request (RFC 7519, HS256). The answer
 * is "200 " and the token's subject, or "401 " and the reason. The manifest
 * states the rules; go/main.go is the same program.
 */
#include <string.h>

#include "guest.h"
#include "http.h"
#include "json.h"
#include "sha256.h"

/* For tests: whoever can read this can sign. */
static const char test_key[] = "edgebench-test-key-not-a-secret!";

#define STATUS ((size_t)4) /* "200 " or "401 " */
#define MAX_SUBJECT ((size_t)255)

static struct guest_buffer decode_room;
static uint8_t out[STATUS + MAX_SUBJECT];

/* ---- the request ---- */

/* read_bearer takes the token out of a field's value. */
static int read_bearer(struct http_text value, struct http_text *token)
{
	if (!http_has_prefix(value, "bearer "))
		return 0;
	value.at += strlen("bearer ");
	value.n -= strlen("bearer ");
	*token = http_trim(value);
	return token->n > 0;
}

/* ---- base64url (RFC 4648, section 5) without padding ---- */

static int sextet(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* decode writes the bytes to *to and moves it past them. It returns 0 if the
 * text is not base64url or has bits that no byte takes up. */
static int decode(struct http_text text, uint8_t **to, struct http_text *bytes)
{
	uint32_t bits = 0;
	unsigned held = 0;
	bytes->at = *to;
	for (size_t i = 0; i < text.n; i++) {
		int value = sextet(text.at[i]);
		if (value < 0)
			return 0;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			*(*to)++ = (uint8_t)(bits >> held);
			bits &= (1u << held) - 1;
		}
	}
	bytes->n = (size_t)(*to - bytes->at);
	return held < 6 && bits == 0;
}

/* ---- the token ---- */

struct token {
	struct http_text input, header, claims, signature;
};

/* read_token cuts the token into three parts and decodes them. */
static int read_token(struct http_text text, struct token *token)
{
	struct http_text rest = text, header, claims, signature;
	if (!http_cut(&rest, '.', &header) || !http_cut(&rest, '.', &claims) ||
	    !http_cut(&rest, '.', &signature) || rest.at != NULL)
		return 0;
	token->input = (struct http_text){text.at, header.n + 1 + claims.n};
	uint8_t *to = guest_reserve(&decode_room, text.n);
	return decode(header, &to, &token->header) && decode(claims, &to, &token->claims) &&
	       decode(signature, &to, &token->signature);
}

/* check_header: only what is signed with HS256 and asks for nothing that is not
 * known here. */
static const char *check_header(struct http_text header)
{
	struct json_member members[] = {{"alg", NULL, 0}, {"crit", NULL, 0}};
	if (!json_read(header.at, header.n, members, 2))
		return "malformed header";
	if (members[0].at == NULL || members[0].n != 7 || memcmp(members[0].at, "\"HS256\"", 7) != 0)
		return "wrong algorithm";
	return members[1].at != NULL ? "unknown extension" : NULL;
}

/* signed_by_us takes as long for a signature that is wrong in its first byte as
 * for one that is wrong in its last. */
static int signed_by_us(const struct token *token)
{
	uint8_t mac[SHA256_SIZE];
	volatile uint8_t difference = 0;
	if (token->signature.n != SHA256_SIZE)
		return 0;
	hmac_sha256((const uint8_t *)test_key, sizeof test_key - 1, token->input.at,
		    token->input.n, mac);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		difference |= mac[i] ^ token->signature.at[i];
	return difference == 0;
}

/* read_time reads a claim of whole seconds; one that is missing is `missing`. */
static int read_time(const struct json_member *claim, uint64_t missing, uint64_t *seconds)
{
	*seconds = missing;
	return claim->at == NULL || http_decimal((struct http_text){claim->at, claim->n}, seconds);
}

/* read_subject wants a string of printable ASCII without escapes. */
static int read_subject(const struct json_member *claim, struct http_text *subject)
{
	if (claim->at == NULL || claim->at[0] != '"')
		return 0;
	*subject = (struct http_text){claim->at + 1, claim->n - 2};
	for (size_t i = 0; i < subject->n; i++)
		if (subject->at[i] > '~' || subject->at[i] == '\\')
			return 0;
	return subject->n > 0 && subject->n <= MAX_SUBJECT;
}

static const char *check_claims(struct http_text claims, uint64_t now, struct http_text *subject)
{
	struct json_member members[] = {{"exp", NULL, 0}, {"nbf", NULL, 0}, {"sub", NULL, 0}};
	uint64_t expires, begins;
	if (!json_read(claims.at, claims.n, members, 3))
		return "malformed claims";
	if (!read_time(&members[0], UINT64_MAX, &expires) || !read_time(&members[1], 0, &begins))
		return "malformed claims";
	if (members[0].at == NULL)
		return "no expiry";
	if (expires <= now)
		return "expired";
	if (begins > now)
		return "not yet valid";
	return read_subject(&members[2], subject) ? NULL : "no subject";
}

/* verify returns NULL and the subject, or why the request is refused. */
static const char *verify(const uint8_t *request, size_t n, struct http_text *subject)
{
	static struct http_head head;
	struct http_text value, text;
	struct token token;
	uint64_t now;
	if (http_read(request, n, &head) != NULL)
		return "malformed request";
	if (!http_single(&head, "x-now", &value) || !http_decimal(value, &now))
		return "no time";
	if (!http_single(&head, "authorization", &value))
		return "no credentials";
	if (!read_bearer(value, &text))
		return "not a bearer";
	if (!read_token(text, &token))
		return "malformed token";
	const char *reason = check_header(token.header);
	if (reason != NULL)
		return reason;
	if (!signed_by_us(&token))
		return "bad signature";
	return check_claims(token.claims, now, subject);
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	struct http_text text;
	const char *reason = verify(request, n, &text);
	if (reason != NULL)
		text = (struct http_text){(const uint8_t *)reason, strlen(reason)};
	memcpy(out, reason == NULL ? "200 " : "401 ", STATUS);
	memcpy(out + STATUS, text.at, text.n);
	*response = out;
	return STATUS + text.n;
}

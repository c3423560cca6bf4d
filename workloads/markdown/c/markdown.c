/*
 * markdown: a document in CommonMark becomes HTML, by the library cmark. The
 * manifest states which documents are refused; go/main.go and rust/ do the same
 * with libraries of their own.
 */
#include <string.h>

#include <cmark.h>

#include "guest.h"
#include "pool.h"
#include "utf8.h"

#define MAX_DOCUMENT ((size_t)32 << 10)
#define MAX_BRACKETS ((size_t)8 << 20) /* bytes times opening brackets */

/* A document within these bounds takes a few MiB at most. */
static struct pool pool = {.limit = (size_t)256 << 20};

/* refuse returns why a document is not rendered, NULL if it is. */
static const char *refuse(const uint8_t *document, size_t n)
{
	if (n > MAX_DOCUMENT)
		return "refused: too long\n";
	if (!utf8_is_text(document, n))
		return "refused: not text\n";
	size_t brackets = 0;
	for (size_t i = 0; i < n; i++)
		brackets += document[i] == '[';
	return n * brackets > MAX_BRACKETS ? "refused: too many brackets\n" : NULL;
}

/* cmark has no way to be told that there is no memory. */
static void *or_trap(void *at)
{
	if (at == NULL)
		__builtin_trap();
	return at;
}

static void *take_cleared(size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size)
		__builtin_trap();
	return memset(or_trap(pool_take(&pool, count * size)), 0, count * size);
}

static void *resize(void *at, size_t size)
{
	return or_trap(pool_resize(&pool, at, size));
}

static void give(void *at)
{
	pool_give(&pool, at);
}

static char *render(const uint8_t *document, size_t n)
{
	static cmark_mem memory = {take_cleared, resize, give};
	cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);
	cmark_parser_feed(parser, (const char *)document, n);
	cmark_node *page = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	char *html = cmark_render_html(page, CMARK_OPT_UNSAFE);
	cmark_node_free(page);
	return html;
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	static char *html; /* stays until the next request */
	give(html);
	html = NULL;
	const char *text = refuse(request, n);
	if (text == NULL)
		text = html = render(request, n);
	*response = (const uint8_t *)text;
	return strlen(text);
}

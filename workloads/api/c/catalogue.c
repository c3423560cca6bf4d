#include "catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Sorted by SKU. */
static const struct product catalogue[] = {
	{"A-100", "Headphones, closed", "audio", 4999},
	{"A-210", "Microphone \"Studio\"", "audio", 12900},
	{"A-330", "Cable 6.3 mm, 3 m", "audio", 1250},
	{"D-010", "Desk 160x80, oak", "desk", 34900},
	{"D-020", "Desk 160x80, white", "desk", 34900},
	{"D-115", "Monitor arm 27\"", "desk", 8990},
	{"D-400", "Cable tray", "desk", 1999},
	{"L-001", "Desk lamp, LED", "light", 5990},
	{"L-002", "Bulb E27, 8 W", "light", 899},
	{"L-050", "Floor lamp <warm>", "light", 14950},
	{"P-001", "Notebook A5, dotted", "paper", 349},
	{"P-002", "Notebook A4, ruled", "paper", 549},
	{"P-010", "Copy paper, 500 sheets", "paper", 799},
	{"P-099", "Sticky notes & flags", "paper", 99},
	{"S-007", "Office chair", "seat", 45900},
	{"S-008", "Stool, 65 cm", "seat", 12900},
	{"T-001", "Screwdriver set", "tool", 2490},
	{"T-002", "Tape measure 5 m", "tool", 899},
	{"T-044", "Drill 18 V", "tool", 18990},
	{"T-045", "Battery 18 V\\4 Ah", "tool", 6490},
};

enum { PRODUCTS = sizeof catalogue / sizeof *catalogue };

#define MAX_PRODUCT_BYTES ((size_t)128) /* of one in JSON */
#define MAX_LIMIT 100

static int compare_sku(const void *sku, const void *product)
{
	const struct http_text *a = sku;
	const char *b = ((const struct product *)product)->sku;
	size_t n = strlen(b);
	int order = memcmp(a->at, b, a->n < n ? a->n : n);
	return order != 0 ? order : (a->n > n) - (a->n < n);
}

const struct product *product_find(struct http_text sku)
{
	return bsearch(&sku, catalogue, PRODUCTS, sizeof *catalogue, compare_sku);
}

static void write_product(struct writer *w, const struct product *p)
{
	write_open(w, "{");
	write_string(w, "sku", p->sku);
	write_string(w, "name", p->name);
	write_string(w, "category", p->category);
	write_number(w, "price_cents", p->cents);
	write_close(w, "}");
}

void catalogue_one(struct http_text sku, struct reply *reply)
{
	const struct product *p = product_find(sku);
	if (p == NULL) {
		reply_refuse(reply, STATUS_NOT_FOUND, "no such product");
		return;
	}
	reply_start(reply, STATUS_OK, MAX_PRODUCT_BYTES);
	write_product(&reply->body, p);
}

/* ---- the query ---- */

enum parameter { CATEGORY, MAX_PRICE, SORT, LIMIT, PARAMETERS };

static const struct {
	const char *name, *bad;
} parameters[PARAMETERS] = {
	[CATEGORY] = {"category", "bad parameter: category"},
	[MAX_PRICE] = {"max_price", "bad parameter: max_price"},
	[SORT] = {"sort", "bad parameter: sort"},
	[LIMIT] = {"limit", "bad parameter: limit"},
};

enum order { BY_SKU, BY_NAME, BY_PRICE, BY_PRICE_FALLING };

static const char *const categories[] = {"desk", "light", "paper", "seat", "tool", "audio", NULL};
static const char *const orders[] = {"sku", "name", "price", "-price", NULL};

struct filter {
	const char *category; /* NULL for all */
	uint64_t max_cents, limit;
	enum order order;
	unsigned seen; /* a bit for each parameter */
};

/* one_of gives the place of a word in a list, negative if it is not there. */
static int one_of(const char *const *list, struct http_text word)
{
	for (int i = 0; list[i] != NULL; i++)
		if (text_is(word, list[i]))
			return i;
	return -1;
}

/* number reads 1 to `most` digits. */
static int number(struct http_text text, size_t most, uint64_t *value)
{
	return text.n <= most && http_decimal(text, value);
}

/* set_value returns 0 if a parameter does not allow the value. */
static int set_value(struct filter *f, enum parameter p, struct http_text value)
{
	int i;
	switch (p) {
	case CATEGORY:
		if ((i = one_of(categories, value)) >= 0)
			f->category = categories[i];
		return i >= 0;
	case SORT:
		if ((i = one_of(orders, value)) >= 0)
			f->order = (enum order)i;
		return i >= 0;
	case MAX_PRICE:
		return number(value, 9, &f->max_cents);
	default:
		return number(value, 3, &f->limit) && f->limit >= 1 && f->limit <= MAX_LIMIT;
	}
}

/* read_query returns NULL, or why the query is refused. */
static const char *read_query(struct http_text query, struct filter *f)
{
	struct http_text part, name;
	while (http_cut(&query, '&', &part)) {
		if (part.n == 0)
			continue;
		http_cut(&part, '=', &name);
		enum parameter p = 0;
		while (p < PARAMETERS && !text_is(name, parameters[p].name))
			p++;
		if (p == PARAMETERS)
			return "unknown parameter";
		if (f->seen & 1u << p)
			return "repeated parameter";
		f->seen |= 1u << p;
		if (part.at == NULL)
			part.n = 0; /* there is no '=' */
		if (!set_value(f, p, part))
			return parameters[p].bad;
	}
	return NULL;
}

/* ---- the list ---- */

static int by_sku(const struct product *a, const struct product *b) { return strcmp(a->sku, b->sku); }

static int by_name(const void *a, const void *b)
{
	const struct product *const *p = a, *const *q = b;
	int order = strcmp((*p)->name, (*q)->name);
	return order != 0 ? order : by_sku(*p, *q);
}

static int by_price(const void *a, const void *b)
{
	const struct product *const *p = a, *const *q = b;
	int order = ((*p)->cents > (*q)->cents) - ((*p)->cents < (*q)->cents);
	return order != 0 ? order : by_sku(*p, *q);
}

static int by_price_falling(const void *a, const void *b)
{
	const struct product *const *p = a, *const *q = b;
	int order = ((*p)->cents < (*q)->cents) - ((*p)->cents > (*q)->cents);
	return order != 0 ? order : by_sku(*p, *q);
}

static int (*const compare[])(const void *, const void *) = {
	[BY_NAME] = by_name, [BY_PRICE] = by_price, [BY_PRICE_FALLING] = by_price_falling};

void catalogue_list(struct http_text query, struct reply *reply)
{
	struct filter f = {.max_cents = UINT64_MAX, .limit = MAX_LIMIT};
	const char *reason = read_query(query, &f);
	if (reason != NULL) {
		reply_refuse(reply, STATUS_BAD_REQUEST, reason);
		return;
	}
	const struct product *matches[PRODUCTS];
	size_t n = 0;
	for (const struct product *p = catalogue; p < catalogue + PRODUCTS; p++)
		if (p->cents <= f.max_cents && (f.category == NULL || strcmp(p->category, f.category) == 0))
			matches[n++] = p;
	if (f.order != BY_SKU)
		qsort(matches, n, sizeof *matches, compare[f.order]);
	reply_start(reply, STATUS_OK, (n + 1) * MAX_PRODUCT_BYTES);
	struct writer *w = &reply->body;
	write_open(w, "{");
	write_number(w, "total", n);
	write_key(w, "products");
	write_open(w, "[");
	for (size_t i = 0; i < n && i < f.limit; i++) {
		write_next(w);
		write_product(w, matches[i]);
	}
	write_close(w, "]");
	write_close(w, "}");
}

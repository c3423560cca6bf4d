#include "order.h"

#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "text.h"

#define MAX_ITEMS 100
#define MAX_QUANTITY 1000
#define MAX_CUSTOMER ((size_t)64)
#define MAX_NOTE ((size_t)80)

/* Bytes in JSON at most: of what is said once, of a line, and of a field that is wrong. */
#define MAX_FRAME_BYTES ((size_t)512)
#define MAX_LINE_BYTES ((size_t)384)
#define MAX_WRONG_BYTES ((size_t)128)

enum coupon { NO_COUPON, WELCOME10, FIVER };

/* An item with its prices, in cents. They need 64 bits: 100 items of 1000 pieces at
 * most pass 32. */
struct line {
	const struct product *product;
	struct http_text note; /* its `at` is NULL for none */
	uint64_t quantity, discount, total;
	size_t place; /* among the items */
};

static struct order {
	struct http_text customer;
	enum coupon coupon;
	struct line lines[MAX_ITEMS];
	size_t count;
} order;

/* A field that is wrong: of the order, or of the item with a number. */
struct wrong {
	int item; /* negative for none */
	const char *field, *reason;
};

static struct {
	struct wrong list[2 + 3 * MAX_ITEMS];
	size_t count;
} wrongs;

static void complain(int item, const char *field, const char *reason)
{
	wrongs.list[wrongs.count++] = (struct wrong){item, field, reason};
}

static int is_text(const struct json_value *v, size_t least, size_t most)
{
	return v->kind == JSON_TEXT && v->text.at != NULL && v->text.n >= least && v->text.n <= most;
}

static void read_coupon(const struct json_value *v)
{
	order.coupon = NO_COUPON;
	if (v->kind == JSON_TEXT && text_is(v->text, "WELCOME10"))
		order.coupon = WELCOME10;
	else if (v->kind == JSON_TEXT && text_is(v->text, "FIVER"))
		order.coupon = FIVER;
	else if (v->kind != JSON_NULL)
		complain(-1, "coupon", "must be a known coupon, or absent");
}

static void read_item(const struct json_value *v, int item)
{
	struct line *line = &order.lines[item];
	if (v->kind != JSON_OBJECT) {
		complain(item, NULL, "must be an object");
		return;
	}
	const struct json_value *sku = json_get(v, "sku"), *quantity = json_get(v, "quantity"), *note = json_get(v, "note");
	line->place = (size_t)item;
	line->product = is_text(sku, 0, SIZE_MAX) ? product_find(sku->text) : NULL;
	if (line->product == NULL)
		complain(item, "sku", "must be a known sku");
	line->quantity = (uint64_t)quantity->number;
	if (quantity->kind != JSON_NUMBER || quantity->number < 1 || quantity->number > MAX_QUANTITY)
		complain(item, "quantity", "must be an integer from 1 to 1000");
	line->note = note->text;
	if (note->kind != JSON_NULL && !is_text(note, 0, MAX_NOTE))
		complain(item, "note", "must be up to 80 printable characters, or absent");
}

static void read_items(const struct json_value *v)
{
	order.count = 0;
	for (const struct json_value *item = v->first; v->kind == JSON_ARRAY && item != NULL; item = item->next)
		order.count++;
	if (order.count < 1 || order.count > MAX_ITEMS) {
		complain(-1, "items", "must be an array of 1 to 100 items");
		return;
	}
	int i = 0;
	for (const struct json_value *item = v->first; item != NULL; item = item->next)
		read_item(item, i++);
}

static void read_order(const struct json_value *v)
{
	wrongs.count = 0;
	if (v->kind != JSON_OBJECT) {
		complain(-1, "order", "must be an object");
		return;
	}
	const struct json_value *customer = json_get(v, "customer");
	order.customer = customer->text;
	if (!is_text(customer, 1, MAX_CUSTOMER))
		complain(-1, "customer", "must be 1 to 64 printable characters");
	read_coupon(json_get(v, "coupon"));
	read_items(json_get(v, "items"));
}

static void write_wrong(struct writer *w, const struct wrong *x)
{
	if (x->item < 0) {
		write_string(w, "field", x->field);
		return;
	}
	write_key(w, "field");
	print_string(&w->out, "\"items[");
	print_decimal(&w->out, (uint64_t)x->item);
	print_string(&w->out, x->field != NULL ? "]." : "]");
	print_string(&w->out, x->field != NULL ? x->field : "");
	print_string(&w->out, "\"");
}

static void write_wrongs(struct reply *reply)
{
	reply_start(reply, STATUS_UNPROCESSABLE, (wrongs.count + 1) * MAX_WRONG_BYTES);
	struct writer *w = &reply->body;
	write_open(w, "{");
	write_string(w, "error", "invalid order");
	write_key(w, "fields");
	write_open(w, "[");
	for (const struct wrong *x = wrongs.list; x < wrongs.list + wrongs.count; x++) {
		write_next(w);
		write_open(w, "{");
		write_wrong(w, x);
		write_string(w, "reason", x->reason);
		write_close(w, "}");
	}
	write_close(w, "]");
	write_close(w, "}");
}

/* ---- the bill ---- */

static void price(struct line *l)
{
	uint64_t full = l->product->cents * l->quantity;
	l->discount = full * (l->quantity >= 100 ? 15 : l->quantity >= 10 ? 5 : 0) / 100;
	l->total = full - l->discount;
}

static uint64_t tax_of(const struct line *l)
{
	return (l->total * (strcmp(l->product->category, "paper") == 0 ? 7 : 19) + 50) / 100;
}

/* by_total puts the highest total first, then the lowest SKU, then the first item. */
static int by_total(const void *a, const void *b)
{
	const struct line *p = a, *q = b;
	if (p->total != q->total)
		return p->total < q->total ? 1 : -1;
	int names = strcmp(p->product->sku, q->product->sku);
	return names != 0 ? names : (p->place > q->place) - (p->place < q->place);
}

static uint64_t discount_of(uint64_t subtotal)
{
	switch (order.coupon) {
	case WELCOME10:
		return subtotal * 10 / 100;
	case FIVER:
		return subtotal >= 2500 ? 500 : 0;
	default:
		return 0;
	}
}

static void write_line(struct writer *w, const struct line *l)
{
	write_open(w, "{");
	write_string(w, "sku", l->product->sku);
	write_string(w, "name", l->product->name);
	write_number(w, "quantity", l->quantity);
	write_number(w, "unit_cents", l->product->cents);
	write_number(w, "discount_cents", l->discount);
	write_number(w, "total_cents", l->total);
	if (l->note.at != NULL)
		write_text(w, "note", l->note);
	write_close(w, "}");
}

static void write_bill(struct writer *w, const char *id)
{
	uint64_t units = 0, subtotal = 0, tax = 0;
	write_open(w, "{");
	write_string(w, "id", id);
	write_text(w, "customer", order.customer);
	write_key(w, "lines");
	write_open(w, "[");
	for (const struct line *l = order.lines; l < order.lines + order.count; l++) {
		units += l->quantity;
		subtotal += l->total;
		tax += tax_of(l);
		write_next(w);
		write_line(w, l);
	}
	write_close(w, "]");
	uint64_t discount = discount_of(subtotal), shipping = subtotal - discount >= 5000 ? 0 : 490;
	write_number(w, "units", units);
	write_number(w, "subtotal_cents", subtotal);
	write_number(w, "discount_cents", discount);
	write_number(w, "tax_cents", tax);
	write_number(w, "shipping_cents", shipping);
	write_number(w, "total_cents", subtotal - discount + tax + shipping);
	write_close(w, "}");
}

int order_answer(const struct json_value *value, const char *id, struct reply *reply)
{
	read_order(value);
	if (wrongs.count > 0) {
		write_wrongs(reply);
		return 0;
	}
	for (size_t i = 0; i < order.count; i++)
		price(&order.lines[i]);
	qsort(order.lines, order.count, sizeof *order.lines, by_total);
	reply_start(reply, STATUS_CREATED, MAX_FRAME_BYTES + order.count * MAX_LINE_BYTES);
	write_bill(&reply->body, id);
	return 1;
}

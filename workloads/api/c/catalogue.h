/* catalogue.h: the products, and the routes that show them. */
#ifndef EDGEBENCH_CATALOGUE_H
#define EDGEBENCH_CATALOGUE_H

#include "http.h"
#include "reply.h"

struct product {
	const char *sku, *name, *category;
	uint32_t cents;
};

/* product_find gives the product with an SKU, NULL for none. */
const struct product *product_find(struct http_text sku);

/* catalogue_one answers a request for one product, catalogue_list one for those that a
 * query asks for, whose `at` is NULL if there is none. */
void catalogue_one(struct http_text sku, struct reply *reply);
void catalogue_list(struct http_text query, struct reply *reply);

#endif

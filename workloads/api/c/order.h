/* order.h: what is wrong with an order, and what one costs. */
#ifndef EDGEBENCH_ORDER_H
#define EDGEBENCH_ORDER_H

#include "json.h"
#include "reply.h"

/* order_answer answers an order, which has this ID if nothing is wrong with it. It
 * returns 0 if something is. */
int order_answer(const struct json_value *value, const char *id, struct reply *reply);

#endif

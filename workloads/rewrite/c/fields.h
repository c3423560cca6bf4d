/* fields.h: what the fields of a request say, and which of them go on. */
#ifndef EDGEBENCH_FIELDS_H
#define EDGEBENCH_FIELDS_H

#include "text.h"

/* read_host finds the one Host field as it came, and its name in lower case
 * without port and without www., which stays until the next call; 0 if it is
 * not as it must be. */
int read_host(const struct http_head *head, struct http_text *host, struct http_text *name);

/* origin_of returns the host that a request for this name goes on to. */
struct http_text origin_of(struct http_text name);

/* ambiguous: two lengths, or a length beside chunks, are how requests are
 * smuggled. */
int ambiguous(const struct http_head *head);

/* dropped: the field of that name does not go on. */
int dropped(const struct http_head *head, struct http_text name);

/* bucket returns "a" or "b" by a hash of the cookie uid. */
const char *bucket(const struct http_head *head);

#endif

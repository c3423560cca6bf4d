/* path.h: the path of a target, and the rules for it. */
#ifndef EDGEBENCH_PATH_H
#define EDGEBENCH_PATH_H

#include "text.h"

/* normalise writes the path, which begins with a slash, without empty and dot
 * segments and with its escapes in one form; 0 if one of them is not an escape.
 * It never writes more than it reads. */
int normalise(struct http_text path, struct writer *w);

/* A rule applies to paths that start with `from`; where `whole` is set, `from`
 * must be all of the path. */
struct rule {
	const char *from, *to;
	int whole, redirect;
};

/* rule_for returns the first rule that applies, NULL if none does. */
const struct rule *rule_for(struct http_text path);

/* put_target writes the path as the rule changes it, which may be NULL, and the
 * query behind it. */
void put_target(struct writer *w, const struct rule *rule, struct http_text path,
		struct http_text query);

#endif

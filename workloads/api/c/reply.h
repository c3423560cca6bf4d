/* reply.h: a response before it is complete. */
#ifndef EDGEBENCH_REPLY_H
#define EDGEBENCH_REPLY_H

#include "writer.h"

#define STATUS_OK "200 OK"
#define STATUS_CREATED "201 Created"
#define STATUS_BAD_REQUEST "400 Bad Request"
#define STATUS_NOT_FOUND "404 Not Found"
#define STATUS_METHOD_NOT_ALLOWED "405 Method Not Allowed"
#define STATUS_TOO_LARGE "413 Content Too Large"
#define STATUS_UNPROCESSABLE "422 Unprocessable Content"

/* A status, perhaps the start and the end of a field of its own, and the JSON of the
 * body. */
struct reply {
	const char *status, *field, *value;
	struct writer body;
};

/* reply_start begins a body of at most so many bytes. */
void reply_start(struct reply *reply, const char *status, size_t most);

/* reply_refuse makes all of a reply that is an error. */
void reply_refuse(struct reply *reply, const char *status, const char *reason);

#endif

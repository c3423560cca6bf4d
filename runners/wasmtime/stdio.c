//go:build cgo

#include "shim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SAID = 4096 };

struct eb_output {
	uint8_t *data;
	size_t size, room, most;
	bool over;
	size_t said_size;
	char said[MOST_SAID];
};

eb_output *eb_output_new(size_t most)
{
	eb_output *o = calloc(1, sizeof *o);
	if (o == NULL)
		abort();
	o->most = most;
	return o;
}

const uint8_t *eb_output_data(const eb_output *o) { return o->data; }
size_t eb_output_size(const eb_output *o) { return o->size; }
bool eb_output_over(const eb_output *o) { return o->over; }
const char *eb_output_said(const eb_output *o) { return o->said; }
size_t eb_output_said_size(const eb_output *o) { return o->said_size; }

void eb_output_delete(eb_output *o)
{
	free(o->data);
	free(o);
}

/* reserve makes room for n more bytes. */
static bool reserve(eb_output *o, size_t n)
{
	if (n <= o->room - o->size)
		return true;
	size_t room = o->room < 4096 ? 4096 : o->room;
	while (room < o->size + n)
		room *= 2;
	uint8_t *data = realloc(o->data, room);
	if (data == NULL)
		return false;
	o->data = data;
	o->room = room;
	return true;
}

/* write_out takes what a guest writes to stdout, or nothing of it once that is
 * too much. */
static ptrdiff_t write_out(void *to, const unsigned char *bytes, size_t n)
{
	eb_output *o = to;
	if (o->over || n > o->most - o->size || !reserve(o, n)) {
		o->over = true;
		return -EFBIG;
	}
	memcpy(o->data + o->size, bytes, n);
	o->size += n;
	return (ptrdiff_t)n;
}

/* write_said keeps the beginning of what a guest writes to stderr. */
static ptrdiff_t write_said(void *to, const unsigned char *bytes, size_t n)
{
	eb_output *o = to;
	size_t kept = n < MOST_SAID - o->said_size ? n : MOST_SAID - o->said_size;
	memcpy(o->said + o->said_size, bytes, kept);
	o->said_size += kept;
	return (ptrdiff_t)n;
}

static char *complaint(const char *text)
{
	char *copy = malloc(strlen(text) + 1);
	if (copy == NULL)
		abort();
	return strcpy(copy, text);
}

char *eb_equip(wasmtime_context_t *context, const char *files, const char *argument, const uint8_t *request, size_t n, eb_output *output)
{
	wasi_config_t *wasi = wasi_config_new();
	if (files != NULL && !wasi_config_preopen_dir(wasi, files, "/", WASMTIME_WASI_DIR_PERMS_READ, WASMTIME_WASI_FILE_PERMS_READ)) {
		wasi_config_delete(wasi);
		return complaint("the folder of the guest's files cannot be opened");
	}
	if (argument != NULL && !wasi_config_set_argv(wasi, 1, &argument)) {
		wasi_config_delete(wasi);
		return complaint("the guest's argument is no text");
	}
	if (output != NULL) {
		wasm_byte_vec_t bytes;
		wasm_byte_vec_new(&bytes, n, (const char *)request);
		wasi_config_set_stdin_bytes(wasi, &bytes);
		wasi_config_set_stdout_custom(wasi, write_out, output, NULL);
		wasi_config_set_stderr_custom(wasi, write_said, output, NULL);
	}
	return eb_text(wasmtime_context_set_wasi(context, wasi), NULL);
}

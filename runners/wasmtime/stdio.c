//go:build cgo

#include "shim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

eb_output *eb_output_new(size_t most)
{
	eb_output *o = calloc(1, sizeof *o);
	if (o == NULL)
		abort();
	o->most = most;
	return o;
}

void eb_output_delete(eb_output *o)
{
	free(o->data);
	free(o);
}

static ptrdiff_t write_out(void *to, const unsigned char *bytes, size_t n)
{
	return eb_output_write(to, bytes, n) ? (ptrdiff_t)n : -EFBIG;
}

static ptrdiff_t write_said(void *to, const unsigned char *bytes, size_t n)
{
	eb_output_say(to, bytes, n);
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

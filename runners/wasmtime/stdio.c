//go:build cgo

#include "own.h"

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

eb_world *eb_world_new(eb_texts args, eb_texts variables)
{
	eb_world *w = calloc(1, sizeof *w);
	if (w == NULL)
		abort();
	w->args = eb_texts_copy(args);
	w->variables = eb_texts_copy(variables);
	return w;
}

void eb_world_folder(eb_world *w, char *host, char *guest)
{
	w->folders = realloc(w->folders, (w->folder_count + 1) * sizeof *w->folders);
	if (w->folders == NULL)
		abort();
	w->folders[w->folder_count].host = host;
	w->folders[w->folder_count++].guest = guest;
}

void eb_world_delete(eb_world *w)
{
	for (size_t i = 0; i < w->folder_count; i++) {
		free(w->folders[i].host);
		free(w->folders[i].guest);
	}
	free(w->folders);
	free((char *)w->args.bytes);
	free((char *)w->variables.bytes);
	free(w);
}

/* furnish gives a configuration the arguments, variables and folders of a world. */
static char *furnish(wasi_config_t *wasi, const eb_world *w)
{
	for (size_t i = 0; i < w->folder_count; i++)
		if (!wasi_config_preopen_dir(wasi, w->folders[i].host, w->folders[i].guest, WASMTIME_WASI_DIR_PERMS_READ, WASMTIME_WASI_FILE_PERMS_READ))
			return complaint("a folder that the guest may read cannot be opened");
	const char *args[EB_MOST_TEXTS];
	size_t n = 0;
	for (const char *text = w->args.bytes; n < w->args.count && n < EB_MOST_TEXTS; text = eb_texts_next(text))
		args[n++] = text;
	if (n > 0 && !wasi_config_set_argv(wasi, n, args))
		return complaint("one of the guest's arguments is no text");
	char *names[EB_MOST_TEXTS];
	const char *values[EB_MOST_TEXTS];
	n = 0;
	for (const char *text = w->variables.bytes; n < w->variables.count && n < EB_MOST_TEXTS; text = eb_texts_next(text)) {
		names[n] = eb_variable_name(text);
		values[n] = text + strlen(names[n]) + 1;
		n++;
	}
	bool set = n == 0 || wasi_config_set_env(wasi, n, (const char **)names, values);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	return set ? NULL : complaint("one of the guest's variables is no text");
}

char *eb_equip(wasmtime_context_t *context, const eb_world *world, const uint8_t *request, size_t n, eb_output *output)
{
	wasi_config_t *wasi = wasi_config_new();
	char *failure = furnish(wasi, world);
	if (failure != NULL) {
		wasi_config_delete(wasi);
		return failure;
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

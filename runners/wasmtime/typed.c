//go:build cgo

#include "own.h"

#include "typed.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS = 3, NUMBER_SIZE = 4, RECORD_SIZE = 16 };

static wasm_name_t name(const char *text)
{
	return (wasm_name_t){strlen(text), (char *)text};
}

/* fill_record makes a record whose fields lie at `fields`. */
static void fill_record(wasmtime_component_val_t *value, wasmtime_component_valrecord_entry_t *fields, uint32_t id)
{
	fields[0].name = name("id");
	fields[0].val = (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_U32, .of.u32 = id};
	fields[1].name = name("cents");
	fields[1].val = (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_U32, .of.u32 = id};
	fields[2].name = name("name");
	fields[2].val = (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_STRING, .of.string = {0, ""}};
	*value = (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_RECORD, .of.record = {FIELDS, fields}};
}

/* allocate ends the process without memory, as Go's runtime does. */
static void *allocate(size_t n)
{
	void *at = malloc(n > 0 ? n : 1);
	if (at == NULL)
		abort();
	return at;
}

char *eb_typed(eb_component *instance, enum eb_shape shape, const char *bytes, size_t n, uint32_t *returned)
{
	if (shape == EB_TEXT) {
		wasmtime_component_val_t text = {.kind = WASMTIME_COMPONENT_STRING, .of.string = {n, (char *)bytes}};
		return eb_component_typed(instance, &text, returned);
	}
	size_t size = shape == EB_BYTES ? 1 : shape == EB_NUMBERS ? NUMBER_SIZE : RECORD_SIZE, count = n / size;
	wasmtime_component_val_t *elements = allocate(count * sizeof *elements);
	wasmtime_component_valrecord_entry_t *fields = NULL;
	if (shape == EB_RECORDS)
		fields = allocate(count * FIELDS * sizeof *fields);
	for (size_t i = 0; i < count; i++) {
		if (shape == EB_BYTES)
			elements[i] = (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_U8, .of.u8 = (uint8_t)bytes[i]};
		else if (shape == EB_NUMBERS)
			elements[i] = (wasmtime_component_val_t){.kind = WASMTIME_COMPONENT_U32, .of.u32 = (uint32_t)i};
		else
			fill_record(&elements[i], fields + FIELDS * i, (uint32_t)i);
	}
	wasmtime_component_val_t list = {.kind = WASMTIME_COMPONENT_LIST, .of.list = {count, elements}};
	char *failure = eb_component_typed(instance, &list, returned);
	free(fields);
	free(elements);
	return failure;
}

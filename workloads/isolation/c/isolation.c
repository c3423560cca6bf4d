/*
 * isolation: attempts of a guest to reach what it was not given. A request is the
 * name of an attempt and its words, with a space before each; "%HH" in a word is a
 * byte in two hexadecimal digits. The manifest states the rules.
 */
#include "isolation.h"

#include <errno.h>
#include <string.h>

#include "guest.h"

#define MAX_REQUEST ((size_t)2048)

uint64_t decimal(struct word word)
{
	uint64_t value = 0;
	if (word.n < 1 || word.n > 19)
		return 0;
	for (size_t i = 0; i < word.n; i++) {
		if (word.at[i] < '0' || word.at[i] > '9')
			return 0;
		value = value * 10 + (uint64_t)(word.at[i] - '0');
	}
	return value;
}

void see(struct printed *seen, const void *bytes, size_t n)
{
	size_t room = MAX_SEEN - seen->n;
	print_bytes(seen, bytes, n < room ? n : room);
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* split cuts a request into words, in a copy that ends each with a zero byte. It
 * returns 0 for a request that breaks the rules. */
static int split(const uint8_t *request, size_t n, struct words *words)
{
	static char copy[MAX_REQUEST + 1];
	size_t used = 0;
	if (n > MAX_REQUEST)
		return 0;
	words->n = 0;
	for (size_t i = 0; i <= n; i++) {
		if (words->n == MAX_WORDS)
			return 0;
		struct word *word = &words->at[words->n++];
		word->at = copy + used;
		size_t start = used;
		for (; i < n && request[i] != ' '; i++) {
			uint8_t c = request[i];
			if (c == '%') {
				if (n - i < 3 || digit(request[i + 1]) < 0 || digit(request[i + 2]) < 0)
					return 0;
				c = (uint8_t)(16 * digit(request[i + 1]) + digit(request[i + 2]));
				i += 2;
			}
			copy[used++] = (char)c;
		}
		word->n = used - start;
		copy[used++] = 0;
	}
	return 1;
}

static const struct attempt *const tables[] = {
	file_attempts, memory_attempts, exhaustion_attempts, knowledge_attempts,
#ifndef __wasm__
	kernel_attempts, process_attempts,
#endif
};

static const struct attempt *find(struct word name)
{
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct attempt *a = tables[t]; a->name != NULL; a++)
			if (strlen(a->name) == name.n && memcmp(a->name, name.at, name.n) == 0)
				return a;
	return NULL;
}

static const struct {
	int error;
	const char *name;
} errors[] = {
#define NAME(e) {e, #e}
	NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO), NAME(ENXIO), NAME(E2BIG), NAME(EBADF),
	NAME(ECHILD), NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES), NAME(EFAULT), NAME(EBUSY), NAME(EEXIST), NAME(EXDEV),
	NAME(ENODEV), NAME(ENOTDIR), NAME(EISDIR), NAME(EINVAL), NAME(ENFILE), NAME(EMFILE), NAME(ENOTTY), NAME(EFBIG),
	NAME(ENOSPC), NAME(ESPIPE), NAME(EROFS), NAME(EMLINK), NAME(EPIPE), NAME(ENAMETOOLONG), NAME(ENOSYS),
	NAME(ENOTEMPTY), NAME(ELOOP), NAME(EILSEQ), NAME(EOVERFLOW), NAME(ENOTSUP), NAME(EAFNOSUPPORT), NAME(EPROTONOSUPPORT),
	NAME(ECONNREFUSED), NAME(ECONNRESET), NAME(ETIMEDOUT), NAME(EHOSTUNREACH), NAME(ENETUNREACH), NAME(ENOTCONN),
	NAME(ENOTSOCK), NAME(EDQUOT), NAME(ENOEXEC), NAME(ETXTBSY), NAME(EMSGSIZE),
#ifdef __wasm__
	NAME(ENOTCAPABLE),
#else
	NAME(ENOKEY), NAME(ENODATA), NAME(EUSERS),
#endif
#undef NAME
};

static void print_error(struct printed *out, int error)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i].error == error) {
			print_string(out, errors[i].name);
			return;
		}
	print_string(out, "E");
	print_decimal(out, (uint64_t)error);
}

/* report writes the first line of a response. */
static void report(struct printed *out, struct outcome o)
{
	static const char *const words[] = {"done", "failed", "absent", "limited"};
	print_string(out, words[o.how]);
	if (o.how == FAILED || (o.how == LIMITED && o.error != 0)) {
		print_string(out, " ");
		print_error(out, o.error);
	}
	if (o.count > 0) {
		print_string(out, " ");
		print_decimal(out, o.count);
	}
	print_string(out, "\n");
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	static uint8_t text[64 + MAX_SEEN], data[MAX_SEEN];
	static struct words words;
	struct printed out = {text, 0}, seen = {data, 0};
	*response = text;
	if (!split(request, n, &words)) {
		print_string(&out, "refused\n");
		return out.n;
	}
	const struct attempt *a = find(words.at[0]);
	if (a == NULL) {
		print_string(&out, "unknown\n");
		return out.n;
	}
	if (words.n != a->words + 1) {
		print_string(&out, "refused\n");
		return out.n;
	}
	report(&out, a->make(words.at + 1, &seen));
	print_bytes(&out, data, seen.n);
	return out.n;
}

/* kernels.c: runs the kernel that a request names and answers with a hash of
 * all bits of its result. */
#include "kernels.h"

#include <string.h>

#include "digest.h"
#include "guest.h"
#include "http.h"
#include "print.h"

#define MIN_SIZE 2
#define ROOM 256 /* for a response, of which the list of kernels is the longest */

/* A kernel takes at most `arrays` times n to the power of `axes` plus `vectors`
 * times n doubles. */
static const struct kernel {
	const char *name;
	struct result (*run)(struct work *w);
	uint32_t max; /* size */
	size_t axes, arrays, vectors;
} kernels[] = {
	{"gemm", gemm, 256, 2, 3, 0},
	{"2mm", two_mm, 256, 2, 5, 0},
	{"doitgen", doitgen, 64, 3, 1, 65},
	{"atax", atax, 1024, 2, 1, 2},
	{"mvt", mvt, 1024, 2, 1, 4},
	{"covariance", covariance, 256, 2, 2, 1},
	{"trisolv", trisolv, 1024, 2, 1, 2},
	{"lu", lu, 256, 2, 1, 0},
	{"cholesky", cholesky, 256, 2, 1, 0},
	{"gramschmidt", gramschmidt, 256, 2, 2, 0},
	{"durbin", durbin, 1024, 1, 0, 4},
	{"jacobi-2d", jacobi_2d, 512, 2, 2, 0},
	{"seidel-2d", seidel_2d, 512, 2, 1, 0},
	{"fdtd-2d", fdtd_2d, 512, 2, 3, 0},
	{"heat-3d", heat_3d, 64, 3, 2, 0},
	{"floyd-warshall", floyd_warshall, 256, 2, 1, 0},
	{"nussinov", nussinov, 256, 2, 1, 1},
	{"lcs", lcs, 1024, 1, 0, 2},
};

#define KERNELS (sizeof kernels / sizeof kernels[0])

double *work_array(struct work *w, size_t count)
{
	double *at = (double *)(void *)w->at;
	w->at += count * sizeof *at;
	return at;
}

int32_t *work_integers(struct work *w, size_t count)
{
	int32_t *at = (int32_t *)(void *)w->at;
	w->at += count * sizeof *at;
	return at;
}

double *work_fill(struct work *w, size_t count)
{
	double *at = work_array(w, count);
	for (size_t i = 0; i < count; i++)
		at[i] = (double)(int64_t)(random_next(&w->random) >> 11) * 0x1p-53;
	return at;
}

double *work_zero(struct work *w, size_t count)
{
	double *at = work_array(w, count);
	memset(at, 0, count * sizeof *at);
	return at;
}

static int same(struct http_text text, const char *word)
{
	return text.n == strlen(word) && memcmp(text.at, word, text.n) == 0;
}

static const struct kernel *find(struct http_text name)
{
	for (size_t i = 0; i < KERNELS; i++)
		if (same(name, kernels[i].name))
			return &kernels[i];
	return NULL;
}

/* bytes is how much room a kernel takes. */
static size_t bytes(const struct kernel *k, size_t n)
{
	size_t power = 1;
	for (size_t i = 0; i < k->axes; i++)
		power *= n;
	return (k->arrays * power + k->vectors * n) * sizeof(double);
}

static void put_number(struct printed *p, const char *name, const struct result *r, size_t i)
{
	print_string(p, name);
	print_hex(p, digest_bits((const uint8_t *)r->at + i * r->width, r->width), (int)(2 * r->width));
}

static void put_result(struct printed *p, const struct kernel *k, size_t n, uint64_t seed)
{
	static struct guest_buffer room;
	struct work w = {.n = n, .random = {seed}, .at = guest_reserve(&room, bytes(k, n))};
	struct result r = k->run(&w);
	print_string(p, k->name);
	print_string(p, " ");
	print_decimal(p, n);
	print_string(p, " ");
	print_decimal(p, seed);
	print_string(p, "\nhash ");
	print_hex(p, digest_numbers(DIGEST_START, r.at, r.count, r.width), 16);
	print_string(p, " of ");
	print_decimal(p, r.count);
	put_number(p, "\nfirst ", &r, 0);
	put_number(p, "\nmiddle ", &r, r.count / 2);
	put_number(p, "\nlast ", &r, r.count - 1);
	print_string(p, "\n");
}

static void put_list(struct printed *p)
{
	for (size_t i = 0; i < KERNELS; i++) {
		print_string(p, kernels[i].name);
		print_string(p, "\n");
	}
}

/* answer reads "NAME SIZE SEED", or "kernels" for a list of the names. */
static void answer(struct printed *p, struct http_text request)
{
	struct http_text name, word;
	uint64_t n, seed;
	http_cut(&request, ' ', &name);
	if (request.at == NULL && same(name, "kernels")) {
		put_list(p);
		return;
	}
	if (!http_cut(&request, ' ', &word) || !http_decimal(word, &n) || !http_cut(&request, ' ', &word) ||
	    !http_decimal(word, &seed) || request.at != NULL) {
		print_string(p, "bad request\n");
		return;
	}
	const struct kernel *k = find(name);
	if (k == NULL)
		print_string(p, "unknown kernel\n");
	else if (n < MIN_SIZE || n > k->max)
		print_string(p, "bad size\n");
	else
		put_result(p, k, (size_t)n, seed);
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	static uint8_t room[ROOM];
	struct printed p = {room, 0};
	answer(&p, (struct http_text){request, n});
	*response = room;
	return p.n;
}

/*
 * kernels.h: numeric kernels of the kinds in PolyBench, written from their
 * definitions.
 *
 * Each kernel fills its inputs from the seed, computes, and leaves its result
 * in the workspace. Matrices are stored by rows; indices begin at 0. In the
 * formulas a sum adds its terms one by one with rising index to what it begins
 * with, unless it is a dot product (rows.h), and "u" is the next input.
 */
#ifndef KERNELS_H
#define KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "random.h"

/* What a kernel works with: room for its arrays, one after the other. */
struct work {
	size_t n; /* size, at least 2 */
	struct random random;
	uint8_t *at; /* what is not taken yet */
};

/* Where a result is: count numbers of width bytes, 8 (double) or 4 (int32_t). */
struct result {
	const void *at;
	size_t count, width;
};

/* work_array takes count elements; those of one call after another are next to
 * each other. Their values are not defined. */
double *work_array(struct work *w, size_t count);
int32_t *work_integers(struct work *w, size_t count);

/* work_fill takes count elements and makes each of them u: the upper 53 bits of
 * the next random number times 2^-53. */
double *work_fill(struct work *w, size_t count);

/* work_zero takes count elements that are 0. */
double *work_zero(struct work *w, size_t count);

static inline struct result doubles(const double *at, size_t count)
{
	return (struct result){at, count, sizeof *at};
}

static inline struct result integers(const int32_t *at, size_t count)
{
	return (struct result){at, count, sizeof *at};
}

/* products.c */
struct result gemm(struct work *w);
struct result two_mm(struct work *w);
struct result doitgen(struct work *w);
struct result atax(struct work *w);
struct result mvt(struct work *w);
struct result covariance(struct work *w);

/* solvers.c */
struct result trisolv(struct work *w);
struct result lu(struct work *w);
struct result cholesky(struct work *w);
struct result gramschmidt(struct work *w);
struct result durbin(struct work *w);

/* stencils.c */
struct result jacobi_2d(struct work *w);
struct result seidel_2d(struct work *w);
struct result fdtd_2d(struct work *w);
struct result heat_3d(struct work *w);

/* tables.c */
struct result floyd_warshall(struct work *w);
struct result nussinov(struct work *w);
struct result lcs(struct work *w);

#endif

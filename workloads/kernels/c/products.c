/* products.c: products of matrices and vectors. */
#include <string.h>

#include "kernels.h"
#include "rows.h"

static const double alpha = 1.5, beta = 1.25;

/* add_product adds to each row of `to` the rows of b, weighted by a row of a:
 * to_ij = to_ij + sum over k of (factor a_ik) b_kj. */
static void add_product(double *to, double factor, const double *a, const double *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			add_multiple(to + i * n, factor * a[i * n + k], b + k * n, n);
}

/*
 * gemm: C = beta C + alpha A B.
 * Inputs A, B, C (n x n). c_ij = beta c_ij + sum over k of (alpha a_ik) b_kj.
 * Result: C.
 */
struct result gemm(struct work *w)
{
	size_t n = w->n;
	double *a = work_fill(w, n * n);
	double *b = work_fill(w, n * n);
	double *c = work_fill(w, n * n);
	scale(c, beta, n * n);
	add_product(c, alpha, a, b, n);
	return doubles(c, n * n);
}

/*
 * 2mm: D = beta D + alpha A B C.
 * Inputs A, B, C, D (n x n). t_ij = 0 + sum over k of (alpha a_ik) b_kj, then
 * d_ij = beta d_ij + sum over k of (1 t_ik) c_kj.
 * Result: D.
 */
struct result two_mm(struct work *w)
{
	size_t n = w->n;
	double *a = work_fill(w, n * n);
	double *b = work_fill(w, n * n);
	double *c = work_fill(w, n * n);
	double *d = work_fill(w, n * n);
	double *t = work_zero(w, n * n);
	add_product(t, alpha, a, b, n);
	scale(d, beta, n * n);
	add_product(d, 1, t, c, n);
	return doubles(d, n * n);
}

/*
 * doitgen: a product along the last axis of a tensor, in place.
 * Inputs A (n x n x n), C (n x n). new a_rqp = 0 + sum over s of a_rqs c_sp.
 * Result: A.
 */
struct result doitgen(struct work *w)
{
	size_t n = w->n;
	double *a = work_fill(w, n * n * n);
	double *c = work_fill(w, n * n);
	double *sum = work_array(w, n);
	for (double *row = a; row < a + n * n * n; row += n) {
		memset(sum, 0, n * sizeof *sum);
		for (size_t s = 0; s < n; s++)
			add_multiple(sum, row[s], c + s * n, n);
		memcpy(row, sum, n * sizeof *sum);
	}
	return doubles(a, n * n * n);
}

/*
 * atax: y = A^T (A x).
 * Inputs A (n x n), x. t_i = dot of row i of A and x; y_j = 0 + sum over i of
 * t_i a_ij.
 * Result: y.
 */
struct result atax(struct work *w)
{
	size_t n = w->n;
	double *a = work_fill(w, n * n);
	double *x = work_fill(w, n);
	double *y = work_zero(w, n);
	for (size_t i = 0; i < n; i++)
		add_multiple(y, dot(a + i * n, x, n), a + i * n, n);
	return doubles(y, n);
}

/*
 * mvt: x1 = x1 + A y1 and x2 = x2 + A^T y2.
 * Inputs A (n x n), x1, x2, y1, y2. x1_i = x1_i + dot of row i of A and y1;
 * x2_j = x2_j + sum over i of y2_i a_ij.
 * Result: x1, then x2.
 */
struct result mvt(struct work *w)
{
	size_t n = w->n;
	double *a = work_fill(w, n * n);
	double *x1 = work_fill(w, n);
	double *x2 = work_fill(w, n);
	double *y1 = work_fill(w, n);
	double *y2 = work_fill(w, n);
	for (size_t i = 0; i < n; i++) {
		x1[i] += dot(a + i * n, y1, n);
		add_multiple(x2, y2[i], a + i * n, n);
	}
	return doubles(x1, 2 * n);
}

/* centre takes the mean off each column of d. */
static void centre(double *d, double *mean, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_multiple(mean, 1, d + i * n, n);
	divide(mean, (double)n, n);
	for (size_t i = 0; i < n; i++)
		subtract_multiple(d + i * n, 1, mean, n);
}

/*
 * covariance of the columns of D.
 * Input D (n x n; a row is an observation). mean_j = (0 + sum over i of d_ij) /
 * n; d_ij = d_ij - mean_j; c_jk = (0 + sum over i of d_ij d_ik) / (n - 1) for
 * j <= k, and c_kj = c_jk.
 * Result: C.
 */
struct result covariance(struct work *w)
{
	size_t n = w->n;
	double *d = work_fill(w, n * n);
	double *mean = work_zero(w, n);
	double *c = work_zero(w, n * n);
	centre(d, mean, n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			add_multiple(c + j * n + j, d[i * n + j], d + i * n + j, n - j);
	divide(c, (double)(n - 1), n * n);
	for (size_t j = 0; j < n; j++)
		for (size_t k = j + 1; k < n; k++)
			c[k * n + j] = c[j * n + k];
	return doubles(c, n * n);
}

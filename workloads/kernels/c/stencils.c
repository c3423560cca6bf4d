/* stencils.c: fields on a grid, each step from their neighbours. Cells at the
 * border have none on one side and stay as they are unless it is said. */
#include <string.h>

#include "kernels.h"
#include "rows.h"

#define STEPS 10

/*
 * jacobi-2d: a cell becomes the mean of itself and its four neighbours.
 * Input A (n x n). STEPS times, all from the old A: a_ij = 0.2 ((((a_ij +
 * a_i,j-1) + a_i,j+1) + a_i-1,j) + a_i+1,j).
 * Result: A.
 */
static void jacobi_row(double *to, const double *a, size_t n)
{
	const vec2d fifth = vec2d_splat(0.2);
	const double *up = a - n, *down = a + n;
	size_t j = 1;
	for (; j + 2 < n; j += 2) {
		vec2d sum = vec2d_add(vec2d_load(a + j), vec2d_load(a + j - 1));
		sum = vec2d_add(sum, vec2d_load(a + j + 1));
		sum = vec2d_add(sum, vec2d_load(up + j));
		sum = vec2d_add(sum, vec2d_load(down + j));
		vec2d_store(to + j, vec2d_mul(fifth, sum));
	}
	for (; j + 1 < n; j++)
		to[j] = 0.2 * (a[j] + a[j - 1] + a[j + 1] + up[j] + down[j]);
}

struct result jacobi_2d(struct work *w)
{
	size_t n = w->n;
	double *a = work_fill(w, n * n);
	double *b = work_array(w, n * n);
	memcpy(b, a, n * n * sizeof *a);
	for (int step = 0; step < STEPS; step++) {
		for (size_t i = 1; i + 1 < n; i++)
			jacobi_row(b + i * n, a + i * n, n);
		double *swap = a;
		a = b;
		b = swap;
	}
	return doubles(a, n * n);
}

/*
 * seidel-2d: a cell becomes the mean of the nine around and in it, of which
 * four have been renewed in this step already. Nothing in it goes side by side.
 * Input A (n x n). STEPS times, i rising and j rising: a_ij = (a_i-1,j-1 +
 * a_i-1,j + a_i-1,j+1 + a_i,j-1 + a_ij + a_i,j+1 + a_i+1,j-1 + a_i+1,j +
 * a_i+1,j+1) / 9, added from the left.
 * Result: A.
 */
struct result seidel_2d(struct work *w)
{
	size_t n = w->n;
	double *a = work_fill(w, n * n);
	for (int step = 0; step < STEPS; step++)
		for (size_t i = 1; i + 1 < n; i++) {
			double *row = a + i * n, *up = row - n, *down = row + n;
			for (size_t j = 1; j + 1 < n; j++)
				row[j] = (up[j - 1] + up[j] + up[j + 1] + row[j - 1] + row[j] +
				          row[j + 1] + down[j - 1] + down[j] + down[j + 1]) / 9;
		}
	return doubles(a, n * n);
}

/* subtract_difference: to[i] = to[i] - 0.5 (a[i] - b[i]). */
static void subtract_difference(double *to, const double *a, const double *b, size_t n)
{
	const vec2d half = vec2d_splat(0.5);
	size_t i = 0;
	for (; i + 2 <= n; i += 2) {
		vec2d difference = vec2d_sub(vec2d_load(a + i), vec2d_load(b + i));
		vec2d_store(to + i, vec2d_sub(vec2d_load(to + i), vec2d_mul(half, difference)));
	}
	for (; i < n; i++)
		to[i] -= 0.5 * (a[i] - b[i]);
}

/* curl: hz[j] = hz[j] - 0.7 (((ex[j+1] - ex[j]) + below[j]) - ey[j]). */
static void curl(double *hz, const double *ex, const double *ey, const double *below, size_t n)
{
	const vec2d factor = vec2d_splat(0.7);
	size_t j = 0;
	for (; j + 2 <= n; j += 2) {
		vec2d sum = vec2d_sub(vec2d_load(ex + j + 1), vec2d_load(ex + j));
		sum = vec2d_sub(vec2d_add(sum, vec2d_load(below + j)), vec2d_load(ey + j));
		vec2d_store(hz + j, vec2d_sub(vec2d_load(hz + j), vec2d_mul(factor, sum)));
	}
	for (; j < n; j++)
		hz[j] -= 0.7 * (ex[j + 1] - ex[j] + below[j] - ey[j]);
}

/*
 * fdtd-2d: Maxwell's equations in two dimensions by finite differences in the
 * time domain; ex and ey are the electric field, hz is the magnetic one.
 * Inputs ex, ey, hz (n x n). For t from 0 to STEPS - 1:
 *   ey_0j = t;  ey_ij = ey_ij - 0.5 (hz_ij - hz_i-1,j)            for i > 0
 *   ex_ij = ex_ij - 0.5 (hz_ij - hz_i,j-1)                        for j > 0
 *   hz_ij = hz_ij - 0.7 (((ex_i,j+1 - ex_ij) + ey_i+1,j) - ey_ij)
 *                                                      for i, j < n - 1
 * Result: ex, ey, hz.
 */
struct result fdtd_2d(struct work *w)
{
	size_t n = w->n;
	double *ex = work_fill(w, n * n);
	double *ey = work_fill(w, n * n);
	double *hz = work_fill(w, n * n);
	for (int t = 0; t < STEPS; t++) {
		for (size_t j = 0; j < n; j++)
			ey[j] = t;
		subtract_difference(ey + n, hz + n, hz, n * (n - 1));
		for (size_t i = 0; i < n; i++)
			subtract_difference(ex + i * n + 1, hz + i * n + 1, hz + i * n, n - 1);
		for (size_t i = 0; i + 1 < n; i++)
			curl(hz + i * n, ex + i * n, ey + i * n, ey + (i + 1) * n, n - 1);
	}
	return doubles(ex, 3 * n * n);
}

/* second is the second difference along one axis: (before - 2 here) + after. */
static inline vec2d second(const double *here, size_t stride)
{
	vec2d twice = vec2d_mul(vec2d_splat(2), vec2d_load(here));
	return vec2d_add(vec2d_sub(vec2d_load(here - stride), twice), vec2d_load(here + stride));
}

static void heat_row(double *to, const double *a, size_t n)
{
	const vec2d eighth = vec2d_splat(0.125);
	size_t k = 1;
	for (; k + 2 < n; k += 2) {
		vec2d sum = vec2d_add(vec2d_load(a + k), vec2d_mul(eighth, second(a + k, n * n)));
		sum = vec2d_add(sum, vec2d_mul(eighth, second(a + k, n)));
		vec2d_store(to + k, vec2d_add(sum, vec2d_mul(eighth, second(a + k, 1))));
	}
	for (; k + 1 < n; k++) {
		const double *c = a + k;
		to[k] = *c + 0.125 * (c[-(ptrdiff_t)(n * n)] - 2 * *c + c[n * n]) +
		        0.125 * (c[-(ptrdiff_t)n] - 2 * *c + c[n]) + 0.125 * (c[-1] - 2 * *c + c[1]);
	}
}

/*
 * heat-3d: the heat equation in three dimensions.
 * Input A (n x n x n). With d(x, y, z) = (x - 2 y) + z, STEPS times, all from
 * the old A: a_ijk = ((a_ijk + 0.125 d(a_i-1,jk, a_ijk, a_i+1,jk)) + 0.125
 * d(a_i,j-1,k, a_ijk, a_i,j+1,k)) + 0.125 d(a_ij,k-1, a_ijk, a_ij,k+1).
 * Result: A.
 */
struct result heat_3d(struct work *w)
{
	size_t n = w->n, all = n * n * n;
	double *a = work_fill(w, all);
	double *b = work_array(w, all);
	memcpy(b, a, all * sizeof *a);
	for (int step = 0; step < STEPS; step++) {
		for (size_t i = 1; i + 1 < n; i++)
			for (size_t j = 1; j + 1 < n; j++)
				heat_row(b + (i * n + j) * n, a + (i * n + j) * n, n);
		double *swap = a;
		a = b;
		b = swap;
	}
	return doubles(a, all);
}

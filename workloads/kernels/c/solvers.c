/* solvers.c: systems of linear equations and factorisations. */
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "rows.h"

/* dominant takes an n x n matrix of inputs and adds n to its diagonal, which
 * keeps every divisor below far from 0. */
static double *dominant(struct work *w)
{
	size_t n = w->n;
	double *a = work_fill(w, n * n);
	for (size_t i = 0; i < n; i++)
		a[i * n + i] += (double)n;
	return a;
}

/*
 * trisolv: x with L x = b, L lower triangular.
 * Inputs L (n x n; l_ii = u + n, what is above the diagonal is not used), b.
 * x_i = (b_i - dot of l_i0 to l_i,i-1 and x_0 to x_i-1) / l_ii.
 * Result: x.
 */
struct result trisolv(struct work *w)
{
	size_t n = w->n;
	double *l = dominant(w);
	double *b = work_fill(w, n);
	double *x = work_array(w, n);
	for (size_t i = 0; i < n; i++)
		x[i] = (b[i] - dot(l + i * n, x, i)) / l[i * n + i];
	return doubles(x, n);
}

/*
 * lu: A = L U without pivoting, in place.
 * Input A (n x n; a_ii = u + n). For k rising, for each i > k:
 * a_ik = a_ik / a_kk, then a_ij = a_ij - a_ik a_kj for each j > k.
 * Result: A, which has U on and above the diagonal and L below it.
 */
struct result lu(struct work *w)
{
	size_t n = w->n;
	double *a = dominant(w);
	for (size_t k = 0; k < n; k++) {
		double *pivot = a + k * n;
		for (size_t i = k + 1; i < n; i++) {
			double *row = a + i * n;
			row[k] /= pivot[k];
			subtract_multiple(row + k + 1, row[k], pivot + k + 1, n - k - 1);
		}
	}
	return doubles(a, n * n);
}

/*
 * cholesky: A = L L^T for a symmetric A, in place.
 * Input A (n x n; a_ii = u + n, what is above the diagonal is not used). For i
 * rising, for j rising up to i - 1: l_ij = (a_ij - dot of l_i0 to l_i,j-1 and
 * l_j0 to l_j,j-1) / l_jj; then l_ii = sqrt(a_ii - dot of l_i0 to l_i,i-1 with
 * itself).
 * Result: L, 0 above the diagonal.
 */
struct result cholesky(struct work *w)
{
	size_t n = w->n;
	double *l = dominant(w);
	for (size_t i = 0; i < n; i++) {
		double *row = l + i * n;
		for (size_t j = 0; j < i; j++)
			row[j] = (row[j] - dot(row, l + j * n, j)) / l[j * n + j];
		row[i] = sqrt(row[i] - dot(row, row, i));
		memset(row + i + 1, 0, (n - i - 1) * sizeof *row);
	}
	return doubles(l, n * n);
}

/*
 * gramschmidt: A = Q R by the modified Gram-Schmidt process.
 * Input A^T (n x n, so that row k is column k of A; a_kk = u + n). For k
 * rising: r_kk = sqrt(dot of a_k with itself); q_k = a_k / r_kk, in place; and
 * for each j > k: r_kj = dot of q_k and a_j; a_j = a_j - r_kj q_k.
 * Result: Q^T, then R, 0 below its diagonal.
 */
struct result gramschmidt(struct work *w)
{
	size_t n = w->n;
	double *a = dominant(w);
	double *r = work_zero(w, n * n);
	for (size_t k = 0; k < n; k++) {
		double *q = a + k * n;
		r[k * n + k] = sqrt(dot(q, q, n));
		divide(q, r[k * n + k], n);
		for (size_t j = k + 1; j < n; j++) {
			r[k * n + j] = dot(q, a + j * n, n);
			subtract_multiple(a + j * n, r[k * n + j], q, n);
		}
	}
	return doubles(a, 2 * n * n);
}

/*
 * durbin: y with T y = -r for the symmetric Toeplitz matrix T with 1 and r_0 to
 * r_n-2 as its first row, by the Levinson-Durbin recursion.
 * Inputs r_0 to r_n-1, each u / n. e = 1, a = -r_0, y_0 = a; then for k from 1:
 *   e = (1 - a a) e
 *   a = -(r_k + dot of r_k-1, r_k-2, ... r_0 and y_0 to y_k-1) / e
 *   y_i = y_i + a y_k-1-i for each i < k (all from the old y); y_k = a.
 * Result: y.
 */
struct result durbin(struct work *w)
{
	size_t n = w->n;
	double *r = work_fill(w, n);
	double *y = work_array(w, n), *old = work_array(w, n);
	double *reversed = work_array(w, n); /* r_i at n - 1 - i */
	divide(r, (double)n, n);
	for (size_t i = 0; i < n; i++)
		reversed[n - 1 - i] = r[i];
	double e = 1, a = -r[0];
	y[0] = a;
	for (size_t k = 1; k < n; k++) {
		e = (1 - a * a) * e;
		a = -(r[k] + dot(reversed + n - k, y, k)) / e;
		for (size_t i = 0; i < k; i++)
			old[k - 1 - i] = y[i];
		add_multiple(y, a, old, k);
		y[k] = a;
	}
	return doubles(y, n);
}

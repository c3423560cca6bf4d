/* rows.h: what most kernels spend their time in, with the order of additions
 * that both builds keep. */
#ifndef ROWS_H
#define ROWS_H

#include <stddef.h>

#include "vec.h"

/*
 * dot is the sum of a[i] b[i] in four lanes, each from 0: lane l adds the
 * products with i mod 4 = l, i rising, of the first n - n mod 4. The lanes are
 * added as (0 + 2) + (1 + 3), and to that the products that are left, i rising.
 */
static inline double dot(const double *a, const double *b, size_t n)
{
	vec2d low = vec2d_splat(0), high = vec2d_splat(0);
	size_t i = 0;
	for (; i + 4 <= n; i += 4) {
		low = vec2d_add(low, vec2d_mul(vec2d_load(a + i), vec2d_load(b + i)));
		high = vec2d_add(high, vec2d_mul(vec2d_load(a + i + 2), vec2d_load(b + i + 2)));
	}
	low = vec2d_add(low, high);
	double sum = VEC_LANE(low, 0) + VEC_LANE(low, 1);
	for (; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* add_multiple: to[i] = to[i] + factor from[i]. */
static inline void add_multiple(double *to, double factor, const double *from, size_t n)
{
	vec2d factors = vec2d_splat(factor);
	size_t i = 0;
	for (; i + 2 <= n; i += 2)
		vec2d_store(to + i, vec2d_add(vec2d_load(to + i), vec2d_mul(factors, vec2d_load(from + i))));
	for (; i < n; i++)
		to[i] += factor * from[i];
}

/* subtract_multiple: to[i] = to[i] - factor from[i]. */
static inline void subtract_multiple(double *to, double factor, const double *from, size_t n)
{
	vec2d factors = vec2d_splat(factor);
	size_t i = 0;
	for (; i + 2 <= n; i += 2)
		vec2d_store(to + i, vec2d_sub(vec2d_load(to + i), vec2d_mul(factors, vec2d_load(from + i))));
	for (; i < n; i++)
		to[i] -= factor * from[i];
}

/* scale: to[i] = factor to[i]. */
static inline void scale(double *to, double factor, size_t n)
{
	vec2d factors = vec2d_splat(factor);
	size_t i = 0;
	for (; i + 2 <= n; i += 2)
		vec2d_store(to + i, vec2d_mul(factors, vec2d_load(to + i)));
	for (; i < n; i++)
		to[i] *= factor;
}

/* divide: to[i] = to[i] / by. */
static inline void divide(double *to, double by, size_t n)
{
	vec2d divisors = vec2d_splat(by);
	size_t i = 0;
	for (; i + 2 <= n; i += 2)
		vec2d_store(to + i, vec2d_div(vec2d_load(to + i), divisors));
	for (; i < n; i++)
		to[i] /= by;
}

#endif

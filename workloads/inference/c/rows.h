/* rows.h: sums over rows of floats, with the order of additions that both
 * builds keep. Lengths are multiples of four. */
#ifndef ROWS_H
#define ROWS_H

#include <stddef.h>

#include "vec.h"

/* across adds the lanes of a vector: (0 + 2) + (1 + 3). */
static inline float across(vec4f v)
{
	return (VEC_LANE(v, 0) + VEC_LANE(v, 2)) + (VEC_LANE(v, 1) + VEC_LANE(v, 3));
}

/* sum adds x[i] to lane i mod 4, each from 0 and with i rising, and then across. */
static inline float sum(const float *x, size_t n)
{
	vec4f lanes = vec4f_splat(0);
	for (size_t i = 0; i < n; i += 4)
		lanes = vec4f_add(lanes, vec4f_load(x + i));
	return across(lanes);
}

/* dot is the sum of a[i] b[i]. */
static inline float dot(const float *a, const float *b, size_t n)
{
	vec4f lanes = vec4f_splat(0);
	for (size_t i = 0; i < n; i += 4)
		lanes = vec4f_add(lanes, vec4f_mul(vec4f_load(a + i), vec4f_load(b + i)));
	return across(lanes);
}

/* add: to[i] = to[i] + from[i]. */
static inline void add(float *to, const float *from, size_t n)
{
	for (size_t i = 0; i < n; i += 4)
		vec4f_store(to + i, vec4f_add(vec4f_load(to + i), vec4f_load(from + i)));
}

/* add_multiple: to[i] = to[i] + factor from[i]. */
static inline void add_multiple(float *to, float factor, const float *from, size_t n)
{
	vec4f factors = vec4f_splat(factor);
	for (size_t i = 0; i < n; i += 4)
		vec4f_store(to + i, vec4f_add(vec4f_load(to + i), vec4f_mul(factors, vec4f_load(from + i))));
}

/*
 * product: y[o] is the dot product of row o of the matrix and x. Four rows go
 * side by side, since one alone would wait for each of its additions; outputs
 * is a multiple of four.
 */
static inline void product(float *y, const float *matrix, const float *x, size_t outputs, size_t inputs)
{
	for (size_t o = 0; o < outputs; o += 4) {
		const float *row = matrix + o * inputs;
		vec4f a = vec4f_splat(0), b = a, c = a, d = a;
		for (size_t i = 0; i < inputs; i += 4) {
			vec4f in = vec4f_load(x + i);
			a = vec4f_add(a, vec4f_mul(vec4f_load(row + i), in));
			b = vec4f_add(b, vec4f_mul(vec4f_load(row + inputs + i), in));
			c = vec4f_add(c, vec4f_mul(vec4f_load(row + 2 * inputs + i), in));
			d = vec4f_add(d, vec4f_mul(vec4f_load(row + 3 * inputs + i), in));
		}
		y[o] = across(a);
		y[o + 1] = across(b);
		y[o + 2] = across(c);
		y[o + 3] = across(d);
	}
}

#endif

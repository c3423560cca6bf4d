/* tables.c: dynamic programming, in integers. */
#include <string.h>

#include "kernels.h"
#include "vec.h"

/* relax: to[j] = min(to[j], from[j] + add). */
static void relax(int32_t *to, const int32_t *from, int32_t add, size_t n)
{
	vec4i addends = vec4i_splat(add);
	size_t j = 0;
	for (; j + 4 <= n; j += 4)
		vec4i_store(to + j, vec4i_min(vec4i_load(to + j), vec4i_add(vec4i_load(from + j), addends)));
	for (; j < n; j++)
		if (from[j] + add < to[j])
			to[j] = from[j] + add;
}

/*
 * floyd-warshall: the lengths of the shortest paths between all vertices.
 * Input D (n x n): d_ij = 1 + (upper 32 bits of the next random number) mod
 * 1000, row by row, then d_ii = 0. For k rising, each d_ij = min(d_ij, d_ik +
 * d_kj).
 * Result: D.
 */
struct result floyd_warshall(struct work *w)
{
	size_t n = w->n;
	int32_t *d = work_integers(w, n * n);
	for (size_t i = 0; i < n * n; i++)
		d[i] = (int32_t)(1 + (random_next(&w->random) >> 32) % 1000);
	for (size_t i = 0; i < n; i++)
		d[i * n + i] = 0;
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < n; i++)
			relax(d + i * n, d + k * n, d[i * n + k], n);
	return integers(d, n * n);
}

/* letters takes n letters, 0 to 3: the upper 2 bits of a random number each. */
static int32_t *letters(struct work *w)
{
	int32_t *s = work_integers(w, w->n);
	for (size_t i = 0; i < w->n; i++)
		s[i] = (int32_t)(random_next(&w->random) >> 62);
	return s;
}

/* best_sum is the greatest of a[i] + b[i], at least 0. */
static int32_t best_sum(const int32_t *a, const int32_t *b, size_t n)
{
	vec4i best = vec4i_splat(0);
	size_t i = 0;
	for (; i + 4 <= n; i += 4)
		best = vec4i_max(best, vec4i_add(vec4i_load(a + i), vec4i_load(b + i)));
	int32_t most = 0;
	for (int lane = 0; lane < 4; lane++)
		most = VEC_LANE(best, lane) > most ? VEC_LANE(best, lane) : most;
	for (; i < n; i++)
		most = a[i] + b[i] > most ? a[i] + b[i] : most;
	return most;
}

/*
 * nussinov: the most pairs that a strand of RNA can form folded on itself.
 * Input s (n letters); letters that add up to 3 pair. t_ij = 0 for j <= i, else
 * the greatest of t_i+1,j-1 + (1 if s_i + s_j = 3, else 0) and of t_ik + t_k+1,j
 * over i <= k < j.
 * Result: T, n x n.
 */
struct result nussinov(struct work *w)
{
	size_t n = w->n;
	int32_t *s = letters(w);
	int32_t *t = work_integers(w, n * n);
	int32_t *columns = work_integers(w, n * n); /* T transposed */
	memset(t, 0, n * n * sizeof *t);
	memset(columns, 0, n * n * sizeof *columns);
	for (size_t i = n; i-- > 0;)
		for (size_t j = i + 1; j < n; j++) {
			int32_t pair = t[(i + 1) * n + j - 1] + (s[i] + s[j] == 3);
			int32_t best = best_sum(t + i * n + i, columns + j * n + i + 1, j - i);
			t[i * n + j] = columns[j * n + i] = pair > best ? pair : best;
		}
	return integers(t, n * n);
}

/*
 * lcs: the longest common subsequence of two strings.
 * Inputs a, b (n letters each). l_ij is the length for the first i and j
 * letters: 0 for i = 0 or j = 0, l_i-1,j-1 + 1 if a_i-1 = b_j-1, else the
 * greater of l_i-1,j and l_i,j-1. One row is kept.
 * Result: l_n1 to l_nn.
 */
struct result lcs(struct work *w)
{
	size_t n = w->n;
	int32_t *a = letters(w), *b = letters(w);
	int32_t *row = work_integers(w, n + 1);
	memset(row, 0, (n + 1) * sizeof *row);
	for (size_t i = 0; i < n; i++) {
		int32_t corner = 0; /* l_i,j-1 of the row before */
		for (size_t j = 1; j <= n; j++) {
			int32_t above = row[j];
			if (a[i] == b[j - 1])
				row[j] = corner + 1;
			else if (row[j - 1] > above)
				row[j] = row[j - 1];
			corner = above;
		}
	}
	return integers(row + 1, n);
}

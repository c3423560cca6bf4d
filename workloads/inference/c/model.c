#include "model.h"

#include <math.h>
#include <string.h>

#include "random.h"
#include "rows.h"

#ifdef __GLIBC__
#error "the libm of glibc gives other bits than that of the modules: build over musl (Debian: apt-get install musl-tools)"
#endif

#define SEED 2026

/* A matrix is stored by rows, one row for each of its outputs. */
struct layer {
	float query[WIDTH * WIDTH], key[WIDTH * WIDTH], value[WIDTH * WIDTH], out[WIDTH * WIDTH];
	float up[HIDDEN * WIDTH], down[WIDTH * HIDDEN];
};

static float tokens[VOCABULARY * WIDTH], positions[CONTEXT * WIDTH], unembed[VOCABULARY * WIDTH];
static struct layer layers[LAYERS];

/* Keys and values of all positions so far. */
static struct {
	float keys[CONTEXT * WIDTH], values[CONTEXT * WIDTH];
} past[LAYERS];

/* fill makes each weight (the upper 24 bits of the next random number - 2^23)
 * times 2^-23 times scale, which is a power of two: all of it is exact. */
static void fill(struct random *r, float *weights, size_t count, float scale)
{
	for (size_t i = 0; i < count; i++)
		weights[i] = (float)((int32_t)(random_next(r) >> 40) - (1 << 23)) * (0x1p-23f * scale);
}

/*
 * The weights are made before the first request, as others are read from a
 * file: in a module by _initialize, natively before main. It is the costly part
 * of a start, and has no part in an answer.
 */
__attribute__((constructor)) static void make_weights(void)
{
	struct random r = {SEED};
	fill(&r, tokens, VOCABULARY * WIDTH, 1);
	fill(&r, positions, CONTEXT * WIDTH, 0.5f);
	fill(&r, unembed, VOCABULARY * WIDTH, 0.25f);
	for (struct layer *l = layers; l < layers + LAYERS; l++) {
		fill(&r, l->query, WIDTH * WIDTH, 0.25f);
		fill(&r, l->key, WIDTH * WIDTH, 0.25f);
		fill(&r, l->value, WIDTH * WIDTH, 0.25f);
		fill(&r, l->out, WIDTH * WIDTH, 0.25f);
		fill(&r, l->up, HIDDEN * WIDTH, 0.25f);
		fill(&r, l->down, WIDTH * HIDDEN, 0.125f);
	}
}

/* normalise: y = (x - mean) / sqrt(variance + 1e-5). */
static void normalise(float *y, const float *x)
{
	float mean = sum(x, WIDTH) / WIDTH;
	for (size_t i = 0; i < WIDTH; i++)
		y[i] = x[i] - mean;
	float deviation = sqrtf(dot(y, y, WIDTH) / WIDTH + 1e-5f);
	for (size_t i = 0; i < WIDTH; i++)
		y[i] /= deviation;
}

/* softmax of n scores in place. */
static void softmax(float *x, size_t n)
{
	float most = x[0], total = 0;
	for (size_t i = 1; i < n; i++)
		most = x[i] > most ? x[i] : most;
	for (size_t i = 0; i < n; i++) {
		x[i] = expf(x[i] - most);
		total += x[i];
	}
	for (size_t i = 0; i < n; i++)
		x[i] /= total;
}

/* gelu in its approximation by the hyperbolic tangent. */
static float gelu(float x)
{
	float cubic = 0.044715f * x * x * x;
	return 0.5f * x * (1 + tanhf(0.7978846f * (x + cubic)));
}

/* attend: each head looks back at the positions up to this one. */
static void attend(const struct layer *l, size_t layer, float *out, const float *x, size_t position)
{
	static float query[WIDTH], scores[CONTEXT];
	const float root = 0.17677669f; /* of 1 / HEAD */
	float *keys = past[layer].keys, *values = past[layer].values;
	product(query, l->query, x, WIDTH, WIDTH);
	product(keys + position * WIDTH, l->key, x, WIDTH, WIDTH);
	product(values + position * WIDTH, l->value, x, WIDTH, WIDTH);
	memset(out, 0, WIDTH * sizeof *out);
	for (size_t from = 0; from < WIDTH; from += HEAD) {
		for (size_t t = 0; t <= position; t++)
			scores[t] = root * dot(query + from, keys + t * WIDTH + from, HEAD);
		softmax(scores, position + 1);
		for (size_t t = 0; t <= position; t++)
			add_multiple(out + from, scores[t], values + t * WIDTH + from, HEAD);
	}
}

const float *model_step(uint8_t token, size_t position)
{
	static float x[WIDTH], normal[WIDTH], mixed[WIDTH], hidden[HIDDEN], logits[VOCABULARY];
	memcpy(x, tokens + token * (size_t)WIDTH, sizeof x);
	add(x, positions + position * WIDTH, WIDTH);
	for (size_t i = 0; i < LAYERS; i++) {
		const struct layer *l = &layers[i];
		normalise(normal, x);
		attend(l, i, mixed, normal, position);
		product(normal, l->out, mixed, WIDTH, WIDTH);
		add(x, normal, WIDTH);
		normalise(normal, x);
		product(hidden, l->up, normal, HIDDEN, WIDTH);
		for (size_t h = 0; h < HIDDEN; h++)
			hidden[h] = gelu(hidden[h]);
		product(mixed, l->down, hidden, WIDTH, HIDDEN);
		add(x, mixed, WIDTH);
	}
	normalise(normal, x);
	product(logits, unembed, normal, VOCABULARY, WIDTH);
	return logits;
}

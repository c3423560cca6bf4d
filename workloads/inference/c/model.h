/*
 * model.h: a small language model over bytes, a transformer whose weights are
 * random. It says nothing of sense, by the same work as one that does.
 *
 * Numbers are floats (IEEE 754, 32 bits), each operation rounded by itself.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stddef.h>
#include <stdint.h>

#define VOCABULARY 256 /* a token is a byte */
#define WIDTH 128      /* of the vector that stands for a position */
#define HEADS 4
#define HEAD (WIDTH / HEADS)
#define HIDDEN 512 /* width within a perceptron */
#define LAYERS 2
#define CONTEXT 64  /* most positions */

/*
 * model_step takes the token at a position, the positions before it having been
 * taken since the last position 0, and returns the logits of the next token:
 * VOCABULARY floats that stay as they are until the next call.
 */
const float *model_step(uint8_t token, size_t position);

#endif

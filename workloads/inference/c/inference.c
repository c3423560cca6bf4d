/* inference.c: continues a prompt, byte by byte, by the likeliest. */
#include "digest.h"
#include "guest.h"
#include "http.h"
#include "model.h"
#include "print.h"

#define ROOM (4 * CONTEXT + 128) /* for a response: a token takes 4 bytes */

static size_t likeliest(const float *logits)
{
	size_t best = 0;
	for (size_t i = 1; i < VOCABULARY; i++)
		if (logits[i] > logits[best])
			best = i;
	return best;
}

/* put_steps generates so many tokens after a prompt. */
static void put_steps(struct printed *p, struct http_text prompt, size_t steps)
{
	uint64_t hash = DIGEST_START;
	const float *logits = NULL;
	size_t position = 0, token = 0;
	while (position < prompt.n) {
		logits = model_step(prompt.at[position], position);
		position++;
	}
	print_string(p, "tokens");
	for (size_t i = 0; i < steps; i++) {
		if (i > 0)
			logits = model_step((uint8_t)token, position++);
		hash = digest_numbers(hash, logits, VOCABULARY, sizeof *logits);
		token = likeliest(logits);
		print_string(p, " ");
		print_decimal(p, token);
	}
	print_string(p, "\nlogits ");
	print_hex(p, hash, 16);
	print_string(p, "\nlast ");
	print_hex(p, digest_bits(logits + token, sizeof *logits), 8);
	print_string(p, "\n");
}

/* answer reads "STEPS PROMPT", in which a prompt is any bytes. */
static void answer(struct printed *p, struct http_text request)
{
	struct http_text word;
	uint64_t steps;
	if (!http_cut(&request, ' ', &word) || !http_decimal(word, &steps) || request.at == NULL)
		print_string(p, "bad request\n");
	else if (request.n == 0)
		print_string(p, "no prompt\n");
	else if (steps == 0)
		print_string(p, "no steps\n");
	else if (request.n > CONTEXT || steps > CONTEXT + 1 - request.n)
		print_string(p, "too long\n");
	else
		put_steps(p, request, (size_t)steps);
}

size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	static uint8_t room[ROOM];
	struct printed p = {room, 0};
	answer(&p, (struct http_text){request, n});
	*response = room;
	return p.n;
}

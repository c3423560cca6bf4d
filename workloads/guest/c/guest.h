/*
 * guest.h: what a workload in C is written against.
 *
 * A workload is one function, guest_handle. The same source becomes
 *
 *   a WebAssembly reactor  with the exports of package edgebench/runners/abi;
 *   a native executable    that serves the frames of edgebench/runners/frame,
 *                          on stdin and stdout or on a unix socket.
 *
 * guest.c supplies all else. A workload keeps to what both sides do alike: no
 * files, no clock, no randomness, no threads.
 */
#ifndef EDGEBENCH_GUEST_H
#define EDGEBENCH_GUEST_H

#include <stddef.h>
#include <stdint.h>

/* Longest request and longest response, in bytes; abi.MaxMessage. */
#define GUEST_MAX_MESSAGE ((size_t)64 << 20)

/*
 * guest_handle answers one request of n bytes, n > 0: it sets *response and
 * returns the response's length in bytes. The response stays as it is until
 * the next call. Pings never come here.
 */
size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response);

/* A buffer that grows and is used over and over; start it with all zeroes. */
struct guest_buffer {
	uint8_t *at;
	size_t size; /* bytes at `at` */
};

/*
 * guest_reserve makes the buffer hold at least n bytes and returns its start.
 * What was in it is lost when it has to grow. Without memory it traps: a guest
 * that has no room for a response has nothing to say.
 */
uint8_t *guest_reserve(struct guest_buffer *buffer, size_t n);

/* guest_keep returns n new bytes that are never given back, NULL if there are
 * none to be had. */
void *guest_keep(size_t n);

#endif

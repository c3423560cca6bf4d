/* sha256.h: SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104). */
#ifndef EDGEBENCH_SHA256_H
#define EDGEBENCH_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BLOCK 64
#define SHA256_SIZE 32

struct sha256 {
	uint32_t state[8];
	uint64_t total; /* bytes hashed so far, those in block included */
	uint8_t block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const uint8_t *at, size_t n);
void sha256_end(struct sha256 *h, uint8_t sum[SHA256_SIZE]);

/* hmac_sha256 wants a key of at most SHA256_BLOCK bytes. */
void hmac_sha256(const uint8_t *key, size_t key_size, const uint8_t *at, size_t n,
		 uint8_t mac[SHA256_SIZE]);

#endif

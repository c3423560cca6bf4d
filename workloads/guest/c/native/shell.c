/*
 * shell.c: the shell for executables, which serves the frames of
 * package edgebench/runners/frame: on stdin and stdout, or on the unix socket
 * whose path is the one argument. It exits with 0 when its input ends between
 * two frames, and with 1 and a line on stderr on whatever else goes wrong.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "shell.h"

#define HEADER ((size_t)4)
#define FIRST_ROOM ((size_t)64 << 10)

/* Unread input: bytes from `from` to `to` of the buffer. */
static struct {
	struct guest_buffer buffer;
	size_t from, to;
} in;

_Noreturn void guest_die(const char *why)
{
	if (errno != 0)
		fprintf(stderr, "guest: %s: %s\n", why, strerror(errno));
	else
		fprintf(stderr, "guest: %s\n", why);
	exit(1);
}

void *guest_keep(size_t n)
{
	return malloc(n ? n : 1);
}

int guest_resize(struct guest_buffer *buffer, size_t size)
{
	uint8_t *at = malloc(size ? size : 1);
	if (at == NULL)
		return 0;
	free(buffer->at);
	buffer->at = at;
	buffer->size = size;
	return 1;
}

static void put_le(uint8_t *at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t now(void)
{
	struct timespec t;
	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* room makes the input buffer hold n bytes from `from` on and keeps the unread.
 * A buffer that is read out begins anew at its start, so that small requests
 * touch one page and not all of it in turn. */
static void room(size_t n)
{
	size_t unread = in.to - in.from;
	if (unread > 0 && in.from + n <= in.buffer.size)
		return;
	memmove(in.buffer.at, in.buffer.at + in.from, unread);
	in.from = 0;
	in.to = unread;
	if (n <= in.buffer.size)
		return;
	uint8_t *at = realloc(in.buffer.at, n);
	if (at == NULL)
		guest_die("no memory for a request");
	in.buffer.at = at;
	in.buffer.size = n;
}

/* fill reads until n bytes are unread. It returns 0 if the input ends before
 * the first of them. */
static int fill(int fd, size_t n)
{
	room(n);
	while (in.to - in.from < n) {
		ssize_t k = read(fd, in.buffer.at + in.to, in.buffer.size - in.to);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			guest_die("read");
		if (k == 0 && in.to == in.from)
			return 0;
		if (k == 0)
			guest_die("the input ends within a frame");
		in.to += (size_t)k;
	}
	return 1;
}

/* send_frame writes header and body in one system call where the kernel takes
 * them at once. */
static void send_frame(int fd, const uint8_t *body, size_t n)
{
	uint8_t header[HEADER];
	put_le(header, n, HEADER);
	struct iovec parts[2] = {{header, HEADER}, {(void *)(uintptr_t)body, n}};
	for (int first = 0; first < 2;) {
		ssize_t k = writev(fd, parts + first, 2 - first);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			guest_die("write");
		for (size_t left = (size_t)k; first < 2; first++) {
			size_t part = left < parts[first].iov_len ? left : parts[first].iov_len;
			parts[first].iov_base = (uint8_t *)parts[first].iov_base + part;
			parts[first].iov_len -= part;
			left -= part;
			if (parts[first].iov_len > 0)
				break;
		}
	}
}

/* answer serves the request of n bytes that is next in the input. */
static void answer(int fd, uint32_t n, uint64_t entry)
{
	if (n == 0) {
		uint8_t stamp[8];
		put_le(stamp, entry, sizeof stamp);
		send_frame(fd, stamp, sizeof stamp);
		return;
	}
	const uint8_t *response = NULL;
	size_t length = guest_handle(in.buffer.at + in.from, n, &response);
	if (length > GUEST_MAX_MESSAGE) {
		/* The length tells the runner; after it nothing can follow. */
		uint8_t header[HEADER];
		put_le(header, length, HEADER);
		if (write(fd, header, HEADER) != (ssize_t)HEADER)
			guest_die("write");
		errno = 0;
		guest_die("the response is too large");
	}
	send_frame(fd, response, length);
}

static void serve(int input, int output, uint64_t entry)
{
	while (fill(input, HEADER)) {
		const uint8_t *h = in.buffer.at + in.from;
		uint32_t n = h[0] | (uint32_t)h[1] << 8 | (uint32_t)h[2] << 16 | (uint32_t)h[3] << 24;
		errno = 0;
		if (n > GUEST_MAX_MESSAGE)
			guest_die("the request is too large");
		in.from += HEADER;
		if (n > 0 && !fill(input, n))
			guest_die("the input ends within a frame");
		answer(output, n, entry);
		in.from += n;
	}
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		guest_die(path);
	}
	strcpy(address.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		guest_die(path);
	return fd;
}

int main(int argc, char **argv)
{
	uint64_t entry = now();
	signal(SIGPIPE, SIG_IGN); /* a reader that has left is an error of write */
	if (argc > 2) {
		fprintf(stderr, "usage: %s [SOCKET]\n", argv[0]);
		return 2;
	}
	if (!guest_resize(&in.buffer, FIRST_ROOM))
		guest_die("no memory for the input");
	if (argc == 2) {
		int fd = connect_to(argv[1]);
		serve(fd, fd, entry);
	} else {
		serve(STDIN_FILENO, STDOUT_FILENO, entry);
	}
	return 0;
}

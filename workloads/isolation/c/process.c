/* process.c: other processes, sockets and shared memory, of an executable alone. */
#ifndef __wasm__

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "system.h"

#define PATIENCE_MILLISECONDS 300

/* probe_process asks whether a process may be sent signals, and sends none. */
static struct outcome probe_process(const struct word *w, struct printed *seen)
{
	(void)seen;
	return kill((pid_t)decimal(w[0]), 0) == 0 ? done() : failed(errno);
}

/* see_peer connects and reports what the other side says. */
static struct outcome see_peer(int s, const struct sockaddr *to, socklen_t n, struct printed *seen)
{
	uint8_t bytes[256];
	struct pollfd ready = {s, POLLOUT, 0};
	int error = 0;
	socklen_t size = sizeof error;
	if (connect(s, to, n) != 0) {
		if (errno != EINPROGRESS)
			return failed(errno);
		if (poll(&ready, 1, PATIENCE_MILLISECONDS) <= 0)
			return failed(ETIMEDOUT);
		getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &size);
		if (error != 0)
			return failed(error);
	}
	ready.events = POLLIN;
	if (poll(&ready, 1, PATIENCE_MILLISECONDS) > 0) {
		ssize_t got = read(s, bytes, sizeof bytes);
		if (got > 0)
			see(seen, bytes, (size_t)got);
	}
	return done();
}

static struct outcome connect_address(const struct word *w, struct printed *seen)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)decimal(w[1]))};
	if (inet_pton(AF_INET, w[0].at, &to.sin_addr) != 1)
		return failed(EINVAL);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s < 0)
		return failed(errno);
	struct outcome o = see_peer(s, (struct sockaddr *)&to, sizeof to, seen);
	close(s);
	return o;
}

/* connect_in enters the network namespace that a path names, and connects to an address
 * there. */
static struct outcome connect_in(const struct word *w, struct printed *seen)
{
	int network = open(w[0].at, O_RDONLY | O_CLOEXEC);
	if (network < 0)
		return failed(errno);
	int error = setns(network, CLONE_NEWNET) != 0 ? errno : 0;
	close(network);
	return error == 0 ? connect_address(w + 1, seen) : failed(error);
}

/* connect_local connects to a unix socket, whose name is abstract if it begins with a
 * zero byte. */
static struct outcome connect_local(const struct word *w, struct printed *seen)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	if (w[0].n >= sizeof to.sun_path)
		return failed(ENAMETOOLONG);
	memcpy(to.sun_path, w[0].at, w[0].n);
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s < 0)
		return failed(errno);
	struct outcome o = see_peer(s, (struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + w[0].n), seen);
	close(s);
	return o;
}

/* read_shared reads what a segment of shared memory (System V) begins with. */
static struct outcome read_shared(const struct word *w, struct printed *seen)
{
	void *at = shmat((int)decimal(w[0]), NULL, SHM_RDONLY);
	if (at == (void *)-1)
		return failed(errno);
	see(seen, at, strnlen(at, 256));
	shmdt(at);
	return done();
}

/* fork_many starts so many processes, which wait, and ends them. */
static struct outcome fork_many(const struct word *w, struct printed *seen)
{
	(void)seen;
	enum { MOST = 512 };
	static pid_t children[MOST];
	uint64_t asked = decimal(w[0]), n = 0;
	int error = 0;
	if (asked > MOST)
		asked = MOST;
	while (n < asked) {
		pid_t child = fork();
		if (child == 0) {
			pause();
			_exit(0);
		}
		if (child < 0) {
			error = errno;
			break;
		}
		children[n++] = child;
	}
	for (uint64_t i = 0; i < n; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	return n == 0 ? failed(error) : ended(n, asked, error);
}

const struct attempt process_attempts[] = {
	{"probe-process", 1, probe_process}, {"connect", 2, connect_address}, {"connect-local", 1, connect_local},
	{"read-shared", 1, read_shared},     {"fork-many", 1, fork_many},     {"connect-in", 3, connect_in},
	{NULL, 0, NULL},
};

#endif

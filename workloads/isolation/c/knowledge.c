/* knowledge.c: what a guest can find out about its host beyond files. */
#include "system.h"

#ifdef __wasm__
#include <errno.h>
#else
#include <cpuid.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

static struct outcome see_environ(const struct word *w, struct printed *seen)
{
	(void)w;
	int error = sys_environ(seen);
	return error == 0 ? done() : failed(error);
}

/* see_clock reports the smallest step of the monotonic clock, in nanoseconds. */
static struct outcome see_clock(const struct word *w, struct printed *seen)
{
	(void)w;
	enum { STEPS = 1000 };
	uint64_t least = UINT64_MAX, before, now;
	int error = sys_now(&before);
	for (int i = 0; i < STEPS && error == 0; i++) {
		error = sys_now(&now);
		if (error == 0 && now > before && now - before < least)
			least = now - before;
		before = now;
	}
	if (error != 0)
		return failed(error);
	print_decimal(seen, least);
	return done();
}

#ifdef __wasm__

#define EXECUTABLE_ATTEMPTS

#else

static struct outcome see_name(const struct word *w, struct printed *seen)
{
	(void)w;
	char name[256];
	if (gethostname(name, sizeof name) != 0)
		return absent();
	name[sizeof name - 1] = 0;
	print_string(seen, name);
	return done();
}

static struct outcome see_user(const struct word *w, struct printed *seen)
{
	(void)w;
	print_decimal(seen, (uint64_t)geteuid());
	return done();
}

/* see_cpu reports the processor's name, which no privilege is needed for. */
static struct outcome see_cpu(const struct word *w, struct printed *seen)
{
	(void)w;
#if defined(__x86_64__)
	unsigned part[4];
	for (unsigned leaf = 0x80000002; leaf <= 0x80000004; leaf++) {
		if (!__get_cpuid(leaf, &part[0], &part[1], &part[2], &part[3]))
			return absent();
		for (size_t i = 0; i < sizeof part; i++)
			if (((const char *)part)[i] != 0)
				see(seen, (const char *)part + i, 1);
	}
	return done();
#else
	(void)seen;
	return absent();
#endif
}

/* see_addresses reports the addresses of all interfaces. */
static struct outcome see_addresses(const struct word *w, struct printed *seen)
{
	(void)w;
	struct ifaddrs *list;
	char text[64];
	if (getifaddrs(&list) != 0)
		return absent();
	for (struct ifaddrs *i = list; i != NULL; i = i->ifa_next) {
		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET)
			continue;
		if (getnameinfo(i->ifa_addr, sizeof(struct sockaddr_storage), text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0) {
			see(seen, text, strlen(text));
			see(seen, "\n", 1);
		}
	}
	freeifaddrs(list);
	return done();
}

#define EXECUTABLE_ATTEMPTS {"host-name", 0, see_name}, {"user", 0, see_user}, {"cpu", 0, see_cpu}, {"addresses", 0, see_addresses},

#endif

const struct attempt knowledge_attempts[] = {
	{"environ", 0, see_environ}, {"clock", 0, see_clock}, EXECUTABLE_ATTEMPTS {NULL, 0, NULL},
};

/*
 * kernel.c: system calls, of an executable alone. Their arguments cannot succeed, or
 * what they do ends with this process: the question is whether the kernel looks at
 * the arguments or refuses the call.
 */
#ifndef __wasm__

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "system.h"

#define NONE ((long)-1)

/* A system call with arguments that cannot succeed, and what the kernel says to
 * those who may make it. */
struct kernel_call {
	const char *name;
	long number, arguments[5];
	int error;
};

static const char no_type[] = "edgebench-none", nowhere[] = "/";

#define TEXT(s) ((long)(uintptr_t)(s))

static const struct kernel_call calls[] = {
	{"mount", SYS_mount, {0, 0, 0, 0, 0}, ENODEV}, /* of an unknown type: see arguments_of */
	{"unshare", SYS_unshare, {1}, EINVAL},         /* an unknown flag */
	{"setns", SYS_setns, {NONE, 0}, EBADF},
	{"ptrace", SYS_ptrace, {16, 0x3fffffff, 0, 0}, ESRCH}, /* PTRACE_ATTACH to no process */
	{"keyctl", SYS_keyctl, {NONE}, EOPNOTSUPP},
	{"bpf", SYS_bpf, {NONE, 0, 0}, EINVAL},
	{"userfaultfd", SYS_userfaultfd, {0x40000000}, EINVAL},
	{"io_uring", 425 /* io_uring_setup */, {0, 0}, EFAULT},
	{"perf_event_open", SYS_perf_event_open, {0, 0, NONE, NONE, 0}, EFAULT},
	{"process_vm_readv", SYS_process_vm_readv, {0x3fffffff, 0, 0, 0, 0}, ESRCH},
	{"open_by_handle_at", SYS_open_by_handle_at, {NONE, 0, 0}, EFAULT},
	{"init_module", SYS_init_module, {0, 0, 0}, EFAULT},
	{"add_key", SYS_add_key, {0, 0, 0, 0, 0}, EFAULT},
	{"sethostname", SYS_sethostname, {0, NONE}, EINVAL},
	{"swapoff", SYS_swapoff, {0}, EFAULT},
	{"personality", SYS_personality, {0xffffffff}, 0}, /* asks for the present one */
};

/* arguments_of completes a call whose arguments are texts. */
static void arguments_of(const struct kernel_call *c, long *a)
{
	memcpy(a, c->arguments, sizeof c->arguments);
	if (c->number == SYS_mount) {
		a[0] = a[2] = TEXT(no_type);
		a[1] = TEXT(nowhere);
	}
}

/* system_call makes one of the calls. It is done if the kernel looked at the
 * arguments. */
static struct outcome system_call(const struct word *w, struct printed *seen)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		const struct kernel_call *c = &calls[i];
		if (strcmp(c->name, w[0].at) != 0)
			continue;
		long a[5];
		arguments_of(c, a);
		errno = 0;
		long result = syscall(c->number, a[0], a[1], a[2], a[3], a[4]);
		print_string(seen, "errno ");
		print_decimal(seen, result < 0 ? (uint64_t)errno : 0);
		return result >= 0 || errno == c->error ? done() : failed(errno);
	}
	return failed(EINVAL);
}

/* make_device makes a device that no driver has, and removes it. */
static struct outcome make_device(const struct word *w, struct printed *seen)
{
	(void)seen;
	if (mknod(w[0].at, S_IFCHR | 0600, makedev(4095, 1048575)) != 0)
		return failed(errno);
	unlink(w[0].at);
	return done();
}

static struct outcome raw_socket(const struct word *w, struct printed *seen)
{
	(void)w;
	(void)seen;
	int s = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (s < 0)
		return failed(errno);
	close(s);
	return done();
}

/* Calls that are made with arguments of -1 alone, which none of them accepts, and
 * which name no process, no signal and no file. */
static const short harmless[] = {
	SYS_accept, SYS_add_key, SYS_bpf, SYS_capget, SYS_clock_adjtime, SYS_clock_gettime, SYS_copy_file_range, SYS_dup,
	SYS_epoll_ctl, SYS_fallocate, SYS_fanotify_init, SYS_fanotify_mark, SYS_fchmod, SYS_fchown, SYS_finit_module,
	SYS_flock, SYS_fsetxattr, SYS_fstat, SYS_ftruncate, SYS_futex, SYS_getdents64, SYS_getpeername, SYS_getrlimit,
	SYS_inotify_add_watch, SYS_io_setup, SYS_ioctl, SYS_kcmp, SYS_keyctl, SYS_listen, SYS_lookup_dcookie, SYS_lseek,
	SYS_madvise, SYS_mbind, SYS_mincore, SYS_mlock2, SYS_move_pages, SYS_mprotect, SYS_mq_notify, SYS_mremap,
	SYS_msync, SYS_name_to_handle_at, SYS_nanosleep, SYS_open_by_handle_at, SYS_perf_event_open, SYS_pidfd_send_signal,
	SYS_preadv2, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pwritev2, SYS_quotactl, SYS_readahead, SYS_recvmsg,
	SYS_remap_file_pages, SYS_request_key, SYS_rt_sigtimedwait, SYS_sched_getattr, SYS_sched_setattr, SYS_semtimedop,
	SYS_sendfile, SYS_sendmsg, SYS_set_mempolicy, SYS_setns, SYS_setsockopt, SYS_shmctl, SYS_signalfd4, SYS_socket,
	SYS_splice, SYS_statx, SYS_sync_file_range, SYS_syncfs, SYS_tee, SYS_timer_create, SYS_timerfd_settime,
	SYS_userfaultfd, SYS_utimensat, SYS_vmsplice,
};

/* reachable counts those of the calls that are not refused. */
static struct outcome reachable(const struct word *w, struct printed *seen)
{
	(void)w;
	enum { ALL = sizeof harmless / sizeof *harmless };
	uint64_t n = 0;
	for (size_t i = 0; i < ALL; i++) {
		long result = syscall(harmless[i], NONE, NONE, NONE, NONE, NONE, NONE);
		n += result >= 0 || (errno != EPERM && errno != ENOSYS && errno != EACCES);
	}
	print_decimal(seen, n);
	print_string(seen, " of ");
	print_decimal(seen, ALL);
	return done();
}

const struct attempt kernel_attempts[] = {
	{"system-call", 1, system_call}, {"make-device", 1, make_device}, {"raw-socket", 0, raw_socket}, {"reachable", 0, reachable},
	{NULL, 0, NULL},
};

#endif

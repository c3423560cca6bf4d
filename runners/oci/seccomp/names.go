//go:build linux

package seccomp

// allowed are the names that need no look at arguments, by what they are about.
// Some exist on one architecture alone, some only in newer tables.
const allowed = `
	read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek
	open openat openat2 creat close close_range dup dup2 dup3 fcntl ioctl flock
	stat fstat lstat newfstatat fstatat statx access faccessat faccessat2 readlink readlinkat
	statfs fstatfs getdents getdents64 getcwd chdir fchdir umask
	mkdir mkdirat mknod mknodat rmdir unlink unlinkat rename renameat renameat2
	link linkat symlink symlinkat chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
	utime utimes utimensat futimesat truncate ftruncate fallocate fadvise64 readahead
	sync syncfs fsync fdatasync sync_file_range sendfile splice tee vmsplice copy_file_range
	getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr
	listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr
	inotify_init inotify_init1 inotify_add_watch inotify_rm_watch

	poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
	eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime
	io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents pipe pipe2

	socketpair bind listen accept accept4 connect shutdown getsockname getpeername
	getsockopt setsockopt sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg

	brk mmap munmap mremap mprotect madvise mincore msync remap_file_pages memfd_create membarrier
	mlock mlock2 munlock mlockall munlockall pkey_alloc pkey_free pkey_mprotect
	map_shadow_stack mseal process_mrelease cachestat

	execve execveat exit exit_group fork vfork wait4 waitid
	getpid getppid gettid getpgid setpgid getpgrp getsid setsid pidfd_open pidfd_send_signal
	kill tkill tgkill rt_sigaction rt_sigprocmask rt_sigpending rt_sigsuspend rt_sigtimedwait
	rt_sigqueueinfo rt_tgsigqueueinfo rt_sigreturn sigaltstack pause restart_syscall
	set_tid_address set_robust_list get_robust_list rseq arch_prctl prctl
	futex futex_waitv futex_wait futex_wake futex_requeue
	getuid geteuid getresuid setuid setreuid setresuid setfsuid
	getgid getegid getresgid setgid setregid setresgid setfsgid getgroups setgroups
	capget capset getrlimit setrlimit prlimit64 getrusage getpriority setpriority
	ioprio_get ioprio_set sched_yield sched_getaffinity sched_setaffinity
	sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_getattr sched_setattr
	sched_get_priority_max sched_get_priority_min sched_rr_get_interval
	seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self

	time gettimeofday times clock_gettime clock_getres clock_nanosleep nanosleep alarm
	getitimer setitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete
	uname sysinfo getcpu getrandom

	shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl
	mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
`

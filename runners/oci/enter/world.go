package enter

// What a container finds beside its workload is that of a container by `runc spec`, whose
// own default the modes runc and crun are given too.

// terminal is the device that a host without terminals may not have.
const terminal = "/dev/tty"

// Devices are what a container sees in /dev: the host's nodes, mounted one by
// one onto empty files of the root file system.
func Devices() []string {
	return []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", terminal}
}

// Folder is one that the root file system must have.
type Folder struct {
	Path string
	Mode uint32 // permission bits, as for chmod
}

// Folders are those that the root file system must have, the outer before the inner.
// Their modes are those of a usual image: runc gives a mount the mode of the folder
// below it.
func Folders() []Folder {
	return []Folder{
		{"/dev", 0o755}, {"/dev/shm", 0o1777}, {"/dev/pts", 0o755}, {"/dev/mqueue", 0o1777},
		{"/proc", 0o555}, {"/sys", 0o555}, {"/tmp", 0o1777},
	}
}

// Link is a symbolic link of the root file system.
type Link struct{ Path, Target string }

// Links are those below /dev.
func Links() []Link {
	return []Link{
		{"/dev/fd", "/proc/self/fd"}, {"/dev/stdin", "/proc/self/fd/0"}, {"/dev/stdout", "/proc/self/fd/1"},
		{"/dev/stderr", "/proc/self/fd/2"}, {"/dev/ptmx", "pts/ptmx"},
	}
}

// MaskedPaths tell of the host. They are covered.
func MaskedPaths() []string {
	return []string{
		"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
		"/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
	}
}

// ReadonlyPaths change the host. They can be read.
func ReadonlyPaths() []string {
	return []string{"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}
}

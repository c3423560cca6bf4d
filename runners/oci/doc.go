// Package oci runs native workloads and container images in containers that
// need no daemon: its own, and those of the OCI runtimes runc, crun and runsc. It works
// on Linux alone.
//
// # Modes
//
// `embedded` is a container in pure Go, without cgo and without an installation.
// It has these parts:
//   - process, mount, host name, IPC, network and control group namespaces, and a
//     user namespace if the agent is not root or the policy is hardened;
//   - a read-only root file system of its own, entered by pivot_root;
//   - no capabilities, no_new_privs, a seccomp filter (package seccomp);
//   - limits by control groups (package cgroup) and rlimits;
//   - no network except its own loopback;
//   - the devices, mounts and links of `runc spec` (package enter).
//
// `runc` and `crun` run a bundle with the mounts and namespaces of `runc spec` and
// the same user, capabilities, system calls and limits.
//
// `runsc` runs the same bundle in gVisor's sandbox, a kernel in a process of the user's: the
// row between containers and virtual machines. It has the network none and the
// platform that is its default. A sandbox has a second process, which opens files for
// it; both count as memory owners. gVisor ignores the bundle's seccomp filter, since its
// kernel takes the place of one. It needs root, and has no phase `entry`, since its
// clock is not the host's.
//
// Settings that are left out: gVisor's platform KVM, which needs nested virtualisation on a
// virtual machine, a writable overlay (an edge function needs none, and the
// modes of Docker have it), a network (there is a container with one in Docker's modes),
// a checkpoint on disk (Debian's CRIU 3.17 does not work with recent kernels), systemd as the manager of control groups, which takes a round trip over
// D-Bus, AppArmor and SELinux profiles. runc and crun are called as they are installed,
// with their defaults but for what the bundle says.
//
// # How the embedded container starts
//
// The agent starts itself again through /proc/self/exe in new namespaces. Package
// enter, which runs before main and nearly all other initialisation, sets up the
// container and executes the workload. No memory of the agent stays in the
// container. The root is a bind mount and not an overlay, since a read-only root
// needs no writable layer. What of /proc and /sys tells of the host or changes it is
// covered.
//
// Rootless containers map the caller to user 0; otherwise the workload runs as
// nobody, of the host or of the container's own users. If Options set a memory limit, a control group enforces it, which also
// forbids swap. RLIMIT_DATA enforces it if the agent may not make
// control groups. Tasks are limited to 1024.
//
// The kernel has to be Linux 5.9 or later (close_range).
//
// # Images
//
// Prepare unpacks an image (package image). Its container is the same, with the
// image's command, environment and working folder. The user is that of all other
// workloads. The root is read-only except for a /tmp of 64 MiB. Files that the
// image's owner can read are readable for everyone. The container's mounts hide the
// image's /dev, /proc, /sys and /tmp. The command serves frames on stdin and stdout
// without further arguments.
//
// # What is timed where
//
// Prepare makes the root file system (`read`, `unpack`). For a binary it has
// /workload, its files, empty files for the devices and three folders. For an image
// it has the content of all layers. Load checks that it exists. Instantiate makes
// control groups, pipes and the container.
//
// A policy (runners.Policy) mounts its folders, whose places are made by Load in the root
// file system. A hardened one limits the processes further. Under root it also gives the
// container a user namespace, whose users are those of the host from 1879048192 on, which
// nobody has: so the container's root is not the host's. The root file system keeps its
// owner, since it is read-only and readable by everyone; the folders on its path must be open
// to others (mode 0711). gVisor's kernel has users of its own. All else is there by default.
//
// In mode embedded, Instantiate returns when the container is set up and is about to
// execute the workload (`create`, on the clock of the process inside). The request
// is in the pipe when the workload first reads. With the other runtimes, Instantiate
// returns when the workload has answered a ping that was in the pipe before it began
// (`connect`). The runtime's command returns later; a client need not wait for
// it. Frames use pipes, as in package process. `entry` is requested after the clock
// has stopped.
//
// A command (stdio) gets its request through the pipe to its stdin. Its response is
// complete when process 1 has ended with exit code 0. It answers once: a second Call
// is ErrClosed and Park is refused, so it has only the rungs deploy and cold.
// Instantiate does not wait until a command is ready; with a runtime's command it does not
// wait for its start either. A server (HTTP) is refused, since the container has no
// network.
//
// The pooled rung is a container that has answered a ping and is then frozen by its
// control group, or by SIGSTOP to its process 1 if that is not possible. There is no
// boot rung, since there is no runtime to start.
//
// # What is left behind
//
// Nothing is left behind. Mounts and namespaces live as long as the container's
// processes. An embedded container ends with the agent's thread that made it, and a
// workload exits when its stdin ends. Close removes control groups, bundles and the
// state that runc, crun and runsc keep. After a crash Sweep finds the control groups of a
// scope by name, in every hierarchy, and processes by the environment variable that
// names their container. The caller owns the folders.
package oci

// Package oci runs native workloads and container images in containers that
// need no daemon: its own, and those of the OCI runtimes runc and crun. Linux
// alone has them.
//
// # Modes
//
// `embedded` is a container in pure Go, without cgo and without anything to
// install: process, mount, host name, IPC, network and control group
// namespaces, a user namespace where we are not root; a read-only root file
// system of its own, entered by pivot_root; no capabilities, no_new_privs, a
// seccomp filter (package seccomp); limits by control groups (package cgroup)
// and rlimits; no network but a loopback that is down. `runc` and `crun` are
// driven through a bundle with the mounts and namespaces of `runc spec` and the
// same user, capabilities, system calls and limits.
//
// # How the embedded container starts
//
// The agent starts itself again through /proc/self/exe in new namespaces, and
// package enter, which runs before main and before nearly all else, makes the
// container around itself and executes the workload: nothing of ours stays in
// the container's memory. The root is a bind mount and not an overlay, since a
// read-only root needs no layer to write to. /proc shows processes alone.
//
// Rootless containers map the caller to user 0; elsewhere the workload runs as
// nobody. Memory is limited where Options ask for it: by a control group, which
// forbids swap too in mode embedded, or where we may not make any by
// RLIMIT_DATA. Tasks are limited to 1024.
//
// The kernel has to be Linux 5.9 or later (close_range, and /proc with nothing
// but processes).
//
// # Images
//
// Prepare unpacks an image (package image) and comes to the same container:
// command, environment and working folder are the image's, while the user is
// the one that all workloads have, and the root is read-only but for a /tmp of
// 64 MiB. Whatever the image lets its owner read everyone may read, and what it
// has at /dev, /proc, /sys and /tmp gives way. The command serves frames on
// stdin and stdout without further arguments.
//
// # What is timed where
//
// Prepare makes the root file system (`read`, `unpack`): of a binary, with
// that as /workload, its files, empty files for the devices and three folders;
// of an image all that its layers hold. Load looks whether it is there.
// Instantiate makes groups, pipes and container.
//
// In mode embedded Instantiate returns when all is in place and the workload is
// about to be executed (`create`, on the clock of the process inside); the
// request waits in the pipe when the workload first reads. With runc and crun
// it returns when the workload has answered a ping that was in the pipe before
// it began (`connect`): the command itself returns later than that, and a
// client need not wait for it. Frames go over pipes, as in package process.
// `entry` is asked for when the clock has stopped.
//
// A command (stdio) gets its request through the pipe to its stdin, and its
// response counts when process 1 has ended with exit code 0. It answers once: a
// second Call is ErrClosed, Park is refused, and so such a workload has the
// rungs deploy and cold alone. Instantiate waits for no sign of life, with runc
// and crun not even for the command's start. A server (HTTP) is refused, since
// there is no network on which to reach it.
//
// The pooled rung is a container that has answered a ping and is then frozen:
// by its control group, or where that may not be, by SIGSTOP to its process 1.
// There is no boot rung, since there is no runtime to start.
//
// # What is left behind
//
// Nothing. Mounts and namespaces live as long as the container's processes; an
// embedded one dies with the thread of the agent that made it, and a workload
// leaves when its stdin ends. Close removes groups, bundles and what runc and
// crun note of a container. After a crash Sweep finds the groups of a scope by
// name, in every hierarchy, and processes by the variable in their environment
// that names their container. Folders are the caller's.
package oci

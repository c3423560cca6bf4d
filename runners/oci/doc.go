// Package oci runs a native workload in containers that need no daemon: its
// own, and those of the OCI runtimes runc and crun. Linux alone has them.
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
// # What is timed where
//
// Prepare makes the root file system of the binary (`read`, `unpack`): the
// binary as /workload, empty files for the devices, three folders. Load looks
// whether it is there. Instantiate makes groups, pipes and container.
//
// In mode embedded Instantiate returns when all is in place and the workload is
// about to be executed (`create`, on the clock of the process inside); the
// request waits in the pipe when the workload first reads. With runc and crun
// it returns when the workload has answered a ping that was in the pipe before
// it began (`connect`): the command itself returns later than that, and a
// client need not wait for it. Frames go over pipes, as in package process.
// `entry` is asked for when the clock has stopped.
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

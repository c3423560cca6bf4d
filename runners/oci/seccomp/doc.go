// Package seccomp holds the system calls that a container may make, in the two
// forms in which they are wanted: a program for the kernel, and the profile of
// an OCI bundle.
//
// The policy is a list of what is allowed, as Docker's default profile is; all
// else fails with EPERM. A list of what is denied would be shorter, and its
// program faster to load, but it would let through whatever a newer kernel
// adds, and everything that is called by another architecture's numbers (int
// 0x80 on amd64), which a program compares with none of its own.
//
// Of Docker's profile those are left out that mean anything only with a
// capability, since a container here has none, and further ptrace and
// process_vm_* (Docker allows them since Linux 4.8), memfd_secret, name_to_handle_at
// and the families of sockets from 40 on: AF_VSOCK reaches a virtual machine's
// host from any network namespace. clone may not make namespaces, and clone3,
// whose flags no filter can see, is "not implemented", on which C libraries fall
// back to clone.
package seccomp

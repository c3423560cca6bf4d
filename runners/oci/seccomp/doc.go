// Package seccomp holds the system calls that a container may make, in two forms:
// a program for the kernel, and the profile of an OCI bundle.
//
// The policy is an allow list, like Docker's default profile; all other calls fail
// with EPERM. A deny list would be shorter, and its program faster to load. But it
// would allow the calls that a newer kernel adds, and all calls by another
// architecture's numbers (int 0x80 on amd64).
//
// The list omits these calls of Docker's profile:
//   - calls that only have an effect with a capability, since a container here has
//     none;
//   - ptrace and process_vm_* (Docker allows them since Linux 4.8), memfd_secret and
//     name_to_handle_at;
//   - socket families from 40 on: AF_VSOCK reaches a virtual machine's host from any
//     network namespace.
//
// clone may not make namespaces. clone3 fails as "not implemented", since no filter
// can read its flags; C libraries then fall back to clone.
package seccomp

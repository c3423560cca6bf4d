// Package cgroup finds the control groups of this machine, of version 1, version 2
// or both (hybrid), and makes groups for containers. It works on Linux alone.
//
// # Finding
//
// Mounted lists the hierarchies, Of returns the groups of a process, and a
// Hierarchy returns their folders. These functions take the root file system as a
// parameter, so that a test can supply another one.
//
// The package reads /proc/PID/cgroup without github.com/prometheus/procfs, whose
// initialisation takes 0.2 to 0.6 ms. The timed boot of an agent that makes
// containers would include that.
//
// # Making
//
// A Tree makes groups by writing their files. Libraries such as
// containerd/cgroups move an existing process into its groups. In version 1 that
// waits for a grace period of the kernel in each hierarchy: at least three
// milliseconds of a start that takes five. They also link D-Bus and eBPF, which are
// not needed here.
//
// A Tree starts the process inside its groups. In version 1 the thread that makes
// the process moves itself there before (it writes "0" to the file tasks) and back
// afterwards, which does not wait. In version 2 clone3 starts the process there.
//
// The caller names the groups. In version 1 they are below the root of a hierarchy.
// In version 2 they are below the nearest ancestor of the process's own group that
// permits it and delegates the required controllers. If no group may be made, a Tree
// has no places and its groups do nothing: the caller must use other limits.
package cgroup

// Package cgroup finds the control groups of this machine, in whichever of the
// versions it has: 1, 2, or both side by side (hybrid). And it makes groups for
// containers. Linux alone has them.
//
// # Finding
//
// Mounted lists the hierarchies, Of tells the groups of a process, and a
// Hierarchy gives their folders. These functions take the root file system, so
// that a test can lay out any machine.
//
// Lines of /proc/PID/cgroup are read here and not by github.com/prometheus/procfs:
// its initialisation takes 0.2 to 0.6 ms, which would be a part of each boot of
// an agent that makes containers, and boots are timed.
//
// # Making
//
// A Tree makes groups by writing their files. The libraries that do so (such as
// containerd/cgroups) move a finished process into its groups, which in
// version 1 waits for a grace period of the kernel in each hierarchy: three
// milliseconds and more of a start that takes five. Here the process is born
// in its groups: the thread that makes it is moved there before and back
// afterwards, and a thread may move itself (a "0" written to the file tasks)
// without that wait. In version 2 the kernel does the same for clone3. They
// also link D-Bus and eBPF, of which nothing is needed here.
//
// Groups are named by the caller, below the root of a hierarchy of version 1
// and, in version 2, below the nearest ancestor of our own group that lets us
// and hands down what we need. Where no group may be made, a Tree is without
// places and its groups do nothing: the caller must find other limits.
package cgroup

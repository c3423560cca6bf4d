// Package cgroup gives each container control groups of its own, in whichever
// of the versions the machine has: 1, 2, or both side by side (hybrid).
//
// It writes the files of the groups itself. The libraries that do so (such as
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

package nullstdio

import "golang.org/x/sys/unix"

// duplicate makes to another name of the descriptor from.
func duplicate(from, to int) error { return unix.Dup2(from, to) }

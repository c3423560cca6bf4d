//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

// Command agent links wasmer alone and serves the harness.
package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"edgebench/runners/agent"
	"edgebench/runners/wasmer"
)

func main() {
	in, err := moveStdin()
	if err != nil {
		fmt.Fprintln(os.Stderr, "keep stdin from the guests:", err)
		os.Exit(2)
	}
	os.Exit(agent.Main(wasmer.New(), os.Args[1:], in, os.Stdout, os.Stderr))
}

// moveStdin puts the null device in the place of stdin and gives what was
// there. The library lets guests that have files read this process's stdin,
// where the harness iface.
func moveStdin() (*os.File, error) {
	fd, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	return os.NewFile(uintptr(fd), "stdin"), unix.Dup2(int(null.Fd()), 0)
}

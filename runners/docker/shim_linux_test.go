package docker

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners"
)

// A shim that hangs keeps the engine from removing its container: a sweep kills it. What
// else is there is removed beside it.
func TestSweepOfAHungShim(t *testing.T) {
	r, mode := needEngine(t)
	scope := newScope(t)
	s := boot(t, r, runners.Options{Mode: mode, Scope: scope})
	l := load(t, s, probe(t))
	in, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := in.(*instance).process(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := processes()
	if err != nil {
		t.Fatal(err)
	}
	shim := all.shimOf(pid)
	if !strings.HasPrefix(all[shim].Comm, shimName) {
		t.Skip("this engine starts containers without containerd's shim")
	}
	if err := unix.Kill(shim, unix.SIGSTOP); err != nil {
		t.Skip("it takes root: ", err)
	}
	t.Cleanup(func() { _ = unix.Kill(shim, unix.SIGCONT) }) // where the sweep has not killed it
	if err := newRunner(patience{request: 30 * time.Second}).Sweep(t.Context(), scope); err != nil {
		t.Errorf("Sweep: %v", err)
	}
	wantNothingOf(t, scope)
}

func TestShimsOfContainers(t *testing.T) {
	const id = "4548bbe2f76b"
	for line, want := range map[string]bool{
		"": false, "/usr/bin/containerd-shim-runc-v2": false, "/usr/bin/containerd-shim-runc-v2 -id": false,
		"/usr/bin/containerd-shim-runc-v2 -namespace moby -id " + id + " -address /run/c.sock": true,
		"/usr/bin/containerd-shim-runc-v2 -namespace moby -id " + id + "0":                     false,
		"/usr/bin/conmon -id " + id: false,
	} {
		if got := isShimOf(strings.Fields(line), id); got != want {
			t.Errorf("%q is its shim: %t, want %t", line, got, want)
		}
	}
}

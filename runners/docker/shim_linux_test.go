package docker

import (
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
	if shim == pid {
		t.Skip("this engine starts containers without a shim")
	}
	if err := unix.Kill(shim, unix.SIGSTOP); err != nil {
		t.Skip("it takes root: ", err)
	}
	if err := newRunner(patience{request: 30 * time.Second}).Sweep(t.Context(), scope); err != nil {
		t.Errorf("Sweep: %v", err)
	}
	wantNothingOf(t, scope)
}

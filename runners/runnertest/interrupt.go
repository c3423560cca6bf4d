package runnertest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"edgebench/runners"
)

// spinning is a command that never ends: (loop (br 0)).
const spinning = "\x00asm\x01\x00\x00\x00" + "\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00" + "\x05\x03\x01\x00\x01" +
	"\x07\x13\x02\x06memory\x02\x00\x06_start\x00\x00" + "\x0a\x09\x01\x07\x00\x03\x40\x0c\x00\x0b\x0b"

// interrupted lets guests spin until the mode stops them. Others live on.
func interrupted(t *testing.T, s *suite) {
	l := load(t, s.boot(t, 0), s.probe(t))
	sibling := instantiate(t, l)
	want(t, sibling, "C", "1")
	stopped(t, instantiate(t, l), "S")
	want(t, sibling, "C", "2")
	want(t, instantiate(t, l), "C", "1")

	a := runners.Artefact{Workload: "spin", Language: "own", Kind: runners.Wasm, Path: filepath.Join(scratch(t), "spin.wasm"), Size: uint64(len(spinning)), Interface: runners.Stdio}
	if err := os.WriteFile(a.Path, []byte(spinning), 0o600); err != nil {
		t.Fatal(err)
	}
	stopped(t, instantiate(t, s.loadOrSkip(t, a)), "")
}

// stopped wants a call that does not end to be stopped and its instance to be
// unusable.
func stopped(t *testing.T, in runners.Instance, request string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	response, err := in.Call(ctx, nil, []byte(request))
	if err == nil {
		t.Fatalf("a guest that spins answers %.60q", response)
	}
	oneLine(t, err)
	if !errors.Is(err, runners.ErrTrap) {
		t.Fatalf("a guest that spins: %v; want ErrTrap", err)
	}
	fails(t, in, "C", runners.ErrClosed, runners.ErrTrap)
}

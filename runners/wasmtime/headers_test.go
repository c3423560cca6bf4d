//go:build cgo

package wasmtime_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestHeaders compiles the shim with the headers of the library that is linked.
// A declaration of library.h that differs from theirs is an error there.
func TestHeaders(t *testing.T) {
	include := filepath.Join(ask(t, "list", "-m", "-f", "{{.Dir}}", "github.com/bytecodealliance/wasmtime-go/v44"), "build", "include")
	compiler := strings.Fields(ask(t, "env", "CC"))
	args := append(compiler[1:], "-std=c11", "-Wall", "-Wextra", "-Werror",
		"-fsyntax-only", "-isystem", include, "-include", "wasmtime.h", "shim.c", "stdio.c", "component.c", "typed.c")
	if out, err := exec.Command(compiler[0], args...).CombinedOutput(); err != nil {
		t.Errorf("library.h and wasmtime.h disagree: %v\n%s", err, out)
	}
}

// ask runs the Go tool; cgo has just used both answers to build this test.
func ask(t *testing.T, args ...string) string {
	out, err := exec.Command("go", args...).Output()
	answer := strings.TrimSpace(string(out))
	if err != nil || answer == "" {
		t.Skipf("go %s gives %q (%v): the test needs the Go tool that built it", strings.Join(args, " "), answer, err)
	}
	return answer
}

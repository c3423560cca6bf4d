//go:build cgo && linux && amd64

package v8_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestHeaders compiles the C++ with V8's own headers in place of api.h, and
// compares layout.h with them. What api.h declares otherwise is an error there.
func TestHeaders(t *testing.T) {
	include := filepath.Join(ask(t, "list", "-m", "-f", "{{.Dir}}", "github.com/tommie/v8go"), "deps", "include")
	compiler := strings.Fields(ask(t, "env", "CXX"))
	// The flags of v8go, see its cgo.go.
	args := append(compiler[1:], "-std=c++20", "-fno-rtti", "-fsyntax-only", "-w", "-isystem", include, "-DEDGEBENCH_V8_HEADERS",
		"-DV8_COMPRESS_POINTERS", "-DV8_31BIT_SMIS_ON_64BIT_ARCH", "-DV8_ENABLE_SANDBOX")
	for _, source := range []string{"isolate.cc", "shim.cc", "baseline.cc", "testdata/layout.cc"} {
		t.Run(filepath.Base(source), func(t *testing.T) {
			t.Parallel()
			if out, err := exec.Command(compiler[0], append(args[:len(args):len(args)], source)...).CombinedOutput(); err != nil {
				t.Errorf("api.h and V8's headers disagree: %v\n%s", err, out)
			}
		})
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

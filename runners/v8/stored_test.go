//go:build cgo && linux && amd64

package v8

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/internal/codefile"
)

// TestStoredCode loads files that are not what Prepare has stored, though they are
// what was written.
func TestStoredCode(t *testing.T) {
	rt := boot(t, "isolate-cached")
	p := busted(t, rt, 0)
	file, err := os.ReadFile(p.Path)
	if err != nil {
		t.Fatal(err)
	}
	wasm, code, err := split(file)
	if err != nil || len(code) < len(wasm) {
		t.Fatalf("%d bytes of code, %v", len(code), err)
	}
	other := bytes.Clone(code)
	other[4] ^= 1 // of the hash of V8's version
	for name, file := range map[string][]byte{
		"empty": {0}, "no code": join(wasm, nil), "no module": join(nil, code), "another V8's": join(wasm, other), "noise": join(wasm, make([]byte, 64)),
	} {
		bad := p
		bad.Path, bad.Stored = filepath.Join(t.TempDir(), filepath.Base(p.Path)), uint64(len(file))
		if bad.SHA256, err = codefile.Write(bad.Path, file); err != nil {
			t.Fatal(err)
		}
		if _, err := rt.Load(t.Context(), bad, nil); !errors.Is(err, runners.ErrMalformed) {
			t.Errorf("%s: %v; want ErrMalformed", name, err)
		}
	}
	if l, took := load(t, rt, p); l.Close() != nil {
		t.Errorf("what was stored is not loaded, in %v", took)
	}
}

// TestOtherLimit hands stored code to a runtime with another limit of memory.
func TestOtherLimit(t *testing.T) {
	p := busted(t, boot(t, "isolate-cached"), 0)
	limited, err := New().Boot(t.Context(), runners.Options{Mode: "isolate-cached", Memory: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer limited.Close()
	if _, err := limited.Load(t.Context(), p, nil); err == nil || !strings.Contains(err.Error(), "another limit") {
		t.Errorf("%v; it should tell of the limit", err)
	}
}

// TestFlags has two runtimes at a time, of which one needs other flags.
func TestFlags(t *testing.T) {
	boot(t, "isolate")
	boot(t, "context") // has the same
	if rt, err := New().Boot(t.Context(), runners.Options{Mode: "isolate-turbofan"}); err == nil {
		rt.Close()
		t.Error("two runtimes with different flags live at a time")
	}
}

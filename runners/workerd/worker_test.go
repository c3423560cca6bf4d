package workerd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"edgebench/runners"
)

// TestWorker looks at what workers are made of.
func TestWorker(t *testing.T) {
	files := t.TempDir()
	for name, content := range map[string]string{"plain": "x", "quote\"\n": ""} {
		if err := os.WriteFile(filepath.Join(files, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := runners.Artefact{Kind: runners.Wasm, Path: "../../workloads/hostcall/c/hostcall.wasm", Files: files}
	modules, err := worker(a, bounds{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range modules {
		names = append(names, m.name)
	}
	if got := strings.Join(names, " "); got != "main.js ending.js guest.wasm host.js file0 file1 given.js" {
		t.Errorf("the modules are %s", got)
	}
	list := string(modules[len(modules)-1].body)
	if !strings.Contains(list, `["plain", new Uint8Array(f0)]`) || !strings.Contains(list, `["quote\"\n", new Uint8Array(f1)]`) {
		t.Errorf("the files are listed as %s", list)
	}
	text := configuration(modules, settings{})
	if strings.Count(text, "embed") != len(modules) || !strings.Contains(text, `(name = "guest.wasm", wasm = embed "module2")`) {
		t.Errorf("the configuration is %s", text)
	}
}

// TestLimits refuses a limit of memory that nobody keeps, and workers that are too large.
func TestLimits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "program.js")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	script := runners.Artefact{Kind: runners.Script, Path: path}
	if _, err := worker(script, bounds{memory: 1 << 20}); err == nil || !strings.Contains(err.Error(), "memory") {
		t.Errorf("a limit for JavaScript: %v", err)
	}
	if err := os.Truncate(path, maxWorker-1); err != nil {
		t.Fatal(err)
	}
	if _, err := worker(script, bounds{}); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("a large program: %v", err)
	}
	for _, a := range []runners.Artefact{{Kind: runners.Native}, {Kind: runners.Image}, {Kind: runners.Script, Interface: runners.Stdio}} {
		if _, err := worker(a, bounds{}); err == nil {
			t.Errorf("an artefact of the kind %q with the interface %q is taken", a.Kind, a.Interface)
		}
	}
}

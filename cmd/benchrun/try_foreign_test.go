package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// foreign are modules that nobody here has written, from the npm registry: what is
// named, and what is said of it. Two of them are WASI commands.
var foreign = []struct {
	pack, module string
	args         []string
	code         int
	says         string
}{
	{"@wasmer/wasi@1.2.2", "tests/pipe_reverse.wasm", []string{"--request", "package.json"}, exitOK, "pipe_reverse.wasm: WASI command, takes a request from stdin"},
	{"@wasmer/wasi@1.2.2", "tests/envvar.wasm", []string{"--env", "DOG=good"}, exitOK, "envvar.wasm: WASI command"},
	{"wasi@0.0.6", "example/cowsay.wasm", nil, exitUsage, "module of WASI preview 0: no runner supplies wasi_unstable.fd_prestat_get"},
	{"argon2-browser@1.18.0", "dist/argon2.wasm", nil, exitUsage, "output of Emscripten: no runner supplies a.a, a.b; link it with -sSTANDALONE_WASM"},
	{"wasm-flate@1.0.2", "wasm_flate_bg.wasm", nil, exitUsage, "output of wasm-bindgen"},
	{"@node-rs/crc32-wasm32-wasi@1.10.6", "crc32.wasm32-wasi.wasm", nil, exitUsage, "add-on for Node-API: no runner supplies env.memory, env.napi_is_typedarray"},
	{"source-map@0.7.4", "lib/mappings.wasm", nil, exitUsage, "module for another host: no runner supplies env.mapping_callback"},
}

// Modules from npm are measured, or refused by name.
func TestTryForeign(t *testing.T) {
	if testing.Short() {
		t.Skip("fetches packages and measures")
	}
	home, fetched := t.TempDir(), map[string]string{}
	for _, f := range foreign {
		t.Run(filepath.Base(f.module), func(t *testing.T) {
			dir, ok := fetched[f.pack]
			if !ok {
				dir = fetch(t, f.pack, filepath.Join(home, strconv.Itoa(len(fetched))))
				fetched[f.pack] = dir
			}
			code, said := tried(t, dir, append([]string{filepath.FromSlash("./" + f.module), "--runner", "wazero", "--out", filepath.Join(t.TempDir(), "run")}, f.args...)...)
			if code != f.code {
				t.Errorf("exit code %d, want %d", code, f.code)
			}
			says(t, said, f.says)
		})
	}
}

// fetch unpacks a package of the npm registry into a new folder.
func fetch(t *testing.T, pack, dir string) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is missing, which fetches the package (scripts/setup-debian.sh installs it)")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("npm", "pack", "--silent", "--pack-destination", dir, pack).CombinedOutput()
	if err != nil {
		t.Skipf("the npm registry does not give %s: %v: %s", pack, err, out)
	}
	archives, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(archives) != 1 {
		t.Fatalf("npm pack leaves %v, %v", archives, err)
	}
	if out, err := exec.Command("tar", "-xzf", archives[0], "-C", dir).CombinedOutput(); err != nil {
		t.Fatalf("unpack %s: %v: %s", pack, err, out)
	}
	return filepath.Join(dir, "package")
}

// tried calls try in a folder and gives its exit code and what it printed.
func tried(t *testing.T, dir string, args ...string) (code int, said string) {
	t.Helper()
	t.Chdir(dir)
	var out, err bytes.Buffer
	code = run(append([]string{"try"}, args...), &out, &err)
	return code, out.String() + err.String()
}

// says wants the words in what try has printed.
func says(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(said, w) {
			t.Errorf("it does not say %q:\n%s", w, said)
		}
	}
}

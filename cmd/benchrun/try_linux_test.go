package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/image"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// needsEngine skips a test where no container can have a network.
func needsEngine(t *testing.T) {
	if testing.Short() {
		t.Skip("starts dozens of containers")
	}
	if exec.Command("docker", "version").Run() != nil {
		t.Skip("there is no engine (scripts/setup-debian.sh installs one)")
	}
}

// writeArchive writes an image as docker save does: layers of another one, which may
// be none, and files on them.
func writeArchive(t *testing.T, path string, layers []image.Layer, config v1.Config, files map[string][]byte) {
	t.Helper()
	tree := image.NewTree(0)
	tree.Dir("srv")
	for name, content := range files {
		tree.File("srv/"+name, 0o755, content)
	}
	top, err := tree.Layer()
	if err != nil {
		t.Fatal(err)
	}
	made, err := image.New(config, append(layers, top)...)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := made.Ship("edgebench", "try")
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	archive := shipped.Reader()
	defer archive.Close()
	if _, err := io.Copy(out, archive); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// allOK wants each trial of a run to have ended well, with six first responses for each
// program.
func allOK(t *testing.T, dir string, programs int) {
	t.Helper()
	folder, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	starts := map[string]int{}
	for _, r := range folder.Records {
		if r.Outcome != results.OK {
			t.Errorf("%s: %s: %s", r.Cell, r.Outcome, r.Error)
		}
		if r.Experiment == "coldstart" && r.Cell.Rung() == results.Cold {
			starts[r.Build]++
		}
	}
	for program, n := range starts {
		if n < 6 {
			t.Errorf("%s has %d first responses", program, n)
		}
	}
	if len(starts) != programs {
		t.Errorf("first responses are those of %v, want %d programs", starts, programs)
	}
}

const upperSource = `package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Write(bytes.ToUpper(body))
		})
		http.ListenAndServe(":8080", nil)
	}
	body, _ := io.ReadAll(os.Stdin)
	os.Stdout.Write(bytes.ToUpper(body))
}
`

// A service of Go in an image, and the same as a WASI command.
func TestTryServiceAndCommand(t *testing.T) {
	needsEngine(t)
	dir := t.TempDir()
	for name, content := range map[string]string{"main.go": upperSource, "request": "hello"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for out, env := range map[string][]string{"server": {"CGO_ENABLED=0"}, "app.wasm": {"GOOS=wasip1", "GOARCH=wasm"}} {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, "main.go")
		cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	server, err := os.ReadFile(filepath.Join(dir, "server"))
	if err != nil {
		t.Fatal(err)
	}
	config := v1.Config{Entrypoint: []string{"/srv/server", "serve"}}
	writeArchive(t, filepath.Join(dir, "service.tar"), nil, config, map[string][]byte{"server": server})
	code, said := tried(t, dir, "app.wasm", "service.tar", "--runner", "wazero,docker", "--request", "request", "--out", "run")
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	says(t, said, "app.wasm: WASI command", "service.tar: archive of docker save, takes requests by http:8080",
		"the image needed", "to its first response, the module", "learnt and not given")
	allOK(t, "run", 2)
}

// interpreted are services in languages with an image of their own.
var interpreted = map[string]struct{ interpreter, server, loopback string }{
	"javascript": {
		"/usr/bin/node",
		`require("http").createServer((q, s) => s.end("node " + q.url)).listen(8080)`,
		`require("http").createServer((q, s) => s.end("node " + q.url)).listen(8080, "127.0.0.1")`,
	},
	"python": {"/usr/bin/python3", pythonServer("0.0.0.0"), pythonServer("127.0.0.1")},
}

func pythonServer(host string) string {
	return `
from http.server import BaseHTTPRequestHandler, HTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        body = ("python " + self.path).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
HTTPServer(("` + host + `", 8080), Page).serve_forever()
`
}

// Images of Node.js and Python are asked where they listen; one that listens on its
// own loopback alone is told so.
func TestTryInterpreted(t *testing.T) {
	needsEngine(t)
	for language, c := range interpreted {
		t.Run(language, func(t *testing.T) {
			dir := t.TempDir()
			base := languageImage(t, language)
			defer base.Close()
			config := v1.Config{Entrypoint: []string{c.interpreter}, Cmd: []string{"/srv/server"}, ExposedPorts: map[string]struct{}{"8080/tcp": {}}}
			writeArchive(t, filepath.Join(dir, "service.tar"), base.Layers(), config, map[string][]byte{"server": []byte(c.server), "loopback": []byte(c.loopback)})
			code, said := tried(t, dir, "./service.tar", "--runner", "docker", "--get", "/page?x=1", "--out", "run")
			if code != exitOK {
				t.Errorf("exit code %d", code)
			}
			says(t, said, "takes requests by http:8080/page?x=1")
			allOK(t, "run", 1)
			code, said = tried(t, dir, "./service.tar", "--runner", "docker", "--arg", "/srv/loopback", "--out", "none")
			if code != exitUsage {
				t.Errorf("exit code %d", code)
			}
			says(t, said, "it listens at 127.0.0.1:8080 inside its container alone", "let it listen at 0.0.0.0")
		})
	}
}

// languageImage is the suite's image of a workload in an interpreted language, if it
// has been built.
func languageImage(t *testing.T, language string) *image.Archive {
	t.Helper()
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := source.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	set, err := build.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	w, err := set.Find("api")
	if err != nil {
		t.Fatal(err)
	}
	made, err := build.NewBuilder(root, cache).Build(t.Context(), w, language, runners.Image)
	if err != nil {
		t.Skip(err)
	}
	a, err := image.Open(made.Path)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

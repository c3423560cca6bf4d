package identify

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
	"edgebench/runners/image"
)

// engine has images by their names.
type engine map[string][]uint16

func (e engine) Ports(_ context.Context, name string) ([]uint16, error) {
	if ports, ok := e[name]; ok {
		return ports, nil
	}
	return nil, fmt.Errorf("No such image: %s: %w", name, errNone)
}

// absent is an engine that can't be asked.
type absent struct{}

func (absent) Ports(context.Context, string) ([]uint16, error) {
	return nil, errors.New("no engine answers")
}

const (
	preamble = "\x00asm\x01\x00\x00\x00"
	// command exports _start and memory.
	command = preamble + "\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00" + "\x05\x03\x01\x00\x01" +
		"\x07\x13\x02\x06memory\x02\x00\x06_start\x00\x00" + "\x0a\x04\x01\x02\x00\x0b"
	// minified imports a.a, as Emscripten's do.
	minified = preamble + "\x01\x04\x01\x60\x00\x00" + "\x02\x07\x01\x01a\x01a\x00\x00"
	// component has the other layer.
	component = "\x00asm\x0d\x00\x01\x00"
)

func write(t *testing.T, name, content string, mode os.FileMode) string {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// tarOf is an archive of empty files.
func tarOf(t *testing.T, names ...string) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// saved is an image that exposes ports, as docker save writes it.
func saved(t *testing.T) string {
	tree := image.NewTree(0)
	tree.File("app", 0o755, []byte("x"))
	layer, err := tree.Layer()
	if err != nil {
		t.Fatal(err)
	}
	made, err := image.New(v1.Config{Entrypoint: []string{"/app"}, ExposedPorts: map[string]struct{}{"8080/tcp": {}, "53/udp": {}, "80": {}}}, layer)
	if err != nil {
		t.Fatal(err)
	}
	ship, err := made.Ship("edgebench", "test")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(ship.Reader()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOne(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	layout := t.TempDir()
	if err := os.WriteFile(filepath.Join(layout, "index.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	archive := saved(t)
	for _, c := range []struct {
		what string
		text string
		form Form
		kind runners.Kind
	}{
		{"a command", write(t, "app.wasm", command, 0o600), "WASI command", runners.Wasm},
		{"a script", write(t, "run.sh", "#!/bin/sh\n", 0o700), Script, runners.Native},
		{"an archive", write(t, "image.tar", archive, 0o600), Saved, runners.Image},
		{"a layout", layout, Layout, runners.Image},
		{"an image", "app:1", Image, runners.Image},
	} {
		p, err := One(t.Context(), c.text, engine{"app:1": {80}})
		if err != nil || p.Form != c.form || p.Kind != c.kind || p.Name != filepath.Base(c.text) {
			t.Errorf("%s is %+v, %v", c.what, p, err)
		}
		if c.form == Saved && !slices.Equal(p.Ports, []uint16{80, 8080}) {
			t.Errorf("%s exposes %v", c.what, p.Ports)
		}
	}
	if runtime.GOOS == "linux" {
		if p, err := One(t.Context(), self, engine{}); err != nil || p.Form != Executable {
			t.Errorf("this test is %+v, %v", p, err)
		}
	}
}

// What cannot be measured is refused with what it is.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, content, says string }{
		{"a.wasm", minified, "output of Emscripten: no runner supplies a.a; link it with -sSTANDALONE_WASM"},
		{"a.wasm", component, "component"},
		{"a.wasm", preamble, "module of functions"},
		{"a.wasm", preamble + "\xff", "broken"},
		{"a.wat", "  (module)", "wat2wasm"},
		{"a.bin", "\x1f\x8b\x08", "gunzip"},
		{"a.bin", "\xcf\xfa\xed\xfe", "macOS"},
		{"a.exe", "MZ", "Windows"},
		{"a.bin", "", "empty"},
		{"a.bin", "hello", "neither a module"},
		{"a.bin", "\x7fELF", "broken executable"},
		{"root.tar", tarOf(t, "bin/sh", "etc/passwd"), "docker import"},
		{"other.tar", tarOf(t, "readme"), "holds neither"},
		{"image.tar", tarOf(t, "manifest.json"), "archive of docker save"},
	} {
		_, err := One(t.Context(), write(t, c.name, c.content, 0o700), engine{})
		if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want a refusal that says %q", c.content, err, c.says)
		}
	}
}

// A name that could be two things, or is none, is a mistake that is said.
func TestNames(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"server", "alone"} {
		if err := os.WriteFile(name, []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("plain", []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	has := engine{"server": nil}
	for text, want := range map[string]Form{"./server": Script, "alone": Script} {
		if p, err := One(t.Context(), text, has); err != nil || p.Form != want {
			t.Errorf("%s is %+v, %v", text, p, err)
		}
	}
	for _, c := range []struct {
		text   string
		engine Engine
		says   string
	}{
		{"server", has, "write ./server for the file"},
		{"nothing", has, "neither a file here nor an image"},
		{"nothing", absent{}, "no engine answers"},
		{"./nothing", has, "no such file"},
		{"", has, "empty"},
		{"./plain", has, "chmod +x"},
		{".", engine{}, "index.json"},
	} {
		if _, err := One(t.Context(), c.text, c.engine); err == nil || errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v; want a mistake that says %q", c.text, err, c.says)
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte(command))
	f.Add([]byte("#!/bin/sh"))
	f.Add(bytes.Repeat([]byte{0}, headSize))
	f.Fuzz(func(t *testing.T, head []byte) {
		if kind := sniff(head[:min(len(head), headSize)]); kind == emptyFile != (len(head) == 0) {
			t.Errorf("%q is taken for %v", head, kind)
		}
	})
}

//go:build linux

package oci

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
	"edgebench/runners/image"
)

// speakerVariable names the built guest for a test in another process.
const speakerVariable = "EDGEBENCH_TEST_SPEAKER"

// speaker builds the guest of tests of images.
func speaker(t *testing.T) string {
	t.Helper()
	if path := os.Getenv(speakerVariable); path != "" {
		return path
	}
	out := filepath.Join(t.TempDir(), "speaker")
	cmd := exec.Command("go", "build", "-ldflags", "-s -w", "-o", out, "edgebench/runners/image/testdata/speaker")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("build the guest: %v: %s (a Go toolchain is needed)", err, b)
	}
	return out
}

// imageOf makes an image: the guest in /bin, a file that only its owner may
// read, another that a second layer removes, and more layers on these.
func imageOf(t *testing.T, config v1.Config, more ...image.Layer) string {
	t.Helper()
	b, err := os.ReadFile(speaker(t))
	if err != nil {
		t.Fatal(err)
	}
	low, high := image.NewTree(len(b)), image.NewTree(0)
	low.Dir("bin")
	low.File("bin/speaker", 0o700, b)
	low.File("gone", 0o600, []byte("gone"))
	low.File("secret", 0o600, []byte("told"))
	high.File(".wh.gone", 0o600, nil)
	var layers []image.Layer
	for _, tree := range []*image.Tree{low, high} {
		l, err := tree.Layer()
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, l)
	}
	made, err := image.New(config, append(layers, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := made.Ship("test", "test")
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(shipped.Reader())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "image.tar")
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// start boots a mode and loads an artefact. Everything ends with the test.
func start(t *testing.T, mode string, a runners.Artefact) *loaded {
	t.Helper()
	s := bootMode(t, mode, 0)
	p, err := s.Prepare(t.Context(), a, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Load(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l.(*loaded)
}

func wantAnswer(t *testing.T, in *instance, request, response string) {
	t.Helper()
	got, err := in.Call(t.Context(), []byte("kept "), []byte(request))
	if err != nil || string(got) != "kept "+response {
		t.Errorf("Call(%.40q) = %.60q, %v; want %.60q behind what was there", request, got, err, response)
	}
}

// TestImageServesFrames checks that an image runs as it says, as far as we let
// it.
func TestImageServesFrames(t *testing.T) {
	path := imageOf(t, v1.Config{
		Entrypoint: []string{"speaker"}, Cmd: []string{"frames"}, Env: []string{"PATH=/sbin:/bin", "COLOUR=blue"}, WorkingDir: "/made/for/it",
	})
	forEachMode(t, func(t *testing.T, mode string) {
		l := start(t, mode, runners.Artefact{Kind: runners.Image, Path: path})
		in := instantiate(t, l)
		for request, response := range map[string]string{
			"hello": "HELLO", "getenv COLOUR": "blue", "where": "/made/for/it", "arguments": "speaker",
			"read /secret": "told", "read /gone": "error: open /gone: no such file or directory",
		} {
			wantAnswer(t, in, request, response)
		}
		// gVisor's status has no such lines, and its clock is not ours.
		own := mode == modeRunsc
		if status := ask(t, in, "read /proc/self/status"); !own && !(strings.Contains(status, "CapEff:\t0000000000000000") && strings.Contains(status, "NoNewPrivs:\t1")) {
			t.Errorf("an image has more rights than a binary:\n%s", status)
		}
		if _, ok, err := in.Entered(t.Context()); ok == own || err != nil {
			t.Errorf("Entered: %v, %v", ok, err)
		}
		p, err := l.Park(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		resumed, err := p.Resume(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer resumed.Close()
		wantAnswer(t, resumed.(*instance), "again", "AGAIN")
	})
}

// TestCommand is of images that answer on stdin and stdout.
func TestCommand(t *testing.T) {
	path := imageOf(t, v1.Config{Entrypoint: []string{"/bin/speaker", "stdio"}, Cmd: []string{"with", "arguments"}})
	big := strings.Repeat("y", 3<<20)
	forEachMode(t, func(t *testing.T, mode string) {
		l := start(t, mode, runners.Artefact{Kind: runners.Image, Path: path, Interface: runners.Stdio})
		for request, response := range map[string]string{
			"hello": "HELLO", "": "", "arguments": "/bin/speaker stdio with arguments", "repeat 3000000": strings.Repeat("x", 3000000), big: strings.ToUpper(big),
		} {
			in := instantiate(t, l)
			wantAnswer(t, in, request, response)
			if _, err := in.Call(t.Context(), nil, []byte("hello")); !errors.Is(err, runners.ErrClosed) {
				t.Errorf("a second Call: %v; want ErrClosed", err)
			}
			if _, ok, err := in.Entered(t.Context()); ok || err != nil {
				t.Errorf("Entered: %v, %v", ok, err)
			}
		}
		_, err := instantiate(t, l).Call(t.Context(), nil, []byte("fail this"))
		if !errors.Is(err, runners.ErrTrap) || !strings.Contains(err.Error(), "exited with code 3, it said: speaker: no luck with this") {
			t.Errorf("%v; want ErrTrap with status and words", err)
		}
		if _, err := l.Park(t.Context()); !errors.Is(err, runners.ErrUnavailable) {
			t.Errorf("Park: %v; want ErrUnavailable", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := instantiate(t, l).Call(ctx, nil, []byte("idle")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a command that idles: %v; want the deadline's error", err)
		}
		instantiate(t, l) // is closed without a request
	})
}

// TestNativeCommand is of an executable with files beside it.
func TestNativeCommand(t *testing.T) {
	files := t.TempDir()
	if err := os.WriteFile(filepath.Join(files, "data"), []byte("datum"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := runners.Artefact{Kind: runners.Native, Path: speaker(t), Interface: runners.Stdio, Files: files}
	forEachMode(t, func(t *testing.T, mode string) {
		l := start(t, mode, a)
		wantAnswer(t, instantiate(t, l), "read data", "datum")
		bad := a
		bad.Files = filepath.Dir(files)
		if _, err := l.system.Prepare(t.Context(), bad, t.TempDir(), nil); !errors.Is(err, runners.ErrMalformed) {
			t.Errorf("a folder among the files: %v; want ErrMalformed", err)
		}
	})
}

// TestNoSuchProgram checks what is said of an image whose command is not in it.
func TestNoSuchProgram(t *testing.T) {
	for _, name := range []string{"/no/such", "nosuch"} {
		path := imageOf(t, v1.Config{Entrypoint: []string{name}})
		forEachMode(t, func(t *testing.T, mode string) {
			for _, iface := range []runners.Interface{runners.Frames, runners.Stdio} {
				in, err := start(t, mode, runners.Artefact{Kind: runners.Image, Path: path, Interface: iface}).Instantiate(t.Context(), nil)
				if err == nil {
					defer in.Close()
					_, err = in.Call(t.Context(), nil, []byte("hello"))
				}
				if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "no such file") && !strings.Contains(err.Error(), "not found") {
					t.Errorf("%v; want one line that says what is missing", err)
				}
			}
		})
	}
}

// linksLayer makes a layer of symbolic links.
func linksLayer(t *testing.T, targets map[string]string) image.Layer {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "links.tar"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	w := tar.NewWriter(f)
	for name, target := range targets {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o777}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := image.OpenLayer(f)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestHostileImage has links where our mounts go and where files are written.
func TestHostileImage(t *testing.T) {
	outside := t.TempDir()
	links := linksLayer(t, map[string]string{"proc": outside, "dev": outside, "sys": outside, "out": outside, "tmp": "../../.."})
	written := image.NewTree(0)
	written.File("dev/null", 0o644, []byte("no device"))
	written.File("out/x", 0o644, []byte("x"))
	files, err := written.Layer()
	if err != nil {
		t.Fatal(err)
	}
	path := imageOf(t, v1.Config{Entrypoint: []string{"/bin/speaker", "frames"}}, links, files)
	forEachMode(t, func(t *testing.T, mode string) {
		in := instantiate(t, start(t, mode, runners.Artefact{Kind: runners.Image, Path: path}))
		wantAnswer(t, in, "read /dev/null", "")
		if left, err := os.ReadDir(outside); err != nil || len(left) > 0 {
			t.Errorf("the image reaches the host: %v (%v)", left, err)
		}
	})
}

func TestArtefactsRefused(t *testing.T) {
	s := bootMode(t, modeEmbedded, 0)
	noise := filepath.Join(t.TempDir(), "noise")
	if err := os.WriteFile(noise, bytes.Repeat([]byte("noise"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", maxProgram)
	for name, c := range map[string]struct {
		a    runners.Artefact
		kind error
		says string
	}{
		"noise":       {runners.Artefact{Kind: runners.Image, Path: noise}, runners.ErrMalformed, "read the archive"},
		"files":       {runners.Artefact{Kind: runners.Image, Path: noise, Files: t.TempDir()}, runners.ErrMalformed, "holds its files itself"},
		"no command":  {runners.Artefact{Kind: runners.Image, Path: imageOf(t, v1.Config{})}, runners.ErrMalformed, "no command"},
		"a long one":  {runners.Artefact{Kind: runners.Image, Path: imageOf(t, v1.Config{Cmd: []string{long}})}, runners.ErrTooLarge, "at most"},
		"a zero byte": {runners.Artefact{Kind: runners.Image, Path: imageOf(t, v1.Config{Cmd: []string{"a\x00"}})}, runners.ErrMalformed, "zero byte"},
		"a folder":    {runners.Artefact{Kind: runners.Image, Path: imageOf(t, v1.Config{Cmd: []string{"a"}, WorkingDir: "b"})}, runners.ErrMalformed, "working folder"},
		"a module":    {runners.Artefact{Kind: runners.Wasm, Path: noise}, runners.ErrMalformed, "kind"},
		"HTTP":        {runners.Artefact{Kind: runners.Native, Path: noise, Interface: "http:80"}, runners.ErrUnavailable, "use docker with the network bridge"},
		"Morse":       {runners.Artefact{Kind: runners.Native, Path: noise, Interface: "morse"}, runners.ErrUnavailable, "does not support the interface"},
	} {
		_, err := s.Prepare(t.Context(), c.a, t.TempDir(), nil)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %v that says %q", name, err, c.kind, c.says)
		}
	}
}

// TestImageGone checks that Load refuses what is no longer there.
func TestImageGone(t *testing.T) {
	s := bootMode(t, modeEmbedded, 0)
	p, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Image, Path: imageOf(t, v1.Config{Cmd: []string{"a"}})}, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Shipped == 0 || p.Stored == 0 {
		t.Errorf("shipped %d bytes, stored %d", p.Shipped, p.Stored)
	}
	if err := os.RemoveAll(filepath.Join(filepath.Dir(p.Path), rootFolder)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), p, nil); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("without its root file system: %v; want ErrMalformed", err)
	}
	if err := os.WriteFile(p.Path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), p, nil); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("without a command: %v; want ErrMalformed", err)
	}
}

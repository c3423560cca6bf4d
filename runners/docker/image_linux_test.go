package docker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
	"edgebench/runners/image"
)

// speaker builds the guest of these tests.
func speaker(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "speaker")
	cmd := exec.Command("go", "build", "-ldflags", "-s -w", "-o", out, "edgebench/runners/image/testdata/speaker")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the guest: %v: %s", err, b)
	}
	return out
}

// imageOf makes an image of the guest alone.
func imageOf(t *testing.T, config v1.Config) string {
	t.Helper()
	b, err := os.ReadFile(speaker(t))
	if err != nil {
		t.Fatal(err)
	}
	root := image.NewTree(len(b))
	root.File("workload", 0o755, b)
	layer, err := root.Layer()
	if err != nil {
		t.Fatal(err)
	}
	made, err := image.New(config, layer)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := made.Ship("test", "test")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "image.tar")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(f, shipped.Reader()); err != nil {
		t.Fatal(err)
	}
	return path
}

// foreign makes an image that the engine wrote and not we: a container of the
// guest changes its root file system, and what has become of it is committed
// and saved.
func foreign(t *testing.T, s *system, config container.Config) string {
	t.Helper()
	ctx := context.Background()
	files := t.TempDir()
	for _, name := range []string{"gone", "old"} {
		if err := os.WriteFile(filepath.Join(files, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.Prepare(ctx, runners.Artefact{Kind: runners.Native, Path: speaker(t), Files: files}, shortDir(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	api := s.engine.api
	changed, err := api.ContainerCreate(ctx, &container.Config{Image: p.Path, Cmd: []string{"change"}, Labels: map[string]string{label: s.scope}}, nil, nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := api.ContainerStart(ctx, changed.ID, container.StartOptions{}); err != nil {
		t.Fatal(err)
	}
	ended, failed := api.ContainerWait(ctx, changed.ID, container.WaitConditionNotRunning)
	select {
	case end := <-ended:
		if end.StatusCode != 0 {
			t.Fatalf("the guest changes nothing: exit code %d", end.StatusCode)
		}
	case err := <-failed:
		t.Fatal(err)
	}
	committed, err := api.ContainerCommit(ctx, changed.ID, container.CommitOptions{Config: &config})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.engine.removeImage(ctx, committed.ID) })
	saved, err := api.ImageSave(ctx, []string{committed.ID})
	if err != nil {
		t.Fatal(err)
	}
	defer saved.Close()
	b, err := io.ReadAll(saved)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "image.tar")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func loadArtefact(t *testing.T, s *system, a runners.Artefact) *loaded {
	t.Helper()
	p, err := s.Prepare(t.Context(), a, shortDir(t), nil)
	if err != nil {
		t.Fatalf("Prepare: %v", err)
	}
	l, err := s.Load(t.Context(), p, nil)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return l.(*loaded)
}

func instantiate(t *testing.T, l *loaded) runners.Instance {
	t.Helper()
	in, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatalf("Instantiate: %v", err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return in
}

func wantAnswer(t *testing.T, in runners.Instance, request, response string) {
	t.Helper()
	got, err := in.Call(t.Context(), []byte("kept "), []byte(request))
	if err != nil || string(got) != "kept "+response {
		t.Errorf("Call(%.40q) = %.60q, %v; want %.60q behind what was there", request, got, err, response)
	}
}

// TestImageServesFrames checks that an image is what it was, whiteouts
// included, and runs as it says.
func TestImageServesFrames(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	path := foreign(t, s, container.Config{
		Entrypoint: []string{"/workload"}, Cmd: []string{"frames"}, Env: []string{"COLOUR=blue"}, WorkingDir: "/dir",
	})
	readsForeign(t, path)
	l := loadArtefact(t, s, runners.Artefact{Kind: runners.Image, Path: path})
	in := instantiate(t, l)
	for request, response := range map[string]string{
		"hello": "HELLO", "getenv COLOUR": "blue", "where": "/dir", "read new": "new", "read /old": "changed",
		"read /gone": "error: open /gone: no such file or directory",
	} {
		wantAnswer(t, in, request, response)
	}
	if _, ok, err := in.(runners.Entrant).Entered(t.Context()); !ok || err != nil {
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
	wantAnswer(t, resumed, "again", "AGAIN")
}

// readsForeign unpacks what the engine wrote, as runners without one do.
func readsForeign(t *testing.T, path string) {
	t.Helper()
	a, err := image.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	root := t.TempDir()
	if _, err := a.Unpack(t.Context(), root); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"old": "changed", "dir/new": "new", "gone": ""} {
		got, err := os.ReadFile(filepath.Join(root, name))
		if string(got) != want || errors.Is(err, fs.ErrNotExist) != (want == "") {
			t.Errorf("%s holds %q (%v), want %q", name, got, err, want)
		}
	}
	if c := a.Config(); c.WorkingDir != "/dir" || !slices.Contains(c.Env, "COLOUR=blue") || len(a.Layers()) != 2 {
		t.Errorf("%+v of %d layers", c, len(a.Layers()))
	}
}

// TestCommand is of images that answer on stdin and stdout.
func TestCommand(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	path := imageOf(t, v1.Config{Entrypoint: []string{"/workload", "stdio"}, Cmd: []string{"with", "arguments"}})
	l := loadArtefact(t, s, runners.Artefact{Kind: runners.Image, Path: path, Interface: runners.Stdio})
	big := strings.Repeat("y", 3<<20)
	for request, response := range map[string]string{
		"hello": "HELLO", "": "", "arguments": "/workload stdio with arguments", "repeat 3000000": strings.Repeat("x", 3000000), big: strings.ToUpper(big),
	} {
		in := instantiate(t, l)
		wantAnswer(t, in, request, response)
		if _, err := in.Call(t.Context(), nil, []byte("hello")); !errors.Is(err, runners.ErrClosed) {
			t.Errorf("a second Call: %v; want ErrClosed", err)
		}
	}
	failing := instantiate(t, l)
	_, err := failing.Call(t.Context(), nil, []byte("fail this"))
	wantOneLine(t, err, "exit code 3", "speaker: no luck with this")
	if !errors.Is(err, runners.ErrTrap) {
		t.Errorf("%v; want ErrTrap", err)
	}
	if _, err := l.Park(t.Context()); !errors.Is(err, runners.ErrUnavailable) {
		t.Errorf("Park: %v; want ErrUnavailable", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if _, err := instantiate(t, l).Call(ctx, nil, []byte("idle")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a command that idles: %v; want the deadline's error", err)
	}
	unused := instantiate(t, l)
	if owners, err := s.MemoryOwners(t.Context()); err != nil || len(owners.PIDs) < 2 {
		t.Errorf("a command that waits for its request is paid by %+v (%v)", owners, err)
	}
	if err := unused.Close(); err != nil {
		t.Error(err)
	}
}

func TestCommandDoesNotStart(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	path := imageOf(t, v1.Config{Entrypoint: []string{"/no/such/program"}})
	l := loadArtefact(t, s, runners.Artefact{Kind: runners.Image, Path: path, Interface: runners.Stdio})
	in := instantiate(t, l)
	_, err := in.Call(t.Context(), nil, []byte("hello"))
	wantOneLine(t, err, "start the container", "/no/such/program")
}

// TestNativeCommand is of an executable with files beside it.
func TestNativeCommand(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	files := t.TempDir()
	if err := os.WriteFile(filepath.Join(files, "data"), []byte("datum"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := runners.Artefact{Kind: runners.Native, Path: speaker(t), Interface: runners.Stdio, Files: files}
	wantAnswer(t, instantiate(t, loadArtefact(t, s, a)), "read data", "datum")
	a.Files = filepath.Dir(files)
	if _, err := s.Prepare(t.Context(), a, shortDir(t), nil); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("a folder among the files: %v; want ErrMalformed", err)
	}
}

func TestImagesRefused(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	noise := filepath.Join(t.TempDir(), "noise")
	if err := os.WriteFile(noise, bytes.Repeat([]byte("noise"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a    runners.Artefact
		kind error
	}{
		{runners.Artefact{Kind: runners.Image, Path: noise}, runners.ErrMalformed},
		{runners.Artefact{Kind: runners.Image, Path: noise, Files: shortDir(t)}, runners.ErrMalformed},
		{runners.Artefact{Kind: runners.Image, Path: imageOf(t, v1.Config{})}, runners.ErrMalformed},
		{runners.Artefact{Kind: runners.Wasm, Path: noise}, runners.ErrMalformed},
		{runners.Artefact{Kind: runners.Image, Path: noise, Interface: "http:x"}, runners.ErrMalformed},
		{runners.Artefact{Kind: runners.Image, Path: noise, Interface: "morse"}, runners.ErrUnavailable},
	} {
		_, err := s.Prepare(t.Context(), c.a, shortDir(t), nil)
		wantOneLine(t, err)
		if !errors.Is(err, c.kind) {
			t.Errorf("%+v: %v; want %v", c.a, err, c.kind)
		}
	}
}

// TestDeployIsHonest deploys one image over and over: none of its layers may be
// found in the store, and all of it is sent to the engine each time.
func TestDeployIsHonest(t *testing.T) {
	r, mode := needEngine(t)
	s := boot(t, r, runners.Options{Mode: mode})
	path := foreign(t, s, container.Config{Entrypoint: []string{"/workload"}})
	seen := map[string]bool{}
	var shipped uint64
	for range 5 {
		p, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Image, Path: path}, shortDir(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		if shipped == 0 {
			shipped = p.Shipped
		}
		if p.Shipped != shipped || shipped < p.Stored {
			t.Errorf("%d bytes are sent for an image of %d bytes, %d the first time", p.Shipped, p.Stored, shipped)
		}
		found, err := s.engine.api.ImageInspect(t.Context(), p.Path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range found.RootFS.Layers {
			chain := fmt.Sprint(found.RootFS.Layers[:i+1])
			if seen[chain] {
				t.Errorf("layer %d of %d was in the store before", i+1, len(found.RootFS.Layers))
			}
			seen[chain] = true
		}
	}
}

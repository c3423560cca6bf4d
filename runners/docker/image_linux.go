package docker

import (
	"fmt"
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
	"edgebench/runners/elf"
	"edgebench/runners/image"
)

// Places in an image's root file system.
const (
	workload = "workload" // the executable of a native artefact
	harness  = "harness"  // where the folder with the socket is mounted
	// saltFile makes the layer that it is in one of its kind. A container that
	// has the folder with the socket does not see it.
	saltFile = harness + "/salt"
)

const repository = "edgebench"

// shipment is what is loaded into the engine for an artefact. What it is read
// from is closed with it.
type shipment struct {
	*image.Shipment
	io.Closer
}

// ship makes an image of an artefact that no store has a layer of. The salt is
// hexadecimal.
func ship(a runners.Artefact, salt, scope string) (*shipment, error) {
	labels := map[string]string{label: scope}
	if a.Kind == runners.Native {
		return shipNative(a, salt, labels)
	}
	if a.Files != "" {
		return nil, fmt.Errorf("an image holds its files itself, and files are given beside it: %w", runners.ErrMalformed)
	}
	return shipImage(a.Path, salt, labels)
}

// shipNative makes an image of a static executable and its files alone.
func shipNative(a runners.Artefact, salt string, labels map[string]string) (*shipment, error) {
	// Nothing of what can't run in an empty root file system reaches the engine.
	executable, err := elf.ReadStatic(a.Path, MaxExecutable)
	if err != nil {
		return nil, fmt.Errorf("read the executable: %w", err)
	}
	files, err := image.ReadFiles(a.Files, workload, harness, "dev", "etc", "proc", "sys")
	if err != nil {
		return nil, err
	}
	root := newSalted(salt, len(executable))
	root.File(workload, 0o755, executable)
	for _, f := range files {
		root.File(f.Name, 0o444, f.Content)
	}
	layer, err := root.Layer()
	if err != nil {
		return nil, err
	}
	made, err := image.New(v1.Config{Entrypoint: []string{"/" + workload}, Labels: labels}, layer)
	if err != nil {
		return nil, err
	}
	s, err := made.Ship(repository, salt)
	return &shipment{s, io.NopCloser(nil)}, err
}

// shipImage puts the salt below all layers of an image.
func shipImage(path, salt string, labels map[string]string) (_ *shipment, err error) {
	a, err := image.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the image: %w", err)
	}
	defer func() {
		if err != nil {
			a.Close()
		}
	}()
	if c := a.Config(); len(c.Entrypoint)+len(c.Cmd) == 0 {
		return nil, fmt.Errorf("the image %s has no command to run (ENTRYPOINT or CMD): %w", path, runners.ErrMalformed)
	}
	bottom, err := newSalted(salt, 0).Layer()
	if err != nil {
		return nil, err
	}
	made, err := a.Upon(bottom, labels)
	if err != nil {
		return nil, err
	}
	s, err := made.Ship(repository, salt)
	return &shipment{s, a}, err
}

func newSalted(salt string, size int) *image.Tree {
	t := image.NewTree(size)
	t.Dir(harness)
	t.File(saltFile, 0o444, []byte(salt))
	return t
}

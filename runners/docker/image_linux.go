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
	// busterFile makes its layer unique. The mounted folder with the socket
	// hides it from a container.
	busterFile = harness + "/salt"
)

const repository = "edgebench"

// shipment is the image that is loaded into the engine for an artefact. Closing
// it closes the file that it is read from.
type shipment struct {
	*image.Shipment
	io.Closer
}

// ship makes an image of an artefact whose layers no store contains. The
// cache-busting string is hexadecimal.
func ship(a runners.Artefact, buster, scope string) (*shipment, error) {
	labels := map[string]string{label: scope}
	if a.Kind == runners.Native {
		return shipNative(a, buster, labels)
	}
	if a.Files != "" {
		return nil, fmt.Errorf("an image holds its files itself, and files are given beside it: %w", runners.ErrMalformed)
	}
	return shipImage(a.Path, buster, labels)
}

// shipNative makes an image of a static executable and its files alone.
func shipNative(a runners.Artefact, buster string, labels map[string]string) (*shipment, error) {
	// An executable that cannot run in an empty root file system is refused here.
	executable, err := elf.ReadStatic(a.Path, MaxExecutable)
	if err != nil {
		return nil, fmt.Errorf("read the executable: %w", err)
	}
	files, err := image.ReadFiles(a.Files, workload, harness, "dev", "etc", "proc", "sys")
	if err != nil {
		return nil, err
	}
	root := newCacheBusted(buster, len(executable))
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
	s, err := made.Ship(repository, buster)
	return &shipment{s, io.NopCloser(nil)}, err
}

// shipImage adds a cache-busting layer below all layers of an image.
func shipImage(path, buster string, labels map[string]string) (_ *shipment, err error) {
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
	bottom, err := newCacheBusted(buster, 0).Layer()
	if err != nil {
		return nil, err
	}
	made, err := a.Upon(bottom, labels)
	if err != nil {
		return nil, err
	}
	s, err := made.Ship(repository, buster)
	return &shipment{s, a}, err
}

func newCacheBusted(buster string, size int) *image.Tree {
	t := image.NewTree(size)
	t.Dir(harness)
	t.File(busterFile, 0o444, []byte(buster))
	return t
}

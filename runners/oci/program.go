//go:build linux

package oci

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
	"edgebench/runners/elf"
	"edgebench/runners/image"
	"edgebench/runners/oci/enter"
)

// program is what a container executes, and where.
type program struct {
	// Root is the folder that becomes the container's root.
	Root string `json:"root"`
	// Args, Env and Dir are as in enter.Plan.
	Args []string `json:"args"`
	Env  []string `json:"env,omitempty"`
	Dir  string   `json:"dir,omitempty"`

	iface runners.Interface
	// folders of this machine that it is given.
	folders []runners.Folder
	// right is the exit code of a command that does well.
	right uint8
}

// What Prepare makes in its folder.
const (
	rootFolder  = "rootfs"
	programFile = "program.json" // of an image
)

// native is the program of a root file system that holds a static binary.
func native(root string, u runners.Use) *program {
	return &program{Root: root, Args: append([]string{enter.Workload}, u.Args...), Env: u.Env}
}

// prepareNative makes a root file system of a static binary and its files.
func prepareNative(p *runners.Prepared, dir string, t *runners.Trace) error {
	root := filepath.Join(dir, rootFolder)
	if err := native(root, p.Artefact.Use).bounded(); err != nil {
		return err
	}
	binary, err := elf.ReadStatic(p.Artefact.Path, MaxBinary)
	if err != nil {
		return fmt.Errorf("read the workload: %w", err)
	}
	files, err := image.ReadFiles(p.Artefact.Files, filepath.Base(enter.Workload), "dev", "proc", "sys", "tmp")
	if err != nil {
		return err
	}
	t.Mark(runners.PhaseRead)
	if err := unpack(root, binary, files); err != nil {
		return fmt.Errorf("unpack the root file system: %w", err)
	}
	if err := makeMountPoints(root, p.Artefact.Use.Dirs); err != nil {
		return err
	}
	t.Mark(runners.PhaseUnpack)
	// The one file with something in it, so that others can check its hash.
	p.Path = workloadIn(root)
	p.Shipped = uint64(len(binary))
	for _, f := range files {
		p.Shipped += uint64(len(f.Content))
	}
	p.Stored = p.Shipped
	return nil
}

// prepareImage unpacks an image, and notes what it runs in a file.
func prepareImage(ctx context.Context, p *runners.Prepared, dir string, t *runners.Trace) error {
	if p.Artefact.Files != "" {
		return fmt.Errorf("an image holds its files itself, and files are given beside it: %w", runners.ErrMalformed)
	}
	a, err := image.Open(p.Artefact.Path)
	if err != nil {
		return fmt.Errorf("read the image: %w", err)
	}
	defer a.Close()
	runs, err := programOf(a.Config(), p.Artefact.Use)
	if err != nil {
		return err
	}
	t.Mark(runners.PhaseRead)
	runs.Root = filepath.Join(dir, rootFolder)
	if p.Stored, err = unpackImage(ctx, a, runs.Root); err != nil {
		return fmt.Errorf("unpack the image: %w", err)
	}
	if err := makeMountPoints(runs.Root, p.Artefact.Use.Dirs); err != nil {
		return err
	}
	b, err := json.Marshal(runs)
	if err != nil {
		return fmt.Errorf("note what the image runs: %w", err)
	}
	p.Path = filepath.Join(dir, programFile)
	if err := os.WriteFile(p.Path, b, 0o600); err != nil {
		return fmt.Errorf("note what the image runs: %w", err)
	}
	p.Shipped = uint64(a.Size())
	t.Mark(runners.PhaseUnpack)
	return nil
}

// defaultPath is what engines give to an image that has no PATH.
const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// maxProgram bounds a command and its environment, in bytes: both go through a
// pipe that nobody reads yet.
const maxProgram = enter.MaxPlan / 2

// programOf is what an image's configuration and its use say, except for the user,
// who is always the same.
func programOf(c v1.Config, u runners.Use) (*program, error) {
	if len(u.Args) > 0 {
		c.Cmd = u.Args
	}
	p := &program{Args: slices.Concat(c.Entrypoint, c.Cmd), Env: u.Environ(c.Env), Dir: c.WorkingDir}
	if len(p.Args) == 0 || p.Args[0] == "" {
		return nil, fmt.Errorf("the image has no command to run (ENTRYPOINT or CMD): %w", runners.ErrMalformed)
	}
	if p.Dir != "" && !strings.HasPrefix(p.Dir, "/") {
		return nil, fmt.Errorf("the image's working folder %.60q does not begin at the root: %w", p.Dir, runners.ErrMalformed)
	}
	if !slices.ContainsFunc(p.Env, func(v string) bool { return strings.HasPrefix(v, "PATH=") }) {
		p.Env = append(p.Env, defaultPath)
	}
	return p, p.bounded()
}

// bounded refuses a command and an environment that the container could not be told.
func (p *program) bounded() error {
	size := len(p.Dir)
	for _, s := range slices.Concat(p.Args, p.Env) {
		const length = 8
		size += len(s) + length
		if strings.ContainsRune(s, 0) {
			return fmt.Errorf("the command or its environment has a zero byte: %w", runners.ErrMalformed)
		}
	}
	for _, d := range p.folders {
		size += len(d.Host) + len(d.Guest)
	}
	if size > maxProgram || strings.ContainsRune(p.Dir, 0) {
		return fmt.Errorf("the command and its environment have %d bytes, at most %d are taken: %w", size, maxProgram, runners.ErrTooLarge)
	}
	return nil
}

// load finds out that what was prepared is there.
func load(p runners.Prepared) (*program, error) {
	info, err := os.Stat(p.Path)
	if err != nil {
		return nil, fmt.Errorf("find the root file system: %w", err)
	}
	if p.Artefact.Kind == runners.Image {
		return loadImage(p.Path)
	}
	// An artefact's files are stored beside the binary.
	if !info.Mode().IsRegular() || uint64(info.Size()) > p.Stored || p.Artefact.Files == "" && uint64(info.Size()) != p.Stored {
		return nil, fmt.Errorf("%s is not the file of %d bytes that was prepared: %w", p.Path, p.Stored, runners.ErrMalformed)
	}
	return native(filepath.Dir(p.Path), p.Artefact.Use), nil
}

func loadImage(path string) (*program, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what the image runs: %w", err)
	}
	var runs program
	if err := json.Unmarshal(b, &runs); err != nil || len(runs.Args) == 0 {
		return nil, fmt.Errorf("%s is not what was prepared (%v): %w", path, err, runners.ErrMalformed)
	}
	if info, err := os.Stat(runs.Root); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("the root file system %s is not there (%v): %w", runs.Root, err, runners.ErrMalformed)
	}
	return &runs, nil
}

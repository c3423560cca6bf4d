//go:build linux

package oci

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"edgebench/runners"
	"edgebench/runners/image"
	"edgebench/runners/oci/enter"
)

// MaxBinary bounds a workload's file, in bytes.
const MaxBinary = 1 << 30

// unpack makes a root file system with the binary and its files in it.
func unpack(root string, binary []byte, files []image.File) error {
	if err := os.Mkdir(root, 0o755); err != nil {
		return err
	}
	if err := makeRoot(root); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeFile(filepath.Join(root, f.Name), f.Content, 0o444); err != nil {
			return err
		}
	}
	return runners.WithoutFork(func() error { return writeFile(workloadIn(root), binary, 0o755) })
}

// unpackImage makes a root file system of an image, and gives the number of
// bytes in it. What the image has in the places of our mounts, links among it,
// gives way.
func unpackImage(ctx context.Context, a *image.Archive, root string) (uint64, error) {
	if err := os.Mkdir(root, 0o755); err != nil {
		return 0, err
	}
	stored, err := a.Unpack(ctx, root)
	if err != nil {
		return 0, err
	}
	for _, dir := range enter.Folders() {
		if err := os.RemoveAll(filepath.Join(root, dir.Path)); err != nil {
			return 0, err
		}
	}
	return stored, makeRoot(root)
}

// makeMountPoints makes the folders at which those of this machine are mounted. A
// link of an image that leads out of its root file system is an error.
func makeMountPoints(root string, folders []runners.Folder) error {
	if len(folders) == 0 {
		return nil
	}
	within, err := os.OpenRoot(root)
	if err != nil {
		return fmt.Errorf("open the root file system: %w", err)
	}
	defer within.Close()
	for _, f := range folders {
		if !filepath.IsAbs(f.Guest) || filepath.Clean(f.Guest) != f.Guest {
			return fmt.Errorf("mount a folder at %.60q: it must be an absolute path without dots: %w", f.Guest, runners.ErrMalformed)
		}
		if ours(f.Guest) {
			return fmt.Errorf("a folder of this machine cannot be mounted at %s, where the container has its own: %w", f.Guest, runners.ErrUnavailable)
		}
		if err := within.MkdirAll(f.Guest[1:], 0o755); err != nil {
			return fmt.Errorf("make the folder %s in the root file system: %w", f.Guest, err)
		}
	}
	return nil
}

// ours says whether a path is the root, or in a folder that each container has for
// itself.
func ours(path string) bool {
	inside := func(folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }
	return path == "/" || inside("/sys") || slices.ContainsFunc(enter.Folders(), func(f enter.Folder) bool { return inside(f.Path) })
}

func workloadIn(root string) string { return filepath.Join(root, enter.Workload) }

// makeRoot makes what every root file system has in an empty folder. The modes
// are set in a second step, since the workload's user is another and our umask
// may be strict.
func makeRoot(root string) error {
	if err := os.Chmod(root, 0o755); err != nil {
		return err
	}
	for _, dir := range enter.Folders() {
		path := filepath.Join(root, dir.Path)
		if err := os.Mkdir(path, 0o755); err != nil {
			return err
		}
		if err := unix.Chmod(path, dir.Mode); err != nil {
			return &os.PathError{Op: "chmod", Path: path, Err: err}
		}
	}
	for _, device := range enter.Devices() {
		if err := writeFile(filepath.Join(root, device), nil, 0o644); err != nil {
			return err
		}
	}
	for _, link := range enter.Links() {
		if err := os.Symlink(link.Target, filepath.Join(root, link.Path)); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, content []byte, mode os.FileMode) error {
	if err := os.WriteFile(path, content, mode); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

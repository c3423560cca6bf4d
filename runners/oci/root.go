//go:build linux

package oci

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

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

// makeMountPoints makes the folders that others are mounted on.
func makeMountPoints(root string, folders []runners.Folder) error {
	for _, f := range folders {
		if !filepath.IsAbs(f.Guest) || filepath.Clean(f.Guest) != f.Guest || f.Guest == "/" {
			return fmt.Errorf("mount a folder at %.60q: it must be an absolute path below the root: %w", f.Guest, runners.ErrMalformed)
		}
		if err := os.MkdirAll(filepath.Join(root, f.Guest), 0o755); err != nil {
			return fmt.Errorf("make the place of a folder: %w", err)
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

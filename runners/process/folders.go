package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"edgebench/runners"
)

// folders makes the working directories of instances.
type folders struct {
	scratch, scope string
	made           atomic.Uint64
}

// mark is in the name of each working directory, after the scope. By it Sweep knows
// the processes of a scope.
const mark = ".instance"

// make makes the working directory of an instance. It has the files of a folder, ""
// for none, under a second name each: they are not copied for each instance.
func (f *folders) make(files string) (dir string, err error) {
	dir = filepath.Join(f.scratch, fmt.Sprintf("%s%s%d", f.scope, mark, f.made.Add(1)))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	if files == "" {
		return dir, nil
	}
	entries, err := os.ReadDir(files)
	for _, e := range entries {
		if err == nil {
			err = give(filepath.Join(files, e.Name()), filepath.Join(dir, e.Name()))
		}
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, nil
}

// give gives a file another name: a symbolic link where both are on different disks.
func give(file, name string) error {
	if os.Link(file, name) == nil {
		return nil
	}
	return os.Symlink(file, name)
}

// isOf reports whether a working directory is that of an instance of the scope, or
// lies within one. The kernel marks a directory that has been removed.
func isOf(scope, dir string) bool {
	return scope != "" && strings.Contains(dir, "/"+scope+mark)
}

// filesFolder is in the folder of what is prepared.
const filesFolder = "files"

// filesOf gives the folder of the artefact's files as Prepare has copied them, "" for
// none.
func filesOf(p runners.Prepared) string {
	if p.Artefact.Files == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(p.Path), filesFolder)
}

// copyFiles copies an artefact's files, so that no program reaches the originals.
// MaxBinary bounds their sum.
func copyFiles(to, from string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	var sum int64
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a plain file: %w", e.Name(), runners.ErrMalformed)
		}
		if sum += info.Size(); sum > MaxBinary {
			return fmt.Errorf("more than %d bytes in all: %w", MaxBinary, runners.ErrTooLarge)
		}
	}
	return os.CopyFS(to, os.DirFS(from))
}

package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"edgebench/runners/source"
)

// crates is where Debian's packages put the sources of Rust's crates. Cargo
// looks at nothing there but names and versions, since the packages carry no
// hashes of the files.
const crates = "/usr/share/cargo/registry"

// checkCrates wants the crates of a workload to be there with the files that
// the manifest pins, and returns them.
func checkCrates(sources []Source) ([]Source, error) {
	list := slices.DeleteFunc(slices.Clone(sources), func(s Source) bool { return s.From != Crate })
	for _, s := range list {
		folder := path.Join(crates, s.Package+"-"+s.Version)
		if !exists(folder) {
			return nil, unavailable("the crate %s %s is missing (Debian: apt-get install librust-%s-dev, or run scripts/setup-debian.sh)", s.Package, s.Version, s.Package)
		}
		sum, err := hashFiles(folder)
		if err != nil {
			return nil, fmt.Errorf("read the crate %s: %w", s.Package, err)
		}
		if sum != s.SHA256 {
			return nil, fmt.Errorf("the files in %s have the SHA-256 %s, the manifest says %s", folder, sum, s.SHA256)
		}
	}
	return list, nil
}

// hashFiles is what this prints in a folder:
//
//	find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
func hashFiles(folder string) (string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		sum, _, err := source.HashFile(path.Join(folder, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s  ./%s\n", sum, name)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

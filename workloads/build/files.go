package build

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// filesIn lists the files with a suffix that lie in the folders themselves,
// which are below root; the names are as the folders', with slashes, and sorted
// within each folder.
func filesIn(root, suffix string, folders ...string) ([]string, error) {
	var files []string
	for _, folder := range folders {
		entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder)))
		if err != nil {
			return nil, fmt.Errorf("look for sources: %w", err)
		}
		for _, e := range entries {
			if !e.IsDir() && path.Ext(e.Name()) == suffix {
				files = append(files, path.Join(folder, e.Name()))
			}
		}
	}
	return files, nil
}

// filesBelow is filesIn for the folders and all below them.
func filesBelow(root, suffix string, folders ...string) ([]string, error) {
	var files []string
	for _, folder := range folders {
		err := fs.WalkDir(os.DirFS(root), folder, func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && path.Ext(name) == suffix {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("look for sources: %w", err)
		}
	}
	return files, nil
}

package image

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"edgebench/runners"
)

// File is one of an artefact's own files.
type File struct {
	Name    string
	Content []byte
}

// maxFiles bounds an artefact's files together, in bytes: they are in memory
// while a layer or a root file system is made of them.
const maxFiles = 256 << 20

// ReadFiles reads what lies in an artefact's folder of files (see
// runners.Artefact), sorted by name; nothing for "". Anything but a plain file
// is ErrMalformed, and so is a name that is taken by what the caller puts
// beside them.
func ReadFiles(folder string, taken ...string) ([]File, error) {
	if folder == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("read the artefact's files: %w", err)
	}
	var files []File
	left := int64(maxFiles)
	for _, e := range entries {
		if !e.Type().IsRegular() || slices.Contains(taken, e.Name()) {
			return nil, fmt.Errorf("%s is not a plain file or has a name that a container needs for itself: %w", filepath.Join(folder, e.Name()), runners.ErrMalformed)
		}
		f, err := readFile(filepath.Join(folder, e.Name()), left)
		if err != nil {
			return nil, fmt.Errorf("read the artefact's files: %w", err)
		}
		left -= int64(len(f))
		files = append(files, File{e.Name(), f})
	}
	return files, nil
}

func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > most {
		return nil, fmt.Errorf("more than %d bytes in all: %w", maxFiles, runners.ErrTooLarge)
	}
	return b, nil
}

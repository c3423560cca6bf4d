package purego

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder is where a library keeps compiled modules, in a folder of its own that its
// compilation cache has made: <Dir>/<library>-<version>-<architecture>-<system>.
type Folder struct {
	// Dir is what the library is told.
	Dir string
	// entries is the folder in it where the library looks for compiled modules.
	entries string
	// own says that the folder is this runtime's and is deleted with it, foreign that
	// others may have filled it.
	own, foreign bool
}

// OpenFolder gives the folder that Prepare has filled, which holds the file prepared,
// or makes one in scratch if prepared is "". open makes the library's cache there. The
// library's folder in it begins with the library's name and a dash. platform is "",
// unless another machine may have filled the folder: then it is the end of that name.
func OpenFolder(library, scratch, prepared, platform string, open func(dir string) error) (f Folder, err error) {
	if prepared != "" {
		f.Dir = filepath.Dir(filepath.Dir(prepared))
	} else if f.Dir, err = os.MkdirTemp(scratch, library+"-"); err != nil {
		return f, fmt.Errorf("make the folder of %s's cache: %w", library, err)
	}
	f.own, f.foreign = prepared == "", platform != ""
	if err := open(f.Dir); err != nil {
		return f, errors.Join(fmt.Errorf("make %s's cache: %w", library, err), f.Remove())
	}
	// The folder's name holds the version; the cache contains no other. What another
	// machine has stored lies in another folder, where the library does not look.
	found, err := filepath.Glob(filepath.Join(f.Dir, library+"-*"+platform))
	if err != nil || len(found) != 1 {
		return f, errors.Join(fmt.Errorf("%s's cache in %s holds %d folders instead of 1", library, f.Dir, len(found)), f.Remove())
	}
	f.entries = found[0]
	return f, nil
}

// Keep moves the one compiled file of the cache into dir, which becomes a folder that
// other runtimes can open. It gives the file's new path.
func (f Folder) Keep(dir string) (string, error) {
	found, err := os.ReadDir(f.entries)
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("the cache holds %d compiled modules instead of 1 (%v)", len(found), err)
	}
	path := filepath.Join(dir, filepath.Base(f.entries), found[0].Name())
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("keep the compiled module: %w", err)
	}
	if err := os.Rename(filepath.Join(f.entries, found[0].Name()), path); err != nil {
		return "", fmt.Errorf("keep the compiled module: %w", err)
	}
	return path, nil
}

// Offer links a prepared file to where the library looks for it, unless it is there. A
// link that is there already comes from an earlier Load of the same artefact. What others
// may have stored is left where it is: the library finds it, if it is its own.
func (f Folder) Offer(path string) error {
	if f.foreign || filepath.Dir(path) == f.entries {
		return nil
	}
	err := os.Link(path, filepath.Join(f.entries, filepath.Base(path)))
	if err != nil && !os.IsExist(err) {
		return fmt.Errorf("offer the compiled module: %w", err)
	}
	return nil
}

// Remove deletes the folder if it is the runtime's own.
func (f Folder) Remove() error {
	if !f.own {
		return nil
	}
	return os.RemoveAll(f.Dir)
}

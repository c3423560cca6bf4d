package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// dir is the folder of a run. Files are opened only within it, and only if they are
// regular. The folder is untrusted: a link in it could have another file
// overwritten, and a pipe would block forever.
type dir struct{ root *os.Root }

// errReplaced: another file took the name of one that was being opened.
var errReplaced = errors.New("was replaced while it was opened")

func openDir(path string) (dir, error) {
	root, err := os.OpenRoot(path)
	return dir{root}, err
}

func (d dir) close() error { return d.root.Close() }

// path is the name of a file for people.
func (d dir) path(name string) string { return filepath.Join(d.root.Name(), name) }

// named gives an error of the file system with the whole path of the file.
func (d dir) named(name string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %w", d.path(name), e.Err)
	}
	return err
}

// stat describes what has that name, nil where nothing has.
func (d dir) stat(name string) (fs.FileInfo, error) {
	info, err := d.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return info, d.named(name, err)
}

// has says whether there is anything of that name.
func (d dir) has(name string) (bool, error) {
	info, err := d.stat(name)
	return info != nil, err
}

// open opens a regular file and gives its size. With os.O_CREATE it makes one
// where there is none.
func (d dir) open(name string, flag int) (*os.File, int64, error) {
	before, err := d.stat(name)
	if err != nil {
		return nil, 0, err
	}
	if before == nil {
		if flag&os.O_CREATE != 0 {
			flag |= os.O_EXCL
		}
		file, err := d.root.OpenFile(name, flag, 0o666)
		return file, 0, d.named(name, err)
	}
	if !before.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s is not a regular file", d.path(name))
	}
	file, err := d.root.OpenFile(name, flag&^os.O_CREATE, 0)
	if err != nil {
		return nil, 0, d.named(name, err)
	}
	after, err := file.Stat()
	if err == nil && !os.SameFile(before, after) {
		err = fmt.Errorf("%s %w", d.path(name), errReplaced)
	}
	if err != nil {
		return nil, 0, both(err, file.Close())
	}
	return file, after.Size(), nil
}

// openToRead opens a file of at most so many bytes.
func (d dir) openToRead(name string, limit int64) (*os.File, int64, error) {
	file, size, err := d.open(name, os.O_RDONLY)
	if err == nil && size > limit {
		err = both(fmt.Errorf("%s has %d bytes, at most %d are read", d.path(name), size, limit), file.Close())
	}
	return file, size, err
}

// read reads a file of at most so many bytes.
func (d dir) read(name string, limit int64) ([]byte, error) {
	file, size, err := d.openToRead(name, limit)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, size))
	if err = both(err, file.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", d.path(name), err)
	}
	return text, nil
}

// remove removes a file, which need not be there.
func (d dir) remove(name string) error {
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.named(name, err)
	}
	return nil
}

// replace writes a file completely or not at all: under a temporary name first,
// forced to the disk and then renamed. The caller holds the folder's lock, so that
// no other process uses the temporary name; a crash may have left a file of that
// name.
func (d dir) replace(name string, write func(io.Writer) error) error {
	temporary := "." + name + ".new"
	if err := d.remove(temporary); err != nil {
		return err
	}
	file, _, err := d.open(temporary, os.O_WRONLY|os.O_CREATE)
	if err != nil {
		return err
	}
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	err = both(err, file.Close())
	if err == nil {
		err = d.root.Rename(temporary, name)
	}
	if err != nil {
		err = both(err, d.remove(temporary))
		return fmt.Errorf("write %s: %w", d.path(name), err)
	}
	d.sync()
	return nil
}

// sync forces names to the disk, as far as the system can: Windows does not let a
// folder be flushed.
func (d dir) sync() {
	if names, err := d.root.Open("."); err == nil {
		_ = names.Sync()
		_ = names.Close()
	}
}

// replaceDocument writes a document that a reader will take.
func (d dir) replaceDocument(name string, text []byte, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", d.path(name), err)
	}
	if len(text) > MaxDocument {
		return fmt.Errorf("%s would have %d bytes, at most %d can be read", d.path(name), len(text), MaxDocument)
	}
	return d.replace(name, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// lock takes the lock on the folder, or fails at once. The lock is a file of its
// own since Windows keeps others from reading a file that is locked, and it stays
// since removing it would let two processes each hold a lock.
func (d dir) lock() (*flock.Flock, error) {
	// The file is made here: flock would follow a link and make its target.
	file, _, err := d.open(lockFile, os.O_RDONLY|os.O_CREATE)
	if errors.Is(err, fs.ErrExist) { // another process has just made it
		file, _, err = d.open(lockFile, os.O_RDONLY)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the run's folder: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("lock the run's folder: %w", err)
	}
	lock := flock.New(d.path(lockFile), flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the run's folder: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("%s: %w", d.root.Name(), ErrBusy)
	}
	return lock, nil
}

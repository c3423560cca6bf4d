package image

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"edgebench/runners"
)

// Unpack makes the image's root file system in a folder, which must exist and
// be empty, and gives the number of bytes that it wrote. Layers are applied in
// their order, and each is compared with its digest on the way. The working
// folder is made if no layer has it.
//
// The result is for containers that can't change it and whose user is another
// than the image may expect: all belongs to the caller, and what its owner may
// read or execute, everyone may. Bits that give away privileges, devices,
// sockets and named pipes are left out. Files keep their times, by which
// interpreters judge what they have compiled.
func (a *Archive) Unpack(ctx context.Context, dir string) (stored uint64, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, err
	}
	defer root.Close()
	u := &unpacker{root: root, bounds: a.bounds, left: a.bounds.content, room: a.bounds.content, buf: make([]byte, 128<<10)}
	for i, l := range a.layers {
		if i > 0 {
			err = u.clear(ctx, l)
		}
		if err == nil {
			err = u.fill(ctx, l)
		}
		if err != nil {
			return 0, fmt.Errorf("unpack layer %d of %d: %w", i+1, len(a.layers), err)
		}
	}
	if _, err := u.resolve(path.Clean(a.config.Config.WorkingDir), true); err != nil {
		return 0, fmt.Errorf("make the working folder: %w", err)
	}
	return u.stored, nil
}

// unpacker applies layers to a folder.
type unpacker struct {
	root    *os.Root
	bounds  bounds
	entries int
	left    int64 // bytes of layers that may still be read
	room    int64 // bytes of files that may still be written
	stored  uint64
	buf     []byte
}

// clear removes the files of lower layers that a layer deletes by whiteouts. It runs
// before the layer's own files are unpacked, since whiteouts do not apply to them.
func (u *unpacker) clear(ctx context.Context, l Layer) error {
	r, err := l.Open()
	if err != nil {
		return err
	}
	plain, err := l.plain()
	if err != nil {
		return err
	}
	if !plain {
		r = meter{r, &u.left} // a plain tar's contents are skipped, not read
	}
	return u.eachEntry(ctx, r, u.whiteOut)
}

// fill adds a layer's files and checks its digest.
func (u *unpacker) fill(ctx context.Context, l Layer) error {
	r, err := l.Open()
	if err != nil {
		return err
	}
	want, err := l.DiffID()
	if err != nil {
		return err
	}
	sum := sha256.New()
	all := io.TeeReader(meter{r, &u.left}, sum)
	if err := u.eachEntry(ctx, all, u.apply); err != nil {
		return err
	}
	if _, err := io.CopyBuffer(io.Discard, all, u.buf); err != nil {
		return malformed(err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != want.Hex {
		return fmt.Errorf("it is not the one that the configuration names, %s: %w", want, runners.ErrMalformed)
	}
	return nil
}

// eachEntry does something with each entry of a tar.
func (u *unpacker) eachEntry(ctx context.Context, r io.Reader, do func(name string, h *tar.Header, content io.Reader) error) error {
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return malformed(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if u.entries++; u.entries > u.bounds.entries {
			return fmt.Errorf("more than %d files: %w", u.bounds.entries, runners.ErrTooLarge)
		}
		name, err := inside(h.Name, u.bounds)
		if err != nil {
			return err
		}
		if err := do(name, h, t); err != nil {
			return fmt.Errorf("%q: %w", clip(name), err)
		}
	}
}

// What marks a file of the layers below as removed, and a folder as emptied.
const (
	whiteout = ".wh."
	opaque   = ".wh..wh..opq"
	reserved = ".wh..wh."
)

// whiteOut removes what an entry says is no more.
func (u *unpacker) whiteOut(name string, _ *tar.Header, _ io.Reader) error {
	dir, base := path.Split(name)
	gone, ok := strings.CutPrefix(base, whiteout)
	if !ok || strings.HasPrefix(base, reserved) && base != opaque {
		return nil
	}
	parent, err := u.resolve(path.Clean(dir), false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if base != opaque {
		if gone == "" || gone == "." || gone == ".." {
			return fmt.Errorf("a whiteout of nothing: %w", runners.ErrMalformed)
		}
		return u.root.RemoveAll(path.Join(parent, gone))
	}
	return u.empty(parent)
}

func (u *unpacker) empty(dir string) error {
	d, err := u.root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := u.root.RemoveAll(path.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// apply adds one entry. It takes the place of what is there, but for a folder
// that is one already.
func (u *unpacker) apply(name string, h *tar.Header, content io.Reader) error {
	if name == "." || strings.HasPrefix(path.Base(name), whiteout) {
		return nil
	}
	parent, err := u.resolve(path.Dir(name), true)
	if err != nil {
		return err
	}
	place := path.Join(parent, path.Base(name))
	if h.Typeflag == tar.TypeLink {
		return u.link(place, h.Linkname)
	}
	if h.Typeflag == tar.TypeDir {
		return u.dir(place)
	}
	if err := u.root.RemoveAll(place); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse:
		return u.file(place, h, content)
	case tar.TypeSymlink:
		if h.Linkname == "" || len(h.Linkname) > u.bounds.name {
			return fmt.Errorf("a symbolic link to %q: %w", clip(h.Linkname), runners.ErrMalformed)
		}
		return u.root.Symlink(h.Linkname, place)
	}
	return nil
}

func (u *unpacker) dir(place string) error {
	if info, err := u.root.Lstat(place); err == nil && info.IsDir() {
		return nil
	}
	if err := u.root.RemoveAll(place); err != nil {
		return err
	}
	return u.mkdir(place)
}

// mkdir makes a folder that all may enter, whatever our umask is.
func (u *unpacker) mkdir(place string) error {
	if err := u.root.Mkdir(place, 0o755); err != nil {
		return err
	}
	return u.root.Chmod(place, 0o755)
}

func (u *unpacker) file(place string, h *tar.Header, content io.Reader) error {
	// A sparse file is larger than what the layer has of it.
	if h.Size > u.room {
		return fmt.Errorf("the files have more bytes than are taken: %w", runners.ErrTooLarge)
	}
	u.room -= h.Size
	write := func() error { return u.write(place, h, content) }
	if h.Mode&0o111 != 0 {
		plain := write
		write = func() error { return runners.WithoutFork(plain) }
	}
	if err := write(); err != nil {
		return err
	}
	return u.root.Chtimes(place, h.ModTime, h.ModTime)
}

func (u *unpacker) write(place string, h *tar.Header, content io.Reader) error {
	f, err := u.root.OpenFile(place, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	n, err := io.CopyBuffer(onlyWriter{f}, content, u.buf)
	u.stored += uint64(n)
	if err == nil {
		err = f.Chmod(readable(h.Mode))
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return malformed(err)
	}
	return nil
}

// onlyWriter keeps a copy from going over the file's own ways, which would not
// use the buffer.
type onlyWriter struct{ io.Writer }

// readable gives everyone what the owner has of reading and executing.
func readable(mode int64) fs.FileMode {
	if mode&0o111 != 0 {
		return 0o755
	}
	return 0o644
}

// link gives a file of the image another name.
func (u *unpacker) link(place, target string) error {
	name, err := inside(target, u.bounds)
	if err != nil {
		return err
	}
	parent, err := u.resolve(path.Dir(name), false)
	if err != nil {
		return missing(name, err)
	}
	old := path.Join(parent, path.Base(name))
	info, err := u.root.Lstat(old)
	if err != nil {
		return missing(name, err)
	}
	if info.IsDir() {
		return fmt.Errorf("a hard link to the folder %q: %w", clip(name), runners.ErrMalformed)
	}
	if old == place {
		return nil
	}
	if err := u.root.RemoveAll(place); err != nil {
		return err
	}
	return u.root.Link(old, place)
}

func missing(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("a hard link to %q, which is not there: %w", clip(name), runners.ErrMalformed)
	}
	return err
}

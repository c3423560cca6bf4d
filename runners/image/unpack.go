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
	"maps"
	"os"
	"path"
	"strings"

	"edgebench/runners"
)

// Unpack makes the image's root file system in a folder, which must exist and
// be empty, and gives the number of bytes that it wrote. Each layer is unpacked by
// itself and then laid over those below it, as a container engine does with an overlay,
// and is compared with its digest on the way. The working folder is made if no layer
// has it.
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
	u := &unpacker{root: root, below: root, bounds: a.bounds, left: a.bounds.content, room: a.bounds.content, buf: make([]byte, 128<<10)}
	for i, l := range a.layers {
		if i == 0 {
			err = u.fill(ctx, l)
		} else {
			err = u.overlay(ctx, l)
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

// unpacker unpacks layers.
type unpacker struct {
	// root is the folder that a layer is unpacked into, below the folder of all layers
	// below it. They are the same for the lowest layer.
	root, below *os.Root
	bounds      bounds
	entries     int
	left        int64 // bytes of layers that may still be read
	room        int64 // bytes of files that may still be written
	stored      uint64
	buf         []byte
	// hidden are the names of lower layers that this layer removes, by their folders, and
	// opaque its folders through which nothing of them is seen.
	hidden map[string][]string
	opaque map[string]bool
	// parent is the folder that was resolved last, as place: the entries of one folder
	// follow each other.
	parent, place string
}

// fill unpacks a layer into the root and checks its digest.
func (u *unpacker) fill(ctx context.Context, l Layer) error {
	u.hidden, u.opaque, u.parent = map[string][]string{}, map[string]bool{}, ""
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
	if err := u.eachEntry(ctx, all); err != nil {
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

// eachEntry applies each entry of a tar.
func (u *unpacker) eachEntry(ctx context.Context, r io.Reader) error {
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
		if err := u.apply(name, h, t); err != nil {
			return fmt.Errorf("%q: %w", clip(name), err)
		}
	}
}

// What marks a file of the layers below as removed, and a folder as one through which
// they are not seen.
const (
	whiteout     = ".wh."
	opaqueMarker = ".wh..wh..opq"
	reserved     = ".wh..wh."
)

// whiteOut notes what an entry says of the layers below. Its folder is made: an engine
// shows it too.
func (u *unpacker) whiteOut(parent, base string) error {
	gone := strings.TrimPrefix(base, whiteout)
	switch {
	case base == opaqueMarker:
		u.opaque[parent] = true
	case strings.HasPrefix(base, reserved): // files of aufs
	case gone == "" || gone == "." || gone == "..":
		return fmt.Errorf("a whiteout of nothing: %w", runners.ErrMalformed)
	default:
		u.hidden[parent] = append(u.hidden[parent], gone)
	}
	return nil
}

// apply adds one entry. It takes the place of what the layer has there, but for a folder
// that is one already.
func (u *unpacker) apply(name string, h *tar.Header, content io.Reader) error {
	if name == "." {
		return nil
	}
	parent, err := u.parentOf(name)
	if err != nil {
		return err
	}
	if strings.HasPrefix(path.Base(name), whiteout) {
		return u.whiteOut(parent, path.Base(name))
	}
	place := path.Join(parent, path.Base(name))
	if h.Typeflag == tar.TypeLink {
		return u.link(place, h)
	}
	if h.Typeflag == tar.TypeDir {
		return u.dir(place)
	}
	if err := u.remove(place); err != nil {
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
	// What is left out hides what is below it all the same.
	u.hidden[parent] = append(u.hidden[parent], path.Base(name))
	return nil
}

// parentOf gives the place of an entry's folder, and makes it if it is missing.
func (u *unpacker) parentOf(name string) (string, error) {
	dir := path.Dir(name)
	if u.parent != "" && u.parent == dir {
		return u.place, nil
	}
	place, err := u.resolve(dir, true)
	if err == nil {
		u.parent, u.place = dir, place
	}
	return place, err
}

// remove removes what the layer has at a place, and forgets what it says of the places
// within it.
func (u *unpacker) remove(place string) error {
	info, err := u.root.Lstat(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().IsRegular() {
		return u.root.Remove(place)
	}
	u.parent = ""
	if info.IsDir() {
		maps.DeleteFunc(u.hidden, func(at string, _ []string) bool { return strings.HasPrefix(at+"/", place+"/") })
		maps.DeleteFunc(u.opaque, func(at string, _ bool) bool { return strings.HasPrefix(at+"/", place+"/") })
	}
	return u.root.RemoveAll(place)
}

func (u *unpacker) dir(place string) error {
	if info, err := u.root.Lstat(place); err == nil && info.IsDir() {
		return nil
	}
	if err := u.remove(place); err != nil {
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

// link gives a file of the image another name. A link to a file of a lower layer, which
// no engine makes, is taken too. The mode of the entry is that of the file from now on.
func (u *unpacker) link(place string, h *tar.Header) error {
	name, err := inside(h.Linkname, u.bounds)
	if err != nil {
		return err
	}
	parent, err := u.resolve(path.Dir(name), false)
	if errors.Is(err, fs.ErrNotExist) {
		return u.linkBelow(place, name)
	}
	if err != nil {
		return err
	}
	old := path.Join(parent, path.Base(name))
	info, err := u.root.Lstat(old)
	if errors.Is(err, fs.ErrNotExist) {
		return u.linkBelow(place, name)
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("a hard link to the folder %q: %w", clip(name), runners.ErrMalformed)
	}
	if old == place {
		return nil
	}
	if err := u.remove(place); err != nil {
		return err
	}
	if err := u.root.Link(old, place); err != nil || !info.Mode().IsRegular() {
		return err
	}
	return u.root.Chmod(place, readable(h.Mode))
}

// linkBelow copies a regular file of the layers below, which is not looked for through
// symbolic links that lead out of the root.
func (u *unpacker) linkBelow(place, name string) error {
	info, err := u.below.Lstat(name)
	if err != nil {
		return fmt.Errorf("a hard link to %q, which is not there: %w", clip(name), runners.ErrMalformed)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("a hard link to %q, which is no file: %w", clip(name), runners.ErrMalformed)
	}
	content, err := u.below.Open(name)
	if err != nil {
		return err
	}
	defer content.Close()
	if err := u.remove(place); err != nil {
		return err
	}
	return u.file(place, &tar.Header{Size: info.Size(), Mode: int64(info.Mode().Perm()), ModTime: info.ModTime()}, content)
}

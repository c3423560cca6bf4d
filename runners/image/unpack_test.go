package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"edgebench/runners"
)

// kinds of entries in a script.
var kinds = map[string]byte{
	"file": tar.TypeReg, "dir": tar.TypeDir, "link": tar.TypeSymlink, "hard": tar.TypeLink,
	"char": tar.TypeChar, "block": tar.TypeBlock, "fifo": tar.TypeFifo,
}

// layerOf makes a layer of a tar.
func layerOf(tar []byte) Layer { return Layer{static.NewLayer(tar, types.OCIUncompressedLayer)} }

// storedOf makes a layer of stored bytes, whose tar is said to have a digest.
func storedOf(t testing.TB, b []byte, diffID v1.Hash) Layer {
	t.Helper()
	l, err := part{size: int64(len(b))}.layer(bytes.NewReader(b), diffID, v1.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// layersOf makes layers of a script of lines `KIND NAME [CONTENT or TARGET]`;
// a line `layer` begins another one. Other lines are passed over.
func layersOf(script string) (all []Layer) {
	for text := range strings.SplitSeq(script, "layer\n") {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for line := range strings.Lines(text) {
			parts := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
			kind, ok := kinds[parts[0]]
			if !ok || len(parts) < 2 {
				continue
			}
			h := tar.Header{Typeflag: kind, Name: parts[1], Mode: 0o600, ModTime: time.Unix(1e9, 0)}
			content := ""
			if len(parts) == 3 {
				if kind == tar.TypeReg {
					content, h.Size = parts[2], int64(len(parts[2]))
				} else {
					h.Linkname = parts[2]
				}
			}
			if w.WriteHeader(&h) == nil {
				w.Write([]byte(content))
			}
		}
		w.Close()
		all = append(all, layerOf(b.Bytes()))
	}
	return all
}

// unpacked unpacks an image and lists it.
func unpacked(t testing.TB, a *Archive) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if _, err := a.Unpack(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return list(t, dir)
}

// list gives the files below a folder: their contents, where links lead, "/"
// for folders that are empty.
func list(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator)))
		switch {
		case e.IsDir():
			if inside, err := os.ReadDir(path); err != nil || len(inside) == 0 {
				all[name] = "/"
			}
		case e.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			all[name] = "-> " + target
			return err
		default:
			b, err := os.ReadFile(path)
			all[name] = string(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestUnpack(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no symbolic links for everyone on Windows")
	}
	cases := []struct {
		name, script string
		want         map[string]string
	}{
		{"files", "dir a\nfile a/b 1\nfile ./c/d 2\nfile /e 3\ndir ./\n", map[string]string{"a/b": "1", "c/d": "2", "e": "3"}},
		{"a file takes another's place", "file a 1\nlayer\nfile a 2\n", map[string]string{"a": "2"}},
		{"a folder takes a file's place", "file a 1\nlayer\ndir a\n", map[string]string{"a": "/"}},
		{"a file takes a folder's place", "file a/b 1\nlayer\nfile a 2\n", map[string]string{"a": "2"}},
		{"a folder stays", "file a/b 1\nlayer\ndir a\nfile a/c 2\n", map[string]string{"a/b": "1", "a/c": "2"}},
		{"whiteout", "file a/b 1\nfile a/c 2\nlayer\nfile a/.wh.b\n", map[string]string{"a/c": "2"}},
		{"whiteout of a folder", "file a/b/c 1\nfile d 1\nlayer\nfile .wh.a\n", map[string]string{"d": "1"}},
		{"whiteout of nothing", "file d 1\nlayer\nfile x/.wh.a\n", map[string]string{"d": "1", "x": "/"}},
		{"a whiteout applies to lower layers", "file a/b 1\nlayer\nfile a/b 2\nfile a/.wh.b\n", map[string]string{"a/b": "2"}},
		{"opaque", "file a/b 1\nfile a/c/d 1\nlayer\nfile a/x 2\nfile a/.wh..wh..opq\n", map[string]string{"a/x": "2"}},
		{"opaque root", "file a 1\nlayer\nfile .wh..wh..opq\nfile b 2\n", map[string]string{"b": "2"}},
		{"files of aufs", "file a 1\nlayer\nfile .wh..wh.plnk 1\nfile .wh..wh.aufs 1\n", map[string]string{"a": "1"}},
		{"symbolic link", "file a 1\nlink b a\nlink c /nowhere\n", map[string]string{"a": "1", "b": "-> a", "c": "-> /nowhere"}},
		{"hard link", "file a/b 1\nhard c a/b\nhard d /a/b\n", map[string]string{"a/b": "1", "c": "1", "d": "1"}},
		{"hard link to a lower layer", "file a 1\nlayer\nhard b a\n", map[string]string{"a": "1", "b": "1"}},
		{"hard link to itself", "file a 1\nhard a a\n", map[string]string{"a": "1"}},
		{"hard link to a symbolic one", "link a /etc/passwd\nhard b a\n", map[string]string{"a": "-> /etc/passwd", "b": "-> /etc/passwd"}},
		{"through a link", "dir run\nlink var /run\nfile var/x 1\n", map[string]string{"run/x": "1", "var": "-> /run"}},
		{"through links upwards", "dir a/b\nlink a/b/up ../../../../..\nfile a/b/up/x 1\n", map[string]string{"a/b/up": "-> ../../../../..", "x": "1"}},
		// Through links of lower layers: https://github.com/kernel/hypeman/pull/456,
		// https://github.com/anchore/stereoscope/pull/694.
		{"a whiteout below a link to itself", "link a a\nlayer\nfile a/.wh.x\n", map[string]string{"a": "/"}},
		{"a folder hides a lower layer's link", "dir run\nlink var /run\nlayer\nfile var/x 1\n", map[string]string{"run": "/", "var/x": "1"}},
		{"an opaque folder hides a link", "file d/x 1\nlink a /d\nlayer\ndir a\nfile a/.wh..wh..opq\nfile a/x 2\n", map[string]string{"d/x": "1", "a/x": "2"}},
		{"an opaque folder hides a file", "file a 1\nlayer\ndir a\nfile a/.wh..wh..opq\nfile a/x 2\n", map[string]string{"a/x": "2"}},
		{"a folder after its whiteout", "file a/x 1\nlayer\nfile .wh.a\nfile a/y 2\n", map[string]string{"a/x": "1", "a/y": "2"}},
		{"through a link to nothing", "link a /b/c\nfile a/x 1\n", map[string]string{"a": "-> /b/c", "b/c/x": "1"}},
		{"a link's place is taken", "link a /etc\nlayer\ndir a\nfile a/x 1\n", map[string]string{"a/x": "1"}},
		{"whiteout through a link", "link a /d\nfile d/x 1\nfile d/y 1\nlayer\nfile a/.wh.x\n", map[string]string{"a": "/", "d/x": "1", "d/y": "1"}},
		{"devices", "char c\nblock b\nfifo f\nfile a 1\n", map[string]string{"a": "1"}},
		{"a device hides a file", "file a 1\nlayer\nchar a\n", map[string]string{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := New(v1.Config{}, layersOf(c.script)...)
			_, b := mustShip(t, m, err)
			if got := unpacked(t, mustOpen(t, b)); !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestUnpackRefuses(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no symbolic links for everyone on Windows")
	}
	cases := []struct{ name, script, says string }{
		{"a name that leads out", "file ../x 1\n", "leads out of the image"},
		{"a name that leads out later", "file a/../../x 1\n", "leads out of the image"},
		{"a whiteout that leads out", "dir a\nlayer\nfile a/.wh...\n", "a whiteout of nothing"},
		{"a whiteout of its folder", "dir a\nlayer\nfile a/.wh..\n", "a whiteout of nothing"},
		{"a hard link that leads out", "hard a ../../etc/passwd\n", "leads out of the image"},
		{"a hard link to nothing", "hard a b\n", "which is not there"},
		{"a hard link to the host's files", "link d /etc\nhard a d/passwd\n", "which is not there"},
		{"a hard link to a folder", "dir d\nhard a d\n", "a hard link to the folder"},
		{"a file as a folder", "file a 1\nfile a/b 2\n", "a file and not a folder"},
		{"links in a circle", "link a b\nlink b a\nfile a/x 1\n", "symbolic links on the way"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := New(v1.Config{}, layersOf(c.script)...)
			_, b := mustShip(t, m, err)
			_, err = mustOpen(t, b).Unpack(t.Context(), t.TempDir())
			wantMalformed(t, err, c.says)
		})
	}
}

func wantMalformed(t testing.TB, err error, says string) {
	t.Helper()
	if !errors.Is(err, runners.ErrMalformed) || !strings.Contains(err.Error(), says) {
		t.Errorf("%v; want ErrMalformed that says %q", err, says)
	}
	if err != nil && (strings.ContainsAny(err.Error(), "\r\n") || len(err.Error()) > 1000) {
		t.Errorf("not one line of bounded length: %q", err)
	}
}

// TestUnpackModes checks that nobody gets rights that are none of theirs, and
// that everyone may read.
func TestUnpackModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for name, mode := range map[string]int64{"plain": 0o600, "program": 0o4700, "closed": 0} {
		w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Uid: 7, ModTime: time.Unix(1e9, 0)})
	}
	w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "dir", Mode: 0o2000})
	w.Close()
	m, err := New(v1.Config{}, layerOf(b.Bytes()))
	_, shipped := mustShip(t, m, err)
	dir := t.TempDir()
	if _, err := mustOpen(t, shipped).Unpack(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"plain": 0o644, "program": 0o755, "closed": 0o644, "dir": fs.ModeDir | 0o755} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, want %v (%v)", name, info.Mode(), want, err)
		}
		if name != "dir" && info.ModTime().Unix() != 1e9 {
			t.Errorf("%s is of %v", name, info.ModTime())
		}
	}
}

// TestUnpackGzipped unpacks a compressed layer, and passes it on as it is.
func TestUnpackGzipped(t *testing.T) {
	plain := bufferOf(mustRead(t, layersOf("file a 1\n")[0])).Bytes()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(plain)
	z.Close()
	l := storedOf(t, b.Bytes(), digestOf(plain))
	m, err := New(v1.Config{}, l, layersOf("file .wh.a\nfile b 2\n")[0])
	_, shipped := mustShip(t, m, err)
	for kind, archive := range map[string][]byte{"docker archive": shipped, "OCI layout": layoutOf(t, m)} {
		a := mustOpen(t, archive)
		if got := unpacked(t, a); !maps.Equal(got, map[string]string{"b": "2"}) {
			t.Errorf("%s: got %v", kind, got)
		}
		if got, err := a.layers[0].Digest(); got != digestOf(b.Bytes()) {
			t.Errorf("%s: the compressed layer is called %s (%v)", kind, got, err)
		}
	}
	for name, c := range map[string][]byte{"truncated": b.Bytes()[:b.Len()-9], "altered": bytes.Replace(b.Bytes(), b.Bytes()[10:14], []byte{1, 2, 3, 4}, 1)} {
		_, err := (&Archive{layers: []Layer{storedOf(t, c, digestOf(plain))}, bounds: standard}).Unpack(t.Context(), t.TempDir())
		if !errors.Is(err, runners.ErrMalformed) {
			t.Errorf("%s: %v; want ErrMalformed", name, err)
		}
	}
}

func bufferOf(r interface{ Read([]byte) (int, error) }) *bytes.Buffer {
	var b bytes.Buffer
	b.ReadFrom(r)
	return &b
}

// TestUnpackVerifies gives a layer another's digest.
func TestUnpackVerifies(t *testing.T) {
	l := storedOf(t, bufferOf(mustRead(t, layersOf("file a 1\n")[0])).Bytes(), digestOf([]byte("another")))
	_, err := (&Archive{layers: []Layer{l}, bounds: standard}).Unpack(t.Context(), t.TempDir())
	wantMalformed(t, err, "not the one that the configuration names")
}

func TestUnpackBounds(t *testing.T) {
	small := bounds{parts: 10, name: 20, depth: 4, text: 4096, layers: 2, entries: 3, content: 8 << 10}
	for name, script := range map[string]string{
		"files":   "file a 1\nfile b 1\nfile c 1\nfile d 1\n",
		"content": "file a " + strings.Repeat("x", 8<<10) + "\n",
		"name":    "file " + strings.Repeat("x", 21) + " 1\n",
		"depth":   "file a/a/a/a/a/a 1\n",
	} {
		_, err := (&Archive{layers: layersOf(script), bounds: small}).Unpack(t.Context(), t.TempDir())
		if !errors.Is(err, runners.ErrTooLarge) {
			t.Errorf("too much %s: %v; want ErrTooLarge", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := (&Archive{layers: layersOf("file a 1\n"), bounds: small}).Unpack(ctx, t.TempDir())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v; want context.Canceled", err)
	}
}

// TestUnpackSparse gives a layer of a few bytes a file of very many: a hole,
// which the reader of the tar fills with zeros.
func TestUnpackSparse(t *testing.T) {
	for name, c := range map[string]struct {
		sizes  []int64
		bounds bounds
		taken  bool
	}{
		"within the bound":          {[]int64{6 << 10}, tight, true},
		"10 TiB":                    {[]int64{10 << 40}, standard, false},
		"one and another, too much": {[]int64{700 << 10, 700 << 10}, tight, false},
	} {
		dir := t.TempDir()
		a := &Archive{layers: []Layer{layerOf(sparseTar(t, c.sizes...))}, bounds: c.bounds}
		stored, err := a.Unpack(t.Context(), dir)
		if c.taken && (err != nil || stored != uint64(c.sizes[0])) {
			t.Errorf("%s: %d bytes stored (%v), want %d", name, stored, err, c.sizes[0])
		}
		if !c.taken && !errors.Is(err, runners.ErrTooLarge) {
			t.Errorf("%s: %v; want ErrTooLarge", name, err)
		}
		last := filepath.Join(dir, strconv.Itoa(len(c.sizes)-1))
		if _, err := os.Lstat(last); !c.taken && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the file that is too large has been begun (%v)", name, err)
		}
	}
}

// sparseTar makes a tar of sparse files in GNU's old format, which archive/tar
// reads and does not write. Each has one block of data and else a hole.
func sparseTar(t testing.TB, sizes ...int64) []byte {
	t.Helper()
	const block, checksum, typeflag, sparseMap, realSize = 512, 148, 156, 386, 483
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, size := range sizes {
		at := b.Len()
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: strconv.Itoa(i), Mode: 0o644, Size: block, Format: tar.FormatGNU}); err != nil {
			t.Fatal(err)
		}
		h := b.Bytes()[at : at+block]
		h[typeflag] = tar.TypeGNUSparse
		copy(h[sparseMap:], fmt.Sprintf("%011o\x00%011o\x00", 0, block))
		h[realSize] = 0x80 // the number is binary
		binary.BigEndian.PutUint64(h[realSize+4:], uint64(size))
		copy(h[checksum:], "        ")
		sum := 0
		for _, c := range h {
			sum += int(c)
		}
		copy(h[checksum:], fmt.Sprintf("%06o\x00 ", sum))
		if _, err := w.Write(make([]byte, block)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

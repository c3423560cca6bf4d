package image

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"edgebench/runners"
)

// tight bounds keep a fuzzed image from taking time.
var tight = bounds{parts: 100, name: 300, depth: 100, text: 64 << 10, layers: 8, entries: 200, content: 1 << 20}

// FuzzOpen reads whatever bytes as an archive and unpacks what is one.
func FuzzOpen(f *testing.F) {
	l := layerText(f)
	f.Add(archiveOf(f, "manifest.json", `[{"Config":"c","Layers":["l"]}]`, "c", configOf(l), "l", l))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := read(io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))), tight)
		if err != nil {
			wantKnown(t, err)
			return
		}
		enclosed(t, func(dir string) { a.Unpack(t.Context(), dir) })
		if m, err := a.Upon(mustLayer(t, "bottom"), map[string]string{"k": "v"}); err == nil {
			_, again := mustShip(t, m, nil)
			if b := mustOpen(t, again); len(b.Layers()) != len(a.Layers())+1 || b.Config().Labels["k"] != "v" {
				t.Errorf("%s has become %s", a.text, b.text)
			}
		}
	})
}

func wantKnown(t *testing.T, err error) {
	if !errors.Is(err, runners.ErrMalformed) && !errors.Is(err, runners.ErrTooLarge) {
		t.Errorf("%v; want ErrMalformed or ErrTooLarge", err)
	}
}

// FuzzUnpack unpacks layers made of a script (see layersOf), which reaches more
// than bytes of which few are a tar.
func FuzzUnpack(f *testing.F) {
	f.Add("file a 1\nlayer\nfile .wh.a\n")
	f.Fuzz(func(t *testing.T, script string) {
		if runtime.GOOS == "windows" {
			t.Skip("there are no symbolic links for everyone on Windows")
		}
		a := &Archive{layers: layersOf(script), bounds: tight}
		enclosed(t, func(dir string) { a.Unpack(t.Context(), dir) })
	})
}

// enclosed checks that what unpacks stays in its folder.
func enclosed(t *testing.T, unpack func(dir string)) {
	outside := t.TempDir()
	dir := filepath.Join(outside, "a", "b", "root")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	unpack(dir)
	for at := dir; at != outside; at = filepath.Dir(at) {
		entries, err := os.ReadDir(filepath.Dir(at))
		if err != nil || len(entries) != 1 || !entries[0].IsDir() {
			t.Fatalf("beside %s there is now %v (%v)", at, entries, err)
		}
	}
}

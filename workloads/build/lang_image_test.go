package build

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/image"
	"edgebench/runners/source"
)

// withBases gives a builder that has a base of its own making for all images: a
// tar with one file.
func withBases(t *testing.T) (*Builder, Workload) {
	t.Helper()
	release, err := debianRelease()
	if err != nil {
		t.Skip(err)
	}
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	b := NewBuilder(root, t.TempDir())
	tree := image.NewTree(0)
	tree.File("base", 0o644, []byte("base"))
	layer, err := tree.Layer()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []debianPackages{debianBase, javascriptBase, pythonBase} {
		folder := b.folderOf(d, release)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		r, err := layer.Open()
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(folder, layerFile))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		f.Close()
		for name, text := range map[string]string{aboutFile: "Debian of a test", sumFile: "0"} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	set, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	w, err := set.Find("api")
	if err != nil {
		t.Fatal(err)
	}
	return b, w
}

// TestImages builds images on a base that is none, and looks into them.
func TestImages(t *testing.T) {
	b, w := withBases(t)
	w.Files = t.TempDir()
	if err := os.WriteFile(filepath.Join(w.Files, "data"), []byte("datum"), 0o600); err != nil {
		t.Fatal(err)
	}
	for language, c := range map[string]struct {
		entrypoint string
		files      []string
	}{
		"javascript": {"/usr/bin/node /app/api.js", []string{"app/api.js", "app/guest.js", "app/orders.js"}},
		"python":     {"/usr/bin/python3 /app/api.py", []string{"app/api.py", "app/guest.py", "app/orders.py"}},
		"go+debian":  {"/api", []string{"api"}},
	} {
		t.Run(language, func(t *testing.T) {
			built, err := b.Build(t.Context(), w, language, runners.Image)
			if errors.Is(err, runners.ErrUnavailable) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(built.Toolchain, "Debian of a test") || built.Kind != runners.Image || built.Files != "" {
				t.Errorf("built as %+v", built)
			}
			a, err := image.Open(built.Path)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			if got := strings.Join(a.Config().Entrypoint, " "); got != c.entrypoint || a.Config().WorkingDir != "/" {
				t.Errorf("runs %q in %q", got, a.Config().WorkingDir)
			}
			root := t.TempDir()
			if _, err := a.Unpack(t.Context(), root); err != nil {
				t.Fatal(err)
			}
			for _, name := range append(c.files, "base", "data") {
				if _, err := os.Stat(filepath.Join(root, name)); err != nil {
					t.Error(err)
				}
			}
			if text, err := json.Marshal(built); err != nil || strings.Contains(string(text), w.Files) {
				t.Errorf("an image holds its files itself, and %s names them (%v)", text, err)
			}
		})
	}
}

// TestImagesNeedTheirBase checks what is said where a base has not been made.
func TestImagesNeedTheirBase(t *testing.T) {
	b, w := withBases(t)
	if err := os.RemoveAll(b.bases); err != nil {
		t.Fatal(err)
	}
	for _, language := range w.Languages {
		d, ok := baseOf(language)
		l, _ := findLanguage(language)
		if ok != (slices.Contains(l.kinds, runners.Image) && variant(language) != hostProgram) {
			t.Errorf("%s has a base: %v", language, ok) // a module's image is from scratch
		}
		if !ok {
			continue
		}
		_, err := b.Build(t.Context(), w, language, runners.Image)
		if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "the base "+d.name) || !strings.Contains(err.Error(), "scripts/build-workloads.sh") {
			t.Errorf("%s: %v; want ErrUnavailable and what to run", language, err)
		}
	}
}

package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

func mustLayer(t testing.TB, files ...string) Layer {
	t.Helper()
	tree := NewTree(0)
	for _, name := range files {
		tree.File(name, 0o644, []byte("content of "+name))
	}
	l, err := tree.Layer()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func mustShip(t testing.TB, m *Image, err error) (*Shipment, []byte) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Ship("repository", "tag")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(s.Reader())
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(b)) != s.Size {
		t.Errorf("the archive has %d bytes and says %d", len(b), s.Size)
	}
	return s, b
}

func digestOf(b []byte) v1.Hash {
	h, _, _ := v1.SHA256(bytes.NewReader(b))
	return h
}

// mustRead opens a layer.
func mustRead(t testing.TB, l Layer) io.Reader {
	t.Helper()
	r, err := l.Open()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func openBytes(b []byte) (*Archive, error) {
	return read(io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))), standard)
}

func mustOpen(t testing.TB, b []byte) *Archive {
	t.Helper()
	a, err := openBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// contents reads a tar of ours.
func contents(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	r := tar.NewReader(bytes.NewReader(b))
	for {
		h, err := r.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.ModTime.Unix() != 0 || h.Uid != 0 || h.Gid != 0 {
			t.Errorf("%s is of %v and belongs to %d:%d, want no time and root", h.Name, h.ModTime, h.Uid, h.Gid)
		}
		if all[h.Name] != nil {
			t.Errorf("%s is there twice", h.Name)
		}
		if all[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

// TestShipmentIsWhole follows the manifest to the configuration and the layers.
func TestShipmentIsWhole(t *testing.T) {
	low, high := mustLayer(t, "a"), mustLayer(t, "b", "c")
	m, err := New(v1.Config{Entrypoint: []string{"/a"}, Labels: map[string]string{"k": "v"}}, low, high, low)
	s, b := mustShip(t, m, err)
	all := contents(t, b)
	var manifest tarball.Manifest
	var config v1.ConfigFile
	read := func(name string, v any) {
		t.Helper()
		if err := json.Unmarshal(all[name], v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	read(manifestFile, &manifest)
	if len(manifest) != 1 || !slices.Equal(manifest[0].RepoTags, []string{"repository:tag"}) {
		t.Fatalf("the manifest is %+v", manifest)
	}
	read(manifest[0].Config, &config)
	if id := digestOf(all[manifest[0].Config]).String(); s.ID != id {
		t.Errorf("the image is called %s, want %s", s.ID, id)
	}
	layers := manifest[0].Layers
	if len(layers) != 3 || layers[0] != layers[2] || layers[0] == layers[1] {
		t.Fatalf("the layers are %v", layers)
	}
	var ids []v1.Hash
	for _, name := range layers {
		ids = append(ids, digestOf(all[name]))
	}
	if !slices.Equal(config.RootFS.DiffIDs, ids) || config.Config.Labels["k"] != "v" {
		t.Errorf("the configuration is %+v", config)
	}
	if got := contents(t, all[layers[1]]); string(got["c"]) != "content of c" || len(got) != 2 {
		t.Errorf("the upper layer holds %v", got)
	}
}

func TestShipmentDependsOnItsArguments(t *testing.T) {
	make := func(config v1.Config, file string) []byte {
		m, err := New(config, mustLayer(t, file))
		_, b := mustShip(t, m, err)
		return b
	}
	first := make(v1.Config{User: "a"}, "x")
	if !bytes.Equal(first, make(v1.Config{User: "a"}, "x")) {
		t.Error("the same arguments give another archive")
	}
	if bytes.Equal(first, make(v1.Config{User: "b"}, "x")) || bytes.Equal(first, make(v1.Config{User: "a"}, "y")) {
		t.Error("other arguments give the same archive")
	}
}

// TestReadsWhatIsWritten reads an image from the archive that we make of it, and
// from the layout that the library makes of it.
func TestReadsWhatIsWritten(t *testing.T) {
	m, err := New(v1.Config{Cmd: []string{"c"}, WorkingDir: "/w"}, mustLayer(t, "a"), mustLayer(t, "b"))
	_, b := mustShip(t, m, err)
	for kind, b := range map[string][]byte{"docker archive": b, "OCI layout": layoutOf(t, m)} {
		a := mustOpen(t, b)
		if c := a.Config(); c.WorkingDir != "/w" || !slices.Equal(c.Cmd, []string{"c"}) || len(a.Layers()) != 2 {
			t.Errorf("%s: %+v and %d layers", kind, c, len(a.Layers()))
		}
		if got := unpacked(t, a); !maps.Equal(got, map[string]string{"a": "content of a", "b": "content of b", "w": "/"}) {
			t.Errorf("%s: the root file system is %v", kind, got)
		}
	}
}

// layoutOf makes a tar of the image's OCI layout.
func layoutOf(t testing.TB, m *Image) []byte {
	t.Helper()
	dir := t.TempDir()
	l, err := layout.Write(dir, empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.AppendImage(m); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestUpon checks that a layer comes to lie below all others, and that the rest
// of the configuration stays, also what the library has no field for.
func TestUpon(t *testing.T) {
	l := layerText(t)
	bare := configOf(l)
	for name, config := range map[string]string{
		"bare":        with(bare, ""),
		"with labels": with(bare, `"config":{"Entrypoint":["/e"],"Labels":{"old":"1"}}`),
		"with more":   with(bare, `"x":{"y":[1.50]},"history":[{"created_by":"h"}],"config":{"Healthcheck":{"StartInterval":5},"Labels":{"old":"1"}}`),
		"no labels":   with(bare, `"config":{"Labels":null}`),
		"no config":   with(bare, `"config":null`),
	} {
		a := mustOpen(t, archiveOf(t, "manifest.json", `[{"Config":"c","Layers":["l"]}]`, "c", config, "l", l))
		upon, err := a.Upon(mustLayer(t, "bottom"), map[string]string{"new": "2"})
		_, b := mustShip(t, upon, err)
		a = mustOpen(t, b)
		if a.Config().Labels["new"] != "2" || (a.Config().Labels["old"] == "1") != (name == "with labels" || name == "with more") {
			t.Errorf("%s: labels %v", name, a.Config().Labels)
		}
		if name == "with labels" && !slices.Equal(a.Config().Entrypoint, []string{"/e"}) {
			t.Errorf("%s: entry point %v", name, a.Config().Entrypoint)
		}
		if name == "with more" && (!strings.Contains(string(a.text), `"x":{"y":[1.50]}`) || !strings.Contains(string(a.text), `"StartInterval":5`) || len(a.config.History) != 2 || a.config.History[1].CreatedBy != "h") {
			t.Errorf("%s: the configuration has become %s", name, a.text)
		}
		if got := unpacked(t, a); !maps.Equal(got, map[string]string{"a": "content of a", "bottom": "content of bottom"}) {
			t.Errorf("%s: the root file system is %v", name, got)
		}
		if got := contents(t, bufferOf(mustRead(t, a.layers[0])).Bytes()); len(got) != 1 || got["bottom"] == nil {
			t.Errorf("%s: the bottom is not the lowest layer", name)
		}
	}
}

func gzipOf(t testing.TB, b []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// An image that has as many layers as an engine takes gets no further one:
// https://github.com/moby/buildkit/issues/3067, https://github.com/cri-o/cri-o/issues/6261.
func TestUponManyLayers(t *testing.T) {
	for _, n := range []int{MostLayers - 1, MostLayers} {
		lowest := bufferOf(mustRead(t, layersOf("file a 1\nfile b 2\n")[0])).Bytes()
		layers := []Layer{storedOf(t, gzipOf(t, lowest), digestOf(lowest))}
		for i := 1; i < n; i++ {
			layers = append(layers, layersOf(fmt.Sprintf("file c %d\n", i))...)
		}
		m, err := New(v1.Config{}, layers...)
		_, b := mustShip(t, m, err)
		upon, err := mustOpen(t, b).Upon(mustLayer(t, "bottom"), nil)
		s, b := mustShip(t, upon, err)
		if len(s.DiffIDs) != MostLayers {
			t.Errorf("of %d layers %d have become", n, len(s.DiffIDs))
		}
		want := map[string]string{"a": "1", "b": "2", "c": strconv.Itoa(n - 1), "bottom": "content of bottom"}
		if got := unpacked(t, mustOpen(t, b)); !maps.Equal(got, want) {
			t.Errorf("%d layers show %v, want %v", n, got, want)
		}
	}
}

// with adds fields to an object.
func with(object, fields string) string {
	if fields == "" {
		return object
	}
	return strings.TrimSuffix(object, "}") + "," + fields + "}"
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	m, err := New(v1.Config{}, mustLayer(t, "a"))
	_, b := mustShip(t, m, err)
	path := filepath.Join(dir, "image.tar")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if a.Size() != int64(len(b)) {
		t.Errorf("%d bytes, want %d", a.Size(), len(b))
	}
	if _, ok := mustRead(t, a.Layers()[0]).(io.Seeker); !ok {
		t.Error("a reader of the layer's tar can't skip contents")
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "none")} {
		if _, err := Open(path); err == nil {
			t.Errorf("%s is an image", path)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, err := OpenLayer(f)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := l.DiffID()
	digest, _ := l.Digest()
	if size, _ := l.Size(); id != digestOf(b) || digest != id || size != int64(len(b)) {
		t.Errorf("the file as a layer is %v, stored as %v, of %d bytes", id, digest, size)
	}
}

func TestReadFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b", "a"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := ReadFiles(dir, "c")
	if err != nil || len(files) != 2 || files[0].Name != "a" || string(files[1].Content) != "b" {
		t.Errorf("%v, %v", files, err)
	}
	if files, err := ReadFiles(""); err != nil || files != nil {
		t.Errorf("no folder: %v, %v", files, err)
	}
	_, err = ReadFiles(dir, "b")
	wantMalformed(t, err, "a name that a container needs")
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "c")); err != nil {
		t.Skip(err)
	}
	_, err = ReadFiles(dir)
	wantMalformed(t, err, "not a plain file")
}

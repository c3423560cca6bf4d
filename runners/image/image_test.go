package image

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
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

// TestShipmentIsWhole follows both ways to the layers: that of a docker archive
// and that of an OCI layout.
func TestShipmentIsWhole(t *testing.T) {
	low, high := mustLayer(t, "a"), mustLayer(t, "b", "c")
	m, err := New(ocispec.ImageConfig{Entrypoint: []string{"/a"}, Labels: map[string]string{"k": "v"}}, low, high, low)
	s, b := mustShip(t, m, err)
	all := contents(t, b)
	for name, content := range all {
		if sum, ok := strings.CutPrefix(name, blobs); ok && sum != "" && sum != digest.FromBytes(content).Encoded() {
			t.Errorf("%s holds what it does not name", name)
		}
	}
	var docker []dockerManifest
	var index ocispec.Index
	var manifest ocispec.Manifest
	var config ocispec.Image
	read := func(name string, v any) {
		t.Helper()
		if err := json.Unmarshal(all[name], v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	read(manifestFile, &docker)
	read("index.json", &index)
	read(pathOf(index.Manifests[0]), &manifest)
	read(pathOf(manifest.Config), &config)
	var layers []string
	var ids []digest.Digest
	for _, d := range manifest.Layers {
		layers, ids = append(layers, pathOf(d)), append(ids, d.Digest)
	}
	if docker[0].Config != pathOf(manifest.Config) || !slices.Equal(docker[0].Layers, layers) || docker[0].RepoTags[0] != "repository:tag" {
		t.Errorf("the docker archive leads to %+v and the OCI layout to %+v", docker[0], manifest)
	}
	if len(layers) != 3 || layers[0] != layers[2] || layers[0] == layers[1] {
		t.Errorf("the layers are %v", layers)
	}
	if !slices.Equal(config.RootFS.DiffIDs, ids) || config.Config.Labels["k"] != "v" {
		t.Errorf("the configuration is %+v", config)
	}
	if want := []string{manifest.Config.Digest.String(), index.Manifests[0].Digest.String()}; !slices.Equal(s.IDs, want) {
		t.Errorf("the image is called %v, want %v", s.IDs, want)
	}
	if got := contents(t, all[layers[1]]); string(got["c"]) != "content of c" || len(got) != 2 {
		t.Errorf("the upper layer holds %v", got)
	}
}

func TestShipmentDependsOnItsArguments(t *testing.T) {
	make := func(config ocispec.ImageConfig, file string) []byte {
		m, err := New(config, mustLayer(t, file))
		_, b := mustShip(t, m, err)
		return b
	}
	first := make(ocispec.ImageConfig{User: "a"}, "x")
	if !bytes.Equal(first, make(ocispec.ImageConfig{User: "a"}, "x")) {
		t.Error("the same arguments give another archive")
	}
	if bytes.Equal(first, make(ocispec.ImageConfig{User: "b"}, "x")) || bytes.Equal(first, make(ocispec.ImageConfig{User: "a"}, "y")) {
		t.Error("other arguments give the same archive")
	}
}

// TestReadsWhatItWrites reads an archive of ours on both ways.
func TestReadsWhatItWrites(t *testing.T) {
	m, err := New(ocispec.ImageConfig{Cmd: []string{"c"}, WorkingDir: "/w"}, mustLayer(t, "a"), mustLayer(t, "b"))
	_, b := mustShip(t, m, err)
	for _, way := range []string{"docker archive", "OCI layout"} {
		if way == "OCI layout" {
			b = without(t, b, manifestFile)
		}
		a := mustOpen(t, b)
		if c := a.Config(); c.WorkingDir != "/w" || !slices.Equal(c.Cmd, []string{"c"}) || len(a.Layers()) != 2 {
			t.Errorf("%s: %+v and %d layers", way, c, len(a.Layers()))
		}
		if got := unpacked(t, a); !maps.Equal(got, map[string]string{"a": "content of a", "b": "content of b", "w": "/"}) {
			t.Errorf("%s: the root file system is %v", way, got)
		}
	}
}

// without takes an entry out of a tar.
func without(t testing.TB, b []byte, name string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, r := tar.NewWriter(&out), tar.NewReader(bytes.NewReader(b))
	for {
		h, err := r.Next()
		if err == io.EOF {
			w.Close()
			return out.Bytes()
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Name == name {
			continue
		}
		w.WriteHeader(h)
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
	}
}

// TestUpon checks that a layer comes to lie below all others, and that the rest
// of the configuration stays, also what this package does not know.
func TestUpon(t *testing.T) {
	m, err := New(ocispec.ImageConfig{Entrypoint: []string{"/e"}, Labels: map[string]string{"old": "1"}}, mustLayer(t, "a"))
	if err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]string{
		"as it is":        string(m.config),
		"with more":       strings.Replace(string(m.config), `{"created"`, `{"x":{"y":[1.50]},"history":[{"created_by":"h"}],"created"`, 1),
		"without labels":  strings.Replace(string(m.config), `"Labels":{"old":"1"}`, `"Labels":null`, 1),
		"without command": strings.Replace(string(m.config), `"config":{`, `"config":null,"other":{`, 1),
	} {
		_, b := mustShip(t, &Image{[]byte(config), m.layers}, nil)
		a := mustOpen(t, b)
		upon, err := a.Upon(mustLayer(t, "salt"), map[string]string{"new": "2"})
		_, b = mustShip(t, upon, err)
		a = mustOpen(t, b)
		if a.Config().Labels["new"] != "2" || (a.Config().Labels["old"] == "1") != (name == "as it is" || name == "with more") {
			t.Errorf("%s: labels %v", name, a.Config().Labels)
		}
		if name == "with more" && (!strings.Contains(string(a.text), `"x":{"y":[1.50]}`) || len(a.config.History) != 2 || a.config.History[1].CreatedBy != "h") {
			t.Errorf("%s: the configuration has become %s", name, a.text)
		}
		if got := unpacked(t, a); !maps.Equal(got, map[string]string{"a": "content of a", "salt": "content of salt"}) {
			t.Errorf("%s: the root file system is %v", name, got)
		}
		if a.layers[0].id != mustLayer(t, "salt").id {
			t.Errorf("%s: the salt is not the lowest layer", name)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	m, err := New(ocispec.ImageConfig{}, mustLayer(t, "a"))
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
	if err != nil || l.id != digest.FromBytes(b) || l.size != int64(len(b)) {
		t.Errorf("the file as a layer is %+v, %v", l, err)
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

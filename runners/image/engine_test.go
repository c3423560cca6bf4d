package image

import (
	"archive/tar"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

var seed = flag.Uint64("layers.seed", 14, "the seed of the generated layers")

// generated makes the layers of many cases, each in a folder of its own. It makes what
// an engine takes: none takes a path twice in one layer, an entry below a file of the same
// layer, or a whiteout of what the same layer has.
type generated struct {
	random *rand.Rand
	layers []*tar.Writer
	texts  []*bytes.Buffer
	used   []map[string]bool // names of each layer
}

const (
	cases       = 200
	mostLayers  = 4
	mostEntries = 7
)

func generate(seed uint64) []Layer {
	g := &generated{random: rand.New(rand.NewPCG(seed, 14))}
	for range mostLayers {
		b := &bytes.Buffer{}
		g.texts, g.layers, g.used = append(g.texts, b), append(g.layers, tar.NewWriter(b)), append(g.used, map[string]bool{})
	}
	for n := range cases {
		for i := range mostLayers {
			g.layer(i, fmt.Sprintf("c%03d", n))
		}
	}
	var all []Layer
	for i, w := range g.layers {
		w.Close()
		all = append(all, layerOf(g.texts[i].Bytes()))
	}
	return all
}

// layer adds what one layer has of one case.
func (g *generated) layer(at int, root string) {
	has := map[string]byte{root: tar.TypeDir} // by this layer
	for range g.random.IntN(mostEntries + 1) {
		name := root
		for range 1 + g.random.IntN(3) {
			name += "/" + string("abc"[g.random.IntN(3)])
		}
		if blocked(has, name) {
			continue
		}
		g.entry(at, root, name, has)
	}
}

// blocked says whether an entry's folder is something else in the same layer.
func blocked(has map[string]byte, name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if kind, ok := has[dir]; ok && kind != tar.TypeDir {
			return true
		}
	}
	return false
}

// whiteoutKind stands for a whiteout among the types of entries.
const whiteoutKind = 'w'

func (g *generated) entry(at int, root, name string, has map[string]byte) {
	h := tar.Header{Name: name, Mode: []int64{0, 0o600, 0o644, 0o755, 0o4755, 0o1777, 0o111}[g.random.IntN(7)], ModTime: time.Unix(1e9, 0)}
	content := ""
	makes := byte(0) // what is at the name afterwards
	was, taken := has[name]
	switch g.random.IntN(9) {
	case 0, 1:
		makes, content = tar.TypeReg, fmt.Sprint(at, name)
	case 2, 3:
		makes = tar.TypeDir
	case 4:
		makes = tar.TypeSymlink
		h.Linkname = []string{"a", "../b", "/" + root + "/c", "..", "/nowhere", "b/c"}[g.random.IntN(6)]
	case 5:
		makes = tar.TypeFifo
	case 6:
		makes, h.Name = whiteoutKind, path.Join(path.Dir(name), whiteout+path.Base(name))
	case 7:
		makes, h.Linkname = tar.TypeLink, g.file(has)
	case 8:
		makes, h.Name = tar.TypeDir, path.Join(name, opaqueMarker)
	}
	isWhiteout := h.Name != name
	if g.used[at][h.Name] || makes == tar.TypeLink && h.Linkname == "" ||
		taken && was != whiteoutKind && (was != tar.TypeDir || makes != tar.TypeDir) || taken && makes == whiteoutKind ||
		isWhiteout && makes == tar.TypeDir && was == whiteoutKind {
		return
	}
	g.used[at][h.Name], has[name] = true, makes
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		has[dir] = tar.TypeDir
	}
	if h.Typeflag = makes; isWhiteout {
		h.Typeflag = tar.TypeReg
	}
	h.Size = int64(len(content))
	if g.layers[at].WriteHeader(&h) == nil {
		io.WriteString(g.layers[at], content)
	}
}

// file gives a regular file of the layer, "" if it has none.
func (g *generated) file(has map[string]byte) string {
	var files []string
	for name, kind := range has {
		if kind == tar.TypeReg {
			files = append(files, name)
		}
	}
	if len(files) == 0 {
		return ""
	}
	slices.Sort(files)
	return files[g.random.IntN(len(files))]
}

// docker calls the engine's client.
func docker(t *testing.T, stdin io.Reader, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "docker", args...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = stdin, &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("docker %s: %v: %s", args[0], err, said.String())
	}
	return out
}

// shown is what a container of an engine has, as list tells of a folder, and which of
// its files may be executed. Devices, sockets and pipes are left out, as Unpack does.
func shown(t *testing.T, exported []byte) (found map[string]string, executable map[string]bool) {
	t.Helper()
	found, executable = map[string]string{}, map[string]bool{}
	inner := map[string]bool{}
	for r := tar.NewReader(bytes.NewReader(exported)); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		name := strings.Trim(h.Name, "/")
		if !strings.HasPrefix(name, "c") {
			continue // what the engine makes itself
		}
		switch h.Typeflag {
		case tar.TypeDir:
			found[name] = "/"
		case tar.TypeSymlink:
			found[name] = "-> " + h.Linkname
		case tar.TypeReg:
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			found[name], executable[name] = string(content), h.Mode&0o111 != 0
		case tar.TypeLink:
			target := strings.Trim(h.Linkname, "/")
			found[name], executable[name] = found[target], executable[target]
		default:
			continue
		}
		inner[path.Dir(name)] = true
	}
	for name := range inner {
		if found[name] == "/" {
			delete(found, name) // it is not empty
		}
	}
	return found, executable
}

// TestLayersAsTheEngineShowsThem compares what Unpack makes of generated layers with
// what a container of an engine has.
func TestLayersAsTheEngineShowsThem(t *testing.T) {
	if _, err := exec.LookPath("docker"); err != nil {
		t.Skip("the command docker is missing: install it with scripts/setup-debian.sh")
	}
	if out, err := exec.CommandContext(t.Context(), "docker", "info", "--format", "{{.ServerVersion}}").CombinedOutput(); err != nil {
		t.Skipf("no engine answers (%s): start one with scripts/dockerd.sh start", bytes.TrimSpace(out))
	}
	m, err := New(v1.Config{Cmd: []string{"/none"}}, generate(*seed)...)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("edgebench-layers-%d", os.Getpid())
	s, err := m.Ship(name, "latest")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := io.ReadAll(s.Reader())
	if err != nil {
		t.Fatal(err)
	}
	docker(t, bytes.NewReader(archive), "load")
	defer docker(t, nil, "image", "rm", "--force", name)
	id := strings.TrimSpace(string(docker(t, nil, "create", name)))
	defer docker(t, nil, "rm", "--force", id)
	want, executable := shown(t, docker(t, nil, "export", id))

	dir := t.TempDir()
	if _, err := mustOpen(t, archive).Unpack(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	got, differ := list(t, dir), 0
	for _, name := range union(got, want) {
		if got[name] != want[name] {
			t.Errorf("%s is %q, the engine shows %q", name, got[name], want[name])
			differ++
		}
		if info, err := os.Lstat(path.Join(dir, name)); err == nil && info.Mode().IsRegular() && (info.Mode()&0o111 != 0) != executable[name] {
			t.Errorf("%s has the mode %v; may it be executed? the engine says %v", name, info.Mode(), executable[name])
		}
	}
	if len(want) < cases {
		t.Errorf("%d cases show only %d files: the test compares too little", cases, len(want))
	}
	if differ > 0 {
		t.Logf("with -layers.seed=%d", *seed)
	}
}

func union(a, b map[string]string) (names []string) {
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

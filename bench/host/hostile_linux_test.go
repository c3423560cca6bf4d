package host

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"edgebench/results"
)

// survive looks at a machine in every way. What matters is that it ends and
// that all texts can be shown.
func survive(t testing.TB, m tree) {
	t.Helper()
	printableHost(t, described(m))
	before := m.moment(m.ownGroups("cpu"))
	for name, share := range m.moment(m.ownGroups("cpu")).Since(before) {
		if !(share >= 0) || name != results.MachineLoad && share > 1 {
			t.Errorf("%s is %v", name, share)
		}
	}
	spent := m.cpuTimes()
	judged(t, m, spent, rootAccess)
	onlyMending(t, Script(m.findings(spent, rootAccess)))
	judged(t, m, spent.since(idle), access{uid: 7, writable: func(string) bool { return false },
		pageCache: errors.New("a\x1b[31m\nb"), socket: "\x00", dialled: errors.New("dial" + strings.Repeat("\xff", 5000))})
}

// everywhere is a machine on which each of the paths has the same file.
func everywhere(paths []string, file fstest.MapFile) fstest.MapFS {
	files := fstest.MapFS{}
	for _, path := range paths {
		files[path] = &file
	}
	return files
}

func TestHostileFiles(t *testing.T) {
	texts := map[string]string{
		"empty":      "",
		"newlines":   "\n\n\n",
		"garbage":    "\x00\xff\xfe\x80\x1b[2J\x07\u202e\u2028",
		"long line":  strings.Repeat("a", maxText+1),
		"long lines": strings.Repeat("flags : x\nprocessor : 1\n", 1<<13),
		"negative":   "-1\n",
		"too large":  "18446744073709551616\n",
		"brackets":   "[", "closed": "]", "no word": "[]",
		"colons":        ":::\n:\nCapEff:\nMemTotal:\nMax open files",
		"mount":         "1 2 3 4 5 6 - cgroup2",
		"mount of none": "1 1 0:1 / / rw - cgroup2 x \n",
		"cpu":           "cpu  x x x x x x x x\n",
		"load":          "NaN -1 +Inf 1/1 1\n",
		"pressure":      "some avg10=NaN avg60=-Inf avg300=1e999 total=18446744073709551615\n",
		"amounts":       "MemTotal: 18446744073709551615 kB\nMemAvailable: 0xffffffffffffffff kB\nSwapTotal: 1\nSwapFree: 2 kB\n",
		"processor":     "processor:0\nprocessor\t:\n",
		"status":        "Uid:\t1\t1\t1\t1\t1\nCpus_allowed_list:\t0-18446744073709551615\n",
	}
	all := paths(t)
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			survive(t, lay(t, everywhere(all, fstest.MapFile{Data: []byte(text)})))
		})
	}
	t.Run("folders", func(t *testing.T) {
		survive(t, lay(t, everywhere(all, fstest.MapFile{Mode: fs.ModeDir | 0o700})))
	})
	t.Run("links to nothing", func(t *testing.T) {
		survive(t, lay(t, everywhere(all, fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("nowhere")})))
	})
	t.Run("links to folders", func(t *testing.T) {
		survive(t, lay(t, everywhere(all, fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte(".")})))
	})
	t.Run("links to themselves", func(t *testing.T) {
		files := fstest.MapFS{}
		for _, path := range all {
			files[path] = &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte(filepath.Base(path))}
		}
		survive(t, lay(t, files))
	})
	t.Run("forbidden", func(t *testing.T) { survive(t, tree{files: failing{open: fs.ErrPermission}}) })
	t.Run("unreadable", func(t *testing.T) { survive(t, tree{files: failing{read: errors.New("bad sector")}}) })
}

// Each file of a machine may be missing, and nothing else changes for it.
func TestMissingFiles(t *testing.T) {
	for _, name := range machines {
		files := machine(t, name)
		root := write(t, files)
		for path := range files {
			missing, away := filepath.Join(root, path), filepath.Join(root, "away")
			if err := os.Rename(missing, away); err != nil {
				t.Fatal(err)
			}
			survive(t, at(root))
			if err := os.Rename(away, missing); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Of a file that is longer than its bound, the lines within it count.
func TestLongFiles(t *testing.T) {
	mount := "31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
	files := fstest.MapFS{"proc/self/mountinfo": {Data: []byte(strings.Repeat(mount, maxText/len(mount)+2))}}
	if got := lay(t, files).hierarchies().Version(); got != "v2" {
		t.Errorf("the version is %q, want v2", got)
	}
}

// failing is a file system whose files can't be opened, or can't be read.
type failing struct{ open, read error }

func (f failing) Open(string) (fs.File, error) {
	if f.open != nil {
		return nil, f.open
	}
	return f, nil
}

func (f failing) Read([]byte) (int, error)   { return 0, f.read }
func (f failing) Close() error               { return nil }
func (f failing) Stat() (fs.FileInfo, error) { return f, nil }
func (f failing) Name() string               { return "failing" }
func (f failing) Size() int64                { return 0 }
func (f failing) Mode() fs.FileMode          { return 0 }
func (f failing) ModTime() time.Time         { return time.Time{} }
func (f failing) IsDir() bool                { return false }
func (f failing) Sys() any                   { return nil }

// Whatever stands in all files of a machine at once.
func FuzzMachine(f *testing.F) {
	for _, name := range machines {
		var texts bytes.Buffer
		files := machine(f, name)
		for _, path := range slices.Sorted(maps.Keys(files)) {
			texts.Write(files[path].Data)
		}
		f.Add(texts.Bytes())
	}
	file := filepath.Join(f.TempDir(), "text")
	m := lay(f, everywhere(paths(f), fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte(file)}))
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		survive(t, m)
	})
}

// Whatever an engine answers can be shown.
func FuzzEngine(f *testing.F) {
	f.Add([]byte(`{"ServerVersion":"29.1","Driver":"overlay2","Containers":3}`), []byte(`{"Options":{"com.docker.network.bridge.name":"../\u001b[2J"}}`))
	f.Add([]byte(`{"Driver":"vfs\u001b[2J\n"}`), []byte(`{"Options":7}`))
	f.Add([]byte(`{"Driver":1}`), []byte(`[`))
	f.Add([]byte(`[`), []byte(nil))
	f.Fuzz(func(t *testing.T, info, network []byte) {
		e := parseEngine(info, network)
		wellFormed(t, checkStorage(e))
		wellFormed(t, lay(t, fstest.MapFS{}).checkDocker("/run/docker.sock", nil, e))
	})
}

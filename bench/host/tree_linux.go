package host

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/prometheus/procfs"
)

// tree is a root file system, this machine's or a test's. Its readers report
// whether a value could be read, but not why it could not.
type tree struct {
	files fs.FS
	// proc is its /proc, nil where there is none.
	proc *procfs.FS
}

// at gives the tree of a root folder.
func at(root string) tree {
	t := tree{files: os.DirFS(root)}
	if proc, err := procfs.NewFS(filepath.Join(root, "proc")); err == nil {
		t.proc = &proc
	}
	return t
}

// root is this machine.
var root = sync.OnceValue(func() tree { return at("/") })

// ask lets procfs read something.
func ask[T any](t tree, read func(procfs.FS) (T, error)) (found T, ok bool) {
	if t.proc == nil {
		return found, false
	}
	found, err := read(*t.proc)
	return found, err == nil
}

// meminfo reads /proc/meminfo. If it can't be read, all lines are nil.
func (t tree) meminfo() procfs.Meminfo {
	info, _ := ask(t, procfs.FS.Meminfo)
	return info
}

// sysctl reads a setting by its name in sysctl(8).
func (t tree) sysctl(name string) (string, bool) {
	words, ok := ask(t, func(proc procfs.FS) ([]string, error) { return proc.SysctlStrings(name) })
	value := clean(strings.Join(words, " "))
	return value, ok && value != ""
}

// maxText bounds what is read of one file, in bytes. Files that may be longer,
// such as /proc/cpuinfo of a machine with a thousand cores, hold the needed lines
// at their beginning.
const maxText = 1 << 20

// text reads a file up to the bound. A longer file is cut after its last complete
// line.
func (t tree) text(path string) (string, bool) {
	file, err := t.files.Open(path)
	if err != nil {
		return "", false
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxText))
	if len(data) == maxText {
		data = data[:bytes.LastIndexByte(data, '\n')+1]
	}
	return string(data), err == nil
}

// value reads a file that holds one short value.
func (t tree) value(path string) (string, bool) {
	text, ok := t.text(path)
	line, _, _ := strings.Cut(text, "\n")
	line = clean(line)
	return line, ok && line != ""
}

// number reads a file that holds one number.
func (t tree) number(path string) (uint64, bool) {
	value, ok := t.value(path)
	n, err := strconv.ParseUint(value, 10, 64)
	return n, ok && err == nil
}

// exists reports whether there is something at a path.
func (t tree) exists(path string) bool {
	_, err := fs.Stat(t.files, path)
	return err == nil
}

// selected gives the word in brackets of a kernel setting that shows all its
// choices, such as "always [madvise] never".
func selected(choices string) (string, bool) {
	_, rest, ok := strings.Cut(choices, "[")
	word, _, closed := strings.Cut(rest, "]")
	return word, ok && closed && word != ""
}

// field finds the first "name: value" line in a text such as /proc/cpuinfo.
func field(text, name string) (string, bool) {
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(key) == name {
			value = clean(value)
			return value, value != ""
		}
	}
	return "", false
}

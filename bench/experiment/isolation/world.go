package isolation

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"edgebench/runners"
)

// world is what the attempts of one trial aim at, and the folders that the guest is
// given. Its folders and files may be read and written by every user: what is
// examined is the sandbox and not the permissions of files.
type world struct {
	dir string // on the host
	// secret is in each thing that a guest must not read, mark in the memory of another
	// instance alone.
	secret, mark string
	// places are what stands for "{name}" in requests, without the guest's folders.
	places map[string]string
	// facts of the host, by the names of Attempt.fact. A guest knows one if it sees
	// any of the texts.
	facts map[string][]string
	// guest are the paths of the folders as the guest finds them.
	guest map[string]string
	// limit is the file with the limit of the tenant's control group, "" for none.
	limit string
	undo  []func() error
}

// Folders of the world, by their names.
const (
	readable = "ro"
	writable = "rw"
	outside  = "outside"
	names    = "names" // see runners.Policy.Names
)

func folders() []string { return []string{readable, writable, outside, names} }

// Facts of the host.
const (
	factVariable    = "variable"
	factEnvironment = "environment"
	factHostName    = "host-name"
	factUser        = "user"
	factPath        = "path"
	factClock       = "clock"
	factCPU         = "cpu"
	factAddress     = "address"
	factTenant      = "tenant"
	factUsers       = "users"
)

// variable is that of the policy.
const variable = "EDGEBENCH_GIVEN=given"

// allUsers is the number of users that the first user namespace of a kernel has.
const allUsers = "4294967295"

// newWorld sets everything up.
func newWorld() (_ *world, err error) {
	w := &world{places: map[string]string{}, facts: map[string][]string{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.remove())
		}
	}()
	if w.secret, err = random("edgebench-secret-"); err != nil {
		return nil, err
	}
	if w.mark, err = random("edgebench-mark-"); err != nil {
		return nil, err
	}
	sweep()
	if w.dir, err = os.MkdirTemp("", worldPrefix()); err != nil {
		return nil, err
	}
	w.later(func() error { return os.RemoveAll(w.dir) })
	if err := os.Chmod(w.dir, 0o755); err != nil {
		return nil, err
	}
	for _, name := range folders() {
		if err := folder(filepath.Join(w.dir, name)); err != nil {
			return nil, err
		}
	}
	if err := w.reset(); err != nil {
		return nil, err
	}
	w.places["outside"] = filepath.Join(w.dir, outside)
	w.places["secret"] = w.secret
	w.places["hidden"] = hide(w.mark)
	w.know()
	return w, w.populate()
}

// prefix begins the names of all that could outlive this process; the number of the
// process follows.
const prefix = "edgebench-isolation-"

func worldPrefix() string { return prefix + strconv.Itoa(os.Getpid()) + "-" }

// ownerOf is the process that made what has this name, 0 for a name of another kind.
func ownerOf(name string) int {
	rest, ok := strings.CutPrefix(name, prefix)
	number, _, whole := strings.Cut(rest, "-")
	pid, err := strconv.Atoi(number)
	if !ok || !whole || err != nil || pid < 1 {
		return 0
	}
	return pid
}

func random(prefix string) (string, error) {
	var b [12]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return prefix + hex.EncodeToString(b[:]), nil
}

// hiddenBy is the byte by which the guest's memory.c hides a mark.
const hiddenBy = 0x55

func hide(mark string) string {
	b := []byte(mark)
	for i := range b {
		b[i] ^= hiddenBy
	}
	return string(b)
}

// later notes what undoes a part of the world. The last is undone first.
func (w *world) later(undo func() error) { w.undo = append(w.undo, undo) }

// remove undoes everything.
func (w *world) remove() error {
	var errs []error
	for _, undo := range slices.Backward(w.undo) {
		errs = append(errs, undo())
	}
	w.undo = nil
	return errors.Join(errs...)
}

// folder makes a folder that every user may write to, whatever the umask.
func folder(path string) error {
	if err := os.Mkdir(path, 0o777); err != nil {
		return err
	}
	return os.Chmod(path, 0o777)
}

func file(path, content string) error {
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		return err
	}
	return os.Chmod(path, 0o666)
}

// givenText is the content of the file that may be read.
const givenText = "given to be read\n"

// reset makes the content of all folders anew. The folders stay, since guests have
// them open.
func (w *world) reset() error {
	for _, name := range folders() {
		dir := filepath.Join(w.dir, name)
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	canary := filepath.Join(w.dir, outside, "canary")
	return errors.Join(
		file(canary, w.secret+"\n"),
		file(filepath.Join(w.dir, readable, "given"), givenText),
		file(filepath.Join(w.dir, names, "given"), givenText),
		os.Symlink(canary, filepath.Join(w.dir, readable, "absolute-link")),
		os.Symlink("../outside/canary", filepath.Join(w.dir, readable, "relative-link")),
		w.resetLimit(),
	)
}

// changed says what is no longer as reset made it, outside of the writable folder; ""
// for nothing.
func (w *world) changed() (string, error) {
	expected := map[string]string{
		"outside/canary": w.secret + "\n", "ro/given": givenText, "ro/absolute-link": "", "ro/relative-link": "",
	}
	for _, name := range []string{readable, outside} {
		entries, err := os.ReadDir(filepath.Join(w.dir, name))
		if err != nil {
			return "", err
		}
		for _, e := range entries {
			path := name + "/" + e.Name()
			want, known := expected[path]
			if !known {
				return path + " has been made", nil
			}
			delete(expected, path)
			if e.Type()&fs.ModeSymlink != 0 {
				continue
			}
			b, err := os.ReadFile(filepath.Join(w.dir, path))
			if err != nil {
				return "", err
			}
			if string(b) != want {
				return fmt.Sprintf("%s has changed, and has %d bytes", path, len(b)), nil
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(expected)) {
		return path + " is gone", nil
	}
	b, err := os.ReadFile(filepath.Join(w.dir, names, "given"))
	if err == nil && string(b) != givenText {
		return fmt.Sprintf("%s/given has changed, and has %d bytes", names, len(b)), nil
	}
	if err != nil {
		return "", err
	}
	return w.changedLimit()
}

// hardenedMemory is the limit of a hardened guest, in bytes.
const hardenedMemory = 64 << 20

// confine writes the policy into the options of a trial.
func (w *world) confine(o *runners.Options, kind runners.Kind, hardened bool) {
	o.Policy = &runners.Policy{Hardened: hardened}
	w.guest = map[string]string{readable: "/ro", writable: "/rw", names: "/names"}
	if hardened {
		o.Memory = hardenedMemory
		if kind.WebAssembly() {
			return // which has no use for folders, and is given none
		}
	}
	o.Policy.Environment = []string{variable}
	o.Policy.Names = &runners.Folder{Host: filepath.Join(w.dir, names), Guest: "/names"}
	o.Policy.Folders = []runners.Folder{
		{Host: filepath.Join(w.dir, readable), Guest: "/ro"},
		{Host: filepath.Join(w.dir, writable), Guest: "/rw", Writable: true},
	}
}

// onHost makes requests use the paths of the host.
func (w *world) onHost() {
	for name := range w.guest {
		w.guest[name] = filepath.Join(w.dir, name)
	}
}

// request fills in the places of a request, "{name}", as the guest takes words. A
// place that this machine does not have is an error.
func (w *world) request(template string) (string, error) {
	var b strings.Builder
	for rest := template; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			break
		}
		name, end, _ := strings.Cut(after, "}")
		value, ok := w.guest[name]
		if !ok {
			value, ok = w.places[name]
		}
		if !ok {
			return "", fmt.Errorf("this machine has no %s: %w", name, errors.ErrUnsupported)
		}
		b.WriteString(word(value))
		rest = end
	}
	return b.String(), nil
}

// word writes a text as the guest takes it in a word.
func word(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c > ' ' && c < 0x7f && c != '%' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// know collects the facts of the host that any system has.
func (w *world) know() {
	w.facts[factVariable] = []string{variable}
	w.facts[factUsers] = []string{allUsers}
	w.facts[factPath] = []string{filepath.Base(w.dir)}
	w.facts[factUser] = []string{strconv.Itoa(os.Geteuid())}
	if name, err := os.Hostname(); err == nil {
		w.facts[factHostName] = []string{name}
	}
	for _, v := range os.Environ() {
		name, value, _ := strings.Cut(v, "=")
		if value != "" && !slices.Contains([]string{"PATH", "HOME", "TERM", "HOSTNAME"}, name) {
			w.facts[factEnvironment] = append(w.facts[factEnvironment], v)
		}
	}
	if address := hostAddress(); address != "" {
		w.facts[factAddress] = []string{address}
	}
}

// hostAddress is an IPv4 address of the host that is not of its loopback interface, ""
// for none.
func hostAddress() string {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			return n.IP.String()
		}
	}
	return ""
}

package results

import (
	"cmp"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// redactor takes out of texts what tells of the person who measured: the folders of
// the machine, the user's name, and the values of environment variables. A run is
// published as it lies on disk, so that all texts of records and of the environment
// pass through it before they are written. Names of files, without their folders,
// stay: a reader needs them. It is not applied to identities, which others compare.
type redactor struct {
	// values are replaced wherever they occur, the longer before the shorter.
	values []replacement
	// name matches the user's name as a word, nil where it tells nothing.
	name *regexp.Regexp
}

type replacement struct{ value, by string }

// newRedactor makes one for an environment (as os.Environ gives it), the user's name
// and folders that are private, "" for none.
func newRedactor(environ []string, name string, folders ...string) *redactor {
	r := &redactor{}
	for _, variable := range environ {
		key, value, _ := strings.Cut(variable, "=")
		r.variable(key, value)
	}
	for _, folder := range folders {
		if strings.Count(filepath.ToSlash(folder), "/") > 1 {
			r.values = append(r.values, replacement{filepath.Clean(folder), "…"})
		}
	}
	slices.SortStableFunc(r.values, func(a, b replacement) int { return cmp.Compare(len(b.value), len(a.value)) })
	name = name[strings.LastIndexByte(name, '\\')+1:] // Windows puts the domain before it
	if len(name) >= minName && !slices.Contains(commonNames, strings.ToLower(name)) {
		r.name = regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(name) + `\b`)
	}
	return r
}

const (
	// minName and minValue are lengths in bytes. Shorter texts occur by chance.
	minName  = 3
	minValue = 8
)

// commonNames are names of users that tell nothing of a person, and that are words of
// other texts.
var commonNames = []string{
	"root", "user", "users", "runner", "docker", "build", "builder", "test", "tester", "admin", "administrator",
	"nobody", "daemon", "ubuntu", "debian", "fedora", "vagrant", "jenkins", "ci", "agent", "service", "system", "node", "wasm",
}

// recorded are variables, or the beginnings of their names, whose values are settings
// that a record is to have, or that are the same on many machines.
var recorded = []string{"GO", "CGO_", "CC", "CXX", "CFLAGS", "LANG", "LC_", "TERM", "COLORTERM", "SHELL", "PATH", "EDGEBENCH_"}

// variable notes what must not be seen of a variable.
func (r *redactor) variable(key, value string) {
	isSetting := slices.ContainsFunc(recorded, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
	if len(value) < minValue || isSetting || public(value) {
		return
	}
	r.values = append(r.values, replacement{value, "$" + key})
	// Errors have the address of an engine without its scheme.
	if _, address, ok := strings.Cut(value, "://"); ok && len(address) >= minValue && !public(address) {
		r.values = append(r.values, replacement{address, "$" + key})
	}
}

// publicFolders are the same on every machine, with the sockets in them at which
// engines listen by default.
var publicFolders = []string{
	"/proc/", "/sys/", "/dev/", "/usr/", "/lib/", "/lib32/", "/lib64/", "/etc/", "/bin/", "/sbin/", "/boot/",
	"/run/docker.sock", "/var/run/docker.sock", "/run/containerd/", "/run/runc/", "/run/crun/", "/run/podman/", "/var/lib/docker/",
}

func public(path string) bool {
	return slices.ContainsFunc(publicFolders, func(folder string) bool { return strings.HasPrefix(path+"/", folder) })
}

// absolute matches an absolute path of at least two elements, and what is before it.
// A space within an element counts to it if another element follows.
var absolute = regexp.MustCompile(
	`(^|//|[\s"'=(\[{<,;:|@` + "`" + `])` +
		`((?:[A-Za-z]:)?(?:[/\\][^\s/\\:"'<>|,;()\[\]` + "`" + `]+(?: [^\s/\\:"'<>|,;()\[\]` + "`" + `]+)*)+[/\\][^\s/\\:"'<>|,;()\[\]` + "`" + `]+)`)

// homes are folders whose folders are named after users.
var homes = regexp.MustCompile(`^(?:[A-Za-z]:)?[/\\](?:home|Users)[/\\][^/\\]+$`)

// text gives a text without what is private.
func (r *redactor) text(s string) string {
	if s == "" {
		return s
	}
	for _, v := range r.values {
		s = strings.ReplaceAll(s, v.value, v.by)
	}
	s = absolute.ReplaceAllStringFunc(s, func(match string) string {
		parts := absolute.FindStringSubmatch(match)
		before, path := parts[1], parts[2]
		switch {
		case public(path):
			return match
		case homes.MatchString(path):
			return before + "~"
		}
		return before + "…/" + path[strings.LastIndexAny(path, `/\`)+1:]
	})
	if r.name != nil {
		s = r.name.ReplaceAllString(s, "USER")
	}
	return s
}

// texts gives a map with redacted values.
func (r *redactor) texts(m map[string]string) map[string]string {
	m = maps.Clone(m)
	for key, value := range m {
		m[key] = r.text(value)
	}
	return m
}

// environment gives what can be published of an environment.
func (r *redactor) environment(e Environment) Environment {
	e.Host.Settings, e.Host.Cgroup = r.texts(e.Host.Settings), r.text(e.Host.Cgroup)
	e.Toolchain = r.texts(e.Toolchain)
	e.Systems, e.Artefacts, e.Agents = slices.Clone(e.Systems), slices.Clone(e.Artefacts), slices.Clone(e.Agents)
	for i := range e.Systems {
		s := &e.Systems[i]
		s.Unavailable, s.Settings = r.text(s.Unavailable), r.texts(s.Settings)
	}
	for i := range e.Artefacts {
		a := &e.Artefacts[i]
		a.Unavailable, a.Toolchain, a.Flags = r.text(a.Unavailable), r.text(a.Toolchain), r.text(a.Flags)
	}
	for i := range e.Agents {
		e.Agents[i].Settings = r.texts(e.Agents[i].Settings)
	}
	e.Command = slices.Clone(e.Command)
	for i, word := range e.Command {
		e.Command[i] = r.text(word)
	}
	return e
}

// record gives what can be published of a record.
func (r *redactor) record(rec Record) Record {
	rec.Error = r.text(rec.Error)
	rec.Warnings, rec.Checks = slices.Clone(rec.Warnings), slices.Clone(rec.Checks)
	for i := range rec.Warnings {
		rec.Warnings[i].Text = r.text(rec.Warnings[i].Text)
	}
	for i := range rec.Checks {
		rec.Checks[i].Evidence = Evidence(r.text(rec.Checks[i].Evidence))
	}
	rec.Stop, rec.ProcessStop = r.stop(rec.Stop), r.stop(rec.ProcessStop)
	return rec
}

func (r *redactor) stop(s *Stop) *Stop {
	if s == nil {
		return nil
	}
	redacted := *s
	redacted.Detail = r.text(s.Detail)
	return &redacted
}

// machineRedactor is that of this process.
func machineRedactor() *redactor {
	var name string
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	home, _ := os.UserHomeDir()
	cache, _ := os.UserCacheDir()
	config, _ := os.UserConfigDir()
	folders := []string{home, cache, config}
	if dir, err := os.Getwd(); err == nil {
		folders = append(folders, dir)
	}
	if runtime.GOOS != "linux" { // it is /tmp there
		folders = append(folders, os.TempDir())
	}
	return newRedactor(os.Environ(), name, folders...)
}

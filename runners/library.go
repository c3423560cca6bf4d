package runners

import (
	"fmt"
	"regexp"
	"strings"
)

// Library is a library in C that an agent links. Either a Go module brings it, or it is
// one of the system.
type Library struct {
	// Name is that of the file without lib and the ending.
	Name string
	// Tag is the build tag of what links it, so that all else builds without it; "" if a
	// Go module brings it.
	Tag string
	// Header is the file below the folder of headers that defines the version, Macro the
	// name under which it does.
	Header, Macro string
	// Version is how the versions of the system's begin that can be linked.
	Version string
	// Variable names the environment variable with the user's folder, which has
	// include and lib in it.
	Variable string
	// Folder is where scripts/setup-debian.sh puts the library.
	Folder string
}

// Bundled says that a Go module brings the library.
func (l Library) Bundled() bool { return l.Tag == "" }

// OwnLibrary is a user's library that is linked in place of a runner's. The runner with
// it is a runner of its own, so that two versions can be measured in one run.
type OwnLibrary struct {
	// Runner whose library it replaces.
	Runner string `toml:"runner"`
	// Name tells it from others.
	Name string `toml:"name"`
	// Path is a folder with the library, or with lib and, where its headers differ from
	// the runner's, include.
	Path string `toml:"path"`
	// Headers is the version that its headers define, "" where it has none or has not
	// been examined.
	Headers string `toml:"-"`
}

// ownMark stands between a runner and the name of the library that it is linked with.
const ownMark = "@"

// RunnerName is the name of the runner with the library, RUNNER@NAME.
func (l OwnLibrary) RunnerName() string { return l.Runner + ownMark + l.Name }

// FamilyOf is the row of the table that a runner belongs to: RUNNER of RUNNER@NAME.
func FamilyOf(name string) string {
	family, _, _ := strings.Cut(name, ownMark)
	return family
}

var libraryName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

// With gives the row of the runner with the library. Its errors are the user's mistakes.
func (l OwnLibrary) With() (Entry, error) {
	if !libraryName.MatchString(l.Name) {
		return Entry{}, fmt.Errorf("the library's name is %.40q, want up to 32 of a to z, digits, dot, dash and underscore", l.Name)
	}
	var linkable []string
	for _, e := range Table() {
		if e.Library == nil {
			continue
		}
		if e.Name == l.Runner {
			e.Name, e.Own = l.RunnerName(), &l
			return e, nil
		}
		linkable = append(linkable, e.Name)
	}
	return Entry{}, fmt.Errorf("the library %s is for the runner %.40q: only %s can be linked with another library", l.Name, l.Runner, strings.Join(linkable, ", "))
}

// Find returns the row of a runner. That of RUNNER@NAME is RUNNER's under this name: a
// record says that there was a library and not where.
func Find(name string) (Entry, bool) {
	for _, e := range Table() {
		if e.Name == name {
			return e, true
		}
		if e.Name == FamilyOf(name) && e.Library != nil {
			e.Name = name
			return e, true
		}
	}
	return Entry{}, false
}

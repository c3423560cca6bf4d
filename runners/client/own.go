package client

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"edgebench/runners"
	"edgebench/runners/elf"
	"edgebench/runners/source"
)

// Own is what the file of a user's library and its headers tell.
type Own struct {
	// File is the path that the linker takes.
	File   string
	SHA256 string
	// Version is what the headers beside it define, "" without headers.
	Version string
	// include is the folder of the headers, "" for those of the runner.
	include string
}

// Examine looks at the user's library of a row. Its errors are one line and the user's
// mistakes.
func Examine(e runners.Entry) (o Own, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("the library %s for %s: %w", e.Own.Name, e.Own.Runner, err)
		}
	}()
	dir := e.Own.Path
	if runtime.GOOS != "linux" {
		return o, errors.New("libraries of yours are linked on Linux alone")
	}
	if o.File, err = ownFile(*e.Library, dir); err != nil {
		return o, err
	}
	if err := elf.CheckLibrary(o.File); err != nil {
		return o, err
	}
	if o.SHA256, _, err = source.HashFile(o.File); err != nil {
		return o, err
	}
	include := filepath.Join(dir, "include")
	o.Version, err = headerVersion(filepath.Join(include, e.Library.Header), e.Library.Macro)
	switch {
	case err == nil:
		o.include = include
	case !errors.Is(err, fs.ErrNotExist):
		return o, err
	case !e.Library.Bundled():
		return o, fmt.Errorf("there is no %s in %s: its headers belong beside it", e.Library.Header, include)
	}
	return o, nil
}

// ownFile finds the library in a folder or below it, as the linker would: a shared one
// first.
func ownFile(l runners.Library, dir string) (string, error) {
	if info, err := os.Stat(dir); err != nil {
		return "", err
	} else if !info.IsDir() {
		return "", fmt.Errorf("%s is not a folder: name the one that holds the library", dir)
	}
	for _, below := range append([]string{""}, libraryFolders...) {
		for _, ending := range []string{".so", ".a"} {
			if file := filepath.Join(dir, below, "lib"+l.Name+ending); exists(file) {
				return file, nil
			}
		}
	}
	return "", fmt.Errorf("there is neither lib%s.so nor lib%[1]s.a in %s or its lib: name the folder that holds the library", l.Name, dir)
}

// linkage is how the agent is linked with the library. Its folder comes before the
// runner's, and so do its headers, with which the agent is compiled where they are
// there: what they declare otherwise does not compile. Both are reached below a folder of
// the cache whose name depends on what they hold and not on where they lie: Go compiles
// anew what uses cgo where flags differ, and does not look at headers and libraries.
func (o Own) linkage(l runners.Library, cache string) (how Linkage, err error) {
	header := ""
	if o.include != "" {
		if header, _, err = source.HashFile(filepath.Join(o.include, l.Header)); err != nil {
			return how, err
		}
	}
	dir := filepath.Join(cache, "libraries", fmt.Sprintf("%.12s-%.12s", o.SHA256, header))
	if !plainPath.MatchString(dir) {
		return how, fmt.Errorf("the flags of a compiler cannot hold the name of the cache %q: choose another by XDG_CACHE_HOME", dir)
	}
	lib, include := filepath.Join(dir, "lib"), filepath.Join(dir, "include")
	if err := point(lib, filepath.Dir(o.File)); err != nil {
		return how, err
	}
	how = Linkage{Tag: l.Tag, Own: o.SHA256, Env: []string{linkerFlags(lib)}}
	if o.include != "" {
		if err := point(include, o.include); err != nil {
			return how, err
		}
		flags := []string{"-O2", "-g", "-I" + include, "-DEDGEBENCH_OWN_HEADERS", os.Getenv("CGO_CFLAGS")}
		how.Env = append(how.Env, "CGO_CFLAGS="+strings.Join(flags, " "))
	}
	return how, nil
}

// point makes a symbolic link in place of an earlier one.
func point(link, target string) error {
	if there, err := os.Readlink(link); err == nil && there == target {
		return nil
	}
	dir := filepath.Dir(link)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of a library: %w", err)
	}
	fresh, err := os.MkdirTemp(dir, "link")
	if err != nil {
		return fmt.Errorf("make the link to a library: %w", err)
	}
	defer os.RemoveAll(fresh)
	made := filepath.Join(fresh, "link")
	if err = os.Symlink(target, made); err == nil {
		err = os.Rename(made, link)
	}
	if err != nil {
		return fmt.Errorf("make the link to a library: %w", err)
	}
	return nil
}

// undefined is what linkers and cgo say of a name that a library or its headers do not have.
var undefined = regexp.MustCompile("undefined reference to [`'](\\w+)'|undefined symbol: (\\w+)|could not determine what C\\.(\\w+) refers to")

// differs is what compilers say of a declaration that the headers have otherwise.
var differs = regexp.MustCompile(`(?m)^(?:.*/)?([^/\n]*:\d+):\d+: error: (.*)$`)

// whyNot is what the build of an agent with the library stumbled on.
func whyNot(e runners.Entry, said string) error {
	name := "lib" + e.Library.Name
	text := strings.NewReplacer("‘", "'", "’", "'").Replace(said)
	if found := undefined.FindStringSubmatch(text); found != nil {
		symbol := found[1] + found[2] + found[3]
		return fmt.Errorf("the library %s for %s: this %s does not have %s, which the agent needs: give a version that has it", e.Own.Name, e.Own.Runner, name, symbol)
	}
	if found := differs.FindStringSubmatch(text); found != nil {
		return fmt.Errorf("the library %s for %s: the headers of this %s declare otherwise what the agent needs (%s: %s): give a version that is nearer to the runner's", e.Own.Name, e.Own.Runner, name, found[1], found[2])
	}
	return fmt.Errorf("the library %s for %s: an agent does not build with this %s: %s", e.Own.Name, e.Own.Runner, name, firstLines(said))
}

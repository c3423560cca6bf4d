package client

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"edgebench/runners"
)

// Linkage is how the Go toolchain links an agent with a library of the system. The zero
// Linkage is that of an agent without one.
type Linkage struct {
	// Tag is the build tag.
	Tag string
	// Env are environment variables of the Go toolchain, as NAME=VALUE.
	Env []string
	// Own is the SHA-256 of the user's library that takes the place of the runner's, ""
	// for that of the runner.
	Own string
}

// findLibrary looks for a library in the user's folder, where the set-up script puts
// it, and where a system has its own. If there is none that can be linked, the error is
// one line that says how to get it.
func findLibrary(l runners.Library) (Linkage, error) {
	if dir := os.Getenv(l.Variable); dir != "" {
		how, err := linkage(l, dir)
		if err != nil {
			return how, fmt.Errorf("%s: %w: name the folder that holds include and lib", l.Variable, err)
		}
		return how, nil
	}
	var found error
	for _, dir := range []string{l.Folder, "/usr/local", "/usr"} {
		how, err := linkage(l, dir)
		if err == nil {
			return how, nil
		}
		if !errors.Is(err, fs.ErrNotExist) && found == nil {
			found = err
		}
	}
	remedy := "scripts/setup-debian.sh installs it, and " + l.Variable + " names the folder of one that lies elsewhere"
	if found != nil {
		return Linkage{}, fmt.Errorf("%w: %s", found, remedy)
	}
	return Linkage{}, fmt.Errorf("it needs lib%s %sx with its headers: %s", l.Name, l.Version, remedy)
}

// maxHeader bounds a header that is read for a version, in bytes.
const maxHeader = 1 << 20

// plainPath is an absolute path without a character that divides flags.
var plainPath = regexp.MustCompile(`^/[A-Za-z0-9/._+~@-]*$`)

// libraryFolders are where a library may lie below its folder.
var libraryFolders = []string{"lib", "lib64", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"}

// linkage examines one folder. A library that is not there is fs.ErrNotExist.
func linkage(l runners.Library, dir string) (how Linkage, err error) {
	if !plainPath.MatchString(dir) {
		return how, fmt.Errorf("the flags of a compiler cannot hold the name %q", dir)
	}
	include := filepath.Join(dir, "include")
	version, err := headerVersion(filepath.Join(include, l.Header), l.Macro)
	if err != nil {
		return how, err
	}
	if !strings.HasPrefix(version, l.Version) {
		return how, fmt.Errorf("lib%s in %s is %q, and %sx is wanted", l.Name, dir, version, l.Version)
	}
	for _, below := range libraryFolders {
		lib := filepath.Join(dir, below)
		if _, err := os.Stat(filepath.Join(lib, "lib"+l.Name+".so")); err == nil {
			return Linkage{Tag: l.Tag, Env: linkEnv(dir, include, lib)}, nil
		}
	}
	return how, &fs.PathError{Op: "find", Path: filepath.Join(dir, "lib", "lib"+l.Name+".so"), Err: fs.ErrNotExist}
}

// headerVersion reads the text that a header defines for a macro.
func headerVersion(path, macro string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() > maxHeader {
		return "", fmt.Errorf("%s has %d bytes, at most %d are read: %w", path, info.Size(), maxHeader, runners.ErrTooLarge)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	define := regexp.MustCompile(`(?m)^#define ` + regexp.QuoteMeta(macro) + ` "([^"\n]*)"`)
	found := define.FindSubmatch(bytes.ReplaceAll(text, []byte("\r"), nil))
	if found == nil {
		return "", fmt.Errorf("%s defines no %s", path, macro)
	}
	return string(found[1]), nil
}

// linkEnv are the flags for cgo. Flags of the user come last, so that they count.
func linkEnv(dir, include, lib string) []string {
	if dir == "/usr" {
		return nil // where compilers look by themselves
	}
	return []string{
		"CGO_CFLAGS=" + strings.Join([]string{"-O2", "-g", "-I" + include, os.Getenv("CGO_CFLAGS")}, " "),
		linkerFlags(lib),
	}
}

// linkerFlags are those for the library in a folder. A folder with a dynamic linker of
// its own holds a whole C library, which is newer than the system's: the agent runs with
// that one, and the system's stays as it is.
func linkerFlags(lib string) string {
	ld := []string{"-L" + lib, "-Wl,-rpath," + lib}
	for _, name := range []string{"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"} {
		if loader := filepath.Join(lib, name); exists(loader) {
			ld = append(ld, "-Wl,--dynamic-linker="+loader, "-Wl,--allow-shlib-undefined")
		}
	}
	return "CGO_LDFLAGS=" + strings.Join(append(ld, "-O2", "-g", os.Getenv("CGO_LDFLAGS")), " ")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

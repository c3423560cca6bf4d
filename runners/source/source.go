// Package source finds the suite's sources on this machine and builds its Go
// programs (agents, Go workloads) into the user's cache folder.
package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

// module is the suite's module path.
const module = "edgebench"

// Root finds the suite's folder, the one with workloads/ in it: around the
// working folder (a clone), beside the executable (an installed release), or
// where this program was compiled (go run from elsewhere), in this order.
func Root() (string, error) {
	if wd, err := os.Getwd(); err == nil {
		if dir, ok := above(wd); ok {
			return dir, nil
		}
	}
	if exe, err := os.Executable(); err == nil {
		if dir := filepath.Dir(exe); holdsWorkloads(dir) {
			return dir, nil
		}
	}
	if _, file, _, ok := runtime.Caller(0); ok {
		if dir, ok := above(filepath.Dir(file)); ok {
			return dir, nil
		}
	}
	return "", errors.New("the suite's folder with workloads/ is neither around the working folder nor beside the program: run it inside a clone of edgebench")
}

// HasSources reports whether Go programs can be built from root.
func HasSources(root string) bool { return isModule(root) }

// CacheDir returns the suite's folder in the user's cache, and makes it.
func CacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder: %w (set XDG_CACHE_HOME or HOME)", err)
	}
	dir := filepath.Join(base, module)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the cache folder: %w", err)
	}
	return dir, nil
}

// HashFile returns the SHA-256 of a file in hexadecimal, and its size in bytes.
func HashFile(path string) (sum string, size uint64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return "", 0, fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), uint64(n), nil
}

func above(dir string) (string, bool) {
	for {
		if isModule(dir) {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

func isModule(dir string) bool {
	b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && strings.HasPrefix(string(b), "module "+module+"\n")
}

func holdsWorkloads(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "workloads"))
	return err == nil && info.IsDir()
}

// Version gives the exact version of a module that is linked into this
// program, as the Go toolchain recorded it; "unknown" when it did not.
func Version(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range info.Deps {
		if m.Path == module {
			return m.Version
		}
	}
	return "unknown"
}

// ownLibrary is the SHA-256 of the user's library that an agent links in place of the
// runner's. The linker sets it, so that the agent is linked anew when the file changes:
// the Go toolchain does not look at libraries.
var ownLibrary string

// OwnLibraryVariable is the linker's name for the variable with the SHA-256 of a user's
// library.
const OwnLibraryVariable = module + "/runners/source.ownLibrary"

// OwnLibrary is the SHA-256 of the user's library that is linked into this program in
// place of a runner's, "" if none is.
func OwnLibrary() string { return ownLibrary }

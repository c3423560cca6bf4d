// Package client is the harness's side of the protocol: it builds an agent,
// starts it, sends requests, and ends it in any state.
package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"edgebench/runners"
	"edgebench/runners/source"
)

// Executable gives the path of a runner's agent: the file edgebench-agent-NAME
// beside this program, else one that the Go toolchain builds from root into
// the user's cache folder. If there is no agent, the error wraps
// runners.ErrUnavailable and is one line long.
func Executable(ctx context.Context, root string, e runners.Entry) (string, error) {
	if len(e.Systems) > 0 && !slices.Contains(e.Systems, runtime.GOOS) {
		return "", unavailable(e, "it runs only on "+strings.Join(e.Systems, " and "))
	}
	if self, err := os.Executable(); err == nil && e.Own == nil {
		beside := filepath.Join(filepath.Dir(self), "edgebench-agent-"+e.Name+exeSuffix())
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
			return beside, nil
		}
	}
	if !source.HasSources(root) {
		return "", unavailable(e, "its agent is not beside the program and there are no sources to build it from: run inside a clone of edgebench")
	}
	how, err := CanBuild(ctx, e)
	if err != nil {
		return "", err
	}
	return build(ctx, root, e, target{arch: runtime.GOARCH, linkage: how})
}

func exeSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// unavailable says of a runner that it is, and why.
func unavailable(e runners.Entry, why string) error {
	return fmt.Errorf("%s is %w: %s", e.Name, runners.ErrUnavailable, why)
}

// CanBuild checks the prerequisites of the build, since the linker's message would not
// name the remedy, and says how the agent is linked. What is missing is an error of one
// line that wraps runners.ErrUnavailable.
func CanBuild(ctx context.Context, e runners.Entry) (how Linkage, err error) {
	if _, err := exec.LookPath("go"); err != nil {
		return how, unavailable(e, "its agent must be built and there is no Go toolchain: install Go 1.26 or later")
	}
	if !e.Cgo {
		return how, nil
	}
	out, err := exec.CommandContext(ctx, "go", "env", "CGO_ENABLED", "CC").Output()
	if err != nil {
		return how, unavailable(e, "go env: "+err.Error())
	}
	enabled, cc, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if fields := strings.Fields(cc); len(fields) > 0 {
		if _, err := exec.LookPath(fields[0]); err != nil {
			return how, unavailable(e, "it needs a C compiler ("+fields[0]+" is not found): scripts/setup-debian.sh installs one")
		}
	}
	if enabled != "1" {
		return how, unavailable(e, "it needs cgo, which is off: unset CGO_ENABLED or set it to 1")
	}
	if e.Own != nil {
		own, err := Examine(e)
		if err != nil {
			return how, err
		}
		cache, err := source.CacheDir()
		if err != nil {
			return how, err
		}
		return own.linkage(*e.Library, cache)
	}
	if e.Library == nil || e.Library.Bundled() {
		return how, nil
	}
	if how, err = findLibrary(*e.Library); err != nil {
		return how, unavailable(e, err.Error())
	}
	return how, nil
}

// target is what an agent is built for.
type target struct {
	// arch is Go's architecture.
	arch string
	// compiler is the C compiler, "" for Go's choice.
	compiler string
	linkage  Linkage
}

// environment gives the variables that Go builds for the target by.
func (t target) environment(e runners.Entry) []string {
	if t.arch == runtime.GOARCH && t.compiler == "" {
		return nil
	}
	env := []string{"GOARCH=" + t.arch, "CGO_ENABLED=0"}
	if e.Cgo {
		env = append(env, "CGO_ENABLED=1", "CC="+t.compiler)
	}
	return env
}

// linkerSays is how much of a build's messages is kept, in bytes: a linker that fails
// prints the whole command first.
const linkerSays = 64 << 10

// build lets the Go toolchain decide whether the cached agent is up to date. A lock
// keeps two processes from building at once.
func build(ctx context.Context, root string, e runners.Entry, t target) (string, error) {
	cache, err := source.CacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "agents", runtime.GOOS+"-"+t.arch)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of agents: %w", err)
	}
	lock := flock.New(filepath.Join(dir, e.Name+".lock"))
	if ok, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil || !ok {
		return "", fmt.Errorf("lock the folder of agents: %w", err)
	}
	defer lock.Unlock()
	path := filepath.Join(dir, e.Name+exeSuffix())
	if err := removeGarbage(path); err != nil {
		return "", fmt.Errorf("remove what is no program and in the agent's place: %w", err)
	}
	args := []string{"build", "-trimpath", "-buildvcs=false", "-o", path}
	if t.linkage.Tag != "" {
		args = append(args, "-tags="+t.linkage.Tag)
	}
	if t.linkage.Own != "" {
		args = append(args, "-ldflags=-X="+source.OwnLibraryVariable+"="+t.linkage.Own)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, e.Agent)...)
	cmd.Dir = root
	cmd.Env = slices.Concat(os.Environ(), t.linkage.Env, t.environment(e))
	said := tail{size: linkerSays}
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return "", ctx.Err()
		}
		if e.Own != nil {
			return "", whyNot(e, said.text())
		}
		return "", unavailable(e, fmt.Sprintf("its agent does not build (%v): %s", err, said.line()))
	}
	return path, nil
}

// programs begin with one of these: ELF, PE, and Mach-O for one and for several
// architectures.
var programs = [][]byte{[]byte("\x7fELF"), []byte("MZ"), {0xcf, 0xfa, 0xed, 0xfe}, {0xca, 0xfe, 0xba, 0xbe}}

// removeGarbage removes a file that is no program, as a full disk or a crash may leave
// it. The Go toolchain does not overwrite such a file.
func removeGarbage(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var head [4]byte
	_, err = io.ReadFull(f, head[:])
	if closed := f.Close(); closed != nil {
		return closed
	}
	isProgram := func(magic []byte) bool { return bytes.HasPrefix(head[:], magic) }
	if err == nil && slices.ContainsFunc(programs, isProgram) {
		return nil
	}
	return os.Remove(path)
}

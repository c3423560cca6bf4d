package build

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"edgebench/runners"
	"edgebench/runners/interfaces"
)

// UseText is how a program is used, as a user writes it: in flags for all programs
// of a call, and in a manifest for each alone.
type UseText struct {
	Args []string `toml:"args"`
	// Env has NAME=VALUE, Dirs HOST:GUEST, Header 'Name: value'.
	Env    []string `toml:"env"`
	Dirs   []string `toml:"dirs"`
	Header []string `toml:"header"`
	// Get and Post are the path of an HTTP request with that method.
	Get  string `toml:"get"`
	Post string `toml:"post"`
	// Status and ExitCode are right ones, 0 for the usual.
	Status   int   `toml:"status"`
	ExitCode uint8 `toml:"exit_code"`
	// Memory is a size such as 64m, "" for the runner's default.
	Memory string `toml:"memory"`
}

// Give puts the use into a program that is given. Relative folders of this machine
// are below dir, "" for the working folder.
func (t UseText) Give(g *Given, dir string) error {
	u, path, err := t.read(dir)
	if err != nil {
		return err
	}
	g.Use = u
	if path == "" || !interfaces.IsHTTP(g.Interface) {
		return nil
	}
	at, err := interfaces.ParseEndpoint(g.Interface)
	if err != nil {
		return err
	}
	at.Path = path
	g.Interface = runners.Interface(at.String())
	return nil
}

// Path is that of an HTTP request, "" where none is asked for.
func (t UseText) Path() string { return t.Get + t.Post }

func (t UseText) read(dir string) (u runners.Use, path string, err error) {
	u = runners.Use{Args: t.Args, Env: t.Env, ExitCode: t.ExitCode, HTTP: runners.HTTPUse{Status: t.Status}}
	if t.Get != "" && t.Post != "" {
		return u, "", errors.New("a request is a GET or a POST and not both")
	}
	if t.Get != "" {
		u.HTTP.Method = http.MethodGet
	}
	if path = t.Path(); path != "" && !strings.HasPrefix(path, "/") {
		return u, "", fmt.Errorf("the path %.60q must begin with /", path)
	}
	for _, text := range t.Header {
		f, err := runners.ParseField(text)
		if err != nil {
			return u, "", err
		}
		u.HTTP.Header = append(u.HTTP.Header, f)
	}
	for _, text := range t.Dirs {
		if dir != "" && !filepath.IsAbs(text) {
			text = filepath.Join(dir, text)
		}
		d, err := runners.ParseDir(text)
		if err != nil {
			return u, "", err
		}
		u.Dirs = append(u.Dirs, d)
	}
	if u.Memory, err = parseMemory(t.Memory); err != nil {
		return u, "", err
	}
	return u, path, u.Check()
}

// maxMemory is more than any machine has, in bytes.
const maxMemory = 1 << 50

// parseMemory reads a number of bytes, or one with k, m or g behind it for KiB, MiB
// and GiB, as Docker does. "" is 0.
func parseMemory(text string) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	digits, factor := strings.ToLower(text), uint64(1)
	for suffix, size := range map[string]uint64{"k": 1 << 10, "m": 1 << 20, "g": 1 << 30} {
		if rest, ok := strings.CutSuffix(digits, suffix); ok {
			digits, factor = rest, size
			break
		}
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n == 0 || n > maxMemory/factor {
		return 0, fmt.Errorf("the memory %.30q must be a number of bytes, or one with k, m or g such as 64m", text)
	}
	return n * factor, nil
}

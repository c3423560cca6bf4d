// Package identify finds out what a program is that a user names: a module, an
// executable, or an image in one of the forms that images are kept in. It reads files
// and asks a container engine; it runs nothing.
package identify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/bench/internal/kinded"
	"edgebench/runners"
	"edgebench/runners/wasmfile"
	"edgebench/workloads/build"
)

// Form is what a program is, in the words of reports.
type Form string

// The forms beside those of modules (wasmfile.Form).
const (
	Executable Form = "executable"
	Script     Form = "script"
	Component  Form = "component"
	Image      Form = "image"
	Saved      Form = "archive of docker save"
	LayoutTar  Form = "archive of an OCI layout"
	Layout     Form = "folder of an OCI layout"
)

// Program is what a user names.
type Program struct {
	// Name is what reports call it: the file's without its folder, or the image's.
	Name string
	// What is the file's path, or the image's name.
	What string
	Kind runners.Kind
	Form Form
	// Interface is that of a module; of other programs it is not known yet.
	Interface runners.Interface
	// Ports are those that an image exposes, ascending.
	Ports []uint16
}

// ErrRefused: the program is known for what it is, and cannot be measured. The
// message says what it is and what to do.
var ErrRefused = errors.New("refused")

// errNone: an engine does not have an image.
var errNone = errors.New("no such image")

// Engine is the container engine that images are named in.
type Engine interface {
	// Ports gives the ports that an image exposes. An error that wraps errNone means
	// that the engine does not have it.
	Ports(ctx context.Context, name string) ([]uint16, error)
}

// One identifies a program. Errors name it; those that wrap ErrRefused say what it is.
func One(ctx context.Context, text string, engine Engine) (Program, error) {
	if text == "" {
		return Program{}, errors.New("a program's name is empty")
	}
	info, err := os.Stat(text)
	isFile := err == nil
	if looksLikeFile(text) {
		if !isFile {
			return Program{}, fmt.Errorf("%s: %w", text, plain(err))
		}
		return file(text, info)
	}
	ports, err := engine.Ports(ctx, text)
	switch {
	case err == nil && isFile:
		return Program{}, fmt.Errorf("%s is a file here and an image of the engine: write ./%s for the file, or the image with its tag", text, text)
	case err == nil:
		return Program{Name: text, What: text, Kind: runners.Image, Form: Image, Ports: ports}, nil
	case isFile:
		return file(text, info)
	case errors.Is(err, errNone):
		return Program{}, fmt.Errorf("%s is neither a file here nor an image that the engine has: docker pull or docker build makes it", text)
	}
	return Program{}, fmt.Errorf("%s is no file, and no engine can be asked for an image of that name: %w", text, err)
}

// looksLikeFile says whether a name can't be that of an image.
func looksLikeFile(text string) bool {
	return build.LooksLikePath(text) || slices.Contains([]string{".wasm", ".wat", ".js", ".exe"}, filepath.Ext(text))
}

// plain is what is wrong with a file, without its path.
func plain(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// file identifies a file or a folder.
func file(path string, info fs.FileInfo) (Program, error) {
	p := Program{Name: filepath.Base(path), What: path}
	if info.IsDir() {
		return p.folder()
	}
	if !info.Mode().IsRegular() {
		return p, fmt.Errorf("%s is neither a file nor a folder", path)
	}
	head, err := beginning(path)
	if err != nil {
		return p, err
	}
	switch kind := sniff(head); kind {
	case moduleFile:
		return p.module()
	case elfFile, scriptFile:
		return p.executable(kind, info)
	case tarFile:
		return p.archive()
	default:
		return p, p.refuse("%s", refusals[kind])
	}
}

// refuse makes an error that says what the program is.
func (p Program) refuse(format string, args ...any) error {
	return kinded.New(ErrRefused, fmt.Errorf("%s: %s", p.Name, fmt.Sprintf(format, args...)))
}

func (p Program) folder() (Program, error) {
	if _, err := os.Stat(filepath.Join(p.What, "index.json")); err != nil {
		return p, fmt.Errorf("%s is a folder without an index.json, and so no OCI layout: name a file in it", p.What)
	}
	p.Kind, p.Form = runners.Image, Layout
	return p, nil
}

func (p Program) module() (Program, error) {
	f, err := wasmfile.Open(p.What)
	if err != nil {
		return p, p.refuse("%s", strings.TrimPrefix(said(err), "read "+p.What+": "))
	}
	p.Kind, p.Form = f.Kind(), Component
	if m, ok := f.(*wasmfile.Module); ok {
		p.Form = Form(m.Form())
	}
	if err := f.Refusal(); err != nil {
		return p, p.refuse("%s", said(err))
	}
	p.Interface, err = f.Interface()
	return p, err
}

// said is an error's text without the words for its kind.
func said(err error) string {
	text := err.Error()
	for _, kind := range []error{runners.ErrUnavailable, runners.ErrMalformed} {
		text = strings.TrimSuffix(text, ": "+kind.Error())
	}
	return text
}

func (p Program) executable(kind fileKind, info fs.FileInfo) (Program, error) {
	p.Kind, p.Form = runners.Native, Executable
	if kind == scriptFile {
		p.Form = Script
	}
	if err := runnable(p.What, kind); err != nil {
		return p, p.refuse("%v", err)
	}
	if info.Mode()&0o111 == 0 {
		return p, fmt.Errorf("%s is not executable: chmod +x it", p.What)
	}
	return p, nil
}

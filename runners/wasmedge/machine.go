//go:build cgo && linux && wasmedge

package wasmedge

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"edgebench/runners"
	"edgebench/runners/internal/cguest"
	"edgebench/runners/internal/codefile"
	"edgebench/runners/internal/nullstdio"
	"edgebench/runners/wasmfile"
)

// machine is the runtime in one mode, with a limit on each instance's memory. It
// holds nothing: executors belong to modules.
type machine struct {
	mode   mode
	policy *runners.Policy // nil for none
	pages  uint32
}

func (r *machine) Close() error { return nil }

// Prepare compiles and stores the code where the mode keeps it. Elsewhere the module
// itself is all that the node keeps, and Load reads it where it is.
func (r *machine) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p, err := r.prepare(ctx, a, dir, t)
	if err != nil {
		return runners.Prepared{}, fmt.Errorf("prepare %s: %w", a.Path, err)
	}
	return p, nil
}

func (r *machine) prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (p runners.Prepared, err error) {
	if err := ctx.Err(); err != nil {
		return p, err
	}
	wasm, err := wasmfile.ReadFor(a.Path, a.Interface)
	if err != nil {
		return p, err
	}
	if err := accept(wasm, a); err != nil {
		return p, err
	}
	size := uint64(len(wasm))
	p = runners.Prepared{Artefact: a, Mode: r.mode.name, Path: a.Path, Shipped: size, Stored: size}
	t.Mark(runners.PhaseRead)
	if !r.mode.kept {
		return p, nil
	}
	p.Path = filepath.Join(dir, "module.wasm")
	if err := compile(wasm, r.mode.by, r.policy.IsHardened(), p.Path); err != nil {
		return p, wasmfile.Refused("wasmedge", err.Error())
	}
	t.Mark(runners.PhaseCompile)
	if p.SHA256, p.Stored, err = codefile.Adopt(p.Path); err != nil {
		return p, err
	}
	t.Mark(runners.PhaseStore)
	return p, nil
}

// accept refuses what this runner cannot run.
func accept(wasm []byte, a runners.Artefact) error {
	if a.Interface == runners.Stdio && a.Files != "" {
		return fmt.Errorf("a command with a folder of files is not supported, since the library cannot read both stdin in memory and files: %w", runners.ErrUnavailable)
	}
	if strings.Contains(a.Files, ":") {
		return fmt.Errorf("the folder of files %s has a colon in its name, at which the library would divide it: %w", a.Files, runners.ErrUnavailable)
	}
	if err := runners.RefuseUse(a.Use); err != nil {
		return err
	}
	return wasmfile.Check(wasm, a.Interface)
}

// Load brings a module into memory: it parses and validates what it interprets, or
// brings back the code that Prepare has stored.
func (r *machine) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	m, err := r.load(ctx, p, t)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", p.Path, err)
	}
	return cguest.Load(m, p.Artefact), nil
}

func (r *machine) load(ctx context.Context, p runners.Prepared, t *runners.Trace) (m module, err error) {
	why := r.purposeOf(p.Artefact)
	switch {
	case ctx.Err() != nil:
		return m, ctx.Err()
	case p.Mode != r.mode.name:
		return m, fmt.Errorf("it was prepared in mode %s, this is %s", p.Mode, r.mode.name)
	case len(why.folders) > 0 && !nullstdio.StdinIsNull():
		return m, fmt.Errorf("the library lets a guest that reads files read this process's stdin too, which has to be %s then: %w", os.DevNull, runners.ErrUnavailable)
	case r.mode.kept:
		return r.restore(p, why, t)
	}
	wasm, err := wasmfile.ReadFor(p.Path, p.Artefact.Interface)
	if err != nil {
		return m, err
	}
	t.Mark(runners.PhaseRead)
	if m, err = newModule(wasm, "", why); err != nil {
		return m, wasmfile.Refused("wasmedge", err.Error())
	}
	t.Mark(runners.PhaseLoad)
	return m, nil
}

// purposeOf is what an artefact's guests are given. A policy has other folders.
func (r *machine) purposeOf(a runners.Artefact) purpose {
	p := purpose{command: a.Interface == runners.Stdio, folders: a.Folders(), pages: r.pages}
	if r.policy != nil {
		p.folders, p.variables, p.stoppable = r.policy.Folders, r.policy.Environment, r.policy.Hardened
	}
	return p
}

// restore loads stored code after making sure that it is what was stored: the library
// runs whatever code it is given.
func (r *machine) restore(p runners.Prepared, why purpose, t *runners.Trace) (m module, err error) {
	if err := codefile.Unchanged(p); err != nil {
		return m, err
	}
	if m, err = newModule(nil, p.Path, why); err != nil {
		return m, fmt.Errorf("%w: %w", runners.ErrMalformed, err)
	}
	t.Mark(runners.PhaseLoad)
	return m, nil
}

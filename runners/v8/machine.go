//go:build cgo && linux && amd64

package v8

import (
	"context"
	byteorder "encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
	"edgebench/runners/internal/capi"
	"edgebench/runners/internal/codefile"
	"edgebench/runners/internal/limit"
	"edgebench/runners/wasmfile"
)

// machine is the runtime in one mode.
type machine struct {
	mode mode
	// home is the isolate that compiles. Guests live in it unless the mode gives
	// each its own. It is nil after Close.
	home *isolate
	// memory limits linear memories where it is not 0, in bytes and in pages.
	memory uint64
	pages  uint32
	policy *runners.Policy // nil for none
}

// Close ends the isolate, and with it the code that it has compiled.
func (r *machine) Close() error {
	if r.home != nil {
		r.home.delete()
		r.home = nil
		engine.stop()
	}
	return nil
}

// Prepare compiles and stores the code where the mode keeps it. Elsewhere the
// module itself is all that the node keeps.
func (r *machine) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p, err := r.prepare(ctx, a, dir, t)
	if err != nil {
		return runners.Prepared{}, fmt.Errorf("prepare %s: %w", a.Path, err)
	}
	return p, nil
}

func (r *machine) prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (p runners.Prepared, err error) {
	p = runners.Prepared{Artefact: a, Mode: r.mode.name, Path: a.Path}
	if err := ctx.Err(); err != nil {
		return p, err
	}
	wasm, err := wasmfile.ReadFor(a.Path, a.Interface)
	if err != nil {
		return p, err
	}
	if len(a.Use.Dirs) > 0 {
		return p, fmt.Errorf("folders of this machine are not supported, since the WASI of this runner has one folder: %w", runners.ErrUnavailable)
	}
	if err := wasmfile.Check(wasm, a.Interface); err != nil {
		return p, err
	}
	p.Shipped, p.Stored = uint64(len(wasm)), uint64(len(wasm))
	if wasm, err = r.bound(wasm); err != nil {
		return p, err
	}
	t.Mark(runners.PhaseRead)
	if !r.mode.kept {
		return p, nil
	}
	code, err := r.serialise(wasm, a)
	if err != nil {
		return p, err
	}
	t.Mark(runners.PhaseCompile)
	p.Path = filepath.Join(dir, r.fileName())
	file := join(wasm, code)
	p.Stored = uint64(len(file))
	if p.SHA256, err = codefile.Write(p.Path, file); err != nil {
		return p, err
	}
	t.Mark(runners.PhaseStore)
	return p, nil
}

// bound declares a maximum for the module's memory: the limit, or else the
// default unless the module starts with more, or has memories that cannot be bounded.
func (r *machine) bound(wasm []byte) ([]byte, error) {
	pages := limit.Pages(defaultMemory)
	if r.memory != 0 {
		pages = r.pages
	}
	bounded, err := limit.Memory(wasm, pages)
	if r.memory == 0 && (errors.Is(err, runners.ErrTooLarge) || errors.Is(err, runners.ErrUnavailable)) {
		return wasm, nil
	}
	if err != nil {
		return nil, fmt.Errorf("limit its memory: %w", err)
	}
	return bounded, nil
}

func (r *machine) purpose(a runners.Artefact, imports bool) purpose {
	p := purpose{scope: r.mode.scope, command: a.Interface == runners.Stdio, imports: imports, files: a.Files, args: capi.Arguments(a), env: a.Use.Env}
	if r.policy != nil {
		p.files = r.policy.ReadOnly()
	}
	return p
}

func (r *machine) serialise(wasm []byte, a runners.Artefact) ([]byte, error) {
	m, err := newModule(r.home, wasm, nil, r.purpose(a, false))
	if err != nil {
		return nil, wasmfile.LeftOut(err, wasm, features)
	}
	defer m.delete()
	return m.serialise()
}

// fileName names stored code by the limit that its module declares, so that a
// runtime with another limit does not take it for its own.
func (r *machine) fileName() string {
	if r.memory == 0 {
		return "module.v8"
	}
	return fmt.Sprintf("module-%d-pages.v8", r.pages)
}

// Load brings code into memory: from the module by compiling it, or from what
// Prepare has stored.
func (r *machine) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	l, err := r.load(ctx, p, t)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", p.Path, err)
	}
	return l, nil
}

func (r *machine) load(ctx context.Context, p runners.Prepared, t *runners.Trace) (*loaded, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.Mode != r.mode.name {
		return nil, fmt.Errorf("it was prepared in mode %s, this is %s", p.Mode, r.mode.name)
	}
	wasm, code, err := r.read(p)
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseRead)
	m, err := newModule(r.home, wasm, code, r.purpose(p.Artefact, binary.HasImports(wasm)))
	if err != nil {
		return nil, wasmfile.LeftOut(err, wasm, features)
	}
	phase := runners.PhaseCompile
	if r.mode.kept {
		phase = runners.PhaseLoad
	}
	t.Mark(phase)
	return &loaded{home: r.home, module: m, command: p.Artefact.Interface == runners.Stdio, right: uint32(p.Artefact.Use.ExitCode), ownIsolates: r.mode.scope == ownIsolate, interruptible: r.mode.interruptible, tiersUp: r.mode.tiers == tiersTiered}, nil
}

// read gives the module with its declared maximum, and the stored code if the
// mode keeps it.
func (r *machine) read(p runners.Prepared) (wasm, code []byte, err error) {
	if !r.mode.kept {
		if wasm, err = wasmfile.ReadFor(p.Path, p.Artefact.Interface); err != nil {
			return nil, nil, err
		}
		wasm, err = r.bound(wasm)
		return wasm, nil, err
	}
	if filepath.Base(p.Path) != r.fileName() {
		return nil, nil, fmt.Errorf("it was prepared for another limit of memory, this runtime wants %s", r.fileName())
	}
	if err := codefile.Unchanged(p); err != nil {
		return nil, nil, err
	}
	file, err := os.ReadFile(p.Path)
	if err != nil {
		return nil, nil, err
	}
	return split(file)
}

// A file of stored code begins with the module's size in bytes, in 8 bytes, and
// the module, which V8 needs beside the code.
const sizeOfSize = 8

func join(wasm, code []byte) []byte {
	file := make([]byte, 0, sizeOfSize+len(wasm)+len(code))
	file = byteorder.LittleEndian.AppendUint64(file, uint64(len(wasm)))
	return append(append(file, wasm...), code...)
}

func split(file []byte) (wasm, code []byte, err error) {
	if len(file) >= sizeOfSize {
		n := byteorder.LittleEndian.Uint64(file)
		if rest := file[sizeOfSize:]; n > 0 && n < uint64(len(rest)) {
			return rest[:n], rest[n:], nil
		}
	}
	return nil, nil, fmt.Errorf("it is not stored code: %w", runners.ErrMalformed)
}

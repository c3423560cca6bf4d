//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
	"edgebench/runners/internal/cguest"
	"edgebench/runners/internal/codefile"
	"edgebench/runners/internal/limit"
	"edgebench/runners/internal/nullstdio"
	"edgebench/runners/wasmfile"
)

// machine is the runtime in one mode, with a limit on each instance's memory.
// It holds nothing: engines belong to modules.
type machine struct {
	mode   mode
	policy *runners.Policy // nil for none
	pages  uint32
}

func (r *machine) Close() error { return nil }

// Prepare compiles and stores the code where the mode keeps it. Elsewhere the
// module itself is all that the node keeps, and Load reads it where it is.
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
	p = runners.Prepared{Artefact: a, Mode: r.mode.name}
	wasm, err := wasmfile.ReadFor(a.Path, a.Interface)
	if err != nil {
		return p, err
	}
	if err := r.accept(wasm, a); err != nil {
		return p, err
	}
	if !r.mode.kept {
		p.Path, p.Shipped, p.Stored = a.Path, uint64(len(wasm)), uint64(len(wasm))
		return p, nil
	}
	t.Mark(runners.PhaseRead)
	code, err := r.serialise(wasm, r.purposeOf(a), t)
	if err != nil {
		return p, err
	}
	p.Path = filepath.Join(dir, r.fileName())
	p.Shipped, p.Stored = uint64(len(wasm)), uint64(len(code))
	if p.SHA256, err = codefile.Write(p.Path, code); err != nil {
		return p, err
	}
	t.Mark(runners.PhaseStore)
	return p, nil
}

// accept refuses what this runner cannot run.
func (r *machine) accept(wasm []byte, a runners.Artefact) error {
	if a.Interface == runners.Stdio && a.Files != "" {
		return fmt.Errorf("a command with a folder of files is not supported, since the library cannot read both stdin and files: %w", runners.ErrUnavailable)
	}
	if len(a.Use.Dirs) > 0 {
		return fmt.Errorf("folders of this machine are not supported, since the library does not keep a guest from writing into them: %w", runners.ErrUnavailable)
	}
	if r.mode.plain && !a.Use.Zero() {
		return fmt.Errorf("arguments, variables and limits of a user are not supported through wasmer-go: %w", runners.ErrUnavailable)
	}
	if err := wasmfile.Check(wasm, a.Interface, "sock_accept"); err != nil {
		return err
	}
	if a.Interface == runners.Stdio && r.mode.plain {
		return fmt.Errorf("a command is not supported through wasmer-go, which has no stdin in memory: %w", runners.ErrInterface)
	}
	return refuseNewSections(wasm)
}

// refuseNewSections refuses a module with a section that Wasmer 2.0 does not
// know, such as one of tags: its translator panics there, which ends the process.
func refuseNewSections(wasm []byte) error {
	for r := binary.NewReader(wasm, len(binary.Preamble)); r.More(); {
		if s := r.Section(); s.ID > binary.SectionDataCount {
			refused := wasmfile.Refused("wasmer", fmt.Sprintf("section %d is newer than the library", s.ID))
			return wasmfile.LeftOut(refused, wasm, features)
		}
	}
	return nil
}

// fileName names stored code by the limit that is compiled into it, so that a
// runtime with another limit does not take it for its own.
func (r *machine) fileName() string {
	if r.pages == limit.MaxPages {
		return "module.wasmu"
	}
	return fmt.Sprintf("module-%d-pages.wasmu", r.pages)
}

func (r *machine) serialise(wasm []byte, why purpose, t *runners.Trace) ([]byte, error) {
	if r.mode.plain {
		return r.serialisePlain(wasm, t)
	}
	m, err := r.compile(wasm, why)
	if err != nil {
		return nil, err
	}
	defer m.Delete()
	t.Mark(runners.PhaseCompile)
	code, err := m.serialise()
	if err != nil {
		return nil, fmt.Errorf("serialise the code: %w", err)
	}
	return code, nil
}

// compile makes machine code of a module whose memory it bounds first.
func (r *machine) compile(wasm []byte, why purpose) (module, error) {
	wasm, err := r.limited(wasm)
	if err != nil {
		return module{}, err
	}
	m, err := newModule(r.mode.compilation(), false, wasm, why)
	return m, wasmfile.LeftOut(err, wasm, r.mode.by.features())
}

// limited bounds the memory of a module.
func (r *machine) limited(wasm []byte) ([]byte, error) {
	if r.pages == limit.MaxPages {
		return wasm, nil
	}
	wasm, err := limit.Memory(wasm, r.pages)
	if err != nil {
		return nil, fmt.Errorf("limit its memory: %w", err)
	}
	return wasm, nil
}

// Load brings code into memory: from the module by compiling it, or from what
// Prepare has stored.
func (r *machine) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	if r.mode.plain {
		return r.loadPlain(p, t)
	}
	m, err := r.load(ctx, p, t)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", p.Path, err)
	}
	if m.reads() && !nullstdio.StdinIsNull() {
		m.Delete()
		return nil, fmt.Errorf("load %s: the library lets a guest that reads files read this process's stdin too, which has to be %s then: %w", p.Path, os.DevNull, runners.ErrUnavailable)
	}
	return cguest.Load(m, p.Artefact), nil
}

func (r *machine) load(ctx context.Context, p runners.Prepared, t *runners.Trace) (m module, err error) {
	switch {
	case ctx.Err() != nil:
		return m, ctx.Err()
	case p.Mode != r.mode.name:
		return m, fmt.Errorf("it was prepared in mode %s, this is %s", p.Mode, r.mode.name)
	case r.mode.kept:
		return r.restore(p, t)
	}
	wasm, err := wasmfile.ReadFor(p.Path, p.Artefact.Interface)
	if err != nil {
		return m, err
	}
	t.Mark(runners.PhaseRead)
	if m, err = r.compile(wasm, r.purposeOf(p.Artefact)); err != nil {
		return m, err
	}
	t.Mark(runners.PhaseCompile)
	return m, nil
}

// restore loads stored code after making sure that it is what was stored,
// since the library believes whatever it is given.
func (r *machine) restore(p runners.Prepared, t *runners.Trace) (m module, err error) {
	if err := r.mayRestore(p); err != nil {
		return m, err
	}
	code, free, err := openCode(p.Path)
	if err != nil {
		return m, err
	}
	t.Mark(runners.PhaseRead)
	m, err = newModule(r.mode.compilation(), true, code, r.purposeOf(p.Artefact))
	free() // the library has copied all of it
	if err != nil {
		return m, fmt.Errorf("bring back the code: %w", err)
	}
	t.Mark(runners.PhaseLoad)
	return m, nil
}

// mayRestore refuses stored code that is not what this runtime has stored.
func (r *machine) mayRestore(p runners.Prepared) error {
	if filepath.Base(p.Path) != r.fileName() {
		return fmt.Errorf("it was prepared for another limit of memory, this runtime wants %s", r.fileName())
	}
	return codefile.Unchanged(p)
}

// maxCode bounds stored code, in bytes: several times the largest module.
const maxCode = 8 * abi.MaxModule

// maxRead is the size up to which reading stored code is cheaper than mapping it,
// in bytes. Of 60 KiB the page faults of a mapping and its end cost 10 µs more, a
// tenth of a cold start.
const maxRead = 256 << 10

// openCode gives a file of stored code, until free is called. A large one is mapped,
// as the library does itself where it is given a path, for which its C API has no
// call: copying it into the Go heap would take twelve times as long for a module of
// Go.
func openCode(path string) (code []byte, free func(), err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	n := info.Size()
	if n < 1 || n > maxCode {
		return nil, nil, fmt.Errorf("%w: it has %d bytes, stored code has 1 to %d", runners.ErrMalformed, n, maxCode)
	}
	if n <= maxRead {
		code = make([]byte, n)
		_, err = io.ReadFull(f, code)
		return code, func() {}, err
	}
	code, err = unix.Mmap(int(f.Fd()), 0, int(n), unix.PROT_READ, mapFlags)
	if err != nil {
		return nil, nil, fmt.Errorf("map it: %w", err)
	}
	return code, func() { unix.Munmap(code) }, nil
}

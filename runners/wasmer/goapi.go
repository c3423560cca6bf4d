//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	goapi "github.com/wasmerio/wasmer-go/wasmer"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/nullstdio"
	"edgebench/runners/wasmfile"
)

// newPlainStore makes an engine and a store as a user of wasmer-go does.
func newPlainStore() *goapi.Store {
	config := goapi.NewConfig().UseCraneliftCompiler().UseUniversalEngine()
	return goapi.NewStore(goapi.NewEngineWithConfig(config))
}

// serialisePlain compiles with wasmer-go's own calls.
func (r *machine) serialisePlain(wasm []byte, t *runners.Trace) ([]byte, error) {
	wasm, err := r.limited(wasm)
	if err != nil {
		return nil, err
	}
	store := newPlainStore()
	defer store.Close()
	module, err := goapi.NewModule(store, wasm)
	if err != nil {
		return nil, wasmfile.LeftOut(wasmfile.Refused("wasmer", err.Error()), wasm, r.mode.by.features())
	}
	defer module.Close()
	t.Mark(runners.PhaseCompile)
	code, err := module.Serialize()
	if err != nil {
		return nil, fmt.Errorf("serialise the code: %s", firstLine(err))
	}
	return code, nil
}

// plainLoaded is a module as a user of wasmer-go holds it.
type plainLoaded struct {
	store  *goapi.Store
	module *goapi.Module
	wasi   bool
	files  string // the folder that guests may read, "" for none
	closed bool
}

// loadPlain brings stored code back with wasmer-go's own calls. Its exports are
// those that Prepare has checked.
func (r *machine) loadPlain(p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	if p.Mode != r.mode.name {
		return nil, fmt.Errorf("load %s: it was prepared in mode %s, this is %s", p.Path, p.Mode, r.mode.name)
	}
	if err := r.mayRestore(p); err != nil {
		return nil, fmt.Errorf("load %s: %w", p.Path, err)
	}
	code, err := os.ReadFile(p.Path)
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	t.Mark(runners.PhaseRead)
	l := &plainLoaded{store: newPlainStore(), files: p.Artefact.Files}
	if l.module, err = goapi.DeserializeModule(l.store, code); err != nil {
		l.store.Close()
		return nil, fmt.Errorf("load %s: %w: %s", p.Path, runners.ErrMalformed, firstLine(err))
	}
	// Both lists are made at first use, which is not safe when instances are made
	// on several goroutines.
	l.wasi = len(l.module.Imports()) > 0
	l.module.Exports()
	t.Mark(runners.PhaseLoad)
	if l.wasi && !nullstdio.StdinIsNull() {
		l.Close()
		return nil, fmt.Errorf("load %s: through wasmer-go a guest with WASI may read this process's stdin, which has to be %s then: %w", p.Path, os.DevNull, runners.ErrUnavailable)
	}
	return l, nil
}

// Close frees the module.
func (l *plainLoaded) Close() error {
	if !l.closed {
		l.closed = true
		l.module.Close()
		l.store.Close()
	}
	return nil
}

// Instantiate makes an instance and runs its _initialize.
func (l *plainLoaded) Instantiate(_ context.Context, t *runners.Trace) (runners.Instance, error) {
	if l.closed {
		return nil, fmt.Errorf("instantiate a module that has been unloaded: %w", runners.ErrClosed)
	}
	in := &plainInstance{}
	imports, err := l.imports(in)
	if err != nil {
		return nil, fmt.Errorf("instantiate: %s", firstLine(err))
	}
	if in.made, err = goapi.NewInstance(l.module, imports); err != nil {
		if _, trapped := errors.AsType[*goapi.TrapError](err); trapped {
			return nil, fmt.Errorf("instantiate: %w: %s", runners.ErrTrap, firstLine(err))
		}
		return nil, fmt.Errorf("instantiate: %s", firstLine(err))
	}
	if err := in.find(); err != nil {
		in.Close()
		return nil, err
	}
	t.Mark(runners.PhaseInstantiate)
	if initialise, err := in.made.Exports.GetFunction(abi.Initialise); err == nil {
		if _, err := initialise(); err != nil {
			in.Close()
			return nil, fmt.Errorf("run %s: %w: %s", abi.Initialise, runners.ErrTrap, firstLine(err))
		}
		t.Mark(runners.PhaseInitialise)
	}
	return in, nil
}

// imports makes those of one instance, with a WASI state of its own.
func (l *plainLoaded) imports(in *plainInstance) (imports *goapi.ImportObject, err error) {
	if !l.wasi {
		return goapi.NewImportObject(), nil
	}
	builder := goapi.NewWasiStateBuilder(abi.Program).CaptureStdout().CaptureStderr()
	if l.files != "" {
		builder.MapDirectory("/", l.files)
	}
	if in.wasi, err = builder.Finalize(); err != nil {
		return nil, err
	}
	return in.wasi.GenerateImportObject(l.store, l.module)
}

// plainInstance is an instance as a user of wasmer-go holds it.
type plainInstance struct {
	made          *goapi.Instance
	wasi          *goapi.WasiEnvironment // kept from the garbage collector
	memory        *goapi.Memory
	alloc, handle goapi.NativeFunction
	ended, closed bool
}

// find looks up what is called.
func (in *plainInstance) find() (err error) {
	if in.memory, err = in.made.Exports.GetMemory(abi.Memory); err != nil {
		return abi.MissingExport(abi.Memory)
	}
	if in.alloc, err = in.made.Exports.GetFunction(abi.Alloc); err != nil {
		return abi.MissingExport(abi.Alloc)
	}
	if in.handle, err = in.made.Exports.GetFunction(abi.Handle); err != nil {
		return abi.MissingExport(abi.Handle)
	}
	return nil
}

// Call follows package abi.
func (in *plainInstance) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if in.ended || in.closed {
		return dst, fmt.Errorf("call an instance that has ended: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	response, err := in.call(dst, request)
	if err != nil {
		in.ended = errors.Is(err, runners.ErrTrap)
		return dst, fmt.Errorf("call the guest: %w", err)
	}
	return response, nil
}

func (in *plainInstance) call(dst, request []byte) ([]byte, error) {
	ptr, err := in.place(request)
	if err != nil {
		return dst, err
	}
	result, err := in.handle(ptr, int32(len(request)))
	if err != nil {
		return dst, trapped(err)
	}
	packed, ok := result.(int64)
	if !ok {
		return dst, abi.MissingExport(abi.Handle)
	}
	memory := in.memory.Data()
	at, n, err := abi.Unpack(uint64(packed), uint64(len(memory)))
	if err != nil {
		return dst, err
	}
	return append(dst, memory[at:][:n]...), nil
}

// place copies the request into a buffer of the guest's.
func (in *plainInstance) place(request []byte) (ptr int32, err error) {
	if len(request) == 0 {
		return 0, nil
	}
	result, err := in.alloc(int32(len(request)))
	if err != nil {
		return 0, trapped(err)
	}
	ptr, ok := result.(int32)
	if !ok {
		return 0, abi.MissingExport(abi.Alloc)
	}
	memory := in.memory.Data()
	if err := abi.Fits(uint32(ptr), len(request), uint64(len(memory))); err != nil {
		return 0, err
	}
	copy(memory[uint32(ptr):], request)
	return ptr, nil
}

// Close frees the instance.
func (in *plainInstance) Close() error {
	if !in.closed {
		in.closed = true
		in.made.Close()
	}
	return nil
}

func trapped(err error) error { return fmt.Errorf("%w: %s", runners.ErrTrap, firstLine(err)) }

// firstLine is where the reason stands; a backtrace may follow.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimSpace(line)
}

//go:build cgo

package wasmtime

import (
	"context"
	"errors"
	"fmt"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// plainInstance is an instance as a user of wasmtime-go makes and calls it.
type plainInstance struct {
	store         *wasmtime.Store
	memory        *wasmtime.Memory
	alloc, handle *wasmtime.Func
	closed        bool
	trapped       bool
}

// instantiatePlain makes an instance with wasmtime-go's own calls alone.
func (l *loaded) instantiatePlain(t *runners.Trace) (runners.Instance, error) {
	store := wasmtime.NewStore(l.machine.engine)
	if l.machine.limit != noLimit || l.machine.elements != noLimit {
		store.Limiter(l.machine.limit, l.machine.elements, -1, -1, -1)
	}
	if l.imports() {
		if err := l.equipPlain(store); err != nil {
			store.Close()
			return nil, fmt.Errorf("instantiate: %s", oneLine(err.Error()))
		}
	}
	made, err := l.machine.linker.Instantiate(store, l.module)
	if err != nil {
		store.Close()
		return nil, notInstantiated(oneLine(err.Error()))
	}
	if l.iface == runners.Stdio {
		t.Mark(runners.PhaseInstantiate)
		return l.plainCommand(store, made), nil
	}
	in := &plainInstance{
		store:  store,
		memory: made.GetExport(store, abi.Memory).Memory(),
		alloc:  made.GetFunc(store, abi.Alloc),
		handle: made.GetFunc(store, abi.Handle),
	}
	t.Mark(runners.PhaseInstantiate)
	initialise := made.GetFunc(store, abi.Initialise)
	if initialise == nil {
		return in, nil
	}
	if _, err := initialise.Call(store); err != nil {
		in.Close()
		return nil, fmt.Errorf("%s: %w: %s", abi.Initialise, runners.ErrTrap, oneLine(err.Error()))
	}
	t.Mark(runners.PhaseInitialise)
	return in, nil
}

// equipPlain gives a store's guest WASI.
func (l *loaded) equipPlain(store *wasmtime.Store) error {
	config, err := l.plainConfig()
	if err != nil {
		return err
	}
	store.SetWasi(config)
	return nil
}

// plainConfig has what the guest finds: what the policy gives, or else the world.
func (l *loaded) plainConfig() (*wasmtime.WasiConfig, error) {
	if l.machine.policy == nil {
		return l.world.plain()
	}
	config := wasmtime.NewWasiConfig()
	return config, grantPlain(config, l.machine.policy)
}

// Call follows package abi.
func (in *plainInstance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.closed || in.trapped {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	ptr, err := in.place(request)
	if err != nil {
		return dst, err
	}
	packed, err := in.handle.Call(in.store, ptr, int32(len(request)))
	if err != nil {
		return dst, in.failed(err)
	}
	memory := in.memory.UnsafeData(in.store)
	at, n, err := abi.Unpack(uint64(packed.(int64)), uint64(len(memory)))
	if err != nil {
		return dst, in.lied(err)
	}
	return append(dst, memory[at:][:n]...), nil
}

// place copies the request into a buffer of the guest's.
func (in *plainInstance) place(request []byte) (ptr int32, err error) {
	if len(request) == 0 {
		return 0, nil
	}
	result, err := in.alloc.Call(in.store, int32(len(request)))
	if err != nil {
		return 0, in.failed(err)
	}
	ptr = result.(int32)
	memory := in.memory.UnsafeData(in.store)
	if err := abi.Fits(uint32(ptr), len(request), uint64(len(memory))); err != nil {
		return 0, in.lied(err)
	}
	copy(memory[uint32(ptr):], request)
	return ptr, nil
}

func (in *plainInstance) failed(err error) error {
	in.trapped = true
	return fmt.Errorf("call: %w: %s", runners.ErrTrap, oneLine(err.Error()))
}

// lied ends an instance that named a place outside its memory. A response that
// is merely too long does not.
func (in *plainInstance) lied(err error) error {
	in.trapped = errors.Is(err, runners.ErrTrap)
	return err
}

// Close frees the instance and its store.
func (in *plainInstance) Close() error {
	in.closed = true
	in.store.Close()
	return nil
}

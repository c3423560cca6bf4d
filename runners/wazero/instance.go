package wazero

import (
	"context"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// loaded is a compiled module.
type loaded struct {
	machine  *machine
	compiled wazero.CompiledModule
	config   wazero.ModuleConfig
	iface    runners.Interface
	right    uint32 // the exit code of a command
}

// Close releases the compiled module.
func (l *loaded) Close() error { return l.compiled.Close(context.Background()) }

// Instantiate makes an anonymous instance and runs its _initialize, which
// wazero does in one go: PhaseInstantiate holds both.
func (l *loaded) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	if l.iface == runners.Stdio {
		return l.instantiateCommand(ctx, t)
	}
	module, err := l.machine.engine.InstantiateModule(ctx, l.compiled, l.config)
	if err != nil {
		return nil, fmt.Errorf("instantiate: %w: %s", runners.ErrTrap, firstLine(err))
	}
	in := &instance{
		module: module,
		alloc:  module.ExportedFunction(abi.Alloc),
		handle: module.ExportedFunction(abi.Handle),
		memory: module.ExportedMemory(abi.Memory),
	}
	if err := in.complete(); err != nil {
		module.Close(ctx)
		return nil, err
	}
	t.Mark(runners.PhaseInstantiate)
	return in, nil
}

// complete refuses an instance of a module that is no longer what Prepare has
// looked at.
func (in *instance) complete() error {
	switch {
	case in.alloc == nil:
		return abi.MissingExport(abi.Alloc)
	case in.handle == nil:
		return abi.MissingExport(abi.Handle)
	case in.memory == nil:
		return abi.MissingExport(abi.Memory)
	}
	return nil
}

// instance is one module instance.
type instance struct {
	module        api.Module
	alloc, handle api.Function
	memory        api.Memory
	stack         [2]uint64
	dead          bool
}

// Call follows package abi.
func (in *instance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	ptr, err := in.place(ctx, request)
	if err != nil {
		return dst, err
	}
	in.stack[0], in.stack[1] = uint64(ptr), uint64(len(request))
	if err := in.handle.CallWithStack(ctx, in.stack[:]); err != nil {
		return dst, in.trapped(abi.Handle, err)
	}
	at, n, err := abi.Unpack(in.stack[0], in.size())
	if err != nil {
		return dst, err
	}
	response, _ := in.memory.Read(at, n)
	return append(dst, response...), nil
}

// place copies the request into the guest's memory.
func (in *instance) place(ctx context.Context, request []byte) (ptr uint32, err error) {
	if len(request) == 0 {
		return 0, nil
	}
	in.stack[0] = uint64(len(request))
	if err := in.alloc.CallWithStack(ctx, in.stack[:]); err != nil {
		return 0, in.trapped(abi.Alloc, err)
	}
	ptr = uint32(in.stack[0])
	if err := abi.Fits(ptr, len(request), in.size()); err != nil {
		return 0, err
	}
	in.memory.Write(ptr, request)
	return ptr, nil
}

// size is the memory's present size in bytes. Memory.Size is 32 bits wide and
// wraps to 0 at 4 GiB, which Grow(0) does not.
func (in *instance) size() uint64 {
	pages, _ := in.memory.Grow(0)
	return uint64(pages) * pageSize
}

func (in *instance) trapped(what string, err error) error {
	in.dead = true
	return fmt.Errorf("%s: %w: %s", what, runners.ErrTrap, firstLine(err))
}

// Close ends the instance; a later Call is refused.
func (in *instance) Close() error {
	in.dead = true
	return in.module.Close(context.Background())
}

package purego

import (
	"context"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// Instance is an instance of a module with the exports of package abi.
type Instance struct {
	module        Module
	alloc, handle Function
	memory        Memory
	stack         [2]uint64
	trapped       bool
	closed        bool
}

// NewInstance takes a module with its exports. One that is nil is an error, which
// closes the module: it is no longer the one that Prepare has looked at.
func NewInstance(module Module, alloc, handle Function, memory Memory) (*Instance, error) {
	in := &Instance{module: module, alloc: alloc, handle: handle, memory: memory}
	if missing := in.missing(); missing != "" {
		in.Close()
		return nil, abi.MissingExport(missing)
	}
	return in, nil
}

// missing is the name of an export that is not there, "" if all are.
func (in *Instance) missing() string {
	switch {
	case in.alloc == nil:
		return abi.Alloc
	case in.handle == nil:
		return abi.Handle
	case in.memory == nil:
		return abi.Memory
	}
	return ""
}

// Call follows package abi.
func (in *Instance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.trapped || in.closed {
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
		return dst, in.trap(abi.Handle, err)
	}
	at, n, err := abi.Unpack(in.stack[0], in.size())
	if err != nil {
		return dst, err
	}
	response, _ := in.memory.Read(at, n)
	return append(dst, response...), nil
}

// place copies the request into the guest's memory.
func (in *Instance) place(ctx context.Context, request []byte) (ptr uint32, err error) {
	if len(request) == 0 {
		return 0, nil
	}
	in.stack[0] = uint64(len(request))
	if err := in.alloc.CallWithStack(ctx, in.stack[:]); err != nil {
		return 0, in.trap(abi.Alloc, err)
	}
	ptr = uint32(in.stack[0])
	if err := abi.Fits(ptr, len(request), in.size()); err != nil {
		return 0, err
	}
	in.memory.Write(ptr, request)
	return ptr, nil
}

// size is the memory's present size in bytes. The libraries' Memory.Size is 32 bits
// wide and wraps to 0 at 4 GiB, which Grow(0) does not.
func (in *Instance) size() uint64 {
	pages, _ := in.memory.Grow(0)
	return uint64(pages) * PageSize
}

// Revive implements runners.Revivable.
func (in *Instance) Revive() { in.trapped = false }

func (in *Instance) trap(what string, err error) error {
	in.trapped = true
	return fmt.Errorf("%s: %w: %s", what, runners.ErrTrap, FirstLine(err))
}

// Close ends the instance; a later Call is refused.
func (in *Instance) Close() error {
	in.closed = true
	return in.module.Close(context.Background())
}

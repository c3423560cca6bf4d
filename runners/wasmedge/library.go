//go:build cgo && linux && wasmedge

package wasmedge

// #cgo CFLAGS: -D_GNU_SOURCE -O2 -Wall -Wextra -Wno-unused-parameter
// #cgo noescape eb_instance_call
// #cgo nocallback eb_instance_call
// #cgo noescape eb_instance_new
// #cgo nocallback eb_instance_new
// #cgo noescape eb_instance_run
// #cgo nocallback eb_instance_run
// #cgo nocallback eb_instance_delete
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"sync"
	"time"
	"unsafe"

	// The Go API's module links libwasmedge.
	_ "github.com/second-state/WasmEdge-go/wasmedge"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
	"edgebench/runners/internal/capi" // its headers are compiled in
	"edgebench/runners/internal/cguest"
)

// level is how much the library's compiler optimises.
type level C.enum_WasmEdge_CompilerOptimizationLevel

const (
	unoptimised = level(C.WasmEdge_CompilerOptimizationLevel_O0)
	optimised   = level(C.WasmEdge_CompilerOptimizationLevel_O3)
)

// silence keeps the library's log out of this process's stdout.
func silence() { C.eb_start() }

// libraryVersion is what the linked library calls itself.
func libraryVersion() string { return C.GoString(C.WasmEdge_VersionGet()) }

// compiling is held by who compiles: the linker inside the library has variables for
// the whole process and ends it when two link at a time.
var compiling sync.Mutex

// compile writes the module with its machine code to a new file. Code that is stoppable
// asks in loops and functions whether it is to end.
func compile(wasm []byte, by level, stoppable bool, path string) error {
	compiling.Lock()
	defer compiling.Unlock()
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	return failure(C.eb_compile((*C.uint8_t)(unsafe.SliceData(wasm)), C.size_t(len(wasm)),
		C.struct_eb_compilation{level: C.enum_WasmEdge_CompilerOptimizationLevel(by), stoppable: C.bool(stoppable)}, name))
}

// module is a validated module, in C memory.
type module struct {
	c         *C.eb_module
	stoppable bool
}

// purpose is what a module is called for, what its guests are given, whether they can be
// stopped, and how many pages of 64 KiB a memory may have.
type purpose struct {
	command   bool
	stoppable bool
	folders   []runners.Folder
	variables []string
	pages     uint32
}

// preopened gives folders in the words of the library's WASI, and says whether one of
// them may be written to.
func (p purpose) preopened() (list []string, writes bool) {
	for _, f := range p.folders {
		text := f.Guest + ":" + f.Host
		if !f.Writable {
			text += ":readonly"
		}
		list, writes = append(list, text), writes || f.Writable
	}
	return list, writes
}

// texts gives a list to C. The caller frees its bytes.
func texts(list []string) C.eb_texts {
	b := capi.Texts(list)
	if len(b) == 0 {
		return C.eb_texts{}
	}
	return C.eb_texts{bytes: (*C.char)(C.CBytes(b)), size: C.size_t(len(b)), count: C.size_t(len(list))}
}

// newModule makes a module of WebAssembly, or, where path is not "", of the file that
// compile has written.
func newModule(wasm []byte, path string, p purpose) (m module, err error) {
	m.stoppable = p.stoppable
	folders, writes := p.preopened()
	c := C.struct_eb_purpose{
		command: C.bool(p.command), stoppable: C.bool(p.stoppable), writes: C.bool(writes),
		folders: texts(folders), variables: texts(p.variables), pages: C.uint32_t(p.pages),
	}
	defer C.free(unsafe.Pointer(c.folders.bytes))
	defer C.free(unsafe.Pointer(c.variables.bytes))
	var name *C.char
	if path != "" {
		name = C.CString(path)
		defer C.free(unsafe.Pointer(name))
	}
	return m, failure(C.eb_module_new((*C.uint8_t)(unsafe.SliceData(wasm)), C.size_t(len(wasm)), name, c, &m.c))
}

// Delete lets go of the module. Guests that still live keep its code.
func (m module) Delete() { C.eb_module_delete(m.c) }

// guest is a live instance, in C memory.
type guest struct{ c *C.eb_instance }

// Instantiate makes a guest and runs its _initialize, if it has one.
func (m module) Instantiate() (cguest.Guest, error) {
	var g guest
	if err := failure(C.eb_instance_new(m.c, &g.c)); err != nil {
		return nil, err
	}
	if m.stoppable {
		return stoppable{g}, nil
	}
	return g, nil
}

// stoppable is a guest that can be stopped.
type stoppable struct{ guest }

// Stop implements cguest.Stoppable.
func (g stoppable) Stop() { C.eb_instance_stop(g.c) }

// Initialised tells whether the module exports _initialize, how long it took, and of its
// failure.
func (g guest) Initialised() (has bool, took time.Duration, err error) {
	return g.c.initialise != nil, time.Duration(g.c.initialising), g.failure(g.c.initialised.end, 0)
}

// Call takes one request to the guest and appends the response to dst.
func (g guest) Call(dst, request []byte) ([]byte, error) {
	end := C.eb_instance_call(g.c, (*C.uint8_t)(unsafe.SliceData(request)), C.uint32_t(len(request)))
	if end != C.EB_OK {
		return dst, g.failure(end, len(request))
	}
	_, n, err := abi.Unpack(uint64(g.c.packed), uint64(g.c.size))
	if err != nil || n == 0 {
		return dst, err
	}
	return append(dst, unsafe.Slice((*byte)(g.c.base), n)...), nil
}

// Run takes a command to its end and appends what it has written to dst. right is
// the exit code of one that does well.
func (g guest) Run(dst, request []byte, right uint32) ([]byte, error) {
	end := C.eb_instance_run(g.c, (*C.uint8_t)(unsafe.SliceData(request)), C.size_t(len(request)), abi.MaxMessage)
	output := g.c.output
	said := interfaces.FirstLine(unsafe.Slice((*byte)(unsafe.Pointer(&output.said)), output.said_size))
	switch {
	case bool(output.over):
		return dst, fmt.Errorf("the response is longer than %d bytes: %w", abi.MaxMessage, runners.ErrTooLarge)
	case end == C.EB_TRAPPED:
		return dst, fmt.Errorf("%w: %s", runners.ErrTrap, interfaces.WithOutput(C.GoString(g.c.trap), said))
	}
	code := uint32(0)
	if end == C.EB_EXITED {
		code = uint32(C.eb_instance_exit_code(g.c))
	}
	if err := abi.CheckExit(code, right, said); err != nil {
		return dst, err
	}
	return append(dst, unsafe.Slice((*byte)(output.data), output.size)...), nil
}

// Delete frees the guest.
func (g guest) Delete() { C.eb_instance_delete(g.c) }

// failure makes an error of the end of a step that took a request of n bytes.
func (g guest) failure(end C.enum_eb_end, n int) error {
	switch end {
	case C.EB_OK:
		return nil
	case C.EB_OUTSIDE:
		return abi.Fits(uint32(g.c.at), n, uint64(g.c.size))
	case C.EB_EXITED:
		return abi.Exited(uint32(C.eb_instance_exit_code(g.c)), "")
	}
	return fmt.Errorf("%w: %s", runners.ErrTrap, C.GoString(g.c.trap))
}

// failure makes an error of an outcome.
func failure(o C.struct_eb_outcome) error {
	text := C.GoString(o.text)
	switch o.end {
	case C.EB_OK:
		return nil
	case C.EB_EXPORT:
		return abi.MissingExport(text)
	case C.EB_TRAPPED:
		return fmt.Errorf("%w: %s", runners.ErrTrap, text)
	}
	return errors.New(text)
}

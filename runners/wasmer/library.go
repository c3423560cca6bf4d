//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

// #cgo CFLAGS: -O2 -Wall -Wextra
// #cgo noescape eb_instance_call
// #cgo nocallback eb_instance_call
// #cgo noescape eb_instance_new
// #cgo nocallback eb_instance_new
// #cgo nocallback eb_instance_delete
// #cgo noescape eb_instance_run
// #cgo nocallback eb_instance_run
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"

	// The module of the Go API brings libwasmer along and links it.
	_ "github.com/wasmerio/wasmer-go/wasmer"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
	"edgebench/runners/internal/capi"
	"edgebench/runners/internal/cguest"
	"edgebench/runners/wasmfile"
)

// compiler is one of the library's code generators.
type compiler C.wasmer_compiler_t

const (
	cranelift  = compiler(C.CRANELIFT)
	singlepass = compiler(C.SINGLEPASS)
)

func (c compiler) available() bool {
	return bool(C.wasmer_is_compiler_available(C.wasmer_compiler_t(c)))
}

// start starts the threads that the library compiles with.
func (c compiler) start() error {
	return failure(C.eb_compiler_start(C.wasmer_compiler_t(c)))
}

// libraryVersion is what the linked library calls itself.
func libraryVersion() string { return C.GoString(C.wasmer_version()) }

// compilation is how machine code is made.
type compilation struct {
	by compiler
	// points are what a guest may use in a call, one an instruction; 0 is any number.
	points uint64
}

func (c compilation) c() C.struct_eb_compilation {
	return C.struct_eb_compilation{compiler: C.wasmer_compiler_t(c.by), points: C.uint64_t(c.points)}
}

// module is compiled code with an engine and a store of its own, in C memory.
type module struct{ c *C.eb_module }

// purpose is what a module is called for, and what its guests find: a folder that
// they may read, "" for none, folders at paths of their own, arguments behind their name,
// and variables.
type purpose struct {
	command   bool
	files     string
	folders   []runners.Folder // of a policy
	args, env []string
}

func (r *machine) purposeOf(a runners.Artefact) purpose {
	p := purpose{command: a.Interface == runners.Stdio, files: a.Files, args: a.Use.Args, env: a.Use.Env}
	if r.policy != nil {
		p.files, p.folders = "", r.policy.Folders
		p.env = slices.Concat(p.env, r.policy.Environment)
	}
	return p
}

// texts gives a list to C. The caller frees its bytes.
func texts(list []string) C.eb_texts {
	b := capi.Texts(list)
	if len(b) == 0 {
		return C.eb_texts{}
	}
	return C.eb_texts{bytes: (*C.char)(C.CBytes(b)), size: C.size_t(len(b)), count: C.size_t(len(list))}
}

// paths gives folders as the shim takes them: each with its path of the guest's and then
// the host's. The library knows no folder that can be read only.
func paths(folders []runners.Folder) (list []string) {
	for _, f := range folders {
		list = append(list, f.Guest, f.Host)
	}
	return list
}

// newModule compiles WebAssembly, or makes a module of what serialise gave,
// which the caller vouches for. code must not be empty.
func newModule(by compilation, serialised bool, code []byte, p purpose) (m module, err error) {
	c := C.struct_eb_purpose{command: C.bool(p.command), folders: texts(paths(p.folders)), args: texts(p.args), variables: texts(p.env)}
	defer C.free(unsafe.Pointer(c.folders.bytes))
	defer C.free(unsafe.Pointer(c.args.bytes))
	defer C.free(unsafe.Pointer(c.variables.bytes))
	if p.files != "" {
		c.files = C.CString(p.files)
		defer C.free(unsafe.Pointer(c.files))
	}
	outcome := C.eb_module_new(by.c(), C.bool(serialised),
		(*C.uint8_t)(unsafe.SliceData(code)), C.size_t(len(code)), c, &m.c)
	return m, failure(outcome)
}

// reads says whether guests read files through the library, which lets them
// read this process's stdin as well.
func (m module) reads() bool { return bool(C.eb_module_reads(m.c)) }

func (m module) serialise() ([]byte, error) {
	var out C.wasm_byte_vec_t
	if err := failure(C.eb_module_serialise(m.c, &out)); err != nil {
		return nil, err
	}
	defer C.wasm_byte_vec_delete(&out)
	code := make([]byte, out.size)
	copy(code, unsafe.Slice((*byte)(unsafe.Pointer(out.data)), out.size))
	return code, nil
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
	return g, nil
}

// Initialised tells whether the module exports _initialize, how long it took, and of its
// failure.
func (g guest) Initialised() (has bool, took time.Duration, err error) {
	if g.c.trap != nil {
		err = g.failure(C.EB_TRAPPED, 0)
	}
	return g.c.initialise != nil, time.Duration(g.c.initialising), err
}

// Call takes one request to the guest and appends the response to dst.
func (g guest) Call(dst, request []byte) ([]byte, error) {
	end := C.eb_instance_call(g.c, (*C.uint8_t)(unsafe.SliceData(request)), C.uint32_t(len(request)))
	if end != C.EB_OK {
		return dst, g.failure(end, len(request))
	}
	at, n, err := abi.Unpack(uint64(g.c.packed), uint64(g.c.size))
	if err != nil {
		return dst, err
	}
	return append(dst, unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(g.c.base), at)), n)...), nil
}

// Run takes a command to its end and appends what it has written to dst. right is
// the exit code of one that does well.
func (g guest) Run(dst, request []byte, right uint32) ([]byte, error) {
	end := C.eb_instance_run(g.c, (*C.uint8_t)(unsafe.SliceData(request)), C.size_t(len(request)), abi.MaxMessage)
	ended := g.failure(end, 0)
	output := &g.c.stdio.output
	said := interfaces.FirstLine(unsafe.Slice((*byte)(unsafe.Pointer(&output.said)), output.said_size))
	code, exited := exitCode(ended)
	switch {
	case bool(output.over):
		return dst, fmt.Errorf("the response is longer than %d bytes: %w", abi.MaxMessage, runners.ErrTooLarge)
	case ended != nil && !exited:
		if said != "" {
			ended = fmt.Errorf("%w: %s", ended, said)
		}
		return dst, ended
	}
	if err := abi.CheckExit(code, right, said); err != nil {
		return dst, err
	}
	return append(dst, unsafe.Slice((*byte)(output.data), output.size)...), nil
}

// exitCode reads the code out of the library's trap of a guest that exits, for
// which it has no call.
func exitCode(err error) (code uint32, exited bool) {
	if err == nil {
		return 0, false
	}
	_, digits, found := strings.Cut(err.Error(), "WASI exited with code: ")
	n, err := strconv.ParseUint(digits, 10, 32)
	return uint32(n), found && err == nil
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
	default:
		return failure(C.eb_instance_trap(g.c))
	}
}

// failure makes an error of an outcome and frees its texts.
func failure(o C.struct_eb_outcome) error {
	if o.end == C.EB_OK {
		return nil
	}
	text, from := take(o.text), take(o.from)
	switch o.end {
	case C.EB_REFUSED:
		return wasmfile.Refused("wasmer", text)
	case C.EB_MALFORMED:
		return fmt.Errorf("%w: %s", runners.ErrMalformed, text)
	case C.EB_IMPORT:
		return abi.MissingImport(from + "." + text)
	case C.EB_EXPORT:
		return abi.MissingExport(text)
	case C.EB_TRAPPED:
		return fmt.Errorf("%w: %s", runners.ErrTrap, text)
	default:
		return errors.New(text)
	}
}

// take frees a text of the library and returns its first line, which is where
// the reason stands; a backtrace may follow.
func take(text *C.char) string {
	defer C.free(unsafe.Pointer(text))
	line, _, _ := strings.Cut(C.GoString(text), "\n")
	return strings.TrimSpace(line)
}

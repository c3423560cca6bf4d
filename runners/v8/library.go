//go:build cgo && linux && amd64

package v8

// #cgo CFLAGS: -O2 -Wall -Wextra
// #cgo CXXFLAGS: -O2 -Wall -Wextra -std=c++17 -fno-rtti
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
	"strings"
	"time"
	"unsafe"

	// The folder of V8's headers, for the version of v8go that is linked.
	_ "github.com/tommie/v8go/deps/include"
	// V8 itself, as v8go links it.
	_ "github.com/tommie/v8go/deps/linux_amd64"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
	"edgebench/runners/internal/capi"
	"edgebench/runners/wasmfile"
)

// scope is what each instance has for itself.
type scope C.enum_eb_scope

const (
	ownIsolate  = scope(C.EB_ISOLATE)
	ownContext  = scope(C.EB_CONTEXT)
	ownInstance = scope(C.EB_INSTANCE)
)

// String is for the record.
func (s scope) String() string {
	switch s {
	case ownIsolate:
		return "an isolate with a context for each; code is shared"
	case ownContext:
		return "a context for each, all in one isolate"
	default:
		return "all in one context of one isolate"
	}
}

// purpose is what a module is called for, and the folder that its guests may
// read, "" for none.
type purpose struct {
	scope            scope
	command, imports bool
	files            string
	args, env        []string
}

// texts gives a list to C. The caller frees its bytes.
func texts(list []string) C.eb_texts {
	b := capi.Texts(list)
	if len(b) == 0 {
		return C.eb_texts{}
	}
	return C.eb_texts{bytes: (*C.char)(C.CBytes(b)), size: C.size_t(len(b)), count: C.size_t(len(list))}
}

// module is compiled code, in C++ memory.
type module struct{ c *C.eb_module }

// newModule compiles WebAssembly in an isolate, or makes a module of it and of
// the code that serialise gave for it, which the caller vouches for.
func newModule(home *isolate, wasm, code []byte, p purpose) (m module, err error) {
	c := C.struct_eb_purpose{scope: C.enum_eb_scope(p.scope), command: C.bool(p.command), imports: C.bool(p.imports), args: texts(p.args), variables: texts(p.env)}
	defer C.free(unsafe.Pointer(c.args.bytes))
	defer C.free(unsafe.Pointer(c.variables.bytes))
	if p.files != "" {
		c.files = C.CString(p.files)
		defer C.free(unsafe.Pointer(c.files))
	}
	outcome := C.eb_module_new(home.c, (*C.uint8_t)(unsafe.SliceData(wasm)), C.size_t(len(wasm)),
		(*C.uint8_t)(unsafe.SliceData(code)), C.size_t(len(code)), c, &m.c)
	return m, failure(outcome.end, outcome.text)
}

// serialise gives the optimised code.
func (m module) serialise() ([]byte, error) {
	var n C.size_t
	code := C.eb_module_serialise(m.c, &n)
	if code == nil {
		return nil, errors.New("V8 has no optimised code of the module")
	}
	defer C.free(unsafe.Pointer(code))
	return C.GoBytes(unsafe.Pointer(code), C.int(n)), nil
}

func (m module) delete() { C.eb_module_delete(m.c) }

// guest is a live instance, in C++ memory.
type guest struct {
	c *C.eb_instance
	// answer is what the last call has left behind. In C++ memory cgo need not
	// check it at each call.
	answer *C.struct_eb_answer
}

// instantiate makes a guest and runs its _initialize. initialising is how long
// that took, negative if there is none.
func (m module) instantiate() (g *guest, initialising time.Duration, err error) {
	g = &guest{}
	var took C.int64_t
	outcome := C.eb_instance_new(m.c, &g.c, &took)
	if outcome.end == C.EB_OK {
		g.answer = C.eb_instance_answer(g.c)
	}
	return g, time.Duration(took), failure(outcome.end, outcome.text)
}

// call takes one request to the guest and appends the response to dst.
func (g *guest) call(dst, request []byte) ([]byte, error) {
	a := g.answer
	if end := C.eb_instance_call(g.c, (*C.uint8_t)(unsafe.SliceData(request)), C.uint32_t(len(request))); end != C.EB_OK {
		return dst, g.failure(end, len(request))
	}
	at, n, err := abi.Unpack(uint64(a.packed), uint64(a.size))
	if err != nil {
		return dst, err
	}
	return append(dst, unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(a.base), at)), n)...), nil
}

// run takes a command to its end and appends what it has written to dst. right is
// the exit code of one that does well.
func (g *guest) run(dst, request []byte, right uint32) ([]byte, error) {
	end := C.eb_instance_run(g.c, (*C.uint8_t)(unsafe.SliceData(request)), C.size_t(len(request)), abi.MaxMessage)
	ended := g.failure(end, 0)
	w := C.eb_instance_wasi(g.c)
	if w == nil {
		return dst, ended
	}
	output := &w.output
	said := interfaces.FirstLine(unsafe.Slice((*byte)(unsafe.Pointer(&output.said)), output.said_size))
	switch {
	case bool(output.over):
		return dst, fmt.Errorf("the response is longer than %d bytes: %w", abi.MaxMessage, runners.ErrTooLarge)
	case ended != nil && !bool(w.exited):
		if said != "" {
			ended = fmt.Errorf("%w: %s", ended, said)
		}
		return dst, ended
	}
	if err := abi.CheckExit(uint32(w.code), right, said); err != nil {
		return dst, err
	}
	return append(dst, unsafe.Slice((*byte)(output.data), output.size)...), nil
}

// tier is what compiled the code that answers.
func (g *guest) tier() (runners.Tier, error) {
	var found C.enum_eb_tier
	if outcome := C.eb_instance_tier(g.c, &found); outcome.end != C.EB_OK {
		return "", failure(outcome.end, outcome.text)
	}
	switch found {
	case C.EB_TURBOFAN:
		return runners.TierOptimised, nil
	case C.EB_LIFTOFF:
		return runners.TierBaseline, nil
	}
	return runners.TierUncompiled, nil
}

func (g *guest) delete() { C.eb_instance_delete(g.c) }

// terminate ends the call that runs, or else the next one, and resume takes that
// back.
func (g *guest) terminate() { C.eb_isolate_terminate(C.eb_instance_isolate(g.c)) }
func (g *guest) resume()    { C.eb_isolate_resume(C.eb_instance_isolate(g.c)) }

// heap is the size of the heap of the guest's isolate, in bytes.
func (g *guest) heap() uint64 { return uint64(C.eb_isolate_heap(C.eb_instance_isolate(g.c))) }

// failure makes an error of the end of a call with a request of n bytes.
func (g *guest) failure(end C.enum_eb_end, n int) error {
	text := g.answer.text
	g.answer.text = nil
	w := C.eb_instance_wasi(g.c)
	switch {
	case end == C.EB_OUTSIDE:
		return abi.Fits(uint32(g.answer.at), n, uint64(g.answer.size))
	case end == C.EB_TRAPPED && w != nil && bool(w.exited):
		C.free(unsafe.Pointer(text))
		return abi.Exited(uint32(w.code), "")
	}
	return failure(end, text)
}

// failure makes an error of the end of a step and frees its text.
func failure(end C.enum_eb_end, text *C.char) error {
	if end == C.EB_OK {
		return nil
	}
	said := interfaces.FirstLine([]byte(C.GoString(text)))
	C.free(unsafe.Pointer(text))
	switch {
	case end == C.EB_REFUSED:
		return wasmfile.Refused("v8", said)
	case end == C.EB_MALFORMED:
		return fmt.Errorf("%w: %s", runners.ErrMalformed, said)
	case end == C.EB_EXPORT:
		return abi.MissingExport(said)
	case end == C.EB_TRAPPED, strings.HasPrefix(said, "RuntimeError"): // the latter of a start function
		return fmt.Errorf("%w: %s", runners.ErrTrap, said)
	}
	return errors.New(said)
}

//go:build cgo

package wasmtime

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"runtime"
	"strings"
	"unsafe"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
	"edgebench/runners/internal/capi"
)

// world is what a module's guests find: arguments, variables and folders. It is in
// C memory, which the garbage collector frees with the last instance that has it.
type world struct {
	c        *C.eb_world
	artefact runners.Artefact
}

func newWorld(a runners.Artefact) *world {
	args, variables := textsOf(capi.Arguments(a)), textsOf(a.Use.Env)
	w := &world{c: C.eb_world_new(args, variables), artefact: a}
	freeTexts(args)
	freeTexts(variables)
	for _, d := range a.Folders() {
		C.eb_world_folder(w.c, C.CString(d.Host), C.CString(d.Guest))
	}
	runtime.AddCleanup(w, func(c *C.eb_world) { C.eb_world_delete(c) }, w.c)
	return w
}

// pointer is the world as C takes it, nil for none.
func (w *world) pointer() *C.eb_world {
	if w == nil {
		return nil
	}
	return w.c
}

// textsOf gives texts to C until freeTexts.
func textsOf(list []string) C.eb_texts {
	b := capi.Texts(list)
	if len(b) == 0 {
		return C.eb_texts{}
	}
	return C.eb_texts{bytes: (*C.char)(C.CBytes(b)), size: C.size_t(len(b)), count: C.size_t(len(list))}
}

func freeTexts(t C.eb_texts) { C.free(unsafe.Pointer(t.bytes)) }

// right is the exit code of a command that does well.
func (w *world) right() uint32 { return uint32(w.artefact.Use.ExitCode) }

// plain is the same as a user of wasmtime-go has it.
func (w *world) plain() (*wasmtime.WasiConfig, error) {
	config := wasmtime.NewWasiConfig()
	if args := capi.Arguments(w.artefact); len(args) > 0 {
		config.SetArgv(args)
	}
	if env := w.artefact.Use.Env; len(env) > 0 {
		names, values := make([]string, len(env)), make([]string, len(env))
		for i, v := range env {
			names[i], values[i], _ = strings.Cut(v, "=")
		}
		config.SetEnv(names, values)
	}
	for _, d := range w.artefact.Folders() {
		if err := config.PreopenDir(d.Host, d.Guest, wasmtime.DIR_READ, wasmtime.FILE_READ); err != nil {
			return nil, err
		}
	}
	return config, nil
}

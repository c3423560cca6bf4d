//go:build cgo && linux && amd64

package v8

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unsafe"
)

//go:embed host.js
var script string

// engine is V8 in this process. It starts once and never ends.
var engine process

type process struct {
	mu       sync.Mutex
	started  bool
	flags    string
	runtimes int // that have started it and not stopped
}

// start makes sure that V8 runs with the flags. Flags apply to the whole process,
// so that two runtimes live at a time only with the same ones.
func (p *process) start(flags []string) error { return p.startWith(flags, startV8) }

// startWith is start with what starts V8 in a process that has none.
func (p *process) startWith(flags []string, first starter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	wanted := strings.Join(flags, " ")
	if p.runtimes > 0 && p.flags != wanted {
		return fmt.Errorf("a runtime of this process has the flags %s, this one needs %s", p.flags, wanted)
	}
	if !p.started || p.flags != wanted {
		p.set(wanted, first)
	}
	p.runtimes++
	return nil
}

// set starts V8 with the flags, or changes them.
func (p *process) set(flags string, first starter) {
	f := C.CString(flags)
	defer C.free(unsafe.Pointer(f))
	if p.started {
		C.eb_flags(f)
	} else {
		s := C.CString(script)
		defer C.free(unsafe.Pointer(s))
		first(f, s)
	}
	p.started, p.flags = true, flags
}

// starter starts V8 with flags and the script. Both are the caller's.
type starter func(flags, script *C.char)

func startV8(flags, script *C.char) { C.eb_start(flags, script) }

// stop says that a runtime needs V8 no more.
func (p *process) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runtimes--
}

func version() string { return C.GoString(C.eb_version()) }

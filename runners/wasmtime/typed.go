//go:build cgo

package wasmtime

// #cgo noescape eb_typed
// #cgo nocallback eb_typed
// #include <stdlib.h>
// #include "typed.h"
import "C"

import (
	"context"
	"errors"
	"runtime"
	"unsafe"

	"edgebench/runners"
)

// shape is what a function of the benchmark of typed calls takes.
type shape C.enum_eb_shape

const (
	text    shape = C.EB_TEXT
	numbers shape = C.EB_NUMBERS
	octets  shape = C.EB_BYTES
	records shape = C.EB_RECORDS
)

// typedFunction is a function of one argument that returns a number, in an instance
// of its own.
type typedFunction struct {
	rt       *componentMachine
	parts    C.eb_component_parts
	instance *C.eb_component
}

// newTypedFunction finds a function of a component, and makes an instance of it.
func newTypedFunction(ctx context.Context, code []byte, name string) (f *typedFunction, err error) {
	rt, err := runner{}.Boot(ctx, runners.Options{Mode: "component-aot"})
	if err != nil {
		return nil, err
	}
	f = &typedFunction{rt: rt.(*componentMachine)}
	component, err := f.rt.compile(code)
	if err != nil {
		return nil, errors.Join(err, f.rt.Close())
	}
	export := C.CString(name)
	defer C.free(unsafe.Pointer(export))
	index := C.wasmtime_component_get_export_index(component, nil, export, C.size_t(len(name)))
	if index == nil {
		C.wasmtime_component_delete(component)
		return nil, errors.Join(errors.New("the component does not export "+name), f.rt.Close())
	}
	f.parts = C.eb_component_parts{engine: f.rt.c(), linker: f.rt.linker, component: component, called: index}
	bounds := f.rt.bounds(ctx)
	if failure := C.eb_component_instantiate(&f.parts, &bounds, nil, &f.instance); failure != nil {
		err = errors.New("instantiate: " + take(failure))
		f.close()
		return nil, err
	}
	return f, nil
}

// call makes a value of a shape of as many bytes, and calls the function with it.
func (f *typedFunction) call(of shape, value []byte) (returned uint32, err error) {
	var n C.uint32_t
	failure := C.eb_typed(f.instance, C.enum_eb_shape(of), (*C.char)(unsafe.Pointer(unsafe.SliceData(value))), C.size_t(len(value)), &n)
	runtime.KeepAlive(f)
	if failure != nil {
		return 0, errors.New("call: " + take(failure))
	}
	return uint32(n), nil
}

func (f *typedFunction) close() {
	if f.instance != nil {
		C.eb_component_close(f.instance)
	}
	C.wasmtime_component_export_index_delete((*C.wasmtime_component_export_index_t)(f.parts.called))
	C.wasmtime_component_delete((*C.wasmtime_component_t)(f.parts.component))
	f.rt.Close()
}

//go:build cgo

package wasmtime

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
)

// grantOf is a configuration of WASI with what a policy says. Whoever gives it to a store
// need not free it.
func grantOf(policy *runners.Policy) (*C.wasi_config_t, error) {
	wasi := C.wasi_config_new()
	if err := configure(wasi, policy); err != nil {
		C.wasi_config_delete(wasi)
		return nil, err
	}
	return wasi, nil
}

// grant gives an instance what a policy says.
func (in *instance) grant(policy *runners.Policy) error {
	wasi, err := grantOf(policy)
	if err != nil {
		return err
	}
	if failure := C.eb_grant(in.c, wasi); failure != nil {
		return errors.New(take(failure))
	}
	return nil
}

// configure writes a policy into a configuration of WASI.
func configure(wasi *C.wasi_config_t, policy *runners.Policy) error {
	var texts []unsafe.Pointer
	defer func() {
		for _, t := range texts {
			C.free(t)
		}
	}()
	text := func(s string) *C.char {
		c := C.CString(s)
		texts = append(texts, unsafe.Pointer(c))
		return c
	}
	for _, f := range grants(policy) {
		if !C.wasi_config_preopen_dir(wasi, text(f.Host), text(f.Guest), C.wasi_dir_perms(f.folder), C.wasi_file_perms(f.file)) {
			return fmt.Errorf("open the folder %s for the guest", f.Host)
		}
	}
	names, values := variables(policy)
	if len(names) == 0 {
		return nil
	}
	list := make([]*C.char, 0, 2*len(names))
	for _, s := range append(names, values...) {
		list = append(list, text(s))
	}
	size := C.size_t(len(list)) * C.size_t(unsafe.Sizeof(list[0]))
	array := (**C.char)(C.malloc(size))
	texts = append(texts, unsafe.Pointer(array))
	copy(unsafe.Slice(array, len(list)), list)
	if !C.eb_environ(wasi, C.size_t(len(names)), array) {
		return errors.New("give the guest its environment: a variable is not UTF-8")
	}
	return nil
}

// granted is a folder with the permissions of itself and of the files in it.
type granted struct {
	runners.Folder
	folder wasmtime.WasiDirPerms
	file   wasmtime.WasiFilePerms
}

func grants(policy *runners.Policy) (all []granted) {
	for _, f := range policy.Folders {
		g := granted{f, wasmtime.DIR_READ, wasmtime.FILE_READ}
		if f.Writable {
			g.folder |= wasmtime.DIR_WRITE
			g.file |= wasmtime.FILE_WRITE
		}
		all = append(all, g)
	}
	if policy.Names != nil {
		all = append(all, granted{*policy.Names, wasmtime.DIR_READ | wasmtime.DIR_WRITE, wasmtime.FILE_READ})
	}
	return all
}

// variables divides a policy's environment into names and values.
func variables(policy *runners.Policy) (names, values []string) {
	for _, variable := range policy.Environment {
		name, value, _ := strings.Cut(variable, "=")
		names, values = append(names, name), append(values, value)
	}
	return names, values
}

// grantPlain writes a policy into a configuration of wasmtime-go.
func grantPlain(config *wasmtime.WasiConfig, policy *runners.Policy) error {
	for _, f := range grants(policy) {
		if err := config.PreopenDir(f.Host, f.Guest, f.folder, f.file); err != nil {
			return err
		}
	}
	config.SetEnv(variables(policy))
	return nil
}

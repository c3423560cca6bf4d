package wasmfile

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// Check refuses a module whose exported memory is shared or has addresses of 64 bits,
// or with an import that this runner does not supply (ErrUnavailable), and a module
// without the exports that the interface requires (ErrMalformed). unsupported are the functions of WASI preview 1
// that this runner does not supply.
func Check(code []byte, iface runners.Interface, unsupported ...string) error {
	m, err := inspect(code)
	if err != nil {
		return err
	}
	if err := m.checkMemory(); err != nil {
		return err
	}
	if err := m.checkImports(unsupported); err != nil {
		return err
	}
	return m.checkInterface(iface)
}

// checkMemory refuses a memory that no runner's calls can use: a guest that shares it
// with others, or whose addresses have 64 bits.
func (m *Module) checkMemory() error {
	e, exported := m.find(abi.Memory, binary.KindMemory)
	if !exported || uint64(e.index) >= uint64(len(m.memories)) {
		return nil
	}
	switch t := m.memories[e.index]; {
	case t.shared:
		return fmt.Errorf("the module exports a shared memory (%s), which no runner offers: %w", runners.Threads, runners.ErrUnavailable)
	case t.is64:
		return fmt.Errorf("the module exports a memory with addresses of 64 bits (%s), which no runner offers: %w", runners.Memory64, runners.ErrUnavailable)
	}
	return nil
}

// Refused is the error of a module that passes Check and that a runtime does
// not compile. It contains the first line of the runtime's message. It is
// ErrUnavailable and not ErrMalformed, since the usual reason is a feature that
// the runtime does not support; the runtimes do not distinguish that from invalid
// code, and may name a feature to which an invalid opcode would belong.
func Refused(runtime, words string) error {
	const most = 500
	line, _, _ := strings.Cut(strings.TrimSpace(words), "\n")
	return fmt.Errorf("%s does not compile the module, which is invalid or needs what %s does not have: %.*s: %w", runtime, runtime, most, oneLine(line), runners.ErrUnavailable)
}

// LeftOut makes the error of a runtime that refuses a module name the features that the
// module needs and the runtime does not support. It is then ErrUnavailable, whatever
// the runtime made of it. Other errors, and nil, stay as they are.
func LeftOut(err error, code []byte, supported []runners.Feature) error {
	if err == nil {
		return nil
	}
	missing := Missing(code, supported)
	if len(missing) == 0 {
		return err
	}
	names := make([]string, len(missing))
	for i, f := range missing {
		names[i] = string(f)
	}
	return fmt.Errorf("the module needs %s, which this mode does not support: %w: %s", strings.Join(names, ", "), runners.ErrUnavailable, err.Error())
}

// checkImports refuses imports that no runner, or not this one, supplies.
func (m *Module) checkImports(unsupported []string) error {
	for _, i := range m.imports {
		if i.from == abi.WASI && slices.Contains(unsupported, i.name) {
			return fmt.Errorf("the module needs %s.%s, which this runner does not supply: %w", i.from, i.name, runners.ErrUnavailable)
		}
	}
	if nobody := m.Unsupplied(); len(nobody) > 0 {
		return abi.MissingImport(listed(nobody))
	}
	return nil
}

// listed names the first few imports.
func listed(names []string) string {
	const shown, most = 3, 80
	list := make([]string, 0, shown)
	for _, n := range names[:min(shown, len(names))] {
		list = append(list, fmt.Sprintf("%.*s", most, n))
	}
	text := strings.Join(list, ", ")
	if more := len(names) - len(list); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// oneLine replaces what would break an error's line, whatever names a module
// has.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

// preview1 are the functions of WASI preview 1:
// https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
var preview1 = []string{
	"args_get", "args_sizes_get", "clock_res_get", "clock_time_get", "environ_get", "environ_sizes_get",
	"fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags",
	"fd_fdstat_set_rights", "fd_filestat_get", "fd_filestat_set_size", "fd_filestat_set_times", "fd_pread",
	"fd_prestat_dir_name", "fd_prestat_get", "fd_pwrite", "fd_read", "fd_readdir", "fd_renumber", "fd_seek",
	"fd_sync", "fd_tell", "fd_write", "path_create_directory", "path_filestat_get", "path_filestat_set_times",
	"path_link", "path_open", "path_readlink", "path_remove_directory", "path_rename", "path_symlink",
	"path_unlink_file", "poll_oneoff", "proc_exit", "proc_raise", "random_get", "sched_yield",
	"sock_accept", "sock_recv", "sock_send", "sock_shutdown",
}

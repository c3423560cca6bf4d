package wasmfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// Supply is what a runner has for a module.
type Supply struct {
	// Runner is its name, with the mode where that matters.
	Runner string
	// Has are the features that it has beyond what all have.
	Has []Feature
	// Lacks are functions of WASI preview 1 that it has not.
	Lacks []string
}

// Feature is an extension of WebAssembly, in the words of an error.
type Feature string

// Features of which a runner may be without one.
const (
	Threads        Feature = "threads (a memory that is shared)"
	Memory64       Feature = "a memory of 64 bits"
	SeveralMemory  Feature = "several memories"
	Exceptions     Feature = "exceptions"
	SeveralResults Feature = "functions with several results (multi-value)"
	Types          Feature = "types of the garbage collector's extension"
	SIMD           Feature = "vectors (SIMD)"
	RelaxedSIMD    Feature = "relaxed vectors (relaxed SIMD)"
	Atomics        Feature = "atomic instructions (threads)"
	TailCalls      Feature = "tail calls"
	References     Feature = "typed references"
	WideArithmetic Feature = "wide arithmetic"
)

// Check refuses a module that needs what the runner has not, as ErrUnavailable
// and in a sentence that names it; and one that does not have what the speech
// asks for, as ErrMalformed.
func (m *Module) Check(s Supply, speech runners.Speech) error {
	for _, f := range m.needs() {
		if !slices.Contains(s.Has, f) {
			return s.without(f)
		}
	}
	if err := m.imported(s); err != nil {
		return err
	}
	return m.speaks(speech)
}

// CheckModule inspects a module and checks it.
func (s Supply) CheckModule(code []byte, speech runners.Speech) error {
	m, err := Inspect(code)
	if err != nil {
		return err
	}
	return m.Check(s, speech)
}

func (s Supply) without(f Feature) error {
	return fmt.Errorf("the module needs %s, which the runner %s does not offer: %w", f, s.Runner, runners.ErrUnavailable)
}

// needs lists the features that show without a look into functions.
func (m *Module) needs() (needs []Feature) {
	for _, l := range m.Memories {
		if l.Shared {
			needs = append(needs, Threads)
		}
		if l.Is64 {
			needs = append(needs, Memory64)
		}
	}
	if len(m.Memories) > 1 {
		needs = append(needs, SeveralMemory)
	}
	tag := func(i Import) bool { return i.Kind == binary.KindTag }
	if m.tags > 0 || slices.ContainsFunc(m.Imports, tag) {
		needs = append(needs, Exceptions)
	}
	if m.several {
		needs = append(needs, SeveralResults)
	}
	if m.odd {
		needs = append(needs, Types)
	}
	return needs
}

// imported refuses imports that nobody, or not this runner, supplies.
func (m *Module) imported(s Supply) error {
	var nobody []string
	for _, i := range m.Imports {
		name := i.From + "." + i.Name
		switch {
		case i.From == "wasi" && i.Name == "thread-spawn":
			return fmt.Errorf("the module needs %s to start threads, which no runner supplies: %w", name, runners.ErrUnavailable)
		case i.From != abi.WASI || i.Kind != binary.KindFunction || !slices.Contains(preview1, i.Name):
			nobody = append(nobody, name)
		case slices.Contains(s.Lacks, i.Name):
			return fmt.Errorf("the module needs %s, which the runner %s does not offer: %w", name, s.Runner, runners.ErrUnavailable)
		}
	}
	return missing(nobody)
}

// missing names the first few of the imports that nobody supplies.
func missing(names []string) error {
	if len(names) == 0 {
		return nil
	}
	const shown, most = 3, 80
	list := make([]string, 0, shown)
	for _, n := range names[:min(shown, len(names))] {
		list = append(list, fmt.Sprintf("%.*s", most, strings.Map(visible, strings.ToValidUTF8(n, "?"))))
	}
	text := strings.Join(list, ", ")
	if more := len(names) - len(list); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return abi.MissingImport(text)
}

// visible keeps an error in one line, whatever names a module has.
func visible(r rune) rune {
	if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
		return '?'
	}
	return r
}

// Misses says why a compiler has refused code that Check let pass, if that is
// for an instruction that the runner has not: then it is ErrUnavailable, with the
// compiler's own words behind it. It is nil where the reason is another.
func (s Supply) Misses(code []byte, words string) error {
	used, err := Uses(code)
	if err != nil {
		return nil
	}
	for _, f := range used {
		if !slices.Contains(s.Has, f) {
			return fmt.Errorf("%w (%s)", s.without(f), words)
		}
	}
	return nil
}

// errUnknown is an instruction of which nothing is known here.
var errUnknown = errors.New("it has an instruction that is unknown here")

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

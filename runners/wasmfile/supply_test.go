package wasmfile

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

var supply = Supply{Runner: "someone", Has: []Feature{SIMD}, Lacks: []string{"sock_accept"}}

// TestCheck asks for each thing that a runner may be without.
func TestCheck(t *testing.T) {
	const wasi = "wasi_snapshot_preview1"
	imports := func(all ...string) fields {
		f := command
		f.imports = list(all...)
		f.exports = list(export("memory", 2, 0), export("_start", 0, byte(len(all))))
		return f
	}
	memory := func(memories string) fields {
		f := command
		f.memories = memories
		return f
	}
	for what, c := range map[string]struct {
		module fields
		speaks runners.Speech
		kind   error // nil for what is let pass
		says   string
	}{
		"a command":            {command, runners.Stdio, nil, ""},
		"WASI":                 {imports(function(wasi, "fd_read"), function(wasi, "proc_exit")), runners.Stdio, nil, ""},
		"frames of a command":  {command, runners.Frames, runners.ErrMalformed, "export alloc as edgebench's"},
		"a command of frames":  {frames, runners.Stdio, runners.ErrMalformed, "export _start as a command"},
		"a server":             {command, "http:80", runners.ErrUnavailable, "network"},
		"an import":            {imports(function("env", "fetch")), runners.Stdio, runners.ErrUnavailable, "needs env.fetch, which no runner supplies"},
		"an import of no WASI": {imports(function(wasi, "fd_frob")), runners.Stdio, runners.ErrUnavailable, "needs wasi_snapshot_preview1.fd_frob, which no"},
		"an older WASI":        {imports(function("wasi_unstable", "fd_read")), runners.Stdio, runners.ErrUnavailable, "needs wasi_unstable.fd_read, which no"},
		"many imports":         {imports(function("a", "\n"), function("b", ""), function("c", ""), function("d", "")), runners.Stdio, runners.ErrUnavailable, "needs a.?, b., c. and 1 more, which"},
		"a global":             {imports(name("env") + name("g") + "\x03\x7f\x00"), runners.Stdio, runners.ErrUnavailable, "needs env.g, which no"},
		"a table":              {imports(name("env") + name("t") + "\x01\x70\x00\x01"), runners.Stdio, runners.ErrUnavailable, "needs env.t, which no"},
		"a function it lacks":  {imports(function(wasi, "sock_accept")), runners.Stdio, runners.ErrUnavailable, "needs wasi_snapshot_preview1.sock_accept, which the runner someone does not"},
		"threads":              {imports(function("wasi", "thread-spawn")), runners.Stdio, runners.ErrUnavailable, "to start threads"},
		"a shared memory":      {memory("\x01\x03\x01\x02"), runners.Stdio, runners.ErrUnavailable, "needs threads"},
		"its import":           {imports(name("env") + name("memory") + "\x02\x03\x01\x02"), runners.Stdio, runners.ErrUnavailable, "needs threads"},
		"a memory of 64 bits":  {memory("\x01\x05\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), runners.Stdio, runners.ErrUnavailable, "64 bits"},
		"two memories":         {memory("\x02\x00\x01\x00\x01"), runners.Stdio, runners.ErrUnavailable, "several memories"},
		"two results":          {fields{types: types[:len(types)-4] + "\x60\x00\x02\x7f\x7f", functions: command.functions, memories: plainMemory, exports: command.exports}, runners.Stdio, runners.ErrUnavailable, "several results"},
		"a tag":                {fields{functions: command.functions, memories: plainMemory, tags: "\x01\x00\x02", exports: command.exports}, runners.Stdio, runners.ErrUnavailable, "exceptions"},
		"an imported tag":      {imports(name("env") + name("t") + "\x04\x00\x02"), runners.Stdio, runners.ErrUnavailable, "exceptions"},
		"a structure":          {fields{types: "\x01\x5f\x00"}, runners.Stdio, runners.ErrUnavailable, "garbage"},
	} {
		m, err := Inspect([]byte(c.module.String()))
		if err == nil {
			err = m.Check(supply, c.speaks)
		}
		if !errors.Is(err, c.kind) || err != nil && (!strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v; want %v that says %q", what, err, c.kind, c.says)
		}
	}
}

// TestUses walks over each form of instruction, and then into what tells that
// it has not lost its way.
func TestUses(t *testing.T) {
	const zeros = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	for what, c := range map[string]struct {
		instructions string
		uses         []Feature
	}{
		"numbers":            {"\x41\xfd\x00\x42\xfd\x80\x80\x80\x80\x80\x80\x80\xfd\x00\x43\xfd\xfd\xfd\xfd\x44\xfd\xfd\xfd\xfd\xfd\xfd\xfd\xfd\x6a\xc4\x1a", nil},
		"blocks":             {"\x02\x40\x03\x7f\x04\x80\x01\x05\x0b\x0b\x0b\x02\x63\x70\x0b\x0c\x00\x0d\x00\x0e\x02\xfd\x00\x00\xfd\x00\x0f\x00\x01", nil},
		"calls":              {"\x10\xfd\x00\x11\xfd\x00\x00\x1a\x1b\x1c\x01\x7f", nil},
		"variables":          {"\x20\xfd\x00\x24\xfd\x00\x25\x00\x26\x00\xd0\x70\xd1\xd2\xfd\x00", nil},
		"memory":             {"\x28\x02\xfd\xfd\x00\x3e\x42\x00\xfd\x00\x3f\x00\x40\x00", nil},
		"bulk":               {"\xfc\x07\xfc\x08\x00\x00\xfc\x09\x00\xfc\x0a\x00\x00\xfc\x0b\x00\xfc\x0c\x00\x00\xfc\x0d\x00\xfc\x0e\x00\x00\xfc\x0f\x00\xfc\x11\x00", nil},
		"vectors":            {"\xfd\x00\x04\xfe\x00\xfd\x0c" + zeros + "\xfd\x0d" + zeros + "\xfd\x15\xfe\xfd\x54\x00\x00\xfe\xfd\x5c\x00\xfe\x00\xfd\xff\x01", []Feature{SIMD}},
		"relaxed vectors":    {"\xfd\x80\x02", []Feature{RelaxedSIMD}},
		"atomic":             {"\xfe\x03\x00\xfe\x00\x02\x00\xfe\x4e\x00\xfd\x00", []Feature{Atomics}},
		"tail calls":         {"\x12\xfd\x00\x13\xfd\x00\x00", []Feature{TailCalls}},
		"exceptions":         {"\x06\x40\xfd\x00", []Feature{Exceptions}},
		"references":         {"\x14\xfd\x00", []Feature{References}},
		"structures":         {"\xfb\x00\xfd", []Feature{Types}},
		"wide":               {"\xfc\x13", []Feature{WideArithmetic}},
		"several":            {"\x12\x00\xfc\x16\xfe\x03\x00\xfd\x0e", []Feature{Atomics, TailCalls, SIMD, WideArithmetic}},
		"vectors in another": {"\x01", nil},
	} {
		module := fields{bodies: []string{"\x01", c.instructions, "\x01"}}.String()
		got, err := Uses([]byte(module))
		slices.Sort(c.uses)
		if err != nil || !slices.Equal(got, c.uses) {
			t.Errorf("%s: %v, %v; want %v", what, got, err, c.uses)
		}
	}
	locals := binary.Preamble + section(binary.SectionCode, list(name("\x01\x01\x7b\x0b")))
	if got, err := Uses([]byte(locals)); err != nil || !slices.Equal(got, []Feature{SIMD}) {
		t.Errorf("a local variable: %v, %v; want %v", got, err, SIMD)
	}
}

func TestUsesLosesItsWay(t *testing.T) {
	for _, instructions := range []string{"\xff", "\x27", "\xfc\x12", "\xfc\x7f", "\xfd\x94\x02", "\xfe\x04", "\x44\x00", "\x41\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00"} {
		if got, err := Uses([]byte(fields{bodies: []string{instructions}}.String())); err == nil {
			t.Errorf("%x: uses %v", instructions, got)
		}
	}
}

func TestMisses(t *testing.T) {
	tail := []byte(fields{bodies: []string{"\x12\x00"}}.String())
	err := supply.Misses(tail, "no way")
	if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "needs tail calls, which the runner someone does not offer") || !strings.Contains(err.Error(), "(no way)") {
		t.Errorf("tail calls: %v", err)
	}
	for what, code := range map[string]string{"vectors": "\xfd\x0e", "noise": "\xff"} {
		if err := supply.Misses([]byte(fields{bodies: []string{code}}.String()), "no way"); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

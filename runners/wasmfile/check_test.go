package wasmfile

import (
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
)

// TestCheck checks each import and each export that a module may not, or must,
// have. What only a compiler finds out is let pass.
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
	with := func(types, tags string) fields {
		f := command
		f.types, f.tags = types, tags
		return f
	}
	for what, c := range map[string]struct {
		module fields
		iface  runners.Interface
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
		"a missing function":   {imports(function(wasi, "sock_accept")), runners.Stdio, runners.ErrUnavailable, "needs wasi_snapshot_preview1.sock_accept, which this runner does not"},
		"threads":              {imports(function("wasi", "thread-spawn")), runners.Stdio, runners.ErrUnavailable, "needs wasi.thread-spawn, which no"},
		"a shared import":      {imports(name("env") + name("memory") + "\x02\x03\x01\x02"), runners.Stdio, runners.ErrUnavailable, "shared memory (threads)"},
		"an imported tag":      {imports(name("env") + name("t") + "\x04\x00\x02"), runners.Stdio, runners.ErrUnavailable, "needs env.t, which no"},
		"a shared memory":      {memory("\x01\x03\x01\x02"), runners.Stdio, runners.ErrUnavailable, "shared memory (threads)"},
		"a memory of 64 bits":  {memory("\x01\x05\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), runners.Stdio, runners.ErrUnavailable, "addresses of 64 bits (memory64)"},
		"two memories":         {memory("\x02\x00\x01\x00\x01"), runners.Stdio, nil, ""},
		"two results":          {with(types[:len(types)-4]+"\x60\x00\x02\x7f\x7f", ""), runners.Stdio, nil, ""},
		"a tag":                {with("", "\x01\x00\x02"), runners.Stdio, nil, ""},
		"a structure":          {with("\x02\x5f\x00\x60\x00\x00", ""), runners.Stdio, nil, ""},
		"a broken one":         {memory(plainMemory + "\x00"), runners.Stdio, runners.ErrMalformed, "longer"},
	} {
		err := Check([]byte(c.module.String()), c.iface, "sock_accept")
		if !errors.Is(err, c.kind) || err != nil && (!strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v; want %v that says %q", what, err, c.kind, c.says)
		}
	}
}

// TestRefused passes on the first line of what a runtime says, whatever that is.
func TestRefused(t *testing.T) {
	for words, want := range map[string]string{
		"no vectors":             "someone does not compile the module, which is invalid or needs what someone does not have: no vectors: unavailable",
		"\nfirst\nsecond\n":      "someone does not compile the module, which is invalid or needs what someone does not have: first: unavailable",
		"a\rb\xff":               "someone does not compile the module, which is invalid or needs what someone does not have: a?b?: unavailable",
		strings.Repeat("x", 600): "someone does not compile the module, which is invalid or needs what someone does not have: " + strings.Repeat("x", 500) + ": unavailable",
	} {
		err := Refused("someone", words)
		if !errors.Is(err, runners.ErrUnavailable) || err.Error() != want {
			t.Errorf("%.20q: %q; want %q", words, err, want)
		}
	}
}

package wasmfile

import (
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

// importing is a module that imports functions.
func importing(names ...string) *Module {
	m := &Module{}
	for _, name := range names {
		from, field, _ := strings.Cut(name, " ")
		m.imports = append(m.imports, importItem{from: from, name: field, kind: binary.KindFunction})
	}
	return m
}

func TestForm(t *testing.T) {
	exporting := func(m *Module, names ...string) *Module {
		for _, name := range names {
			m.exports = append(m.exports, exportItem{name: name, kind: binary.KindFunction})
		}
		return m
	}
	for _, c := range []struct {
		module *Module
		want   Form
		says   string
	}{
		{importing("env emscripten_resize_heap", "wasi_snapshot_preview1 fd_write"), Emscripten, "no runner supplies env.emscripten_resize_heap; link it"},
		{importing("a a", "a b", "a c", "a dd"), Emscripten, "a.a, a.b, a.c and 1 more"},
		{exporting(importing("env thing"), "stackAlloc"), Emscripten, "env.thing"},
		{importing("./x_bg.js __wbindgen_throw"), WasmBindgen, "wasm32-wasip1 without wasm-bindgen"},
		{importing("wbg a"), WasmBindgen, "wbg.a"},
		{exporting(importing(), "__wbindgen_malloc"), WasmBindgen, "it wants its own host"},
		{importing("gojs runtime.wasmExit"), GoJS, "GOOS=wasip1"},
		{importing("go runtime.wasmExit"), GoJS, "GOOS=wasip1"},
		{importing("env memory", "env napi_get_undefined", "wasi thread-spawn"), NodeAPI, "env.napi_get_undefined"},
		{importing("env abort"), AssemblyScript, "--use abort="},
		{importing("wasi_unstable fd_write"), Preview0, "preview 1"},
		{importing("wasix_32v1 futex_wait"), WASIX, "wasm32-wasip1"},
		{importing("wasi thread-spawn", "env memory"), Threads, "without threads"},
		{importing("host\n call"), Unknown, "host?.call"},
		{importing(), Library, "does not have memory, alloc, handle"},
	} {
		err := c.module.Refusal()
		if got := c.module.Form(); got != c.want || err == nil || !strings.HasPrefix(err.Error(), string(c.want)+": ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v is the %s, %v; want the %s and %q", c.module.imports, got, err, c.want, c.says)
		}
		if c.want != Library && !errors.Is(err, runners.ErrUnavailable) {
			t.Errorf("%v does not wrap ErrUnavailable", err)
		}
	}
	for name, want := range map[string]Form{"../runnertest/testdata/command/command.wasm": Command, "../../workloads/noop/c/noop.wasm": Reactor} {
		f, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := f.(*Module)
		if !ok {
			t.Fatalf("%s is no module", name)
		}
		if m.Form() != want || m.Refusal() != nil {
			t.Errorf("%s is a %s, %v; want a %s", name, m.Form(), m.Refusal(), want)
		}
	}
}

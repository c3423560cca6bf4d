package wasmfile

import (
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

// component composes a component of its imports and exports.
func component(imports, exports string) string {
	s := binary.ComponentPreamble + section(0, name("x")) + section(1, binary.Preamble)
	if imports != "" {
		s += section(componentImport, imports)
	}
	return s + section(componentExport, exports)
}

// componentExported composes an export without a type.
func componentExported(s string, sort byte) string {
	return "\x00" + name(s) + string([]byte{sort}) + "\x00\x00"
}

// componentImported composes the import of an instance.
func componentImported(s string) string { return "\x00" + name(s) + "\x05\x00" }

var (
	handler = componentExported("handle", sortFunction)
	runs    = componentExported("wasi:cli/run@0.2.6", sortInstance)
)

func TestComponentInterface(t *testing.T) {
	wasi := list(componentImported("wasi:io/streams@0.2.6"), componentImported("wasi:cli/stdin@0.2.6"))
	for what, c := range map[string]struct {
		imports, exports string
		iface            runners.Interface
		kind             error // nil for what is taken
		says             string
	}{
		"a handler":             {"", list(handler), runners.Frames, nil, ""},
		"a command":             {wasi, list(runs), runners.Stdio, nil, ""},
		"both":                  {wasi, list(runs, handler), runners.Frames, nil, ""},
		"with a type":           {"", list("\x00" + name("handle") + "\x01\x00\x01\x01\x07"), runners.Frames, nil, ""},
		"types and core items":  {"", list(componentExported("t", sortType), "\x00"+name("m")+"\x00\x11\x00\x00", handler), runners.Frames, nil, ""},
		"an imported resource":  {list("\x00"+name("wasi:io/error@0.2.0")+"\x03\x01", componentImported("wasi:io/poll@0.2.0")), list(handler), runners.Frames, nil, ""},
		"nothing":               {"", list(), "", runners.ErrMalformed, "does not export handle: func("},
		"handle of another":     {"", list(componentExported("handle", sortInstance)), "", runners.ErrMalformed, "does not export handle: func("},
		"an older command":      {"", list(componentExported("wasi:cli/run@0.1.0", sortInstance)), "", runners.ErrMalformed, "does not export handle: func("},
		"a handler of HTTP":     {"", list(componentExported("wasi:http/incoming-handler@0.2.0", sortInstance)), "", runners.ErrUnavailable, "wasi:http, which no runner calls"},
		"an import of nobody's": {list(componentImported("a:b/c")), list(handler), "", runners.ErrUnavailable, "needs a:b/c, which no runner supplies"},
		"HTTP":                  {list(componentImported("wasi:http/types@0.2.0")), list(handler), "", runners.ErrUnavailable, "needs wasi:http/types@0.2.0"},
		"a later WASI":          {list(componentImported("wasi:cli/stdin@0.3.0")), list(handler), "", runners.ErrUnavailable, "needs wasi:cli/stdin@0.3.0"},
		"a name with options":   {"", list("\x02" + name("handle") + "\x01\x00\x00"), "", runners.ErrMalformed, "unknown form 2"},
		"more than it holds":    {"", list(handler) + "\x00", "", runners.ErrMalformed, "longer"},
		"cut":                   {"", "\x02" + handler, "", runners.ErrMalformed, "ends"},
	} {
		f, err := open([]byte(component(c.imports, c.exports)))
		iface := runners.Interface("")
		if err == nil {
			if f.Kind() != runners.Component {
				t.Errorf("%s is of kind %s", what, f.Kind())
			}
			iface, err = f.Interface()
		}
		if !errors.Is(err, c.kind) || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %v that says %q", what, err, c.kind, c.says)
		} else if err == nil && iface != c.iface {
			t.Errorf("%s has the interface %q; want %q", what, iface, c.iface)
		}
	}
}

// TestCheckComponent asks for one interface.
func TestCheckComponent(t *testing.T) {
	for what, c := range map[string]struct {
		code  string
		iface runners.Interface
		kind  error
		says  string
	}{
		"a handler":              {component("", list(handler)), runners.Frames, nil, ""},
		"a handler as a command": {component("", list(handler)), runners.Stdio, runners.ErrMalformed, "export wasi:cli/run"},
		"a server":               {component("", list(handler)), "http:80", runners.ErrUnavailable, "network"},
		"a module":               {binary.Preamble, runners.Frames, runners.ErrMalformed, "does not begin like a component"},
	} {
		err := CheckComponent([]byte(c.code), c.iface)
		if !errors.Is(err, c.kind) || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %v that says %q", what, err, c.kind, c.says)
		}
	}
}

// FuzzComponent is FuzzCheck for components.
func FuzzComponent(f *testing.F) {
	f.Add([]byte(component("", list(handler))))
	f.Add([]byte(component(list(componentImported("wasi:io/streams@0.2.6")), list(runs))))
	f.Fuzz(func(t *testing.T, code []byte) {
		c, err := inspectComponent(code)
		if err != nil {
			refused(t, err)
			return
		}
		if n := len(c.imports) + len(c.exports); n > len(code) {
			t.Fatalf("%d things in %d bytes", n, len(code))
		}
		iface, err := c.Interface()
		if err == nil {
			err = CheckComponent(code, iface)
		}
		if err != nil {
			refused(t, err)
		}
	})
}

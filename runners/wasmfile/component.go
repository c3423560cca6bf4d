package wasmfile

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// Sections of a component, and what is imported and exported, by their numbers:
// https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
const (
	componentImport = 10
	componentExport = 11

	sortCore     = 0
	sortFunction = 1
	sortValue    = 2
	sortType     = 3
	sortInstance = 5
)

// Component is what was found in a component.
type Component struct {
	// imports and exports are those of the outermost component.
	imports []string
	exports []componentItem
}

type componentItem struct {
	name string
	sort byte
}

// supplied are the interfaces of WASI 0.2 that a component gets, up to their second
// number.
var supplied = []string{"wasi:cli/", "wasi:clocks/", "wasi:filesystem/", "wasi:io/", "wasi:random/", "wasi:sockets/"}

// CheckComponent refuses a component with an import that no runner supplies
// (ErrUnavailable), and one without the export that the interface requires
// (ErrMalformed). It does not read types, which the runtime does.
func CheckComponent(code []byte, iface runners.Interface) error {
	c, err := inspectComponent(code)
	if err != nil {
		return err
	}
	return c.checkInterface(iface)
}

// Interface says how a component takes requests. One that exports both is called by
// its handle. It also checks the imports.
func (c *Component) Interface() (runners.Interface, error) {
	iface := runners.Frames
	if !c.has(abi.Handle, sortFunction) && c.has(abi.Run, sortInstance) {
		iface = runners.Stdio
	}
	return iface, c.checkInterface(iface)
}

func (c *Component) checkInterface(iface runners.Interface) error {
	if err := c.checkImports(); err != nil {
		return err
	}
	switch {
	case iface == runners.Frames && c.has(abi.Handle, sortFunction):
		return nil
	case iface == runners.Frames && c.has("wasi:http/incoming-handler", sortInstance):
		return fmt.Errorf("the component is a handler of wasi:http, which no runner calls: export %s, or %s: %w", abi.HandlerType, abi.Run, runners.ErrUnavailable)
	case iface == runners.Frames:
		return abi.MissingComponentExport(abi.HandlerType)
	case iface == runners.Stdio && c.has(abi.Run, sortInstance):
		return nil
	case iface == runners.Stdio:
		return abi.MissingComponentExport(abi.Run)
	}
	return fmt.Errorf("a component serves no network: %w", runners.ErrUnavailable)
}

func (c *Component) checkImports() error {
	var nobody []string
	for _, name := range c.imports {
		if !slices.ContainsFunc(supplied, func(s string) bool { return strings.HasPrefix(name, s) }) || !strings.Contains(name, "@0.2.") {
			nobody = append(nobody, name)
		}
	}
	if len(nobody) > 0 {
		return abi.MissingComponentImport(listed(nobody))
	}
	return nil
}

// Refusal is the error of a component that no runner takes, nil for others.
func (c *Component) Refusal() error {
	if err := c.checkImports(); err != nil {
		return err
	}
	_, err := c.Interface()
	return err
}

// has says whether there is an export of that name, in any version 0.2 if it has one.
func (c *Component) has(name string, sort byte) bool {
	return slices.ContainsFunc(c.exports, func(e componentItem) bool {
		return e.sort == sort && (e.name == name || strings.HasPrefix(e.name, name+"@0.2."))
	})
}

// inspectComponent reads the imports and exports of a component.
func inspectComponent(code []byte) (*Component, error) {
	if !abi.IsComponent(code) {
		return nil, fmt.Errorf("it does not begin like a component: %w", runners.ErrMalformed)
	}
	c := new(Component)
	for r := binary.NewReader(code, len(binary.ComponentPreamble)); r.More(); {
		s := r.Section()
		if r.Err() != nil {
			return nil, malformed(r.Err())
		}
		if err := c.section(s.ID, code[s.Payload:s.End]); err != nil {
			return nil, malformed(fmt.Errorf("section %d: %w", s.ID, err))
		}
	}
	return c, nil
}

func (c *Component) section(id byte, payload []byte) error {
	read := map[byte]func(*binary.Reader){componentImport: c.readImport, componentExport: c.readExport}[id]
	if read == nil {
		return nil
	}
	r := binary.NewReader(payload, 0)
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		read(r)
	}
	if r.More() {
		return errLonger
	}
	return r.Err()
}

func (c *Component) readImport(r *binary.Reader) {
	c.imports = append(c.imports, readComponentName(r))
	readDescription(r)
}

// readComponentName reads a name in its one form without options.
func readComponentName(r *binary.Reader) string {
	if form := r.Byte(); form > 1 {
		r.Fail(fmt.Errorf("a name has the unknown form %d", form))
	}
	return string(r.Name())
}

func (c *Component) readExport(r *binary.Reader) {
	e := componentItem{name: readComponentName(r), sort: r.Byte()}
	if e.sort == sortCore {
		r.Byte()
	}
	r.Number() // its index
	switch described := r.Byte(); described {
	case 0:
	case 1:
		readDescription(r)
	default:
		r.Fail(fmt.Errorf("an export has the unknown form %d", described))
	}
	c.exports = append(c.exports, e)
}

// readDescription passes over the type of an import or an export.
func readDescription(r *binary.Reader) {
	switch sort := r.Byte(); sort {
	case sortCore:
		r.Byte()
	case sortValue, sortType:
		if bound := r.Byte(); sort == sortType && bound == 1 {
			return // any resource, which has no number
		}
	}
	r.SkipNumber()
}

// Imports implements File.
func (c *Component) Imports() []Import {
	list := make([]Import, len(c.imports))
	for i, name := range c.imports {
		list[i] = Import{Name: oneLine(name)}
	}
	return list
}

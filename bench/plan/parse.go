package plan

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// matrixTable is the name of the array of tables that holds the entries.
const matrixTable = "matrix"

// maxEntries bounds the entries of a configuration.
const maxEntries = 1000

// Parse reads a configuration and checks it. Errors are one line with file and
// position.
//
// An entry has keys that all entries share and keys of its experiment. Each entry
// is therefore parsed twice, once into each struct, and a key that neither knows
// is rejected.
func Parse(name string, b []byte) (Config, error) {
	var c Config
	var any map[string]any
	if err := toml.Unmarshal(b, &any); err != nil {
		return c, explain(name, 0, err)
	}
	head, parts := split(b)
	if err := toml.NewDecoder(bytes.NewReader(head)).DisallowUnknownFields().Decode(&c); err != nil {
		return c, explain(name, 0, err)
	}
	if _, own := any["table"]; !own {
		var err error
		if c.Table, err = SuiteTable(); err != nil {
			return c, err
		}
	}
	if len(parts) > maxEntries {
		return c, fmt.Errorf("%s: there are %d [[%s]] entries, at most %d are read", name, len(parts), matrixTable, maxEntries)
	}
	for i, p := range parts {
		e, err := p.entry(name)
		if err != nil {
			return c, fmt.Errorf("%w (%s entry %d)", err, matrixTable, i+1)
		}
		c.Matrix = append(c.Matrix, e)
	}
	if err := c.check(); err != nil {
		return c, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// part is the text of one entry, without its header.
type part struct {
	text []byte
	// row is the number of lines before it.
	row int
}

// split takes the entries out of a configuration that is valid TOML. It leaves
// blank lines for them in the rest, so that line numbers stay correct.
func split(b []byte) (head []byte, parts []part) {
	type header struct {
		from, to int
		entry    bool
	}
	var headers []header
	p := unstable.Parser{}
	p.Reset(b)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.Table && e.Kind != unstable.ArrayTable {
			continue
		}
		key := e.Key()
		key.Next()
		first := key.Node()
		at := int(first.Raw.Offset)
		from, to := bytes.LastIndexByte(b[:at], '\n')+1, len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			to = at + i
		}
		isEntry := e.Kind == unstable.ArrayTable && string(first.Data) == matrixTable && !key.Next()
		headers = append(headers, header{from, to, isEntry})
	}
	head = slices.Clone(b)
	for i, h := range headers {
		end := len(b)
		if i+1 < len(headers) {
			end = headers[i+1].from
		}
		if !h.entry {
			continue
		}
		parts = append(parts, part{b[h.to:end], bytes.Count(b[:h.to], []byte("\n"))})
		for j := h.from; j < end; j++ {
			if head[j] != '\n' {
				head[j] = ' '
			}
		}
	}
	return head, parts
}

// entry reads the part.
func (p part) entry(name string) (Entry, error) {
	var e Entry
	shared, err := p.strict(name, &e)
	if err != nil {
		return e, err
	}
	x := find(e.Experiment)
	if x == nil {
		return e, fmt.Errorf("%s:%d: experiment %q is not one of %v", name, p.row, e.Experiment, registry.Names())
	}
	e.Parameters = x.Parameters()
	own, err := p.strict(name, e.Parameters)
	if err != nil {
		return e, err
	}
	for key, row := range own {
		if _, neither := shared[key]; neither {
			return e, fmt.Errorf("%s:%d: unknown key %q in an entry of the experiment %s", name, row, key, e.Experiment)
		}
	}
	return e, nil
}

func find(name results.Experiment) experiment.Experiment {
	for _, x := range registry.Experiments() {
		if x.Describe().Name == name {
			return x
		}
	}
	return nil
}

// strict reads the part into a struct, and gives the keys that this does not have
// with their rows.
func (p part) strict(name string, v any) (map[string]int, error) {
	err := toml.NewDecoder(bytes.NewReader(p.text)).DisallowUnknownFields().Decode(v)
	var missing *toml.StrictMissingError
	if !errors.As(err, &missing) {
		if err != nil {
			return nil, explain(name, p.row, err)
		}
		return nil, nil
	}
	keys := map[string]int{}
	for _, m := range missing.Errors {
		row, _ := m.Position()
		keys[strings.Join(m.Key(), ".")] = p.row + row
	}
	return keys, nil
}

// explain makes one line of an error, whose rows count from an offset.
func explain(name string, offset int, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		first := unknown.Errors[0]
		row, _ := first.Position()
		return fmt.Errorf("%s:%d: unknown key %q", name, offset+row, strings.Join(first.Key(), "."))
	}
	var syntax *toml.DecodeError
	if errors.As(err, &syntax) {
		row, column := syntax.Position()
		return fmt.Errorf("%s:%d:%d: %s", name, offset+row, column, strings.TrimPrefix(syntax.Error(), "toml: "))
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s: %s", name, text)
}

package results

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Params are the parameters of an experiment that tell its cells apart, in one
// comparable value: "name=value" pairs, sorted by name and joined by "/", which
// is also how the Go benchmark format names them. The zero value has none. In
// JSON they are an object whose values are strings, or whole numbers.
type Params string

// Names of parameters that several experiments share.
const (
	// RungParam is a Rung. Only experiments that start something have it.
	RungParam = "rung"
	// PageCacheParam is PageCacheWarm or PageCacheDropped.
	PageCacheParam = "page_cache"
	// ConcurrencyParam is how many workers or starts there are at a time.
	ConcurrencyParam = "concurrency"
)

// Values of PageCacheParam.
const (
	PageCacheWarm    = "warm"
	PageCacheDropped = "dropped"
)

// NewParams encodes a map. Names and values must be printable ASCII without
// space, "/" and "=": Validate tells.
func NewParams(m map[string]string) Params {
	pairs := make([]string, 0, len(m))
	for name, value := range m {
		pairs = append(pairs, name+"="+value)
	}
	slices.Sort(pairs)
	return Params(strings.Join(pairs, "/"))
}

// Map decodes the parameters.
func (p Params) Map() map[string]string {
	m := map[string]string{}
	for name, value := range p.all {
		m[name] = value
	}
	return m
}

// all goes through the parameters in the order of their names.
func (p Params) all(yield func(name, value string) bool) {
	if p == "" {
		return
	}
	for pair := range strings.SplitSeq(string(p), "/") {
		name, value, _ := strings.Cut(pair, "=")
		if !yield(name, value) {
			return
		}
	}
}

// Get returns the value of a parameter, "" where it is not set.
func (p Params) Get(name string) string {
	for n, value := range p.all {
		if n == name {
			return value
		}
	}
	return ""
}

// Int returns the value of a parameter that is a whole number, 0 where it is
// not set or is none.
func (p Params) Int(name string) int {
	n, err := strconv.Atoi(p.Get(name))
	if err != nil {
		return 0
	}
	return n
}

// Rung returns the parameter RungParam, "" for an experiment without one.
func (p Params) Rung() Rung { return Rung(p.Get(RungParam)) }

// With returns the parameters with one of them set; "" removes it.
func (p Params) With(name, value string) Params {
	m := p.Map()
	m[name] = value
	if value == "" {
		delete(m, name)
	}
	return NewParams(m)
}

// String gives the parameters for people, e.g. "page_cache=warm, rung=cold".
func (p Params) String() string { return strings.ReplaceAll(string(p), "/", ", ") }

// MarshalJSON gives an object.
func (p Params) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	for name, value := range p.all {
		m[name] = value
		if n, err := strconv.Atoi(value); err == nil && strconv.Itoa(n) == value {
			m[name] = n
		}
	}
	return json.Marshal(m)
}

// maxParams bounds the parameters of a cell.
const maxParams = 16

// UnmarshalJSON reads an object and refuses what is no name or value.
func (p *Params) UnmarshalJSON(b []byte) error {
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	texts := make(map[string]string, len(m))
	for name, value := range m {
		switch v := value.(type) {
		case string:
			texts[name] = v
		case float64:
			texts[name] = strconv.FormatFloat(v, 'f', -1, 64)
		default:
			return fmt.Errorf("parameter %q is neither a text nor a number", name)
		}
	}
	*p = NewParams(texts)
	return checkParams(texts)
}

func checkParams(m map[string]string) error {
	if len(m) > maxParams {
		return fmt.Errorf("there are %d parameters, at most %d are read", len(m), maxParams)
	}
	for name, value := range m {
		if !isName(name) || !isName(value) {
			return fmt.Errorf("parameter %q with value %q has a character that no name has", name, value)
		}
	}
	if r := Rung(m[RungParam]); r != "" && !slices.Contains(Rungs(), r) {
		return fmt.Errorf("rung %q is unknown", r)
	}
	return nil
}

func (p Params) validate() error {
	m := p.Map()
	if NewParams(m) != p {
		return fmt.Errorf("parameters %q are not in their canonical form", string(p))
	}
	return checkParams(m)
}

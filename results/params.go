package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
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
	// PlacementParam is PlacementSameCore or PlacementOtherCore. Without it the
	// scheduler places the two sides of an exchange, and one figure is a mixture.
	PlacementParam = "placement"
)

// Values of PlacementParam: where the processes of the instances are held, as seen
// from the agent, which is held on a core as well.
const (
	PlacementSameCore  = "same-core"
	PlacementOtherCore = "other-core"
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

// maxNumber is the largest whole number that every reader of JSON keeps.
const maxNumber = 1 << 53

// MarshalJSON gives an object. Values that are whole numbers are written as such.
func (p Params) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	for name, value := range p.all {
		m[name] = value
		if n, ok := wholeNumber(value); ok && -maxNumber <= n && n <= maxNumber {
			m[name] = n
		}
	}
	return encode(m, "")
}

// wholeNumber reads a number that is written as Go writes it, so that it can be
// told from a text such as "007".
func wholeNumber(s string) (n int64, ok bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && strconv.FormatInt(n, 10) == s
}

// maxParams bounds the parameters of a cell.
const maxParams = 16

// UnmarshalJSON reads an object and rejects invalid names and values.
func (p *Params) UnmarshalJSON(b []byte) error {
	if n := count(b, ':'); n > maxParams {
		return tooManyParams(n) // before there is a map of them
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return err
	}
	if m == nil {
		return fmt.Errorf("parameters are %s, not an object", b)
	}
	texts := make(map[string]string, len(m))
	for name, value := range m {
		switch v := value.(type) {
		case string:
			texts[name] = v
		case json.Number:
			if _, ok := wholeNumber(v.String()); !ok {
				return fmt.Errorf("parameter %q is the number %s, which is not an integer", name, v)
			}
			texts[name] = v.String()
		default:
			return fmt.Errorf("parameter %q is neither a text nor a number", name)
		}
	}
	*p = NewParams(texts)
	return checkParams(texts)
}

func tooManyParams(n int) error {
	return fmt.Errorf("there are %d parameters, at most %d are read", n, maxParams)
}

func checkParams(m map[string]string) error {
	if len(m) > maxParams {
		return tooManyParams(len(m))
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !isName(name) || !isName(m[name]) {
			return fmt.Errorf("parameter %q with value %q has an invalid character", name, m[name])
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

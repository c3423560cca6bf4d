package stat

import (
	"net/url"
	"strings"
)

// Conditions are a trial's conditions in one comparable value: the encoded
// form of a map, sorted by name.
type Conditions string

// NewConditions encodes a map of conditions.
func NewConditions(m map[string]string) Conditions {
	v := make(url.Values, len(m))
	for name, value := range m {
		v.Set(name, value)
	}
	return Conditions(v.Encode())
}

// Map decodes the conditions.
func (c Conditions) Map() map[string]string {
	m := map[string]string{}
	v, err := url.ParseQuery(string(c))
	if err != nil { // not made by NewConditions
		return m
	}
	for name := range v {
		m[name] = v.Get(name)
	}
	return m
}

// Get returns the value of one condition, "" where it is not set.
func (c Conditions) Get(name string) string { return c.Map()[name] }

// String gives the conditions for people, e.g. "concurrency=2, page_cache=warm".
func (c Conditions) String() string {
	parts := strings.Split(string(c), "&")
	for i, p := range parts {
		if s, err := url.QueryUnescape(p); err == nil {
			parts[i] = s
		}
	}
	return strings.Join(parts, ", ")
}

package isolation

import (
	_ "embed"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"edgebench/results"
)

// Expectation is a result that is known to come, with the reason.
type Expectation struct {
	// Attempt, System and Policy are patterns of path.Match: "files/dots*", "wazero/*",
	// "*". An empty one is for all.
	Attempt string `toml:"attempt"`
	System  string `toml:"system"`
	Policy  string `toml:"policy"`
	Result  string `toml:"result"`
	// Reason is a sentence. Advisory names where the failure is published, "" where it
	// is not.
	Reason   string `toml:"reason"`
	Advisory string `toml:"advisory"`
}

//go:embed expected.toml
var expectedText string

// expectations are those of the file, in its order.
var expectations = sync.OnceValues(func() ([]Expectation, error) {
	var f struct {
		Expected []Expectation `toml:"expected"`
	}
	err := toml.NewDecoder(strings.NewReader(expectedText)).DisallowUnknownFields().Decode(&f)
	if err != nil {
		return nil, fmt.Errorf("read expected.toml: %w", err)
	}
	return f.Expected, nil
})

// Expected finds the first expectation that is about an attempt; the zero value where
// none is.
func Expected(group, name string, s results.System, policy string) Expectation {
	list, err := expectations()
	if err != nil {
		return Expectation{} // Run reports it
	}
	for _, e := range list {
		if match(e.Attempt, group+"/"+name) && match(e.System, s.String()) && match(e.Policy, policy) {
			return e
		}
	}
	return Expectation{}
}

func expected(a Attempt, s results.System, policy string) Expectation {
	return Expected(string(a.Group), a.Name, s, policy)
}

func match(pattern, name string) bool {
	if pattern == "" {
		return true
	}
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

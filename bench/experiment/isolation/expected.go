package isolation

import (
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"edgebench/results"
)

// Expectation is a result that is known to come, with the reason.
type Expectation struct {
	// Attempts and Systems are patterns of path.Match, such as "files/dots*" and
	// "wazero/*". An empty list is for all, and so is an empty Policy.
	Attempts []string `toml:"attempts"`
	Systems  []string `toml:"systems"`
	Policy   string   `toml:"policy"`
	// Result is "" where none is expected.
	Result string `toml:"result"`
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
		if match(e.Attempts, group+"/"+name) && match(e.Systems, s.String()) && (e.Policy == "" || e.Policy == policy) {
			return e
		}
	}
	return Expectation{}
}

func expected(a Attempt, s results.System, policy string) Expectation {
	return Expected(string(a.Group), a.Name, s, policy)
}

// match says whether a name fits any of the patterns.
func match(patterns []string, name string) bool {
	if len(patterns) == 0 {
		return true
	}
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, name)
		return err == nil && ok
	})
}

package portability_test

import (
	"testing"

	"edgebench/bench/experiment/portability"
	"edgebench/results"
)

// checksOf are the checks of modules, by name and result.
func checksOf(pairs ...string) (list []results.Check) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, results.Check{Group: string(portability.AskDifferences), Name: pairs[i], Result: pairs[i+1]})
	}
	return list
}

func TestCompare(t *testing.T) {
	differences, err := portability.Compare(map[string][]results.Check{
		"a": checksOf("seed-1", "r-1", "seed-1:denan", "r-1", "seed-2", "r-2", "seed-2:denan", "r-2", "seed-3", "r-3", "seed-3:denan", "r-3", "seed-4", "r-4-stack", "seed-4:denan", "r-4-stack", "seed-77", "r-5", "seed-77:denan", "r-5"),
		"b": checksOf("seed-1", "r-1", "seed-1:denan", "r-1", "seed-2", "r-9", "seed-2:denan", "r-2", "seed-3", "r-9", "seed-3:denan", "r-9", "seed-4", "r-9", "seed-4:denan", "r-9", "seed-77", "r-9", "seed-77:denan", "r-9"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]portability.Class{
		"seed-2": portability.ClassLegal, "seed-3": portability.ClassDefect, "seed-4": portability.ClassLimit, "seed-77": portability.ClassKnown,
	}
	if len(differences) != len(want) {
		t.Errorf("%+v", differences)
	}
	for _, d := range differences {
		if d.Class != want[d.Module] || len(d.Results) != 2 || (d.Class == portability.ClassKnown) != (d.Test != "") {
			t.Errorf("%+v, want %s", d, want[d.Module])
		}
	}
}

// What a trap leaves is compared where both systems show it.
func TestCompareStates(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		want portability.Class // "" for no difference
	}{
		"the same":           {"r-1-5", "r-1-5", ""},
		"another state":      {"r-1-5", "r-1-6", portability.ClassDefect},
		"no state in one":    {"r-1-5", "r-1", portability.ClassUnread},
		"another call":       {"r-1-5", "r-2", portability.ClassDefect},
		"one's stack ended":  {"r-1-5", "r-1-6-stack", portability.ClassLimit},
		"refused by one":     {"r-1", portability.ResultAbsent, portability.ClassDefect},
		"no state, no stack": {"r-1-stack", "r-1", portability.ClassLimit},
	} {
		differences, err := portability.Compare(map[string][]results.Check{
			"a": checksOf("seed-1", c.a, "seed-1:denan", c.a), "b": checksOf("seed-1", c.b, "seed-1:denan", c.b),
		})
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case c.want == "" && len(differences) == 0:
		case len(differences) != 1 || differences[0].Class != c.want:
			t.Errorf("%s: %+v, want %q", name, differences, c.want)
		}
	}
}

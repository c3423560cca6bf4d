package workerd

import (
	"errors"
	"testing"

	"edgebench/runners"
)

// TestParseVersion reads what workerd says of its version.
func TestParseVersion(t *testing.T) {
	r, err := parseVersion([]byte("workerd 2026-11-17\n"))
	if err != nil || r != (runners.Release{Version: "2026-11-17", Day: "2026-11-17"}) {
		t.Errorf("%+v, %v", r, err)
	}
	for _, out := range []string{"", "workerd", "workerd 1.20261117.1", "node 2026-11-17", "workerd 2026-13-01"} {
		if r, err := parseVersion([]byte(out)); !errors.Is(err, runners.ErrUnavailable) {
			t.Errorf("%q gives %+v, %v; want ErrUnavailable", out, r, err)
		}
	}
}

// TestAbsent looks for workerd where there is none.
func TestAbsent(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := findIn(t.TempDir()); !errors.Is(err, runners.ErrUnavailable) {
		t.Errorf("%v; want ErrUnavailable", err)
	}
}

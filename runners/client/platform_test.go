package client

import (
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
)

// A runner whose library is missing for an architecture says why, whatever is installed.
func TestPlatformWithoutLibrary(t *testing.T) {
	p := Platform{Name: "linux-arm64", Arch: "arm64", emulator: []string{"no-such-emulator"}}
	e := runners.Entry{Name: "fake", Cgo: true, NoLibrary: map[string]string{"arm64": "its library is of another version"}}
	_, err := p.Executable(t.Context(), t.TempDir(), e)
	if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), e.NoLibrary["arm64"]) {
		t.Errorf("%v", err)
	}
	e.NoLibrary = nil
	if _, err := p.Executable(t.Context(), t.TempDir(), e); !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "no-such-emulator") {
		t.Errorf("%v", err)
	}
}

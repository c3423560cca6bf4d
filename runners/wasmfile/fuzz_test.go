package wasmfile

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
)

// FuzzInspect checks that whatever comes gives an answer or an error of one
// line and of one of two kinds, that the same comes twice, and that no answer
// is larger than the module.
func FuzzInspect(f *testing.F) {
	for _, m := range []fields{frames, command, {bodies: []string{"\xfd\x0e\x12\x00"}}} {
		f.Add([]byte(m.String()))
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		m, err := Inspect(code)
		if err != nil {
			refused(t, err)
			return
		}
		if n := len(m.Imports) + len(m.Exports) + len(m.Memories) + len(m.types) + len(m.functions); n > len(code) {
			t.Fatalf("%d things in %d bytes", n, len(code))
		}
		speaks, err := m.Speech()
		if err == nil {
			err = m.Check(Supply{Runner: "someone"}, speaks)
		}
		if err != nil {
			refused(t, err)
		}
		used, err := Uses(code)
		again, errAgain := Uses(code)
		if !slices.Equal(used, again) || (err == nil) != (errAgain == nil) {
			t.Fatalf("%v, %v; and then %v, %v", used, err, again, errAgain)
		}
	})
}

func refused(t *testing.T, err error) {
	if errors.Is(err, runners.ErrMalformed) == errors.Is(err, runners.ErrUnavailable) {
		t.Fatalf("%v is of no kind or of two", err)
	}
	if strings.ContainsAny(err.Error(), "\r\n") || len(err.Error()) > 1000 {
		t.Fatalf("%q is not one line", err)
	}
}

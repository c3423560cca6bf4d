package wasmfile

import (
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
)

// FuzzCheck checks that whatever comes gives an answer or an error of one line
// and of one of two kinds, and that no answer is larger than the module.
func FuzzCheck(f *testing.F) {
	for _, m := range []fields{frames, command} {
		f.Add([]byte(m.String()))
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		m, err := inspect(code)
		if err != nil {
			refused(t, err)
			return
		}
		if n := len(m.imports) + len(m.exports) + len(m.memories) + len(m.types) + len(m.functions); n > len(code) {
			t.Fatalf("%d things in %d bytes", n, len(code))
		}
		iface, err := m.Interface()
		if err == nil {
			err = Check(code, iface)
		}
		if err != nil {
			refused(t, err)
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

// What is made of a module for a runtime can be read again, whatever the module is.
func FuzzAdapt(f *testing.F) {
	f.Add([]byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x07\x0a\x01\x06_start\x00\x00\x08\x01\x00\x0a\x04\x01\x02\x00\x0b"))
	f.Add([]byte("\x00asm\x01\x00\x00\x00\x08\x01\x00"))
	f.Add([]byte("\x00asm\x01\x00\x00\x00\x07\x00"))
	f.Fuzz(func(t *testing.T, code []byte) {
		if _, err := inspect(code); err != nil {
			return
		}
		for _, iface := range []runners.Interface{runners.Frames, runners.Stdio} {
			if _, err := inspect(adapt(code, iface)); err != nil {
				t.Errorf("%x becomes %x for %q: %v", code, adapt(code, iface), iface, err)
			}
		}
	})
}

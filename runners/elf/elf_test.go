package elf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"edgebench/runners"
)

// program is a 64-bit little-endian ELF header, one program header and a few
// bytes that stand for code: as much as Check looks at.
func program(change func(header, segment []byte)) []byte {
	b := make([]byte, 64+56+16)
	header, segment := b[:64], b[64:120]
	le := binary.LittleEndian
	copy(header, "\x7fELF\x02\x01\x01")
	le.PutUint16(header[16:], 2) // ET_EXEC
	le.PutUint16(header[18:], uint16(machines[runtime.GOARCH]))
	le.PutUint32(header[20:], 1)
	le.PutUint64(header[32:], 64) // program headers
	le.PutUint16(header[52:], 64)
	le.PutUint16(header[54:], 56)
	le.PutUint16(header[56:], 1)
	le.PutUint32(segment[0:], 1) // PT_LOAD
	le.PutUint64(segment[32:], uint64(len(b)))
	le.PutUint64(segment[40:], uint64(len(b)))
	if change != nil {
		change(header, segment)
	}
	return b
}

func TestCheck(t *testing.T) {
	le := binary.LittleEndian
	cases := []struct {
		name, says string // says is "" for what is good
		file       []byte
	}{
		{"good", "", program(nil)},
		{"position independent", "", program(func(h, _ []byte) { le.PutUint16(h[16:], 3) })},
		{"empty", "not an executable", nil},
		{"text", "not an executable", []byte("#!/bin/sh\nexit 0\n")},
		{"half a header", "not an executable", program(nil)[:32]},
		{"truncated", "truncated", program(nil)[:125]},
		{"object", "of type ET_REL", program(func(h, _ []byte) { le.PutUint16(h[16:], 1) })},
		{"other machine", "this machine is", program(func(h, _ []byte) { le.PutUint16(h[18:], 2) })},
		{"dynamic", "linked dynamically", program(func(_, s []byte) { le.PutUint32(s, 3) })},
		{"nothing to load", "nothing to load", program(func(_, s []byte) { le.PutUint32(s, 4) })},
		{"offset that wraps", "truncated", program(func(_, s []byte) { le.PutUint64(s[8:], 1<<63-100) })},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := check(bytes.NewReader(c.file), int64(len(c.file)))
			switch {
			case c.says == "" && err != nil:
				t.Fatal(err)
			case c.says == "":
			case !errors.Is(err, runners.ErrMalformed) || !strings.Contains(err.Error(), c.says):
				t.Fatalf("%v; want ErrMalformed and %q", err, c.says)
			}
		})
	}
}

func TestReadStatic(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good"), filepath.Join(dir, "bad")
	for path, content := range map[string][]byte{good: program(nil), bad: nil} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	size := int64(len(program(nil)))
	for _, c := range []struct {
		path string
		most int64
		want error
	}{
		{good, size, nil},
		{good, size - 1, runners.ErrTooLarge},
		{bad, size, runners.ErrMalformed},
		{dir, 1 << 20, runners.ErrMalformed},
		{filepath.Join(dir, "missing"), size, os.ErrNotExist},
	} {
		b, err := ReadStatic(c.path, c.most)
		if !errors.Is(err, c.want) {
			t.Errorf("ReadStatic(%s, %d): %v; want %v", c.path, c.most, err, c.want)
		}
		if err := CheckStatic(c.path); c.want != runners.ErrTooLarge && !errors.Is(err, c.want) {
			t.Errorf("CheckStatic(%s): %v; want %v", c.path, err, c.want)
		}
		if c.want == nil && !bytes.Equal(b, program(nil)) {
			t.Errorf("ReadStatic(%s) gives %d other bytes", c.path, len(b))
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte{})
	f.Add(program(nil))
	f.Fuzz(func(_ *testing.T, file []byte) {
		// Whatever the bytes are: an answer, and neither a panic nor a hang.
		_ = check(bytes.NewReader(file), int64(len(file)))
	})
}

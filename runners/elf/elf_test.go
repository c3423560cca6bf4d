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
			err := Check(bytes.NewReader(c.file), int64(len(c.file)))
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

func TestCheckStatic(t *testing.T) {
	dir := t.TempDir()
	if err := CheckStatic(dir); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("a folder: %v; want ErrMalformed", err)
	}
	if err := CheckStatic(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v; want ErrNotExist", err)
	}
	path := filepath.Join(dir, "good")
	if err := os.WriteFile(path, program(nil), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := CheckStatic(path); err != nil {
		t.Error(err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte{})
	f.Add(program(nil))
	f.Fuzz(func(_ *testing.T, file []byte) {
		// Whatever the bytes are: an answer, and neither a panic nor a hang.
		_ = Check(bytes.NewReader(file), int64(len(file)))
	})
}

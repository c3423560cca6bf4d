package elf

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"edgebench/runners"
)

// object is the header of an ELF file without sections.
func object(kind elf.Type, machine elf.Machine) []byte {
	h := elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(kind), Machine: uint16(machine), Version: uint32(elf.EV_CURRENT), Ehsize: 64, Shentsize: 64, Phentsize: 56,
	}
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, h); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// archive is one of members.
func archive(members ...[]byte) []byte {
	b := []byte(archiveMagic)
	for _, m := range members {
		b = fmt.Appendf(b, "%-16s%-12d%-6d%-6d%-8s%-10d%s", "m/", 0, 0, 0, "644", len(m), headerMark)
		b = append(b, m...)
		if len(m)%2 == 1 {
			b = append(b, '\n')
		}
	}
	return b
}

// libraries are files, with what is said against each.
func libraries() map[string]struct {
	file []byte
	says string
} {
	here, other := machines[runtime.GOARCH], elf.EM_PPC
	return map[string]struct {
		file []byte
		says string
	}{
		"shared":            {object(elf.ET_DYN, here), ""},
		"archive":           {archive([]byte("index"), object(elf.ET_REL, here)), ""},
		"another machine's": {object(elf.ET_DYN, other), "a library for EM_PPC, and this machine is"},
		"its archive":       {archive(object(elf.ET_REL, other)), "a library for EM_PPC, and this machine is"},
		"a program":         {object(elf.ET_EXEC, here), "and not a library"},
		"text":              {[]byte("INPUT ( libx.so.1 )"), "neither a shared library nor an archive"},
		"nothing":           {nil, "neither a shared library nor an archive"},
		"no objects":        {archive([]byte("index")), "without an object"},
		"truncated":         {archive(object(elf.ET_REL, here))[:100], "damaged or truncated"},
		"no mark":           {append([]byte(archiveMagic), make([]byte, headerSize)...), "damaged or truncated"},
	}
}

func TestCheckLibrary(t *testing.T) {
	if _, known := machines[runtime.GOARCH]; !known {
		t.Skip("the architecture's number in ELF is unknown")
	}
	for name, c := range libraries() {
		path := filepath.Join(t.TempDir(), "libx.so")
		if err := os.WriteFile(path, c.file, 0o600); err != nil {
			t.Fatal(err)
		}
		err := CheckLibrary(path)
		if c.says == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err == nil || !errors.Is(err, runners.ErrMalformed) || !strings.Contains(err.Error(), path+": ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %q", name, err, c.says)
		}
	}
	if err := CheckLibrary(t.TempDir()); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("a folder: %v", err)
	}
}

func FuzzCheckLibrary(f *testing.F) {
	for _, c := range libraries() {
		f.Add(c.file)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := checkLibrary(bytes.NewReader(b), int64(len(b))); err != nil && !errors.Is(err, runners.ErrMalformed) {
			t.Errorf("%v", err)
		}
	})
}

package limit

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

// section composes a section of less than 128 bytes.
func section(id byte, payload ...byte) string {
	return string(append([]byte{id, byte(len(payload))}, payload...))
}

// A module in the order of the binary format: a type, an imported function,
// the memory under test, a code-like tail. The limiter looks at nothing else.
var (
	head    = binary.Preamble + section(0, 1, 'x') + section(1, 1, 0x60, 0, 0)
	imports = section(binary.SectionImport, 1, 1, 'm', 1, 'f', binary.KindFunction, 0)
	tail    = section(10, 0) + section(0, 1, 'y', 7)
)

func TestMemory(t *testing.T) {
	unbounded := section(binary.SectionMemory, 1, 0, 2)
	for name, c := range map[string]struct {
		memory string
		pages  uint32
		want   string
	}{
		"no maximum":             {unbounded, 300, section(binary.SectionMemory, 1, binary.LimitMaximum, 2, 0xac, 0x02)},
		"exactly the minimum":    {unbounded, 2, section(binary.SectionMemory, 1, binary.LimitMaximum, 2, 2)},
		"a higher maximum":       {section(binary.SectionMemory, 1, binary.LimitMaximum, 2, 0x80, 0x01), 4, section(binary.SectionMemory, 1, binary.LimitMaximum, 2, 4)},
		"a lower maximum":        {section(binary.SectionMemory, 1, binary.LimitMaximum, 2, 3), 4, section(binary.SectionMemory, 1, binary.LimitMaximum, 2, 3)},
		"a padded number":        {section(binary.SectionMemory, 1, 0, 0x82, 0x80, 0), 4, section(binary.SectionMemory, 1, binary.LimitMaximum, 2, 4)},
		"no memory":              {"", 4, ""},
		"an empty section":       {section(binary.SectionMemory, 0), 4, section(binary.SectionMemory, 0)},
		"a limit that is no one": {unbounded, MaxPages, unbounded},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Memory([]byte(head+imports+c.memory+tail), c.pages)
			if err != nil {
				t.Fatal(err)
			}
			if want := head + imports + c.want + tail; string(got) != want {
				t.Errorf("got  %x\nwant %x", got, want)
			}
		})
	}
}

func TestMemoryRefuses(t *testing.T) {
	fits := section(binary.SectionMemory, 1, 0, 2)
	for name, c := range map[string]struct {
		module string
		is     error // nil for a module that is well-formed and yet refused
		says   string
	}{
		"nothing":            {"", runners.ErrMalformed, "begin"},
		"a component":        {binary.ComponentPreamble, runners.ErrUnavailable, "component"},
		"a cut section":      {head[:len(head)-1], runners.ErrMalformed, "ends"},
		"a section number":   {head + "\x05", runners.ErrMalformed, "ends"},
		"an endless number":  {head + "\x05\xff\xff\xff\xff\xff\xff", runners.ErrMalformed, "larger than its type"},
		"a cut memory":       {head + section(binary.SectionMemory, 1, binary.LimitMaximum, 2), runners.ErrMalformed, "ends"},
		"a long memory":      {head + section(binary.SectionMemory, 1, 0, 2, 3), runners.ErrMalformed, "longer"},
		"two sections":       {head + fits + fits, runners.ErrMalformed, "two memory"},
		"a cut import":       {head + section(binary.SectionImport, 1, 1, 'm', 9, 'f'), runners.ErrMalformed, "ends"},
		"a bold start":       {head + section(binary.SectionMemory, 1, 0, 17), runners.ErrTooLarge, "starts with 17 pages of 64 KiB, the limit is 16"},
		"two memories":       {head + section(binary.SectionMemory, 2, 0, 2, 0, 2), runners.ErrUnavailable, "2 memories"},
		"a shared memory":    {head + section(binary.SectionMemory, 1, 3, 2, 3), runners.ErrUnavailable, "shared"},
		"a 64-bit memory":    {head + section(binary.SectionMemory, 1, 4, 2), runners.ErrUnavailable, "64-bit"},
		"an imported memory": {head + section(binary.SectionImport, 1, 1, 'm', 1, 'f', 2, 0, 1), runners.ErrUnavailable, "imports something other"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Memory([]byte(c.module), 16)
			if err == nil {
				t.Fatalf("it was taken: %x", got)
			}
			if c.is != nil && !errors.Is(err, c.is) || c.is == nil && errors.Is(err, runners.ErrMalformed) {
				t.Errorf("errors.Is(%q, %v) is not as it should be", err, c.is)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
}

func TestPages(t *testing.T) {
	for bytes, want := range map[uint64]uint32{0: 0, PageSize - 1: 0, PageSize: 1, 3*PageSize + 1: 3, 1 << 32: MaxPages, 1 << 63: MaxPages} {
		if got := Pages(bytes); got != want {
			t.Errorf("Pages(%d) = %d, want %d", bytes, got, want)
		}
	}
}

// FuzzMemory checks that what is accepted is bounded, that a second pass
// changes nothing, and that all but the memory section is what it was.
func FuzzMemory(f *testing.F) {
	for _, memory := range []string{"", section(binary.SectionMemory, 1, 0, 2), section(binary.SectionMemory, 1, binary.LimitMaximum, 2, 9)} {
		f.Add([]byte(head+imports+memory+tail), uint32(4))
	}
	f.Fuzz(func(t *testing.T, module []byte, pages uint32) {
		pages = min(pages, MaxPages)
		before := bytes.Clone(module)
		out, err := Memory(module, pages)
		if !bytes.Equal(module, before) {
			t.Fatal("the argument was changed")
		}
		if err != nil {
			return
		}
		again, err := Memory(out, pages)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("the second pass changes it: %v", err)
		}
		was, _ := find(module)
		is, err := find(out)
		if err != nil {
			t.Fatal(err)
		}
		if string(module[:was.Start])+string(module[was.End:]) != string(out[:is.Start])+string(out[is.End:]) {
			t.Fatal("something beside the memory section was changed")
		}
		if is.End == 0 {
			return
		}
		m, err := readMemory(out[is.Payload:is.End])
		if err != nil || m.max > pages {
			t.Fatalf("the maximum is %d pages, %v; the limit %d", m.max, err, pages)
		}
	})
}

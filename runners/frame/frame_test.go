package frame

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// frames composes what a workload would write.
func frames(payloads ...string) []byte {
	var b []byte
	for _, p := range payloads {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

func TestCall(t *testing.T) {
	var sent bytes.Buffer
	c := NewConn(bytes.NewReader(frames("one", "", "\x01\x00\x00\x00\x00\x00\x00\x00", strings.Repeat("x", 3<<20))), &sent)
	got, err := c.Call([]byte("kept "), []byte("request"))
	if err != nil || string(got) != "kept one" {
		t.Fatalf("%q, %v", got, err)
	}
	if got, err = c.Call(nil, []byte("r")); err != nil || len(got) != 0 {
		t.Fatalf("an empty response: %q, %v", got, err)
	}
	if entry, err := c.Ping(); err != nil || entry != 1 {
		t.Fatalf("ping: %d, %v", entry, err)
	}
	if got, err = c.Call(nil, []byte("big")); err != nil || len(got) != 3<<20 {
		t.Fatalf("a response of 3 MiB: %d, %v", len(got), err)
	}
	if want := frames("request", "r", "", "big"); !bytes.Equal(sent.Bytes(), want) {
		t.Errorf("sent %q, want %q", sent.Bytes(), want)
	}
}

func TestEmptyRequestPings(t *testing.T) {
	c := NewConn(bytes.NewReader(frames("12345678", "short")), io.Discard)
	if got, err := c.Call([]byte("kept"), nil); err != nil || string(got) != "kept" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := c.Call(nil, nil); !errors.Is(err, runners.ErrWrongResponse) {
		t.Errorf("a ping that is answered by 5 bytes: %v", err)
	}
}

func TestBadStreams(t *testing.T) {
	for name, c := range map[string]struct {
		in   []byte
		want error
	}{
		"nothing":         {nil, runners.ErrTrap},
		"half a length":   {[]byte{1, 0}, runners.ErrTrap},
		"half a response": {frames("abcdef")[:7], runners.ErrTrap},
		"a length that lies": {
			binary.LittleEndian.AppendUint32(nil, abi.MaxMessage), runners.ErrTrap},
		"a length beyond the bound": {
			binary.LittleEndian.AppendUint32(nil, abi.MaxMessage+1), runners.ErrTooLarge},
	} {
		got, err := NewConn(bytes.NewReader(c.in), io.Discard).Call([]byte("kept"), []byte("r"))
		if !errors.Is(err, c.want) || !bytes.HasPrefix(got, []byte("kept")) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	r, w := io.Pipe()
	r.Close()
	if _, err := NewConn(bytes.NewReader(nil), w).Call(nil, []byte("r")); !errors.Is(err, runners.ErrTrap) {
		t.Errorf("nobody reads: %v", err)
	}
	if _, err := NewConn(bytes.NewReader(nil), io.Discard).Call(nil, make([]byte, abi.MaxMessage+1)); !errors.Is(err, runners.ErrTooLarge) {
		t.Errorf("a request beyond the bound: %v", err)
	}
}

// FuzzCall gives a workload's every possible answer: the response is then
// exactly what the frame announced, or there is an error, and never more
// memory than bytes that came.
func FuzzCall(f *testing.F) {
	f.Add(frames("response"))
	f.Add(frames("", "x"))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{0, 0, 0, 4, 1})
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := NewConn(bytes.NewReader(in), io.Discard).Call(nil, []byte("r"))
		if err == nil {
			if n := binary.LittleEndian.Uint32(in); int(n) != len(got) || !bytes.Equal(got, in[4:4+n]) {
				t.Errorf("a frame of %d bytes gave %d", n, len(got))
			}
		}
		if cap(got) > 4*len(in)+(4<<20) {
			t.Errorf("%d bytes took %d bytes of memory", len(in), cap(got))
		}
	})
}

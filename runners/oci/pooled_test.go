//go:build linux

package oci

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"edgebench/runners"
)

// TestParked checks that a parked container stands still until it is resumed.
func TestParked(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		p, err := l.Park(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		held := p.(*parked).in.container
		if _, err := held.stdin.Write(make([]byte, 4)); err != nil { // a ping
			t.Fatal(err)
		}
		answer := make([]byte, 12)
		held.stdout.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if n, err := held.stdout.Read(answer); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a parked container answers with %d bytes (%v)", n, err)
		}
		held.stdout.SetReadDeadline(time.Time{})
		in, err := p.Resume(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if _, err := io.ReadFull(held.stdout, answer); err != nil {
			t.Errorf("a resumed container does not answer what it was asked before: %v", err)
		}
		if _, err := in.Call(t.Context(), nil, []byte("user")); err != nil {
			t.Error(err)
		}
		if _, err := p.Resume(t.Context(), nil); !errors.Is(err, runners.ErrClosed) {
			t.Errorf("a second Resume: %v; want ErrClosed", err)
		}
	})
}

// TestPayers checks that the live containers, and no others, pay.
func TestPayers(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode string) {
		s, l := open(t, mode, 0)
		a, b := instantiate(t, l), instantiate(t, l)
		parked, err := l.Park(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer parked.Close()
		ask(t, a, "user")
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		processes := 2
		if mode == modeRunsc {
			processes = 4 // a sandbox has a second one
		}
		p, err := s.MemoryOwners(t.Context())
		if err != nil || len(p.PIDs) != processes || len(p.Daemons) > 0 {
			t.Fatalf("%+v (%v), want %d processes", p, err, processes)
		}
		if s.host.grouped() != (len(p.Cgroups) == 2) {
			t.Errorf("%d control groups", len(p.Cgroups))
		}
		for _, dir := range p.Cgroups {
			if usage := usageOf(dir); usage == "" || usage == "0" {
				t.Errorf("%s is charged %q", dir, usage)
			}
		}
	})
}

func usageOf(dir string) string {
	for _, file := range []string{"memory.usage_in_bytes", "memory.current"} {
		if b, err := os.ReadFile(dir + "/" + file); err == nil {
			return strings.TrimSpace(string(b))
		}
	}
	return ""
}

// TestManyAtOnce starts containers from several goroutines.
func TestManyAtOnce(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				in, err := l.Instantiate(t.Context(), nil)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := in.Call(t.Context(), nil, []byte("user")); err != nil {
					t.Error(err)
				}
				if err := in.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

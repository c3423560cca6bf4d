//go:build linux

package oci

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"edgebench/runners"
)

// TestEndings checks what is said of workloads that end when they should not.
func TestEndings(t *testing.T) {
	cases := []struct{ name, request, says string }{
		{"status", "exit 3 why not", "exited with code 3, it said: why not"},
		{"silence", "silence", "killed for that"},
		{"exit 0", "exit 0", "exited with code 0"},
	}
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		for _, c := range cases {
			in := instantiate(t, l)
			_, err := in.Call(t.Context(), nil, []byte(c.request))
			if !errors.Is(err, runners.ErrTrap) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v; want a trap and %q", c.name, err, c.says)
			}
			if _, err := in.Call(t.Context(), nil, []byte("user")); !errors.Is(err, runners.ErrClosed) {
				t.Errorf("%s: a later call: %v; want ErrClosed", c.name, err)
			}
		}
	})
}

// TestTalkative checks that a workload may write to stderr as much as it likes,
// and that little of it gets into an error.
func TestTalkative(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		in := instantiate(t, l)
		for range 3 {
			if got := ask(t, in, "talk 100000"); got != "ok" {
				t.Fatal(got)
			}
		}
		_, err := in.Call(t.Context(), nil, []byte("exit 1"))
		if err == nil || len(err.Error()) > 1000 || !strings.Contains(err.Error(), "talk talk") {
			t.Errorf("%v", err)
		}
	})
}

// TestMemoryLimit checks that a container gets what its limit leaves, and that
// an end for want of memory is called so.
func TestMemoryLimit(t *testing.T) {
	const limit = 200 << 20 // of which Go's heap reserves 64 MiB at once
	forEachMode(t, func(t *testing.T, mode string) {
		s, l := open(t, mode, limit)
		in, other := instantiate(t, l), instantiate(t, l)
		if got := ask(t, in, "take 30000000"); got != "ok" {
			t.Fatal(got)
		}
		swap, err := os.ReadFile(filepath.Join(in.container.group.MemoryDir(), "memory.memsw.limit_in_bytes"))
		if err == nil && strings.TrimSpace(string(swap)) != strconv.Itoa(limit) {
			t.Errorf("memory and swap together are limited to %s bytes; want %d", swap, limit)
		}
		_, err = in.Call(t.Context(), nil, []byte("take 4294967296"))
		if !errors.Is(err, runners.ErrTrap) || s.host.grouped() && !strings.Contains(err.Error(), "(SIGKILL), out of memory") {
			t.Errorf("beyond a limit of %d bytes: %v; want a trap out of memory", limit, err)
		}
		ask(t, other, "user")
	})
}

// leaver is an executable of a few instructions that exits with status 7.
func leaver(t *testing.T) string {
	machine, code := elf.EM_X86_64, "\xb8\x3c\x00\x00\x00\xbf\x07\x00\x00\x00\x0f\x05" // mov eax, 60; mov edi, 7; syscall
	switch runtime.GOARCH {
	case "amd64":
	case "arm64":
		machine, code = elf.EM_AARCH64, "\xa8\x0b\x80\xd2\xe0\x00\x80\xd2\x01\x00\x00\xd4" // mov x8, 93; mov x0, 7; svc 0
	default:
		t.Skip("no machine code for " + runtime.GOARCH + " at hand")
	}
	const base, headers = 0x400000, 64 + 56
	size := uint64(headers + len(code))
	var b bytes.Buffer
	for _, part := range []any{
		elf.Header64{
			Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
			Type:  uint16(elf.ET_EXEC), Machine: uint16(machine), Version: uint32(elf.EV_CURRENT),
			Entry: base + headers, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1,
		},
		elf.Prog64{
			Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X),
			Vaddr: base, Paddr: base, Filesz: size, Memsz: size, Align: 4096,
		},
		[]byte(code),
	} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "leaver")
	if err := runners.WriteProgram(path, &b); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestExitsAtOnce checks what is said of a workload that does not serve.
func TestExitsAtOnce(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode string) {
		s, _ := open(t, mode, 0)
		p, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: leaver(t)}, t.TempDir(), nil)
		if err != nil {
			t.Fatal(err)
		}
		l, err := s.Load(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		in, err := l.Instantiate(t.Context(), nil)
		if err == nil {
			_, err = in.Call(t.Context(), nil, []byte("hello"))
			defer in.Close()
		}
		// The process of runsc is a sandbox, which may be killed before it tells the code.
		if !errors.Is(err, runners.ErrTrap) || mode != modeRunsc && !strings.Contains(err.Error(), "exited with code 7") {
			t.Errorf("%v; want a trap with code 7", err)
		}
	})
}

// TestCancelled checks that a start is given up when its context ends.
func TestCancelled(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		in, err := l.Instantiate(ctx, nil)
		if err == nil {
			in.Close() // it was faster
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("%v; want context.Canceled", err)
		}
		ask(t, instantiate(t, l), "user")
	})
}

func TestMalformed(t *testing.T) {
	s, _ := open(t, modeEmbedded, 0)
	shell, err := filepath.EvalSymlinks("/bin/sh")
	if err != nil {
		t.Skip("there is no /bin/sh to take for a dynamic executable")
	}
	_, err = s.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: shell}, t.TempDir(), nil)
	if err == nil || !errors.Is(err, runners.ErrMalformed) || !strings.Contains(err.Error(), "static") {
		t.Errorf("a dynamic executable: %v; want ErrMalformed and a word about static ones", err)
	}
	if _, err := s.Prepare(t.Context(), runners.Artefact{Kind: runners.Native, Path: t.TempDir()}, t.TempDir(), nil); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("a folder: %v; want ErrMalformed", err)
	}
}

// TestTampered checks that Load refuses what Prepare did not leave.
func TestTampered(t *testing.T) {
	s, l := open(t, modeEmbedded, 0)
	path := workloadIn(l.program.Root)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	p := runners.Prepared{Mode: modeEmbedded, Path: path, Stored: uint64(info.Size())}
	if err := os.Truncate(path, info.Size()-1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), p, nil); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("a truncated file: %v; want ErrMalformed", err)
	}
	os.Remove(path)
	if _, err := s.Load(t.Context(), p, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v; want ErrNotExist", err)
	}
}

// TestPhases checks that what is marked is in order and that the entry of main
// lies where it must.
func TestPhases(t *testing.T) {
	want := map[string][]string{
		modeEmbedded: {runners.PhaseCreate, runners.PhaseFirstCall},
		modeRunc:     {runners.PhaseConnect, runners.PhaseFirstCall},
		modeCrun:     {runners.PhaseConnect, runners.PhaseFirstCall},
		modeRunsc:    {runners.PhaseConnect, runners.PhaseFirstCall},
	}
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		trace := runners.NewTrace()
		trace.Begin()
		in, err := l.Instantiate(t.Context(), trace)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if _, err := in.Call(t.Context(), nil, []byte("user")); err != nil {
			t.Fatal(err)
		}
		trace.Mark(runners.PhaseFirstCall)
		var got []string
		trace.Phases(func(name string, d time.Duration) {
			got = append(got, name)
			if d < 0 {
				t.Errorf("phase %s took %v", name, d)
			}
		})
		if !slices.Equal(got, want[mode]) {
			t.Errorf("phases %v, want %v", got, want[mode])
		}
	})
}

// TestMissingCommand checks that the line about a missing command says how to
// get it.
func TestMissingCommand(t *testing.T) {
	if _, err := find("no-such-runtime"); err == nil || !strings.Contains(err.Error(), "apt-get install") {
		t.Errorf("%v", err)
	}
}

// TestDescriptors checks that containers, also those that fail, leave no file
// open.
func TestDescriptors(t *testing.T) {
	forEachMode(t, func(t *testing.T, mode string) {
		_, l := open(t, mode, 0)
		turn := func() {
			in, err := l.Instantiate(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			in.Call(t.Context(), nil, []byte("exit 1"))
			if err := in.Close(); err != nil {
				t.Error(err)
			}
			bad := &loaded{system: l.system, program: native(filepath.Join(l.program.Root, "nowhere"), runners.Use{})}
			if in, err := bad.Instantiate(t.Context(), nil); err == nil {
				in.Close()
				t.Error("a container without a root file system starts")
			} else if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has several lines: %q", err)
			}
		}
		turn()
		before := descriptors(t)
		for range 3 {
			turn()
		}
		if after := descriptors(t); after > before {
			t.Errorf("%d files are open, before it were %d", after, before)
		}
	})
}

func descriptors(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

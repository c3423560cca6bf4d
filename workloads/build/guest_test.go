package build_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/frame"
	"edgebench/workloads/guest"
)

// eachGuest runs a test for the native probe of each language.
func eachGuest(t *testing.T, test func(t *testing.T, path string)) {
	list, builder := open(t)
	probe := find(t, list, "probe")
	for _, language := range languagesAs(probe, runners.Native) {
		t.Run(language, func(t *testing.T) {
			test(t, mustBuild(t, builder, probe, language, runners.Native).Path)
		})
	}
}

func TestMaxMessage(t *testing.T) {
	if guest.MaxMessage != abi.MaxMessage {
		t.Errorf("the guest takes %d bytes, runners send %d", guest.MaxMessage, abi.MaxMessage)
	}
}

func frames(requests ...string) []byte {
	var b []byte
	for _, r := range requests {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(r)))
		b = append(b, r...)
	}
	return b
}

// Input that is no good ends the guest with a line and a code of its own.
func TestGuestRefuses(t *testing.T) {
	const tooLarge = "\x01\x00\x00\x04" // 64 MiB and a byte
	for _, c := range []struct {
		name, input string
		args        []string
		code        int
		says        string
	}{
		{name: "a request that is too large", input: tooLarge, code: 1, says: "request"},
		{name: "an end within a header", input: "\x01\x00", code: 1},
		{name: "an end behind a header", input: "\x05\x00\x00\x00", code: 1},
		{name: "an end within a request", input: "\x05\x00\x00\x00E", code: 1},
		{name: "an end at once", code: 0},
		{name: "no such socket", args: []string{"/nonexistent/socket"}, code: 1, says: "/nonexistent/socket"},
		{name: "a path that no socket can have", args: []string{strings.Repeat("x", 200)}, code: 1},
		{name: "two arguments", args: []string{"a", "b"}, code: 2, says: "usage"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachGuest(t, func(t *testing.T, path string) {
				cmd := exec.CommandContext(t.Context(), path, c.args...)
				cmd.Stdin = strings.NewReader(c.input)
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				err := cmd.Run()
				if got := cmd.ProcessState.ExitCode(); got != c.code {
					t.Errorf("exit code %d (%v), want %d", got, err, c.code)
				}
				said := stderr.String()
				if lines := strings.Count(said, "\n"); (lines == 1) != (c.code != 0) || !strings.Contains(said, c.says) {
					t.Errorf("says %q", said)
				}
			})
		})
	}
}

// A reader that has left is an error of the write, not a signal.
func TestGuestIgnoresBrokenPipe(t *testing.T) {
	eachGuest(t, func(t *testing.T, path string) {
		cmd := exec.CommandContext(t.Context(), path)
		cmd.Stdin = bytes.NewReader(frames("R100"))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		out.Close()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 1 {
			t.Errorf("ended with %v", cmd.ProcessState)
		}
	})
}

// Frames need not come one by one, nor whole.
func TestGuestReadsAnyPieces(t *testing.T) {
	input := frames("Efirst", "C", "E"+strings.Repeat("x", 70_000), "C", "Elast")
	want := frames("first", "1", strings.Repeat("x", 70_000), "2", "last")
	for name, cut := range map[string]func(io.Reader) io.Reader{
		"at once":     func(r io.Reader) io.Reader { return r },
		"a byte each": iotest.OneByteReader,
	} {
		t.Run(name, func(t *testing.T) {
			eachGuest(t, func(t *testing.T, path string) {
				cmd := exec.CommandContext(t.Context(), path)
				cmd.Stdin = cut(bytes.NewReader(input))
				out, err := cmd.Output()
				if err != nil || !bytes.Equal(out, want) {
					t.Errorf("%d bytes instead of %d, %v", len(out), len(want), err)
				}
			})
		})
	}
}

// The ping's clock reads a moment between start and answer, on our clock.
func TestGuestEntryClock(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux lets two processes compare their clocks")
	}
	eachGuest(t, func(t *testing.T, path string) {
		before := runners.Now()
		p := startPiped(t, path)
		entry, err := p.Ping()
		after := runners.Now()
		if err != nil {
			t.Fatal(err)
		}
		at, ok := frame.OnOurClock(entry)
		if !ok || at < before || at > after {
			t.Errorf("entered at %v (%v), started at %v and answered at %v", at, ok, before, after)
		}
		again, err := p.Ping()
		if err != nil || again != entry {
			t.Errorf("the second ping says %d after %d (%v)", again, entry, err)
		}
		p.end(t)
	})
}

// The largest message goes both ways.
func TestGuestEchoesTheLargest(t *testing.T) {
	t.Parallel()
	eachGuest(t, func(t *testing.T, path string) {
		p := startPiped(t, path)
		request := bytes.Repeat([]byte("E"), abi.MaxMessage)
		got, err := p.Call(make([]byte, 0, abi.MaxMessage), request)
		if err != nil || !bytes.Equal(got, request[1:]) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		p.end(t)
	})
}

// What ends a probe or lies is an error that says so.
func TestProbeMisbehaves(t *testing.T) {
	for _, c := range []struct {
		request string
		want    error
		code    int // of the process; -1 where the language decides
	}{
		{"T", runners.ErrTrap, -1},
		{"X7", runners.ErrTrap, 7},
		{"B", runners.ErrTooLarge, 1},
		{"R67108865", runners.ErrTooLarge, 1},
	} {
		t.Run(c.request, func(t *testing.T) {
			eachGuest(t, func(t *testing.T, path string) {
				p := startPiped(t, path)
				if _, err := p.Call(nil, []byte(c.request)); !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
				_ = p.cmd.Wait()
				if code := p.cmd.ProcessState.ExitCode(); c.code >= 0 && code != c.code {
					t.Errorf("exit code %d, want %d", code, c.code)
				}
			})
		})
	}
}

// The same as modules, where nothing can exit.
func TestProbeMisbehavesAsModule(t *testing.T) {
	list, builder := open(t)
	probe := find(t, list, "probe")
	for _, language := range languagesAs(probe, runners.Wasm) {
		for _, request := range []string{"T", "X7", "B", "R67108865"} {
			t.Run(language+"/"+request, func(t *testing.T) {
				t.Parallel()
				r := instantiate(t, mustBuild(t, builder, probe, language, runners.Wasm))
				if got, err := r.Call(nil, []byte(request)); err == nil {
					t.Errorf("answered by %d bytes", len(got))
				}
			})
		}
	}
}

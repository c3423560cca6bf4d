package interfaces_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// command runs f as a command would be, with pipes for stdin and stdout.
func command(t *testing.T, f func(stdin io.Reader, stdout io.Writer)) (stdin io.WriteCloser, stdout io.Reader) {
	theirIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f(theirIn, theirOut)
		theirOut.Close()
		theirIn.Close()
	}()
	t.Cleanup(func() {
		out.Close()
		in.Close()
		<-ended
	})
	return in, out
}

func TestExchange(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	echo := func(in io.Reader, out io.Writer) { io.Copy(out, in) }
	for name, c := range map[string]struct {
		command func(io.Reader, io.Writer)
		request []byte
		want    string
	}{
		"empty":            {echo, nil, ""},
		"small":            {echo, []byte("hello"), "hello"},
		"while it reads":   {echo, big, string(big)},
		"asked for nought": {func(_ io.Reader, out io.Writer) { io.WriteString(out, "hi") }, nil, "hi"},
		"reads nothing":    {func(_ io.Reader, out io.Writer) { io.WriteString(out, "no") }, big, "no"},
	} {
		t.Run(name, func(t *testing.T) {
			in, out := command(t, c.command)
			got, err := interfaces.Exchange([]byte("kept "), c.request, in, out)
			if err != nil || string(got) != "kept "+c.want {
				t.Errorf("got %.40q (%d bytes), %v", got, len(got), err)
			}
		})
	}
}

func TestExchangeIsBounded(t *testing.T) {
	in, out := command(t, func(_ io.Reader, out io.Writer) {
		for page := make([]byte, 1<<16); ; {
			if _, err := out.Write(page); err != nil {
				return
			}
		}
	})
	got, err := interfaces.Exchange([]byte("kept"), make([]byte, 1<<20), in, out)
	if !errors.Is(err, runners.ErrTooLarge) || string(got) != "kept" {
		t.Errorf("endless output: %d bytes, %v; want ErrTooLarge", len(got), err)
	}
	in, out = command(t, func(in io.Reader, _ io.Writer) { io.Copy(io.Discard, in) })
	if _, err := interfaces.Exchange(nil, make([]byte, abi.MaxMessage+1), in, out); !errors.Is(err, runners.ErrTooLarge) {
		t.Errorf("a request that is too long: %v; want ErrTooLarge", err)
	}
}

func TestWords(t *testing.T) {
	for said, want := range map[string]string{
		"":                          "",
		"\n  \r\nwhy\nmore":         "why",
		"a\x00b\x1b[1m\xffc\n":      "a b [1m?c",
		strings.Repeat("x", 10_000): strings.Repeat("x", 300) + "…",
	} {
		var w interfaces.Words
		for piece := range strings.SplitSeq(said, "b") {
			w.Write([]byte(piece))
			if strings.Contains(said, "b") && !strings.HasSuffix(said, piece) {
				w.Write([]byte("b"))
			}
		}
		if got := w.Line(); got != want {
			t.Errorf("%.40q gives %.40q, want %.40q", said, got, want)
		}
	}
	if got := interfaces.WithOutput("exit code 3", ""); got != "exit code 3" {
		t.Errorf("got %q", got)
	}
}

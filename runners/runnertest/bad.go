package runnertest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/abi"
)

func isUnavailable(err error) bool { return errors.Is(err, runners.ErrUnavailable) }

// fails wants a Call to fail with an error of that kind and one line of text.
func fails(t *testing.T, in runners.Instance, request string, kinds ...error) {
	t.Helper()
	response, err := in.Call(t.Context(), nil, []byte(request))
	if err == nil {
		t.Fatalf("Call(%.20q) = %.60q, want an error", request, response)
	}
	oneLine(t, err)
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return
		}
	}
	t.Fatalf("Call(%.20q): %v; want one of %v", request, err, kinds)
}

func oneLine(t *testing.T, err error) {
	t.Helper()
	if strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 1000 {
		t.Errorf("the error is not one line of bounded length: %q", err)
	}
}

// trap checks that a trap ends one instance and nothing else.
func trap(t *testing.T, s *suite) {
	l := load(t, s.boot(t, 0), s.probe(t))
	sibling := instantiate(t, l)
	want(t, sibling, "C", "1")
	for _, operation := range []string{"T", "X3"} {
		in := instantiate(t, l)
		want(t, in, "C", "1")
		fails(t, in, operation, runners.ErrTrap)
		fails(t, in, "C", runners.ErrClosed, runners.ErrTrap)
		if r, ok := in.(runners.Revivable); ok && operation == "T" {
			r.Revive()
			// A language's own runtime may not go on after a trap.
			if response, err := in.Call(t.Context(), nil, []byte("C")); err == nil && string(response) != "2" {
				t.Errorf("after a trap the second call gives %q, want what was there before", response)
			}
		}
	}
	want(t, sibling, "C", "2")
	want(t, instantiate(t, l), "C", "1")
	deep := instantiate(t, l)
	if response, err := deep.Call(t.Context(), nil, []byte("D1000000")); err == nil {
		t.Logf("a recursion of 1,000,000 calls gives %q: the compiler made a loop of it", response)
	} else {
		oneLine(t, err)
	}
	want(t, sibling, "C", "3")
}

// lyingResponse checks that an address or length that lies is an error.
func lyingResponse(t *testing.T, s *suite) {
	fails(t, s.instance(t), "B", runners.ErrTrap, runners.ErrTooLarge)
}

// memoryLimit checks that a guest gets what the limit leaves and no more, in a
// way that leaves the harness alive.
func memoryLimit(t *testing.T, s *suite) {
	const mib = 1 << 20
	limit := uint64(s.few(256, 32)) * mib // a Go program has more of its own
	l := load(t, s.boot(t, limit), s.probe(t))
	within := instantiate(t, l)
	want(t, within, "M1000000", "ok")
	beyond := instantiate(t, l)
	request := "M" + strconv.FormatUint(2*limit, 10)
	response, err := beyond.Call(t.Context(), nil, []byte(request))
	switch {
	case err != nil:
		oneLine(t, err)
		if !errors.Is(err, runners.ErrTrap) {
			t.Errorf("Call(%q): %v; want the trap of a guest that got no memory", request, err)
		}
	case string(response) != "no memory":
		t.Errorf("Call(%q) = %q beyond a limit of %d bytes", request, response, limit)
	}
	want(t, within, "E still here", " still here")
}

// sizes checks the bounds of messages.
func sizes(t *testing.T, s *suite) {
	in := s.instance(t)
	want(t, in, "", "")
	response, err := in.Call(t.Context(), []byte("kept "), []byte("E appended"))
	if err != nil || string(response) != "kept  appended" {
		t.Fatalf("Call with a dst gives %q (%v): the response must be appended", response, err)
	}
	if _, err := in.Call(t.Context(), nil, make([]byte, abi.MaxMessage+1)); !errors.Is(err, runners.ErrTooLarge) {
		t.Fatalf("a request of more than %d bytes: %v; want ErrTooLarge", abi.MaxMessage, err)
	}
	want(t, in, "", "")
	want(t, in, "C", "1")
}

// malformed feeds artefacts that are not what they should be. Whoever finds
// out first, the harness must live on.
func malformed(t *testing.T, s *suite) {
	good := s.probe(t)
	whole, err := os.ReadFile(good.Path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"empty":     {},
		"noise":     bytes.Repeat([]byte{0x9e, 0x37, 0x79, 0xb9}, 1000),
		"truncated": whole[:len(whole)/2],
		"text":      []byte("#!/no/such/interpreter\nhello\n"),
	}
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			bad := good
			bad.Path = filepath.Join(scratch(t), "bad")
			bad.Size = uint64(len(content))
			if err := runners.WriteProgram(bad.Path, bytes.NewReader(content)); err != nil {
				t.Fatal(err)
			}
			err := s.tryAll(t, bad)
			if err == nil {
				t.Fatal("is accepted and answers")
			}
			oneLine(t, err)
			if !errors.Is(err, runners.ErrMalformed) && !errors.Is(err, runners.ErrTrap) {
				t.Errorf("%v; want ErrMalformed", err)
			}
		})
	}
	missing := good
	missing.Path = filepath.Join(scratch(t), "missing")
	if err := s.tryAll(t, missing); err == nil {
		t.Error("a file that does not exist is accepted")
	}
}

// tryAll goes the whole way and gives the first error.
func (s *suite) tryAll(t *testing.T, a runners.Artefact) error {
	rt := s.boot(t, 0)
	p, err := rt.Prepare(t.Context(), a, scratch(t), nil)
	if err != nil {
		return err
	}
	removeAfter(t, rt, p)
	l, err := rt.Load(t.Context(), p, nil)
	if err != nil {
		return err
	}
	defer l.Close()
	in, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = in.Call(t.Context(), nil, []byte("C"))
	return err
}

// otherMode checks that what one mode prepared is refused by another.
func otherMode(t *testing.T, s *suite) {
	rt := s.boot(t, 0)
	p := prepare(t, rt, s.probe(t))
	p.Mode = "another-mode"
	if l, err := rt.Load(t.Context(), p, nil); err == nil {
		l.Close()
		t.Fatal("Load accepts what another mode prepared")
	}
}

// closeTwice closes everything twice, the instance also after a trap.
func closeTwice(t *testing.T, s *suite) {
	rt := s.boot(t, 0)
	l := load(t, rt, s.probe(t))
	well, trapped := instantiate(t, l), instantiate(t, l)
	fails(t, trapped, "T", runners.ErrTrap)
	for range 2 {
		for what, c := range map[string]interface{ Close() error }{"instance": well, "trapped instance": trapped} {
			if err := c.Close(); err != nil {
				t.Errorf("Close of the %s: %v", what, err)
			}
		}
	}
	fails(t, well, "C", runners.ErrClosed, runners.ErrTrap)
	for range 2 {
		if err := l.Close(); err != nil {
			t.Errorf("Close of what was loaded: %v", err)
		}
	}
}

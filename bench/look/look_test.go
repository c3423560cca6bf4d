package look

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"edgebench/bench/identify"
	"edgebench/results"
	"edgebench/runners"
)

// fake is a program that answers in one way alone.
type fake struct {
	seen    runners.Seen
	answers map[runners.Interface]string
	failure error // of an answer in another way
	asked   []runners.Interface
	blind   bool // it can't be looked at
}

func (f *fake) Prepare(_ context.Context, s results.System, a runners.Artefact) (runners.Prepared, error) {
	if a.Path == "" {
		return runners.Prepared{}, errors.New("no artefact")
	}
	return runners.Prepared{Artefact: a, Mode: s.Mode}, nil
}

func (f *fake) Look(context.Context, results.System, runners.Prepared) (runners.Seen, error) {
	if f.blind {
		return runners.Seen{}, runners.ErrUnavailable
	}
	return f.seen, nil
}

func (f *fake) Answer(_ context.Context, _ results.System, p runners.Prepared, request []byte) ([]byte, error) {
	f.asked = append(f.asked, p.Artefact.Interface)
	answer, ok := f.answers[p.Artefact.Interface]
	if !ok {
		if f.failure != nil {
			return nil, f.failure
		}
		return nil, fmt.Errorf("it exits with code 1: %w", runners.ErrTrap)
	}
	return append([]byte(answer), request...), nil
}

func at(texts ...string) (s runners.Seen) {
	for _, text := range texts {
		s.Listening = append(s.Listening, netip.MustParseAddrPort(text))
	}
	return s
}

func subject(kind runners.Kind) Subject {
	return Subject{
		Program: identify.Program{Name: "app", Kind: kind}, System: results.System{Runner: "r", Mode: "m"},
		Artefact: runners.Artefact{Kind: kind, Path: "app"},
	}
}

func TestProgram(t *testing.T) {
	only := func(iface runners.Interface) map[runners.Interface]string {
		return map[runners.Interface]string{iface: "answer to "}
	}
	for _, c := range []struct {
		what   string
		fake   fake
		change func(*Subject)
		kind   runners.Kind
		want   runners.Interface
	}{
		{"a server on all addresses", fake{seen: at("0.0.0.0:8080"), answers: only("http:8080")}, nil, runners.Image, "http:8080"},
		{"a path", fake{seen: at("[::]:80"), answers: only("http:80/x")}, func(s *Subject) { s.Path = "/x" }, runners.Image, "http:80/x"},
		{"the exposed port of two", fake{seen: at("0.0.0.0:80", "0.0.0.0:9090"), answers: only("http:9090")}, func(s *Subject) { s.Ports = []uint16{9090} }, runners.Image, "http:9090"},
		{"the one that is reached", fake{seen: at("127.0.0.1:80", "0.0.0.0:81"), answers: only("http:81")}, nil, runners.Image, "http:81"},
		{"a process on its loopback", fake{seen: at("127.0.0.1:80"), answers: only("http:80")}, nil, runners.Native, "http:80"},
		{"a process on that of IPv6", fake{seen: at("[::1]:80"), answers: only("http:[::1]:80")}, nil, runners.Native, "http:[::1]:80"},
		{"a command", fake{seen: runners.Seen{Ended: "exit status 0"}, answers: only(runners.Stdio)}, nil, runners.Native, runners.Stdio},
		{"frames", fake{answers: only(runners.Frames)}, nil, runners.Image, runners.Frames},
		{"a command beside a module", fake{seen: at("127.0.0.1:1"), answers: only(runners.Stdio)}, func(s *Subject) { s.Command = true }, runners.Native, runners.Stdio},
		{"a server beside a module", fake{seen: at("127.0.0.1:80"), answers: only("http:80")}, func(s *Subject) { s.Command = true }, runners.Native, "http:80"},
		{"what can't be looked at", fake{blind: true, answers: only(runners.Stdio)}, nil, runners.Image, runners.Stdio},
		{"what the user says", fake{answers: only("http:7/y")}, func(s *Subject) { s.Given, s.Artefact.Interface = true, "http:7/y" }, runners.Image, "http:7/y"},
		{"a module", fake{answers: only(runners.Stdio)}, func(s *Subject) { s.Artefact.Interface = runners.Stdio }, runners.Wasm, runners.Stdio},
	} {
		s := subject(c.kind)
		if c.change != nil {
			c.change(&s)
		}
		got, err := Program(t.Context(), &c.fake, s, [][]byte{[]byte("1"), []byte("2")})
		if err != nil || got.Interface != c.want || len(got.First) != 2 || string(got.First[1]) != "answer to 2" || string(got.Second[0]) != "answer to 1" {
			t.Errorf("%s: %q, %v", c.what, got, err)
		}
	}
}

// A program that does not answer says what it did and what to write.
func TestSilent(t *testing.T) {
	for _, c := range []struct {
		what   string
		fake   fake
		change func(*Subject)
		kind   runners.Kind
		says   []string
	}{
		{"a container's own loopback", fake{seen: at("127.0.0.1:8080", "[::1]:8080")}, nil, runners.Image, []string{"127.0.0.1:8080, [::1]:8080", "let it listen at 0.0.0.0"}},
		{"another path", fake{seen: at("0.0.0.0:80"), failure: fmt.Errorf("%w: the server answers 404 Not Found", runners.ErrWrongResponse)}, nil, runners.Image, []string{"it listens at 80", "404", "--get /PATH"}},
		{"another path by GET", fake{seen: at("0.0.0.0:80"), failure: runners.ErrWrongResponse}, func(s *Subject) { s.Artefact.Use.HTTP.Method = "GET" }, runners.Image, []string{"GET /", "another path"}},
		{"no answer", fake{seen: at("0.0.0.0:80"), failure: errors.New("no answer in time")}, nil, runners.Image, []string{"no answer in time", "--image-interface http:PORT/PATH"}},
		{"an exposed port alone", fake{seen: runners.Seen{Ended: "exit code 3", Said: "no config"}}, func(s *Subject) { s.Ports = []uint16{80, 443} }, runners.Image, []string{"exposes port 80, 443", "exit code 3", "no config"}},
		{"nothing", fake{}, nil, runners.Native, []string{"listens nowhere", "code 1", "--native-interface"}},
		{"a module", fake{}, func(s *Subject) { s.Artefact.Interface = runners.Stdio }, runners.Wasm, []string{"code 1"}},
	} {
		s := subject(c.kind)
		if c.change != nil {
			c.change(&s)
		}
		_, err := Program(t.Context(), &c.fake, s, [][]byte{[]byte("1")})
		if !errors.Is(err, ErrSilent) || !strings.HasPrefix(err.Error(), "app: ") {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		for _, words := range c.says {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %v; it should say %q", c.what, err, words)
			}
		}
	}
	if _, err := Program(t.Context(), &fake{}, Subject{}, [][]byte{nil}); err == nil {
		t.Error("what can't be prepared is looked at")
	}
}

func TestLearn(t *testing.T) {
	a := Answers{"a", []byte("x"), []byte("x")}
	for _, c := range []struct {
		all  []Answers
		says string // "" for what is learnt
	}{
		{[]Answers{a}, ""},
		{[]Answers{a, {"b", []byte("x"), []byte("x")}}, ""},
		{nil, "no program"},
		{[]Answers{{"a", nil, nil}}, "answers with nothing"},
		{[]Answers{{"a", []byte("1:00"), []byte("1:01")}}, `4 and 4 bytes, from byte 4 on "0" and "1"`},
		{[]Answers{a, {"b", []byte("xy"), []byte("xy")}}, `a and b answer differently (1 and 2 bytes, from byte 2 on its end and "y")`},
	} {
		right, err := Learn(c.all)
		switch {
		case c.says == "" && (err != nil || string(right) != "x"):
			t.Errorf("%v gives %q, %v", c.all, right, err)
		case c.says != "" && (!errors.Is(err, ErrNotLearnt) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%v: %v; want %q", c.all, err, c.says)
		}
	}
	if Check(a, []byte("x")) != nil || Check(a, []byte("y")) == nil {
		t.Error("an answer is held against another response than the given one")
	}
}

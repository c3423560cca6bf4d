// Package look finds out how programs of a user take requests and what they answer,
// by asking each of them before a run is planned. A program that does not answer ends
// the look with what it did instead and what to write, and not each trial of a run.
package look

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"edgebench/bench/identify"
	"edgebench/bench/internal/kinded"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/interfaces"
	"edgebench/runners/listening"
)

// Asker lets one system start programs.
type Asker interface {
	// Prepare makes an artefact ready on disk.
	Prepare(ctx context.Context, s results.System, a runners.Artefact) (runners.Prepared, error)
	// Look starts a program without a request.
	Look(ctx context.Context, s results.System, p runners.Prepared) (runners.Seen, error)
	// Answer gives the response of a new instance to a request.
	Answer(ctx context.Context, s results.System, p runners.Prepared, request []byte) ([]byte, error)
}

// Subject is a program that is looked at.
type Subject struct {
	identify.Program
	// System that asks it.
	System results.System
	// Artefact of it. Its Interface holds where Given says so, and else only the path
	// of an HTTP request.
	Artefact runners.Artefact
	Given    bool
	// Path of an HTTP request, "" for the root.
	Path string
	// Command says that a module beside it is a command, so that it is taken for one
	// before it is taken for a server.
	Command bool
}

// Found is what a look tells of a program.
type Found struct {
	Interface runners.Interface
	// First and Second are its answers to each request, of two instances.
	First, Second [][]byte
}

// ErrSilent: a program was started and does not answer. The message says what it did
// and what to write.
var ErrSilent = errors.New("no answer to learn from")

// Program looks at one program: how it takes requests, and how it answers each.
func Program(ctx context.Context, by Asker, s Subject, requests [][]byte) (Found, error) {
	l := looker{by, s, runners.Prepared{}}
	a := s.Artefact
	if !a.Kind.IsModule() && !s.Given {
		a.Interface = runners.Stdio // what all runners take; what is prepared does not depend on it
	}
	var err error
	if l.prepared, err = by.Prepare(ctx, s.System, a); err != nil {
		return Found{}, fmt.Errorf("%s: %s can't prepare it: %w", s.Name, s.System, err)
	}
	iface, first, err := l.find(ctx, requests[0])
	if err != nil {
		return Found{}, fmt.Errorf("%s: %w", s.Name, err)
	}
	f := Found{Interface: iface}
	for i, request := range requests {
		answer := first
		if i > 0 {
			answer, err = l.ask(ctx, iface, request)
		}
		again, errAgain := l.ask(ctx, iface, request)
		if err := errors.Join(err, errAgain); err != nil {
			return f, fmt.Errorf("%s: %w", s.Name, l.explain(iface, err))
		}
		f.First, f.Second = append(f.First, answer), append(f.Second, again)
	}
	return f, nil
}

type looker struct {
	by Asker
	Subject
	prepared runners.Prepared
}

// ask gives the answer of a new instance that takes requests in some way.
func (l looker) ask(ctx context.Context, iface runners.Interface, request []byte) ([]byte, error) {
	p := l.prepared
	p.Artefact.Interface = iface
	return l.by.Answer(ctx, l.System, p, request)
}

// find tells how the program takes requests, with its first answer.
func (l looker) find(ctx context.Context, request []byte) (runners.Interface, []byte, error) {
	if l.Given || l.Artefact.Kind.IsModule() {
		iface := l.Artefact.Interface
		answer, err := l.ask(ctx, iface, request)
		return iface, answer, l.explain(iface, err)
	}
	if l.Command {
		if answer, err := l.ask(ctx, runners.Stdio, request); err == nil && len(answer) > 0 {
			return runners.Stdio, answer, nil
		}
	}
	seen, err := l.by.Look(ctx, l.System, l.prepared)
	if err != nil && !errors.Is(err, runners.ErrUnavailable) {
		return "", nil, err
	}
	if len(seen.Listening) > 0 {
		return l.server(ctx, seen, request)
	}
	return l.command(ctx, seen, request)
}

// server asks a program where it listens.
func (l looker) server(ctx context.Context, seen runners.Seen, request []byte) (runners.Interface, []byte, error) {
	at, err := l.endpoint(seen.Listening)
	if err != nil {
		return "", nil, err
	}
	iface := runners.Interface(at.String())
	answer, err := l.ask(ctx, iface, request)
	return iface, answer, l.explain(iface, err)
}

// endpoint chooses among the addresses: a port that the image exposes, else the
// lowest one that can be reached.
func (l looker) endpoint(list []netip.AddrPort) (interfaces.Endpoint, error) {
	inside := l.Kind == runners.Image
	reached := slices.DeleteFunc(slices.Clone(list), func(a netip.AddrPort) bool { return inside && !listening.Reachable(a) })
	if len(reached) == 0 {
		return interfaces.Endpoint{}, kinded.New(ErrSilent, fmt.Errorf("it listens at %s inside its container alone, where nobody outside reaches it: let it listen at 0.0.0.0", listening.Words(list)))
	}
	slices.SortStableFunc(reached, func(a, b netip.AddrPort) int {
		return rank(l.Ports, a) - rank(l.Ports, b)
	})
	at := interfaces.Endpoint{Port: reached[0].Port(), Path: "/"}
	if l.Path != "" {
		at.Path = l.Path
	}
	if ip := reached[0].Addr(); !inside && ip.Is6() && ip.IsLoopback() {
		at.Host = ip.String()
	}
	return at, nil
}

// rank puts exposed ports before others, and others by their numbers.
func rank(exposed []uint16, a netip.AddrPort) int {
	if slices.Contains(exposed, a.Port()) {
		return 0
	}
	return int(a.Port())
}

// command takes a program that does not listen for one that reads stdin, and then for
// one that serves frames.
func (l looker) command(ctx context.Context, seen runners.Seen, request []byte) (runners.Interface, []byte, error) {
	if len(l.Ports) > 0 {
		return "", nil, kinded.New(ErrSilent, fmt.Errorf("it exposes port %s and %s", numbers(l.Ports), did(seen)))
	}
	answer, err := l.ask(ctx, runners.Stdio, request)
	if err == nil && len(answer) > 0 {
		return runners.Stdio, answer, nil
	}
	if len(request) > 0 {
		if framed, err := l.ask(ctx, runners.Frames, request); err == nil {
			return runners.Frames, framed, nil
		}
	}
	if err == nil {
		return runners.Stdio, answer, nil // whoever learns from it says that it is empty
	}
	return "", nil, kinded.New(ErrSilent, fmt.Errorf("it %s, and does not take a request from stdin (%w): say --%s-interface http:PORT where it is a server", did(seen), err, l.Kind))
}

// did says what a program did without a request.
func did(s runners.Seen) string {
	text := "listens nowhere"
	if s.Ended != "" {
		text = "ends without listening (" + s.Ended + ")"
	}
	if s.Said != "" {
		text += ", it says: " + s.Said
	}
	return text
}

func numbers(ports []uint16) string {
	var words []string
	for _, p := range ports {
		words = append(words, strconv.Itoa(int(p)))
	}
	return strings.Join(words, ", ")
}

// explain says what to write where a program gives no right answer in the way in
// which it takes requests.
func (l looker) explain(iface runners.Interface, err error) error {
	if err == nil {
		return nil
	}
	if !interfaces.IsHTTP(iface) {
		return kinded.New(ErrSilent, err)
	}
	at, parseErr := interfaces.ParseEndpoint(iface)
	if parseErr != nil {
		return parseErr
	}
	where := "it listens at"
	if l.Given {
		where = "at port"
	}
	asked := fmt.Sprintf("%s %d, asked for %s %s: %v", where, at.Port, l.Artefact.Use.HTTP.Verb(), at.Path, err)
	if errors.Is(err, runners.ErrWrongResponse) {
		other := "--get /PATH"
		if l.Artefact.Use.HTTP.Verb() == http.MethodGet {
			other = "--get or --post with another path"
		}
		return kinded.New(ErrSilent, fmt.Errorf("%s: say %s, or --status where that is right", asked, other))
	}
	return kinded.New(ErrSilent, fmt.Errorf("%s: say --%s-interface http:PORT/PATH where it answers elsewhere", asked, l.Kind))
}

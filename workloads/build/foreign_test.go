package build_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/workloads/build"
)

// What is built around code of third parties, or around the host, gives the
// same bytes as a module and as an executable: for pieces of its own requests
// put together anew, most of which are nonsense to it. No answer is a trap, no
// request is without an end, and neither shows in the answers to others.
func TestForeignCodeAgrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		workload string
		rounds   int
		kinds    []string // beginnings of answers that must occur
	}{
		{"markdown", 500, []string{"<h1>", "<p>", "<blockquote>", "refused: not text\n", "refused: too long\n", "refused: too many brackets\n"}},
		{"sqlite", 250, []string{
			"name\n", "error: near ", "error: no such column: ", "error: not authorized\n",
			"error: the statement is too long\n", "error: the statement is not text\n", "error: more than one statement\n",
		}},
		{"plugin", 600, []string{
			"ok\n", "error: SyntaxError: ", "error: ReferenceError: ", "error: TypeError: ", "error: too much work\n",
			"error: the request is not text\n", "error: the input is too long\n",
		}},
		{"hostcall", 600, []string{"clock 1000: it never", "time 1000: it is after", "random 1000: no two", "file ", "part ", "refused\n"}},
		{"heap", 60, []string{"kept 1 MiB, ", "refused: not a number"}},
	} {
		t.Run(c.workload, func(t *testing.T) {
			w, builds := cBuilds(t, c.workload)
			r := rand.New(rand.NewPCG(seed, seed))
			seen := make(map[string]bool)
			for range c.rounds {
				request := bytes.Clone(anyRequest(r, w))
				for range r.IntN(4) {
					request = cross(r, request, anyRequest(r, w))
				}
				if len(request) == 0 {
					continue
				}
				answer := string(ask(t, builds, request))
				for _, kind := range c.kinds {
					seen[kind] = seen[kind] || strings.HasPrefix(answer, kind)
				}
			}
			for _, kind := range c.kinds {
				if !seen[kind] {
					t.Errorf("no answer begins with %q", kind)
				}
			}
			for _, x := range w.Exchanges {
				if got := ask(t, builds, x.Request); !bytes.Equal(got, x.Response) {
					t.Errorf("%s: after all that the answer is %.200q", x.Name, got)
				}
			}
		})
	}
}

// cBuilds starts the builds in C: modules with code of third parties are where
// their sources have been fetched.
func cBuilds(t *testing.T, name string) (build.Workload, []peer) {
	t.Helper()
	list, builder := open(t)
	w := find(t, list, name)
	var peers []peer
	for _, kind := range []runners.Kind{runners.Wasm, runners.Native} {
		b, err := builder.Build(t.Context(), w, "c", kind)
		if errors.Is(err, runners.ErrUnavailable) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if kind == runners.Wasm {
			peers = append(peers, peer{"c as wasm", instantiate(t, b)})
			continue
		}
		p := startIn(t, b.Files, b.Path)
		t.Cleanup(func() { p.end(t) })
		peers = append(peers, peer{"c as native", p})
	}
	return w, peers
}

func anyRequest(r *rand.Rand, w build.Workload) []byte {
	return w.Exchanges[r.IntN(len(w.Exchanges))].Request
}

// cross removes, repeats or spoils a piece of a request, or puts one of another
// request into it.
func cross(r *rand.Rand, b, other []byte) []byte {
	from := r.IntN(len(b) + 1)
	to := min(len(b), from+1+r.IntN(20))
	switch r.IntN(6) {
	case 0:
		return append(b[:from:from], b[to:]...)
	case 1:
		return append(append(b[:from:from], bytes.Repeat(b[from:to], r.IntN(200))...), b[from:]...)
	case 2:
		if from < len(b) {
			b[from] = byte(r.IntN(256))
		}
		return b
	}
	at := r.IntN(len(other))
	piece := other[at:min(len(other), at+1+r.IntN(30))]
	return append(append(b[:from:from], piece...), b[from:]...)
}

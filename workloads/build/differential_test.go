package build_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"testing"

	"edgebench/runners"
	"edgebench/workloads/build"
)

// rounds is how many requests each workload gets: about a second's worth.
const rounds = 5000

// seed is fixed: a test that fails today fails tomorrow.
const seed = 20260101

// All builds of a workload give the same bytes for requests that nobody wrote,
// and these requests reach every kind of answer that there is.
func TestBuildsAgree(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		workload string
		make     func(*mutator) []byte
		// kind tells answers apart; kinds are all that must occur.
		kind  *regexp.Regexp
		kinds []string
	}{
		{
			workload: "rewrite", make: (*mutator).request,
			kind: regexp.MustCompile(`^HTTP/1.1 301|\n\r\n[a-z ]+\n$|x-bucket: [ab]\r\n\r\n`),
			kinds: []string{
				"HTTP/1.1 301", "x-bucket: a\r\n\r\n", "x-bucket: b\r\n\r\n",
				"\n\r\nno end of head\n", "\n\r\nbad request line\n", "\n\r\ntoo many fields\n", "\n\r\nbad field\n",
				"\n\r\nbad host\n", "\n\r\nambiguous length\n", "\n\r\nbad escape\n",
			},
		},
		{
			workload: "auth", make: (*mutator).signed,
			kind: regexp.MustCompile(`^200|^401 [a-z ]+$`),
			kinds: []string{
				"200", "401 malformed request", "401 no time", "401 no credentials", "401 not a bearer",
				"401 malformed token", "401 malformed header", "401 wrong algorithm", "401 unknown extension",
				"401 bad signature", "401 malformed claims", "401 no expiry", "401 expired",
				"401 not yet valid", "401 no subject",
			},
		},
		{
			workload: "api", make: (*mutator).measured,
			kind: regexp.MustCompile(`"error":"[a-z ]+|^HTTP/1.1 20[01]`),
			kinds: []string{
				"HTTP/1.1 200", "HTTP/1.1 201",
				`"error":"no end of head`, `"error":"bad request line`, `"error":"too many fields`, `"error":"bad field`,
				`"error":"bad target`, `"error":"bad host`, `"error":"bad length`, `"error":"not found`,
				`"error":"method not allowed`, `"error":"no such product`, `"error":"unknown parameter`,
				`"error":"repeated parameter`, `"error":"bad parameter`, `"error":"too large`, `"error":"malformed json`,
				`"error":"invalid order`,
			},
		},
		{
			workload: "template", make: (*mutator).request,
			kind: regexp.MustCompile(`^error: [a-z ]+\n$|</html>\n$`),
			kinds: []string{
				"</html>\n", "error: bad request\n", "error: no such page\n", "error: too much data\n",
				"error: bad data\n", "error: page too large\n",
			},
		},
	} {
		t.Run(c.workload, func(t *testing.T) {
			w, builds := allBuilds(t, c.workload)
			m := newMutator(w)
			seen := make(map[string]int)
			for range rounds {
				request := c.make(m)
				if len(request) > 0 {
					seen[string(c.kind.Find(ask(t, builds, request)))]++
				}
			}
			for _, kind := range c.kinds {
				if seen[kind] == 0 {
					t.Errorf("no answer %q among %v", kind, seen)
				}
			}
			if len(seen) != len(c.kinds) {
				t.Errorf("answers %v, %d kinds are known", seen, len(c.kinds))
			}
		})
	}
}

// peer is one build of a workload that serves.
type peer struct {
	name string
	caller
}

// allBuilds starts the modules that are committed, and the native builds as far
// as this machine can make them.
func allBuilds(t *testing.T, name string) (build.Workload, []peer) {
	t.Helper()
	list, builder := open(t)
	w := find(t, list, name)
	var peers []peer
	for _, language := range w.Languages {
		if w.Commits(language) && build.Comes(language, runners.Wasm) {
			module := instantiate(t, mustBuild(t, builder, w, language, runners.Wasm))
			peers = append(peers, peer{language + " as wasm", module})
		}
		if !build.Comes(language, runners.Native) {
			continue
		}
		b, err := builder.Build(t.Context(), w, language, runners.Native)
		if errors.Is(err, runners.ErrUnavailable) {
			t.Log("left out: ", err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		p := startIn(t, b.Files, b.Path)
		t.Cleanup(func() { p.end(t) })
		peers = append(peers, peer{language + " as native", p})
	}
	if len(peers) < 2 {
		t.Skip("there is only one build of the workload here: install Go or a C compiler")
	}
	return w, peers
}

// ask returns the answer that all give.
func ask(t *testing.T, builds []peer, request []byte) []byte {
	t.Helper()
	var first []byte
	for i, p := range builds {
		got, err := p.Call(nil, request)
		if err != nil {
			t.Fatalf("%s: %v\nrequest %q", p.name, err, request)
		}
		if i == 0 {
			first = got
		} else if !bytes.Equal(got, first) {
			t.Fatalf("request %q\n%s: %q\n%s: %q", request, builds[0].name, first, p.name, got)
		}
	}
	return first
}

// mutator makes requests from a workload's own.
type mutator struct {
	*rand.Rand
	seeds [][]byte
}

func newMutator(w build.Workload) *mutator {
	m := &mutator{Rand: rand.New(rand.NewPCG(seed, seed))}
	for _, x := range w.Exchanges {
		m.seeds = append(m.seeds, x.Request)
	}
	return m
}

// pieces are what HTTP and JSON readers trip over.
var pieces = []string{
	"/", "//", "/./", "/../", "..", "%", "%2e", "%2F", "%41", "%zz", "?", "#", ":", " ", "\t", ",", ";", "=", ".",
	"\r\n", "\r", "\n", "\r\n\r\n", "\x00", "\x7f", "\x80", "\u212a", "^", "~",
	"/blog/", "/old/", "/index.html", "/feed.xml", "/api/v1/", "/static/",
	"Host: example.com\r\n", "Host: www.www.EXAMPLE.com:443\r\n", "host: www.\r\n", "Connection: x-hop, Via ,host\r\n", "X-Hop: 1\r\n",
	"Cookie: uid=42; uid=7\r\n", "cookie:uid=\t;uid= x\r\n", "Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n",
	"X-INTERNAL-a:\r\n", "Te: x\r\n", "X-Now: 1767225600\r\n", "Authorization: bearer  a.b.c\r\n",
	"{", "}", "[", "]", `"`, `\`, `\u0061`, `\"`, `"exp":`, `"sub":"a"`, `"crit":null`, `"nbf":1767225600`, ",", "-0", "1e9", "01", "1.5",
	"true", "null", "[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]", "9999999999999999",
}

// request mutates one of the workload's requests.
func (m *mutator) request() []byte {
	b := bytes.Clone(m.seeds[m.IntN(len(m.seeds))])
	for range m.IntN(4) {
		b = m.change(b)
	}
	return b
}

var lengthField = regexp.MustCompile(`(?i)\r\ncontent-length: *[0-9]*`)

// measured is a mutated request whose length, where it has one, mostly is that
// of its body, so that what is behind the length's check is reached too.
func (m *mutator) measured() []byte {
	request := m.request()
	end := bytes.Index(request, []byte("\r\n\r\n"))
	if end < 0 || m.IntN(8) == 0 {
		return request
	}
	head, body := request[:end:end], request[end:]
	head = lengthField.ReplaceAll(head, fmt.Appendf(nil, "\r\nContent-Length: %d", len(body)-len("\r\n\r\n")))
	return append(head, body...)
}

// change makes one change somewhere.
func (m *mutator) change(b []byte) []byte {
	from := m.IntN(len(b) + 1)
	to := min(len(b), from+1+m.IntN(12))
	piece := []byte(pieces[m.IntN(len(pieces))])
	switch m.IntN(5) {
	case 0: // remove
		return append(b[:from:from], b[to:]...)
	case 1: // repeat
		return append(b[:to:to], b[from:]...)
	case 2: // another byte
		if from < len(b) {
			b[from] = byte(m.IntN(256))
		}
		return b
	case 3: // insert at the start of a line
		if i := bytes.IndexByte(b[from:], '\n'); i >= 0 {
			from += i + 1
		}
	}
	return append(append(b[:from:from], piece...), b[from:]...)
}

var (
	tokenHeaders = []string{`{"alg":"HS256","typ":"JWT"}`, `{ "alg" : "HS256" }`}
	tokenClaims  = []string{
		`{"sub":"user","exp":1767229200,"nbf":1767225540,"scope":["a",{"b":[1.5e3,-0,null,true,false]}]}`,
		"{\"exp\" : 1767225601 ,\n\"sub\":\"a b\"}",
	}
)

// signed puts a mutated token under a right signature, so that what is behind
// the signature's check is reached too; or it mutates a whole request.
func (m *mutator) signed() []byte {
	if m.IntN(3) == 0 {
		return m.request()
	}
	header := []byte(tokenHeaders[m.IntN(len(tokenHeaders))])
	claims := []byte(tokenClaims[m.IntN(len(tokenClaims))])
	for range m.IntN(3) {
		if m.IntN(3) == 0 {
			header = m.change(header)
		} else {
			claims = m.change(claims)
		}
	}
	encoding := base64.RawURLEncoding
	input := encoding.EncodeToString(header) + "." + encoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, []byte("edgebench-test-key-not-a-secret!"))
	mac.Write([]byte(input))
	return fmt.Appendf(nil, "GET / HTTP/1.1\r\nX-Now: 1767225600\r\nAuthorization: Bearer %s.%s\r\n\r\n",
		input, encoding.EncodeToString(mac.Sum(nil)))
}

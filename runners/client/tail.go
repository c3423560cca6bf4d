package client

import (
	"bytes"
	"cmp"
	"strings"
	"sync"
)

// tail keeps the first bytes that a process writes to stderr and drops the
// rest: a crash prints its reason first.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
	// size is how many bytes are kept, 0 for tailSize.
	size int
}

const tailSize = 4 << 10

// Write accepts everything and keeps the first bytes.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := cmp.Or(t.size, tailSize) - t.buf.Len(); room > 0 {
		t.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// fatal begins the line in which V8 gives its reason, after statistics of its heap.
const fatal = "# Fatal "

// text is what has been kept.
func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

// line gives the first lines of the text.
func (t *tail) line() string { return firstLines(t.text()) }

// firstLines gives the first two lines that are neither blank nor a comment, joined, at
// most 300 bytes long and an ellipsis. A fatal line takes their place.
func firstLines(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, fatal) {
			kept = []string{strings.TrimPrefix(line, "# ")}
			break
		}
		if len(kept) == 2 || line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		kept = append(kept, line)
	}
	s := strings.Join(kept, "; ")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}

package client

import (
	"bytes"
	"strings"
	"sync"
)

// tail keeps the first bytes that a process writes to stderr and drops the
// rest: a crash prints its reason first.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const tailSize = 4 << 10

// Write accepts everything and keeps the first tailSize bytes.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := tailSize - t.buf.Len(); room > 0 {
		t.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// fatal begins the line in which V8 gives its reason, after statistics of its heap.
const fatal = "# Fatal "

// line gives the first two lines that are neither blank nor a comment, joined, at
// most 300 bytes long and an ellipsis. A fatal line takes their place.
func (t *tail) line() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var kept []string
	for line := range strings.Lines(t.buf.String()) {
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

package interfaces

import (
	"strings"
	"sync"
	"unicode"
)

// Words is a writer for a command's stderr. It takes all, keeps the beginning
// and drops the rest: a program that fails says why first. The zero Words is
// ready; it may be written to and read by several goroutines.
type Words struct {
	mu   sync.Mutex
	kept []byte
}

// What is kept of a command's stderr and what is shown of it, in bytes.
const (
	mostKept  = 4 << 10
	mostShown = 300
)

// Write takes all of p.
func (w *Words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept = append(w.kept, p[:min(len(p), mostKept-len(w.kept))]...)
	return len(p), nil
}

// Line is the first line that says something, "" if there is none.
func (w *Words) Line() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return FirstLine(w.kept)
}

// FirstLine gives the first line of a text that says something, as valid
// UTF-8 without control characters and not too long for an error.
func FirstLine(text []byte) string {
	for line := range strings.Lines(string(text[:min(len(text), mostKept)])) {
		line = strings.TrimSpace(strings.Map(printable, strings.ToValidUTF8(line, "?")))
		if line == "" {
			continue
		}
		if len(line) > mostShown {
			line = strings.ToValidUTF8(line[:mostShown], "") + "…"
		}
		return line
	}
	return ""
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// Because puts what a command has said behind what has happened to it; what
// nobody said is left out.
func Because(what, said string) string {
	if said == "" {
		return what
	}
	return what + ": " + said
}

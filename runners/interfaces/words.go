package interfaces

import (
	"strings"
	"sync"
	"unicode"
)

// Words is a writer for a command's stderr. It accepts everything, keeps the
// beginning and drops the rest, since a program that fails prints the reason
// first. The zero Words is ready for use by several goroutines.
type Words struct {
	mu   sync.Mutex
	kept []byte
}

// The bounds of the kept and of the shown part of a command's stderr, in bytes.
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

// Line is the first line that is not blank, "" if there is none.
func (w *Words) Line() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return FirstLine(w.kept)
}

// FirstLine gives the first line of a text that is not blank, as valid UTF-8
// without control characters, shortened to fit an error message.
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

// WithOutput appends a command's output to the description of its failure, if
// there is output.
func WithOutput(what, said string) string {
	if said == "" {
		return what
	}
	return what + ": " + said
}

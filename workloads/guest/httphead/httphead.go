// Package httphead is a strict reader of the head of an HTTP/1.1 request, for
// workloads. guest/c/http.h is the same in C and states the rules: the two
// refuse the same requests for the same reason.
package httphead

import (
	"bytes"
	"errors"
	"strings"
)

// MaxFields bounds the fields of a request.
const MaxFields = 100

// Why a request is refused; the text is part of the workloads' responses.
var (
	ErrNoEnd         = errors.New("no end of head")
	ErrRequestLine   = errors.New("bad request line")
	ErrTooManyFields = errors.New("too many fields")
	ErrField         = errors.New("bad field")
)

// Head is a request taken apart. All slices point into the request.
type Head struct {
	Method, Target, Body []byte
	Fields               []Field
}

// Field has a name of token characters and a value without space around it.
type Field struct{ Name, Value []byte }

var (
	lineEnd = []byte("\r\n")
	headEnd = []byte("\r\n\r\n")
	space   = []byte(" ")
)

// Read fills h from a request and reuses its slice of fields. The error is one
// of those above.
func (h *Head) Read(request []byte) error {
	head, body, ok := bytes.Cut(request, headEnd)
	if !ok {
		return ErrNoEnd
	}
	h.Body, h.Fields = body, h.Fields[:0]
	line, rest, more := bytes.Cut(head, lineEnd)
	if !h.readRequestLine(line) {
		return ErrRequestLine
	}
	for more {
		if len(h.Fields) == MaxFields {
			return ErrTooManyFields
		}
		line, rest, more = bytes.Cut(rest, lineEnd)
		name, value, ok := bytes.Cut(line, []byte(":"))
		f := Field{Name: name, Value: Trim(value)}
		if !ok || !isToken(f.Name) || !isValue(f.Value) {
			return ErrField
		}
		h.Fields = append(h.Fields, f)
	}
	return nil
}

func (h *Head) readRequestLine(line []byte) bool {
	method, rest, _ := bytes.Cut(line, space)
	target, version, _ := bytes.Cut(rest, space)
	h.Method, h.Target = method, target
	return isToken(method) && isTarget(target) && string(version) == "HTTP/1.1"
}

// Single returns the value of the one field of that name, which is given in
// lower case; nil and false if there is none, or more.
func (h *Head) Single(name string) (value []byte, ok bool) {
	for _, f := range h.Fields {
		if !Is(f.Name, name) {
			continue
		}
		if ok {
			return nil, false
		}
		value, ok = f.Value, true
	}
	return value, ok
}

// Is compares a text with a word in lower case, ignoring the case of ASCII
// letters and of no others.
func Is(text []byte, word string) bool { return len(text) == len(word) && HasPrefix(text, word) }

// HasPrefix is Is for the first bytes of the text.
func HasPrefix(text []byte, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for i := range len(word) {
		if Lower(text[i]) != word[i] {
			return false
		}
	}
	return true
}

// Same compares two texts, ignoring the case of ASCII letters.
func Same(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if Lower(a[i]) != Lower(b[i]) {
			return false
		}
	}
	return true
}

// Lower makes an ASCII letter a small one.
func Lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// Trim takes spaces and tabs off both ends.
func Trim(text []byte) []byte { return bytes.Trim(text, " \t") }

// Decimal reads a text of 1 to 15 digits.
func Decimal(text []byte) (value uint64, ok bool) {
	if len(text) < 1 || len(text) > 15 {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		value = value*10 + uint64(c-'0')
	}
	return value, true
}

func isToken(text []byte) bool {
	for _, c := range text {
		l := Lower(c)
		if (l < 'a' || l > 'z') && (c < '0' || c > '9') && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return len(text) > 0
}

func isValue(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

func isTarget(text []byte) bool {
	for _, c := range text {
		if c <= ' ' || c > '~' || c == '#' {
			return false
		}
	}
	return len(text) > 0 && text[0] == '/'
}

package main

import "bytes"

// maxDepth bounds objects and arrays within each other, the outermost included.
const maxDepth = 16

// object holds the members of a JSON object (RFC 8259) that are asked for: a
// key with a nil value goes in, the value as it stands in the text comes out,
// with a string's quotes. A key with an escape is not the key that it stands
// for.
//
// It is not encoding/json because that takes a key twice, a key in another
// case and any depth, where two implementations of one verifier must not differ.
type object map[string][]byte

// read fills in the members. It returns false if the text is not one object,
// nests too deeply, or has one of the keys twice.
func (o object) read(text []byte) bool {
	r := reader{text}
	r.skipSpace()
	if !r.take('{') {
		return false
	}
	r.skipSpace()
	if !r.take('}') {
		for more := true; more; more = r.take(',') {
			if !o.readMember(&r) {
				return false
			}
		}
		if !r.take('}') {
			return false
		}
	}
	r.skipSpace()
	return len(r.rest) == 0
}

func (o object) readMember(r *reader) bool {
	r.skipSpace()
	before := r.rest
	if !r.takeKey() {
		return false
	}
	key := before[1:]
	key = key[:bytes.IndexByte(key, '"')]
	r.skipSpace()
	before = r.rest
	if !r.takeValue(1) {
		return false
	}
	if known, asked := o[string(key)]; asked {
		if known != nil {
			return false
		}
		o[string(key)] = before[:len(before)-len(r.rest)]
	}
	r.skipSpace()
	return true
}

// reader has the text that has not been read. Each method takes one thing and
// returns false if it is not there.
type reader struct{ rest []byte }

func (r *reader) nextIs(c byte) bool { return len(r.rest) > 0 && r.rest[0] == c }

func (r *reader) take(c byte) bool {
	if !r.nextIs(c) {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *reader) takeWord(word string) bool {
	if !bytes.HasPrefix(r.rest, []byte(word)) {
		return false
	}
	r.rest = r.rest[len(word):]
	return true
}

func (r *reader) skipSpace() { r.rest = bytes.TrimLeft(r.rest, " \t\n\r") }

func (r *reader) takeDigits() bool {
	before := len(r.rest)
	for len(r.rest) > 0 && r.rest[0] >= '0' && r.rest[0] <= '9' {
		r.rest = r.rest[1:]
	}
	return len(r.rest) < before
}

func (r *reader) takeNumber() bool {
	r.take('-')
	if !r.take('0') && !r.takeDigits() {
		return false
	}
	if r.take('.') && !r.takeDigits() {
		return false
	}
	if !r.take('e') && !r.take('E') {
		return true
	}
	if !r.take('+') {
		r.take('-')
	}
	return r.takeDigits()
}

func (r *reader) takeString() bool {
	if !r.take('"') {
		return false
	}
	for len(r.rest) > 0 && r.rest[0] >= ' ' {
		c := r.rest[0]
		r.rest = r.rest[1:]
		if c == '"' {
			return true
		}
		if c == '\\' && !r.takeEscape() {
			return false
		}
	}
	return false
}

func (r *reader) takeEscape() bool {
	if len(r.rest) == 0 {
		return false
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	if c != 'u' {
		return bytes.IndexByte([]byte(`"\/bfnrt`), c) >= 0
	}
	for range 4 {
		if len(r.rest) == 0 || !isHex(r.rest[0]) {
			return false
		}
		r.rest = r.rest[1:]
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// takeKey takes `"key" :` with the space in between.
func (r *reader) takeKey() bool {
	if !r.takeString() {
		return false
	}
	r.skipSpace()
	return r.take(':')
}

// takeValue takes a value that stands within so many lists.
func (r *reader) takeValue(depth int) bool {
	switch {
	case r.take('{'):
		return r.takeList('}', true, depth+1)
	case r.take('['):
		return r.takeList(']', false, depth+1)
	case r.nextIs('"'):
		return r.takeString()
	case r.nextIs('t'):
		return r.takeWord("true")
	case r.nextIs('f'):
		return r.takeWord("false")
	case r.nextIs('n'):
		return r.takeWord("null")
	}
	return r.takeNumber()
}

// takeList takes what stands between brackets; depth counts the list itself.
func (r *reader) takeList(end byte, keys bool, depth int) bool {
	if depth > maxDepth {
		return false
	}
	r.skipSpace()
	if r.take(end) {
		return true
	}
	for more := true; more; more = r.take(',') {
		r.skipSpace()
		if keys && !r.takeKey() {
			return false
		}
		r.skipSpace()
		if !r.takeValue(depth) {
			return false
		}
		r.skipSpace()
	}
	return r.take(end)
}

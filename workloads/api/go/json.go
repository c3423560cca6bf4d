package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

const (
	maxDepth  = 16
	maxDigits = 15
)

var errMalformed = errors.New("malformed json")

// decode reads one JSON value as rule 7 has it: an object becomes a map, a
// number a json.Number.
func decode(text []byte) (any, error) {
	if err := checkBytes(text); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errMalformed
	}
	return value, checkTokens(text)
}

func checkBytes(text []byte) error {
	for _, c := range text {
		if (c < ' ' || c > '~') && c != '\t' && c != '\n' && c != '\r' {
			return errMalformed
		}
	}
	return nil
}

// checkTokens looks at what the decoder takes and the rules refuse, also where
// a later key hides it.
func checkTokens(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	depth := 0
	for {
		token, err := d.Token()
		switch t := token.(type) {
		case nil:
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		case json.Delim:
			if t == '[' || t == '{' {
				depth++
			} else {
				depth--
			}
			if depth > maxDepth {
				return errMalformed
			}
		case json.Number:
			if digits := strings.TrimPrefix(t.String(), "-"); len(digits) > maxDigits || strings.ContainsAny(digits, ".eE") {
				return errMalformed
			}
		}
	}
}

// encode writes a value as compact JSON and a line end.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return b.Bytes(), err
}

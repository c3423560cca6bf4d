// Auth verifies the JSON Web Token of a request (RFC 7519, HS256). The answer
// is "200 " and the token's subject, or "401 " and the reason. The manifest
// states the rules; c/auth.c is the same program.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"

	"edgebench/workloads/guest"
	"edgebench/workloads/guest/httphead"
)

// For tests: whoever can read this can sign.
var testKey = []byte("edgebench-test-key-not-a-secret!")

const maxSubject = 255

// The reasons for a refusal.
var (
	errRequest       = errors.New("malformed request")
	errNoTime        = errors.New("no time")
	errNoCredentials = errors.New("no credentials")
	errNotBearer     = errors.New("not a bearer")
	errToken         = errors.New("malformed token")
	errHeader        = errors.New("malformed header")
	errAlgorithm     = errors.New("wrong algorithm")
	errExtension     = errors.New("unknown extension")
	errSignature     = errors.New("bad signature")
	errClaims        = errors.New("malformed claims")
	errNoExpiry      = errors.New("no expiry")
	errExpired       = errors.New("expired")
	errNotYet        = errors.New("not yet valid")
	errNoSubject     = errors.New("no subject")
)

func init() { guest.Handle(handle) }

func main() { guest.Main() }

func handle(request, response []byte) []byte {
	subject, err := verify(request)
	if err != nil {
		return append(append(response, "401 "...), err.Error()...)
	}
	return append(append(response, "200 "...), subject...)
}

// head is reused by all requests.
var head httphead.Head

func verify(request []byte) (subject []byte, err error) {
	if head.Read(request) != nil {
		return nil, errRequest
	}
	value, _ := head.Single("x-now") // nil unless there is one
	now, ok := httphead.Decimal(value)
	if !ok {
		return nil, errNoTime
	}
	value, ok = head.Single("authorization")
	if !ok {
		return nil, errNoCredentials
	}
	text, ok := readBearer(value)
	if !ok {
		return nil, errNotBearer
	}
	t, err := readToken(text)
	if err != nil {
		return nil, err
	}
	if err := t.checkHeader(); err != nil {
		return nil, err
	}
	if !t.signedByUs() {
		return nil, errSignature
	}
	return t.checkClaims(now)
}

// readBearer takes the token out of a field's value.
func readBearer(value []byte) (text []byte, ok bool) {
	const scheme = "bearer "
	if !httphead.HasPrefix(value, scheme) {
		return nil, false
	}
	text = httphead.Trim(value[len(scheme):])
	return text, len(text) > 0
}

// token is a JSON Web Token: what was signed, and its decoded parts.
type token struct{ input, header, claims, signature []byte }

var encoding = base64.RawURLEncoding.Strict()

func readToken(text []byte) (token, error) {
	parts := bytes.Split(text, []byte("."))
	if len(parts) != 3 {
		return token{}, errToken
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = encoding.AppendDecode(nil, part); err != nil {
			return token{}, errToken
		}
	}
	input := text[:len(parts[0])+1+len(parts[1])]
	return token{input, decoded[0], decoded[1], decoded[2]}, nil
}

// checkHeader lets through only what is signed with HS256 and asks for nothing
// that is not known here.
func (t token) checkHeader() error {
	members := object{"alg": nil, "crit": nil}
	if !members.read(t.header) {
		return errHeader
	}
	if string(members["alg"]) != `"HS256"` {
		return errAlgorithm
	}
	if members["crit"] != nil {
		return errExtension
	}
	return nil
}

func (t token) signedByUs() bool {
	mac := hmac.New(sha256.New, testKey)
	mac.Write(t.input)
	return hmac.Equal(mac.Sum(nil), t.signature)
}

func (t token) checkClaims(now uint64) (subject []byte, err error) {
	members := object{"exp": nil, "nbf": nil, "sub": nil}
	if !members.read(t.claims) {
		return nil, errClaims
	}
	expires, ok := readTime(members["exp"], math.MaxUint64)
	if !ok {
		return nil, errClaims
	}
	begins, ok := readTime(members["nbf"], 0)
	if !ok {
		return nil, errClaims
	}
	switch {
	case members["exp"] == nil:
		return nil, errNoExpiry
	case expires <= now:
		return nil, errExpired
	case begins > now:
		return nil, errNotYet
	}
	if subject, ok = readSubject(members["sub"]); !ok {
		return nil, errNoSubject
	}
	return subject, nil
}

// readTime reads a claim of whole seconds; one that is not there is missing.
func readTime(claim []byte, missing uint64) (uint64, bool) {
	if claim == nil {
		return missing, true
	}
	return httphead.Decimal(claim)
}

// readSubject wants a string of printable ASCII without escapes.
func readSubject(claim []byte) ([]byte, bool) {
	if claim == nil || claim[0] != '"' {
		return nil, false
	}
	s := claim[1 : len(claim)-1]
	for _, c := range s {
		if c > '~' || c == '\\' {
			return nil, false
		}
	}
	return s, len(s) > 0 && len(s) <= maxSubject
}

// Probe is the guest of the conformance suite. c/probe.c lists its operations;
// this program differs where its language does: what ends it is a panic or an
// exit, and where memory runs out the Go runtime ends it instead of letting it
// answer "no memory".
package main

import (
	"bytes"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"

	"edgebench/workloads/guest"
)

func init() { guest.Handle(handle) }

func main() { guest.Main() }

var counter uint32

func handle(request, response []byte) []byte {
	rest := request[1:]
	switch request[0] {
	case 'E':
		return append(response, rest...)
	case 'C':
		counter++
		return strconv.AppendUint(response, uint64(counter), 10)
	case 'T':
		panic("asked to trap")
	case 'S':
		//lint:ignore SA5002 that is what was asked for
		for {
		}
	case 'B':
		return lie(response)
	}
	if value, ok := decimal(rest); ok {
		return numbered(request[0], value, response)
	}
	return append(response, '?')
}

// decimal reads a text of one to ten digits.
func decimal(text []byte) (uint64, bool) {
	if len(text) > 10 || bytes.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, false
	}
	value, err := strconv.ParseUint(string(text), 10, 64)
	return value, err == nil
}

func numbered(operation byte, value uint64, response []byte) []byte {
	switch operation {
	case 'M':
		if !keep(value) {
			return append(response, "no memory"...)
		}
	case 'R':
		return ramp(value, response)
	case 'X':
		os.Exit(int(value))
	case 'D':
		runtime.KeepAlive(recurse(value))
	default:
		return append(response, '?')
	}
	return append(response, "ok"...)
}

// kept holds all that keep has taken.
var kept [][]byte

// keep touches every page, or the bytes would exist only on paper.
func keep(n uint64) bool {
	if n > math.MaxUint32 {
		return false
	}
	room := make([]byte, n)
	for i := 0; i < len(room); i += 4096 {
		room[i] = 1
	}
	kept = append(kept, room)
	return true
}

func ramp(n uint64, response []byte) []byte {
	if n > guest.MaxMessage { // too much to send, and so not worth filling
		return slices.Grow(response, guest.MaxMessage+1)[:len(response)+guest.MaxMessage+1]
	}
	for i := range n {
		response = append(response, byte(i%251))
	}
	return response
}

// recurse uses what comes back, so that no compiler makes a loop of it.
func recurse(depth uint64) uint64 {
	if depth == 0 {
		return 0
	}
	return recurse(depth-1) + depth
}

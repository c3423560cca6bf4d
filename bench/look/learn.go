package look

import (
	"bytes"
	"errors"
	"fmt"

	"edgebench/bench/internal/kinded"
)

// Answers are those of one program to one request, of two instances.
type Answers struct {
	Program       string
	First, Second []byte
}

// ErrNotLearnt: the answers do not tell what is right. The message says why.
var ErrNotLearnt = errors.New("what is right cannot be learnt")

// Learn gives the response that is right by the programs' own answers: the first one,
// if it is not empty, if the program's second one is the same, and if all other
// programs give it too.
func Learn(all []Answers) ([]byte, error) {
	if len(all) == 0 {
		return nil, kinded.New(ErrNotLearnt, errors.New("no program has answered"))
	}
	for _, a := range all {
		switch {
		case !bytes.Equal(a.First, a.Second):
			return nil, kinded.New(ErrNotLearnt, fmt.Errorf("two answers of %s differ (%s), so that none can be held against the other: ask for something that does not change", a.Program, difference(a.First, a.Second)))
		case len(a.First) == 0:
			return nil, kinded.New(ErrNotLearnt, fmt.Errorf("%s answers with nothing: ask for something else, or say with --expect what is right", a.Program))
		case !bytes.Equal(a.First, all[0].First):
			return nil, kinded.New(ErrNotLearnt, fmt.Errorf("%s and %s answer differently (%s): they do not do the same, say with --expect what is right",
				all[0].Program, a.Program, difference(all[0].First, a.First)))
		}
	}
	return all[0].First, nil
}

// Check holds answers against the response that is given as right.
func Check(a Answers, right []byte) error {
	for _, answer := range [][]byte{a.First, a.Second} {
		if !bytes.Equal(answer, right) {
			return fmt.Errorf("%s does not answer with the response that is given as right (%s)", a.Program, difference(right, answer))
		}
	}
	return nil
}

// difference says where two answers begin to differ, and how.
func difference(a, b []byte) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	return fmt.Sprintf("%d and %d bytes, from byte %d on %s and %s", len(a), len(b), at+1, excerpt(a[at:]), excerpt(b[at:]))
}

// excerpt quotes the beginning.
func excerpt(b []byte) string {
	const most = 20
	if len(b) == 0 {
		return "its end"
	}
	return fmt.Sprintf("%q", b[:min(len(b), most)])
}

package rawframe

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"edgebench/runners"
)

func TestCall(t *testing.T) {
	const answer = "\x03\x00\x00\x00yes"
	for name, out := range map[string]io.Reader{
		"in one piece": bytes.NewReader([]byte(answer)), "byte by byte": iotest.OneByteReader(bytes.NewReader([]byte(answer))),
	} {
		var in bytes.Buffer
		got, err := (&Frames{In: &in, Out: out}).Call([]byte("oh "), []byte("well?"))
		if err != nil || string(got) != "oh yes" || in.String() != "\x05\x00\x00\x00well?" {
			t.Errorf("%s: %q, %v; sent %q", name, got, err, in.String())
		}
	}
}

func TestBadAnswers(t *testing.T) {
	for answer, want := range map[string]error{
		"": io.EOF, "\x03\x00": io.ErrUnexpectedEOF, "\x03\x00\x00\x00ye": io.EOF, "\xff\xff\xff\x7f": runners.ErrTooLarge,
	} {
		if _, err := (&Frames{In: io.Discard, Out: bytes.NewReader([]byte(answer))}).Call(nil, nil); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", answer, err, want)
		}
	}
}

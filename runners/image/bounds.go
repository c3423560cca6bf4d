package image

import (
	"fmt"
	"io"

	"edgebench/runners"
)

// bounds are what is taken of one image at most. They are far beyond what
// images have and what an engine takes, and keep a hostile one from filling
// memory and disk.
type bounds struct {
	parts   int   // entries of the archive
	name    int   // bytes of an entry's name, and of a link's target
	depth   int   // elements of an entry's name
	text    int64 // bytes of a manifest or a configuration
	layers  int   // an engine's overlay takes 128
	entries int   // files of all layers together
	content int64 // bytes of all layers together, uncompressed
}

var standard = bounds{
	parts:   10_000,
	name:    4096,
	depth:   256,
	text:    4 << 20,
	layers:  128,
	entries: 1_000_000,
	content: 32 << 30,
}

// meter is a reader that fails when more than a number of bytes has come.
type meter struct {
	from io.Reader
	left *int64
}

func (m meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	if *m.left -= int64(n); *m.left < 0 {
		return 0, fmt.Errorf("the layers have more bytes than are taken: %w", runners.ErrTooLarge)
	}
	return n, err
}

// clip bounds what an error shows of a text from outside.
func clip(s string) string {
	const most = 100
	if len(s) > most {
		s = s[:most] + "…"
	}
	return s
}

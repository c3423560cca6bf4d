// Package rawframe has what baseline loops over workloads that serve frames share: the
// exchange of a frame by plain reads and writes, without the adapters' connection.
package rawframe

import (
	"encoding/binary"
	"fmt"
	"io"

	"edgebench/runners"
)

// room bounds a request and a response, in bytes.
const room = 64 << 10

// Frames exchanges frames over a stream each way.
type Frames struct {
	In  io.Writer
	Out io.Reader
	// frame holds four bytes of length and what follows.
	frame []byte
}

// Call appends the response to dst.
func (f *Frames) Call(dst, request []byte) ([]byte, error) {
	if f.frame == nil {
		f.frame = make([]byte, room)
	}
	sent := binary.LittleEndian.AppendUint32(f.frame[:0], uint32(len(request)))
	if _, err := f.In.Write(append(sent, request...)); err != nil {
		return dst, err
	}
	n, err := io.ReadAtLeast(f.Out, f.frame, 4)
	if err != nil {
		return dst, err
	}
	length := 4 + int(binary.LittleEndian.Uint32(f.frame))
	if length > len(f.frame) {
		return dst, fmt.Errorf("a response of %d bytes: %w", length-4, runners.ErrTooLarge)
	}
	if n < length {
		if _, err := io.ReadFull(f.Out, f.frame[n:length]); err != nil {
			return dst, err
		}
	}
	return append(dst, f.frame[4:length]...), nil
}

// Thumbnail reads what is wanted of a PNG picture and answers with it as a BMP
// file, or with the reason why not. The manifest states the rules;
// c/thumbnail.c is the same program over stb.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"

	"edgebench/workloads/guest"
)

// The reasons for a refusal.
var (
	errRequest = errors.New("bad request")
	errSize    = errors.New("bad size")
	errPicture = errors.New("bad picture")
	errPiece   = errors.New("bad piece")
)

// Bounds of a picture that comes or goes.
const (
	maxSide   = 4096
	maxPixels = 1 << 21
)

func init() { guest.Handle(handle) }

func main() { guest.Main() }

func handle(request, response []byte) []byte {
	answer, err := thumbnail(request, response)
	if err != nil {
		return append(append(response, err.Error()...), '\n')
	}
	return answer
}

func thumbnail(request, response []byte) ([]byte, error) {
	line, file, found := bytes.Cut(request, []byte("\n"))
	if !found {
		return nil, errRequest
	}
	w, ok := readWish(line)
	if !ok {
		return nil, errRequest
	}
	if w.to.width < 1 || w.to.width > maxSide || w.to.height < 1 || w.to.height > maxSide || w.to.width*w.to.height > maxPixels {
		return nil, errSize
	}
	p, ok := readPNG(file)
	if !ok {
		return nil, errPicture
	}
	if !w.piece.cut(p) {
		return nil, errPiece
	}
	response = appendHeader(response, w.to)
	return appendScaled(response, p, w.piece, w.background, w.to), nil
}

type size struct{ width, height int }

// piece is what is wanted of a picture, in pixels. A size of 0 goes to the
// picture's edge.
type piece struct {
	x, y int
	size
}

// cut puts the piece within the picture; false if it is not.
func (c *piece) cut(p picture) bool {
	if c.x >= p.width || c.y >= p.height || c.width > p.width-c.x || c.height > p.height-c.y {
		return false
	}
	if c.width == 0 {
		c.width = p.width - c.x
	}
	if c.height == 0 {
		c.height = p.height - c.y
	}
	return true
}

// wish is what the first line of a request says.
type wish struct {
	piece      piece
	to         size
	background [3]byte
}

func readWish(line []byte) (w wish, ok bool) {
	words := bytes.Split(line, []byte(" "))
	numbers := []*int{&w.piece.x, &w.piece.y, &w.piece.width, &w.piece.height, &w.to.width, &w.to.height}
	if len(words) != len(numbers)+1 {
		return w, false
	}
	for i, n := range numbers {
		if *n, ok = readDecimal(words[i]); !ok {
			return w, false
		}
	}
	colour := words[len(numbers)]
	if len(colour) != 6 || bytes.ContainsAny(colour, "ABCDEF") {
		return w, false
	}
	_, err := hex.Decode(w.background[:], colour)
	return w, err == nil
}

// readDecimal reads 1 to 15 digits. What is more than any limit is as good as
// what is more by one, where an int has 32 bits.
func readDecimal(word []byte) (int, bool) {
	if len(word) < 1 || len(word) > 15 {
		return 0, false
	}
	for _, c := range word {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(string(word), 10, 64)
	return int(min(n, maxSide+1)), err == nil
}

// appendHeader appends the headers of a BMP file of 24 bits a pixel without
// compression.
func appendHeader(b []byte, s size) []byte {
	const headers, planes, bits = 14 + 40, 1, 24
	le := binary.LittleEndian
	b = append(b, "BM"...)
	b = le.AppendUint32(b, uint32(headers+rowSize(s.width)*s.height))
	b = le.AppendUint32(b, 0)
	b = le.AppendUint32(b, headers)
	b = le.AppendUint32(b, headers-14)
	b = le.AppendUint32(b, uint32(s.width))
	b = le.AppendUint32(b, uint32(s.height))
	b = le.AppendUint16(b, planes)
	b = le.AppendUint16(b, bits)
	return append(b, make([]byte, headers-30)...)
}

// rowSize is that of a row of a BMP file, in bytes.
func rowSize(width int) int { return (3*width + 3) &^ 3 }

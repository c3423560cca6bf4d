package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
)

// maxFile bounds a PNG file, in bytes.
const maxFile = 16 << 20

// picture has 8-bit samples by rows from the top. The channels are grey (1),
// RGBA without alpha (4, opaque) or with it (4).
type picture struct {
	pix           []byte
	stride        int
	width, height int
	channels      int
	opaque        bool
}

// readPNG reads a picture of the kinds that the manifest states; false for all
// else. The decoder of the standard library takes more kinds than those, which
// are refused before.
func readPNG(file []byte) (p picture, ok bool) {
	if !wellFormed(file) {
		return p, false
	}
	decoded, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return p, false
	}
	p.width, p.height = decoded.Bounds().Dx(), decoded.Bounds().Dy()
	p.channels = 4
	switch m := decoded.(type) {
	case *image.Gray:
		p.pix, p.stride, p.channels, p.opaque = m.Pix, m.Stride, 1, true
	case *image.RGBA: // of a file without alpha
		p.pix, p.stride, p.opaque = m.Pix, m.Stride, true
	case *image.NRGBA:
		p.pix, p.stride = m.Pix, m.Stride
	default:
		return p, false
	}
	return p, true
}

// wellFormed checks a file's chunks, except for their checksums and content,
// which are the decoder's to check.
func wellFormed(file []byte) bool {
	rest, ok := bytes.CutPrefix(file, []byte("\x89PNG\r\n\x1a\n"))
	if !ok || len(file) > maxFile {
		return false
	}
	kind, data, rest, ok := nextChunk(rest)
	if !ok || kind != "IHDR" || !goodHeader(data) {
		return false
	}
	return inOrder(rest)
}

// inOrder checks the chunks behind the header: one run of IDAT, none that bears
// on the picture but those, and IEND as the last.
func inOrder(rest []byte) bool {
	before, seen := "", false
	for {
		kind, data, after, ok := nextChunk(rest)
		if !ok {
			return false
		}
		critical := kind[0] < 'a'
		switch {
		case kind == "IEND":
			return seen && len(data) == 0 && len(after) == 0
		case kind == "IDAT":
			if seen && before != "IDAT" {
				return false
			}
			seen = true
		case critical, kind == "tRNS":
			return false
		}
		before, rest = kind, after
	}
}

// nextChunk takes a chunk off.
func nextChunk(file []byte) (kind string, data, rest []byte, ok bool) {
	const around = 12 // bytes of length, type and checksum
	if len(file) < around {
		return "", nil, nil, false
	}
	n := binary.BigEndian.Uint32(file)
	if uint64(n) > uint64(len(file)-around) {
		return "", nil, nil, false
	}
	for _, c := range file[4:8] {
		if c |= 'a' - 'A'; c < 'a' || c > 'z' {
			return "", nil, nil, false
		}
	}
	return string(file[4:8]), file[8 : 8+n], file[around+n:], true
}

// goodHeader checks the content of IHDR.
func goodHeader(h []byte) bool {
	if len(h) != 13 {
		return false
	}
	width, height := binary.BigEndian.Uint32(h), binary.BigEndian.Uint32(h[4:])
	if width < 1 || width > maxSide || height < 1 || height > maxSide || width*height > maxPixels {
		return false
	}
	depth, colour := h[8], h[9]
	plain := h[10] == 0 && h[11] == 0 && h[12] == 0 // not interlaced
	return depth == 8 && (colour == 0 || colour == 2 || colour == 4 || colour == 6) && plain
}

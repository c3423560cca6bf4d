package main

// Lengths along an axis are counted so that both a pixel of the piece and one
// of the result have whole ones: the former is as long as the result has
// pixels, the latter as long as the piece has. A sum of weighted samples is at
// most 255 * maxPixels, which is less than 1<<29.

const channels = 3

// Rows that are reused by all requests.
var (
	row    [maxSide * channels]byte
	narrow [maxSide * channels]uint32
	sums   [maxSide * channels]uint32
)

// appendScaled appends the pixels of a BMP file, from the bottom row up: each
// is the mean of what it covers of the piece, weighted by area.
func appendScaled(b []byte, p picture, c piece, background [3]byte, to size) []byte {
	from, stride := len(b), rowSize(to.width)
	b = append(b, make([]byte, stride*to.height)...)
	sums := sums[:to.width*channels]
	clear(sums)
	at, done := 0, 0 // where we are, and the row of the result there
	for i := range c.height {
		start := (c.y+i)*p.stride + c.x*p.channels
		p.readRow(row[:c.width*channels], p.pix[start:], background)
		across(narrow[:len(sums)], row[:c.width*channels], to.width, c.width)
		for end := (i + 1) * to.height; at < end; {
			next := min(end, (done+1)*c.height)
			weight := uint32(next - at)
			for s := range sums {
				sums[s] += weight * narrow[s]
			}
			at = next
			if at == (done+1)*c.height {
				done++
				finish(b[from+(to.height-done)*stride:], sums, uint32(c.width*c.height))
			}
		}
	}
	return b
}

// readRow makes RGB of a row of samples; what is transparent shows the
// background.
func (p picture) readRow(to, from []byte, background [3]byte) {
	for ; len(to) > 0; to, from = to[channels:], from[p.channels:] {
		for c := range channels {
			sample := from[0]
			if p.channels > 1 {
				sample = from[c]
			}
			if !p.opaque {
				alpha := uint32(from[3])
				sample = byte((uint32(sample)*alpha + uint32(background[c])*(255-alpha) + 127) / 255)
			}
			to[c] = sample
		}
	}
}

// across sums a row of n pixels up for each of the result's.
func across(sums []uint32, row []byte, pixels, n int) {
	clear(sums)
	at, to := 0, 0 // where we are, and the pixel there
	for i := range n {
		for end := (i + 1) * pixels; at < end; {
			next := min(end, (to+1)*n)
			weight := uint32(next - at)
			for c := range channels {
				sums[to*channels+c] += weight * uint32(row[i*channels+c])
			}
			at = next
			if at == (to+1)*n {
				to++
			}
		}
	}
}

// finish makes a row of the result of its sums, blue first as BMP has it, and 0
// of the sums.
func finish(to []byte, sums []uint32, area uint32) {
	for i := 0; i < len(sums); i += channels {
		for c := range channels {
			to[i+channels-1-c] = byte((2*sums[i+c] + area) / (2 * area))
		}
	}
	clear(sums)
}

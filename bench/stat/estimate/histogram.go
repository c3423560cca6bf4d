package estimate

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"edgebench/bench/stat"
	"edgebench/results"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// bin is a range of a histogram by its upper end.
type bin struct {
	value float64
	count int64
}

// trialBins is the decoded histogram of one trial, in ascending order.
type trialBins struct {
	bins  []bin
	total int64
}

// Bounds on histograms from outside: their encoded length, their precision
// (which bounds the memory of a decoded one to half a MiB), and their count.
const (
	maxEncoded  = 4 << 20
	maxDigits   = 3
	maxRequests = 1 << 50
)

// at returns the upper end of the bin in which quantile q lies.
func (t trialBins) at(q float64) float64 {
	target := max(1, int64(math.Ceil(q*float64(t.total))))
	passed := int64(0)
	for _, b := range t.bins {
		if passed += b.count; passed >= target {
			return b.value
		}
	}
	return t.bins[len(t.bins)-1].value
}

// decode reads a histogram that may come from anywhere.
func decode(h results.Histogram) (trialBins, error) {
	switch {
	case !(h.Scale > 0 && h.Scale <= stat.MaxValue): // also false for what is no number
		return trialBins{}, fmt.Errorf("its scale is %v", h.Scale)
	case len(h.Encoded) > maxEncoded:
		return trialBins{}, fmt.Errorf("it is %d bytes long, at most %d are read", len(h.Encoded), maxEncoded)
	}
	if err := checkDigits(h.Encoded); err != nil {
		return trialBins{}, fmt.Errorf("read its header: %w", err)
	}
	decoded, err := hdr.Decode([]byte(h.Encoded))
	if err != nil {
		return trialBins{}, fmt.Errorf("decode it: %w", err)
	}
	var t trialBins
	for _, b := range decoded.Distribution() {
		if b.Count <= 0 {
			continue
		}
		if t.total > maxRequests-b.Count {
			return trialBins{}, fmt.Errorf("it counts more than %d values", int64(maxRequests))
		}
		t.bins = append(t.bins, bin{value: float64(b.To) * h.Scale, count: b.Count})
		t.total += b.Count
	}
	if t.total == 0 {
		return trialBins{}, errors.New("it is empty")
	}
	return t, nil
}

// checkDigits reads the number of significant digits from the header, before
// the decoder allocates 8 bytes × 10^digits × the logarithm of the range. The
// header of the V2 encoding is in the HdrHistogram project's specification:
// cookie, payload length, normalising offset, digits, four bytes each.
func checkDigits(encoded string) error {
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return err
	}
	if len(raw) < 8 {
		return io.ErrUnexpectedEOF
	}
	z, err := zlib.NewReader(bytes.NewReader(raw[8:]))
	if err != nil {
		return err
	}
	defer z.Close() // reading ends early on purpose; there is nothing to lose
	var header [16]byte
	if _, err := io.ReadFull(z, header[:]); err != nil {
		return err
	}
	if digits := binary.BigEndian.Uint32(header[12:]); digits > maxDigits {
		return fmt.Errorf("%d significant digits, at most %d are read", digits, maxDigits)
	}
	return nil
}

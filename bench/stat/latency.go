package stat

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"edgebench/results"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Latency is the distribution of a histogram over all trials of a cell.
type Latency struct {
	Key
	Unit   string
	Trials int
	// Count of all values.
	Count int64
	// Percentiles of the merged histogram, with the least and the greatest
	// that any one trial gave.
	Percentiles []LatencyPercentile
	Warnings    []string
}

// LatencyPercentile is a percentile and its range over trials.
type LatencyPercentile struct {
	Percentile
	Least, Greatest float64
}

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

// Latencies merges the histograms of all OK records by cell and name, ordered by their keys.
func Latencies(all []Trial) ([]Latency, []Refusal) {
	trials := map[Key][]trialBins{}
	units := map[Key]string{}
	seen := map[string]bool{}
	var refused []Refusal
	for _, r := range all {
		if r.Outcome != results.OK {
			continue
		}
		for _, h := range r.Histograms {
			key := Key{r.Cell, h.Name}
			bins, err := decode(h)
			once := fmt.Sprint(r.Seq, key)
			switch want := cmp.Or(unitOf(h.Name), units[key]); {
			case err == nil && want != "" && want != h.Unit:
				err = fmt.Errorf("the unit is %q, it should be %q", h.Unit, want)
			case err == nil && seen[once]:
				err = errors.New("the trial is recorded twice; the first record counts")
			}
			if err != nil {
				refused = append(refused, Refusal{Key: key, Seq: r.Seq, Reason: err.Error()})
				continue
			}
			trials[key], units[key], seen[once] = append(trials[key], bins), h.Unit, true
		}
	}
	var list []Latency
	for key, t := range trials {
		list = append(list, merge(key, units[key], t))
	}
	slices.SortFunc(list, func(a, b Latency) int { return a.Key.Compare(b.Key) })
	return list, refused
}

// merge pools the trials. A percentile is given where the number of requests
// supports it; requests of one trial are not independent, which the range over
// trials shows.
func merge(key Key, unit string, trials []trialBins) Latency {
	l := Latency{Key: key, Unit: unit, Trials: len(trials)}
	var all trialBins
	for _, t := range trials {
		all.bins = append(all.bins, t.bins...)
		all.total += t.total
	}
	slices.SortFunc(all.bins, func(a, b bin) int { return cmp.Compare(a.value, b.value) })
	l.Count = all.total
	for _, q := range Quantiles() {
		if l.Count < int64(Need(q)) {
			p := Percentile{Q: q}
			l.Warnings = append(l.Warnings, fmt.Sprintf("need ≥ %d requests for %s, have %d", Need(q), p.Name(), l.Count))
			break
		}
		p := LatencyPercentile{Percentile: Percentile{Q: q, Value: all.at(q)}, Least: math.Inf(1), Greatest: math.Inf(-1)}
		for _, t := range trials {
			p.Least = min(p.Least, t.at(q))
			p.Greatest = max(p.Greatest, t.at(q))
		}
		l.Percentiles = append(l.Percentiles, p)
	}
	return l
}

// HistogramPercentiles reads the percentiles of one trial's histogram that the
// number of its values supports.
func HistogramPercentiles(h results.Histogram) ([]Percentile, error) {
	t, err := decode(h)
	if err != nil {
		return nil, fmt.Errorf("histogram %q: %w", h.Name, err)
	}
	var list []Percentile
	for _, q := range Quantiles() {
		if t.total >= int64(Need(q)) {
			list = append(list, Percentile{Q: q, Value: t.at(q)})
		}
	}
	return list, nil
}

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
	case !(h.Scale > 0 && h.Scale <= maxValue): // also false for what is no number
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

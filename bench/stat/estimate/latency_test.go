package estimate

import (
	"math"
	"strings"
	"testing"

	"edgebench/bench/experiment/throughput"
	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// encode makes a histogram of n values from 1 to n microseconds.
func encode(t testing.TB, n, digits int) string {
	t.Helper()
	h := hdr.New(1, 60e9, digits)
	for i := range n {
		if err := h.RecordValue(int64(i+1) * 1000); err != nil {
			t.Fatal(err)
		}
	}
	b, err := h.Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func withHistogram(seq int, h results.Histogram) stat.Trial {
	r := stattest.Trial(seq)
	r.Experiment = throughput.Name
	r.Histograms = []results.Histogram{h}
	return r
}

func latency(encoded string) results.Histogram {
	return results.Histogram{Name: throughput.Latency, Unit: results.Seconds, Scale: 1e-9, Encoded: encoded}
}

func TestLatenciesMerge(t *testing.T) {
	list, rejected := Latencies([]stat.Trial{
		withHistogram(0, latency(encode(t, 1000, 3))),
		withHistogram(1, latency(encode(t, 3000, 3))),
	})
	if len(list) != 1 || len(rejected) > 0 {
		t.Fatalf("%d latencies, rejected %v", len(list), rejected)
	}
	l := list[0]
	if l.Trials != 2 || l.Count != 4000 || len(l.Percentiles) != 4 || len(l.Warnings) != 1 {
		t.Fatalf("got %+v", l)
	}
	// Of 1…1000 and 1…3000 the 2000th is 1000.
	if p := l.Percentiles[0]; math.Abs(p.Value/1000e-6-1) > 0.002 || math.Abs(p.Minimum/500e-6-1) > 0.002 || math.Abs(p.Maximum/1500e-6-1) > 0.002 {
		t.Errorf("the median is %+v", p)
	}
}

func TestLatenciesRefuseWhatIsHostile(t *testing.T) {
	good := encode(t, 100, 3)
	scale := func(v float64) results.Histogram {
		h := latency(good)
		h.Scale = v
		return h
	}
	for name, c := range map[string]struct {
		h    results.Histogram
		want string
	}{
		"not base64":      {latency("%%%"), "header"},
		"nothing":         {latency(""), "header"},
		"cut":             {latency(good[:len(good)/2]), ""},
		"five digits":     {latency(encode(t, 100, 5)), "significant digits"},
		"too long":        {latency(strings.Repeat("A", maxEncoded+1)), "long"},
		"empty histogram": {latency(encode(t, 0, 3)), "empty"},
		"scale 0":         {scale(0), "scale"},
		"scale NaN":       {scale(math.NaN()), "scale"},
		"scale Inf":       {scale(math.Inf(1)), "scale"},
		"scale negative":  {scale(-1), "scale"},
	} {
		t.Run(name, func(t *testing.T) {
			list, rejected := Latencies([]stat.Trial{withHistogram(0, c.h)})
			if len(list) != 0 || len(rejected) != 1 || !strings.Contains(rejected[0].Reason, c.want) {
				t.Errorf("got %v, rejected %v", list, rejected)
			}
		})
	}
	h := latency(good)
	other := h
	other.Unit = results.Bytes
	if _, rejected := Latencies([]stat.Trial{withHistogram(0, h), withHistogram(1, other), withHistogram(0, h)}); len(rejected) != 2 {
		t.Errorf("rejected %v", rejected)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, 100, 3), 1e-9)
	f.Add("", math.NaN())
	f.Add("HISTFAAAAB542pNpmSzMwMDAxAABzFCaEUoz2X+AMIKZAEARAtM=", 1.0)
	f.Fuzz(func(t *testing.T, encoded string, scale float64) {
		bins, err := decode(results.Histogram{Unit: results.Seconds, Scale: scale, Encoded: encoded})
		if err == nil && (bins.total <= 0 || bins.at(0.5) < 0 || math.IsNaN(bins.at(1))) {
			t.Errorf("a histogram that was accepted has %d values and the median %v", bins.total, bins.at(0.5))
		}
	})
}

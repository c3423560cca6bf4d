package stat

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// Options of the resampling.
type Options struct {
	// Seed makes the intervals of two calls the same. Each sample mixes its
	// key into it, so that no two are resampled in step.
	Seed uint64
	// Resamples is the number of bootstrap replicates. With 0 of them intervals
	// of medians are by order statistics alone, which costs next to nothing.
	Resamples int

	// drawn keeps the replicates of a sample for its next comparison, nil for
	// options that do not.
	drawn *sync.Map // of draw to []float64
}

// draw is what replicates depend on.
type draw struct {
	sample    *Sample
	seed      uint64
	resamples int
}

// DefaultOptions are 2,000 replicates: the ends of a 95 % interval then rest on
// 50 replicates each. They keep the replicates of every sample that they are
// used for, which must not change meanwhile.
func DefaultOptions(seed uint64) Options {
	return Options{Seed: seed, Resamples: 2000, drawn: &sync.Map{}}
}

// maxBootstrapTrials bounds the work on records from outside. Above it the
// order-statistic interval, which the bootstrap approaches, stands alone.
const maxBootstrapTrials = 1000

// replicates returns bootstrap medians of a sample in the order in which they
// were drawn. They may be shared and are not to be changed.
func replicates(s *Sample, o Options) []float64 {
	if o.drawn == nil {
		return resample(s, o)
	}
	d := draw{s, o.Seed, o.Resamples}
	if kept, ok := o.drawn.Load(d); ok {
		return kept.([]float64)
	}
	fresh := resample(s, o)
	o.drawn.Store(d, fresh)
	return fresh
}

// resample draws trials with replacement, and within each drawn trial
// iterations with replacement.
func resample(s *Sample, o Options) []float64 {
	random := rand.New(rand.NewPCG(o.Seed, hash(s.Key.String())))
	sorted := make([][]float64, len(s.Trials))
	for i, t := range s.Trials {
		sorted[i] = slices.Sorted(slices.Values(t.Values))
	}
	drawn := make([]float64, len(sorted))
	medians := make([]float64, o.Resamples)
	for i := range medians {
		for j := range drawn {
			drawn[j] = resampledMedian(sorted[random.IntN(len(sorted))], random)
		}
		slices.Sort(drawn)
		medians[i] = middle(drawn)
	}
	return medians
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s)) // a hash never fails to write
	return h.Sum64()
}

// middle is the median of ascending values.
func middle(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// resampledMedian draws the median of a resample of ascending values without
// making the resample, so that ten thousand iterations cost what ten do. The
// resample takes value ⌊m·U⌋ for each of m uniform U; its k-th smallest is at
// the k-th smallest U, which is distributed as Beta(k, m + 1 − k), and the next
// one is the least of m − k uniforms on what remains above it.
func resampledMedian(sorted []float64, random *rand.Rand) float64 {
	m := len(sorted)
	if m == 1 {
		return sorted[0]
	}
	at := func(u float64) float64 { return sorted[min(int(u*float64(m)), m-1)] }
	k := (m + 1) / 2
	u := distuv.Beta{Alpha: float64(k), Beta: float64(m + 1 - k), Src: random}.Rand()
	if m%2 == 1 {
		return at(u)
	}
	next := 1 - math.Pow(random.Float64(), 1/float64(m-k))
	return (at(u) + at(u+(1-u)*next)) / 2
}

// percentileInterval is the middle 95 % of the replicates.
func percentileInterval(replicates []float64) *Interval {
	sorted := slices.Sorted(slices.Values(replicates))
	// Type 7 of Hyndman and Fan, as everywhere.
	at := func(q float64) float64 {
		h := q * float64(len(sorted)-1)
		i := int(h)
		if i+1 >= len(sorted) {
			return sorted[len(sorted)-1]
		}
		return sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i])
	}
	tail := (1 - Confidence) / 2
	return &Interval{Low: at(tail), High: at(1 - tail), Method: Bootstrap}
}

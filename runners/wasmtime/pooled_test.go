//go:build cgo

package wasmtime_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/wasmtime"
)

// BenchmarkPooled sets a fresh instance that answers one request beside the same in the
// baseline loop, which is in C. Medians; closing is not in the time of either.
func BenchmarkPooled(b *testing.B) {
	const iterations = 20_000
	for _, mode := range []string{"aot", "aot-pooling", "aot-pooling-decommit", "aot-dense"} {
		rt := boot(b, mode, 0)
		p, err := rt.Prepare(b.Context(), noop(b), b.TempDir(), nil)
		if err != nil {
			b.Fatal(err)
		}
		l, err := rt.Load(b.Context(), p, nil)
		if err != nil {
			b.Fatal(err)
		}
		loop := runners.Loop{
			Options: runners.Options{Mode: mode}, Prepared: p, Rung: results.Pooled, Request: []byte("x"),
			Iterations: iterations, Within: time.Minute,
		}
		b.Run("via=c/mode="+mode, func(b *testing.B) {
			for b.Loop() {
				out, err := wasmtime.New().(runners.BaselineLoop).Baseline(b.Context(), loop)
				if err != nil {
					b.Fatal(err)
				}
				report(b, out.Times)
			}
		})
		b.Run("via=runner/mode="+mode, func(b *testing.B) {
			for b.Loop() {
				times, err := loop.Repeat(b.Context(), func() (time.Duration, error) { return freshCall(b.Context(), l, loop.Request) })
				if err != nil {
					b.Fatal(err)
				}
				report(b, times)
			}
		})
		l.Close()
	}
}

func report(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds()), "ns/instance")
	b.ReportMetric(0, "ns/op")
}

func freshCall(ctx context.Context, l runners.Loaded, request []byte) (time.Duration, error) {
	var room [64]byte
	from := runners.Now()
	in, err := l.Instantiate(ctx, nil)
	if err != nil {
		return 0, err
	}
	_, err = in.Call(ctx, room[:0], request)
	took := runners.Now() - from
	in.Close()
	return took, err
}

package bench_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"edgebench/bench"
	"edgebench/bench/plan"
	"edgebench/bench/trial"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// BenchmarkColdStart gives the time to the first verified response of every
// system and rung that this machine has, each in an agent of its own, under
// names that benchstat can project:
//
//	go test -bench . ./bench | tee new.txt
//	benchstat -col /runner -row /workload,/rung new.txt
//
// What is between two iterations (a new runtime, closing the last instance) is
// not in ns/op. For interleaved trials and intervals there is benchrun.
func BenchmarkColdStart(b *testing.B) {
	house, err := bench.Open()
	if err != nil {
		b.Fatal(err)
	}
	survey, err := house.Survey(b.Context(), nil, func(string) {})
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range survey.Systems {
		if s.Unavailable != "" {
			b.Run("runner="+s.Runner+"/mode="+strings.ReplaceAll(s.Mode, "*", "all"), func(b *testing.B) { b.Skip(s.Unavailable) })
		}
	}
	for _, s := range survey.Available {
		for _, w := range house.Set.List() {
			b.Run("runner="+s.Runner+"/mode="+s.System.Mode+"/workload="+w.Name+"/language=c", func(b *testing.B) {
				subject := prepare(b, house, s, w.Name)
				subject.Exchanges = w.Exchanges
				for _, rung := range s.Mode.Rungs {
					b.Run("rung="+string(rung), func(b *testing.B) { measure(b, house, s, subject, rung) })
				}
			})
		}
	}
}

// prepare makes an artefact ready in folders that end with the benchmark.
func prepare(b *testing.B, house *bench.House, s plan.System, workload string) protocol.Subject {
	w, err := house.Set.Find(workload)
	if err != nil {
		b.Fatal(err)
	}
	built, err := house.Builder.Build(b.Context(), w, "c", s.Takes[0])
	if errors.Is(err, runners.ErrUnavailable) {
		b.Skip(err)
	}
	if err != nil {
		b.Fatal(err)
	}
	scratch := shortDir(b)
	o := runners.Options{Mode: s.System.Mode, Scratch: scratch, Scope: strings.ToLower(filepath.Base(scratch))}
	a := start(b, house, s.Runner)
	defer a.Close(b.Context())
	reply, err := a.Ask(b.Context(), protocol.Request{Prepare: &protocol.Prepare{Options: o, Artefact: built.Artefact, Dir: shortDir(b)}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := trial.Sweep(context.Background(), house.Start, s.Runner, o.Scope); err != nil {
			b.Error(err)
		}
	})
	return protocol.Subject{Options: o, Prepared: *reply.Prepared}
}

func start(b *testing.B, house *bench.House, runner string) trial.Agent {
	a, err := house.Start(runner)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// measure lets one agent do b.N iterations; on the boot rung, which happens
// once in a process, each iteration is an agent.
func measure(b *testing.B, house *bench.House, s plan.System, subject protocol.Subject, rung results.Rung) {
	var sum time.Duration
	iterations := 0
	for iterations < b.N {
		a := start(b, house, s.Runner)
		q := &protocol.Measure{Subject: subject, Rung: rung, Iterations: b.N, Within: time.Hour}
		ask := a.Ask
		if rung == results.Boot {
			q.Iterations = 1
			ask = func(ctx context.Context, r protocol.Request) (protocol.Reply, error) {
				reply, took, err := a.AskBoot(ctx, r)
				if err == nil {
					reply.Measured.FirstResponse[0] = took
				}
				return reply, err
			}
		}
		reply, err := ask(b.Context(), protocol.Request{Measure: q})
		if err != nil {
			b.Fatal(err)
		}
		for _, d := range reply.Measured.FirstResponse {
			sum += d
		}
		iterations += len(reply.Measured.FirstResponse)
		if err := a.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(sum)/float64(iterations), "ns/op")
}

// shortDir is a folder whose path has room for a socket.
func shortDir(b *testing.B) string {
	dir, err := os.MkdirTemp("", "edgebench-b-")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

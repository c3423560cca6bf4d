package agent

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// tiering is a runner, and all that it makes, whose code is optimised when it has been
// called often since the start of the runtime.
type tiering struct {
	timed
	varies             bool
	since, open, asked int
}

const often = 5

func (r *tiering) Boot(context.Context, runners.Options) (runners.Runtime, error) {
	r.since = 0
	r.open++
	return r, nil
}

func (r *tiering) Load(context.Context, runners.Prepared, *runners.Trace) (runners.Loaded, error) {
	r.open++
	return r, nil
}

func (r *tiering) Instantiate(context.Context, *runners.Trace) (runners.Instance, error) {
	r.open++
	return r, nil
}

func (r *tiering) Call(_ context.Context, dst, _ []byte) ([]byte, error) {
	r.since++
	return append(dst, "pong"...), nil
}

func (r *tiering) Tier(context.Context) (runners.Tier, bool, error) {
	r.asked++
	if r.varies && r.since < often {
		return runners.TierBaseline, r.varies, nil
	}
	return runners.TierOptimised, r.varies, nil
}

func (r *tiering) Close() error {
	r.open--
	return nil
}

// The tier of a first response is that of an instance which has answered nothing else.
func TestTiers(t *testing.T) {
	const iterations = 2 * often
	changes := Tiers{runners.TierBaseline, runners.TierOptimised}
	always := Tiers{runners.TierOptimised, runners.TierOptimised}
	cold := Tiers{runners.TierBaseline, runners.TierBaseline}
	for rung, varying := range map[results.Rung]Tiers{
		results.Hot: changes, results.Pooled: changes, results.Cold: cold, results.Deploy: cold, results.Boot: cold,
	} {
		for _, varies := range []bool{true, false} {
			want, n, asked := varying, iterations, 1
			if rung == results.Boot {
				n = 1
			}
			if !varies {
				want = always
			} else if rung.Loaded() {
				asked = 2
			}
			r := &tiering{varies: varies}
			q := task(t, ColdStartTask, timedSubject(t), ColdStart{Rung: rung, Iterations: n, Within: time.Minute})
			got, err := coldStart(t.Context(), newServer(r, io.Discard), *q.Task)
			if err != nil {
				t.Fatal(rung, err)
			}
			times := got.(*ColdStartTimes)
			if times.Tiers != want || r.asked != asked || r.open != 0 {
				t.Errorf("%s, varies %v: %+v after %d questions, %d things are open; want %+v", rung, varies, times.Tiers, r.asked, r.open, want)
			}
			if len(times.FirstResponse) != n || times.Iterations < n {
				t.Errorf("%s: %d of %d iterations are kept, want %d", rung, len(times.FirstResponse), times.Iterations, n)
			}
		}
	}
	got, err := coldStart(t.Context(), newServer(&timed{}, io.Discard),
		*task(t, ColdStartTask, timedSubject(t), ColdStart{Rung: results.Hot, Iterations: 1, Within: time.Minute}).Task)
	if err != nil || got.(*ColdStartTimes).Tiers != (Tiers{}) {
		t.Errorf("%+v, %v of a runtime with one compiler", got, err)
	}
}

// The rung boot listens to further input when it has answered: until then a thread that
// waits for it would be part of the time. The other rungs listen at once.
func TestBootListensWhenItHasAnswered(t *testing.T) {
	for rung, want := range map[results.Rung]string{results.Boot: protocol.Answered + "\n", results.Cold: "", results.Hot: ""} {
		var out bytes.Buffer
		s := newServer(&timed{}, &out)
		listened, said := false, ""
		s.listen = func() {
			if !listened {
				listened, said = true, out.String()
			}
		}
		q := task(t, ColdStartTask, timedSubject(t), ColdStart{Rung: rung, Iterations: 1, Within: time.Minute})
		if _, err := coldStart(t.Context(), s, *q.Task); err != nil {
			t.Fatal(rung, err)
		}
		if !listened || said != want {
			t.Errorf("%s listens: %t, after it had said %q, want %q", rung, listened, said, want)
		}
	}
}

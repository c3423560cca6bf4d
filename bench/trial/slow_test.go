package trial

import (
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners/protocol"
)

// The share goes to the timed operations of its runner, and to nothing else.
func TestSlowGoesToItsRunner(t *testing.T) {
	var asked []protocol.Request
	s := newStage(t, func(q protocol.Request) (protocol.Reply, error) {
		asked = append(asked, q)
		if q.Saturate != nil {
			return protocol.Reply{Saturated: &protocol.Saturated{Requests: 1, Elapsed: time.Second}}, nil
		}
		return protocol.Reply{Measured: &protocol.Measured{FirstResponse: []time.Duration{1}}}, nil
	})
	for _, slowed := range []string{"wazero", "another"} {
		asked = nil
		s.lab.Slowed = map[string]float64{slowed: 0.05}
		s.do(t, trialOf(results.ColdStart, results.Cold))
		s.do(t, trialOf(results.ColdStart, results.Boot))
		if q := trialOf(results.Throughput, results.Hot); s.lab.Do(t.Context(), q).Outcome == results.Failed {
			t.Error("the throughput trial failed")
		}
		if len(asked) != 3 {
			t.Fatalf("asked %d times", len(asked))
		}
		want := s.lab.Slowed["wazero"]
		if cold, boot, rate := asked[0].Measure.Slow, asked[1].Measure.Slow, asked[2].Saturate.Slow; cold != want || boot != want || rate != want {
			t.Errorf("%s is slowed: cold %v, boot %v, throughput %v", slowed, cold, boot, rate)
		}
	}
}

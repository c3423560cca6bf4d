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
	direct := trialOf(results.ColdStart, results.Hot)
	direct.Conditions[Via] = Library
	for _, slowed := range []string{"wazero", "another"} {
		asked = nil
		s.lab.Slowed = map[string]float64{slowed: 0.05}
		s.do(t, trialOf(results.ColdStart, results.Cold))
		s.do(t, trialOf(results.ColdStart, results.Boot))
		s.do(t, direct)
		if q := trialOf(results.Throughput, results.Hot); s.lab.Do(t.Context(), q).Outcome == results.Failed {
			t.Error("the throughput trial failed")
		}
		if len(asked) != 4 {
			t.Fatalf("asked %d times", len(asked))
		}
		want := s.lab.Slowed["wazero"]
		if cold, boot, loop, rate := asked[0].Measure.Slow, asked[1].Measure.Slow, asked[2].Direct.Slow, asked[3].Saturate.Slow; cold != want || boot != want || rate != want || loop != 0 {
			t.Errorf("%s is slowed: cold %v, boot %v, direct loop %v, throughput %v", slowed, cold, boot, loop, rate)
		}
	}
}

package isolation

import (
	"slices"
	"testing"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/instances"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// grown is a trial whose agent lets instances grow up to a number, each with a process.
func grown(t *testing.T, most int, steps ...int) *trial {
	t.Helper()
	answer := func(q protocol.Task) (any, error) {
		p := experimenttest.Decode[agent.Grow](t, q)
		if p.Dir != "there" {
			t.Errorf("the artefact is to be prepared in %q", p.Dir)
		}
		live := min(p.To, most)
		return agent.Grown{Live: live, Owners: &runners.MemoryOwners{PIDs: make([]int, live)}}, nil
	}
	e := Effort{Effort: instances.Effort{Steps: steps, Duration: experiment.Duration(time.Minute)}}
	return &trial{
		Trial:  experimenttest.Trial(t, Name, Params(Hardened), nil, &experimenttest.Agent{Answer: answer}, &experimenttest.Node{}),
		effort: effort{Effort: e}, world: &world{dir: "there"},
	}
}

// What a further instance costs is what the node's readings (experimenttest.Node) say.
func TestMemory(t *testing.T) {
	list, err := grown(t, 100, 2, 6).memory(t.Context())
	r := experiment.Result{Metrics: list}
	if got := experimenttest.Values(r, Memory); err != nil || !slices.Equal(got, []float64{20 << 20}) {
		t.Errorf("MemAvailable falls by %v (%v)", got, err)
	}
	if got := experimenttest.Values(r, PSS); !slices.Equal(got, []float64{12}) {
		t.Errorf("the set size grows by %v", got)
	}
	if list, err := grown(t, 100).memory(t.Context()); list != nil || err != nil {
		t.Errorf("without steps: %v (%v)", list, err)
	}
	r.Metrics, err = grown(t, 5, 2, 6, 9).memory(t.Context())
	if got := experimenttest.Values(r, PSS); err != nil || !slices.Equal(got, []float64{12}) {
		t.Errorf("up to a step that is not reached the set size grows by %v (%v)", got, err)
	}
	for _, most := range []int{1, 2} {
		if _, err := grown(t, most, 2, 6).memory(t.Context()); err == nil {
			t.Errorf("with %d instances there is a figure", most)
		}
	}
}

// Steps are as in the experiment on memory, and at least two.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		steps []int
		good  bool
	}{{nil, true}, {[]int{1, 2}, true}, {[]int{1}, false}, {[]int{2, 1}, false}} {
		p := Parameters{Effort: Effort{Effort: instances.Effort{Steps: c.steps, Duration: experiment.Duration(time.Second)}}}
		if err := p.Check(time.Minute); (err == nil) != c.good {
			t.Errorf("steps %v: %v", c.steps, err)
		}
	}
}

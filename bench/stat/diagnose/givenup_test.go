package diagnose

import (
	"testing"

	"edgebench/bench/stat/internal/stattest"
	"edgebench/results"
)

func failure(seq int, outcome results.Outcome, reason string) *results.Record {
	return &results.Record{Seq: seq, Cell: stattest.Cell("a"), Outcome: outcome, Error: reason}
}

func TestGivenUp(t *testing.T) {
	const lost = "the agent ended: exit status 1"
	for name, c := range map[string]struct {
		records []*results.Record
		want    string
	}{
		"one failure": {[]*results.Record{failure(1, results.Failed, lost)}, ""},
		"the same twice": {[]*results.Record{failure(1, results.Failed, lost), failure(4, results.Failed, lost)},
			"given up after 2 failures: " + lost},
		"numbers and identifiers differ": {
			[]*results.Record{
				failure(1, results.Failed, "no response within 2.5s from container 4f9a01bc"),
				failure(4, results.Failed, "no response within 3s from container 77ab9c0d")},
			"given up after 2 failures: no response within 3s from container 77ab9c0d"},
		"data differ": {
			[]*results.Record{
				failure(1, results.Failed, `exchange a: wrong response: got "x \" y" (6 bytes), want "z" (1 bytes)`),
				failure(4, results.Failed, `exchange a: wrong response: got "abc" (3 bytes), want "yz" (2 bytes)`)},
			`given up after 2 failures: exchange a: wrong response: got "abc" (3 bytes), want "yz" (2 bytes)`},
		"reasons differ":            {[]*results.Record{failure(1, results.Failed, lost), failure(4, results.Failed, "out of memory")}, ""},
		"outcomes differ":           {[]*results.Record{failure(1, results.Failed, lost), failure(4, results.Unavailable, lost)}, ""},
		"one trial, recorded twice": {[]*results.Record{failure(1, results.Failed, lost), failure(1, results.Failed, lost)}, ""},
		"a success between two": {[]*results.Record{failure(1, results.Failed, lost), failure(2, results.OK, ""), failure(4, results.Failed, lost)},
			"given up after 2 failures: " + lost},
		"unavailable": {[]*results.Record{failure(1, results.Unavailable, "no such engine"), failure(4, results.Unavailable, "no such engine")},
			"given up after 2 trials that were unavailable: no such engine"},
	} {
		var f Failures
		for _, r := range c.records {
			f.Add(r)
		}
		g, ok := f.GivenUp(stattest.Cell("a"))
		if ok != (c.want != "") || ok && g.String() != c.want {
			t.Errorf("%s: %q, want %q", name, g, c.want)
		}
		if _, ok := f.GivenUp(stattest.Cell("b")); ok {
			t.Errorf("%s: another cell is given up", name)
		}
	}
}

func TestSuccessesGiveNothingUp(t *testing.T) {
	var f Failures
	for seq := range 3 {
		f.Add(failure(seq, results.OK, ""))
	}
	if g, ok := f.GivenUp(stattest.Cell("a")); ok {
		t.Errorf("given up: %v", g)
	}
}

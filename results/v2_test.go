package results

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testdata/v2 was written by the first version of schema 2. It is never written
// again: as long as that schema is read, it must read as it does today.
func TestRunsOfSchema2StayReadable(t *testing.T) {
	f := mustOpen(t, filepath.Join("testdata", "v2"))
	want := []string{"trial 4 was run more than once: line 5 (failed) is superseded by line 6 (failed)"}
	if diff := cmp.Diff(want, f.Warnings); diff != "" {
		t.Error(diff)
	}
	// The records lie in the order that the seed gives; the adaptive trial was not
	// needed.
	trials := f.Plan.Trials()
	if len(trials) != 7 || len(f.Records) != 6 || !trials[6].Adaptive {
		t.Fatalf("%d trials, %d records", len(trials), len(f.Records))
	}
	for i, r := range f.Records {
		if r.Seq != i || r.Cell != trials[i].Cell || r.Block != trials[i].Block {
			t.Errorf("record %d is of trial %d, %s", i, r.Seq, r.Cell)
		}
	}
	stop := &Stop{Reason: StopLimit, Resource: ResourceBridgePorts, Limit: 13, Detail: "instance 14: adding interface to bridge: exchange full"}
	if diff := cmp.Diff(stop, f.Records[0].Stop); diff != "" {
		t.Error(diff)
	}
	loop := f.Records[1]
	if loop.Params != "concurrency=2/instance=reused" || loop.Kind != "native" || len(loop.Histograms) != 1 || loop.Histograms[0].Scale != 1e-9 {
		t.Errorf("the second record is of %s: %v", loop.Cell, loop)
	}
	failed := f.Records[4]
	if failed.Error != "deadline of 10s has passed" || failed.Warnings[0].Code != WarnCleanUp {
		t.Errorf("the failed record has the error %q and warns %v", failed.Error, failed.Warnings)
	}
	if at := time.Date(2026, 11, 28, 12, 0, 1, 234567890, time.UTC); !f.Records[0].At.Equal(at) {
		t.Errorf("at is %v", f.Records[0].At)
	}
	effort := `{"iterations":2,"duration":"300ms","spread":"40ms"}`
	if s := f.Plan.Specs[0]; s.Trials != 2 || s.MaxAdaptive != 1 || string(s.Effort) != effort {
		t.Errorf("the first specification is %+v", s)
	}
	e := &f.Environment
	if !e.Systems[1].Engine || e.Systems[0].Engine || e.Artefacts[0].Build != "c" || e.Host.Memory != 25275994112 {
		t.Errorf("the environment is %+v", e)
	}
}

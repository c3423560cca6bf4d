package results

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A closed run has checksums in the format of sha256sum, and matches them.
func TestSumsOfAClosedRun(t *testing.T) {
	run := create(t, 1)
	if _, err := os.Stat(filepath.Join(run.Dir, SumsFile)); err == nil {
		t.Error("a run in progress has checksums")
	}
	mustAppend(t, run, testRecord(0))
	mustClose(t, run)
	want := ""
	for _, name := range []string{PlanFile, EnvironmentFile, RecordsFile} {
		want += fmt.Sprintf("%x  %s\n", sha256.Sum256(mustRead(t, run.Dir, name)), name)
	}
	if diff := cmp.Diff(want, string(mustRead(t, run.Dir, SumsFile))); diff != "" {
		t.Error(diff)
	}
	if f := mustOpen(t, run.Dir); f.Warnings != nil {
		t.Errorf("warnings %q", f.Warnings)
	}
}

// The first record of a resumed run removes the checksums, and Close writes new
// ones.
func TestSumsOfAResumedRun(t *testing.T) {
	run := create(t, 2)
	mustAppend(t, run, testRecord(0))
	mustClose(t, run)
	resumed, _, err := Resume(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, resumed, testRecord(1))
	if _, err := os.Stat(filepath.Join(run.Dir, SumsFile)); err == nil {
		t.Error("a run in progress has checksums")
	}
	if f := mustOpen(t, run.Dir); len(f.Records) != 2 || f.Warnings != nil {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}
	mustClose(t, resumed)
	if _, err := os.Stat(filepath.Join(run.Dir, SumsFile)); err != nil {
		t.Error(err)
	}
	if f := mustOpen(t, run.Dir); len(f.Records) != 2 || f.Warnings != nil {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}
}

// A bit that flips without making a file unreadable is told by a warning that
// names the file, and by no other.
func TestSumsTellOfAFlippedBit(t *testing.T) {
	for _, c := range []struct{ file, old, new string }{
		{PlanFile, `"profile": "quick"`, `"profile": "puick"`},
		{EnvironmentFile, `"cores": 2`, `"cores": 3`},
		{RecordsFile, `0.0000123`, `0.0000122`},
	} {
		dir := folder(t, func(dir string) { replace(t, filepath.Join(dir, c.file), c.old, c.new) })
		f := mustOpen(t, dir)
		want := fmt.Sprintf("%s was changed after the run was closed: its checksum differs from that in SHA256SUMS", filepath.Join(dir, c.file))
		if diff := cmp.Diff([]string{want}, f.Warnings); diff != "" || len(f.Records) != 2 {
			t.Errorf("%d records: %s", len(f.Records), diff)
		}
		resumed, _, err := Resume(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{want}, resumed.Warnings); diff != "" {
			t.Error(diff)
		}
		mustClose(t, resumed)
	}
}

// Whatever is in place of the checksums, the run is read, with one warning.
func TestMalformedSums(t *testing.T) {
	good := strings.Repeat("0", 64) + "  "
	for name, text := range map[string]string{
		"empty line":   "\n",
		"no hash":      "plan.json\n",
		"short hash":   "00  plan.json\n",
		"no hex":       strings.Repeat("x", 64) + "  plan.json\n",
		"no name":      good + "\n",
		"no space":     strings.Repeat("0", 64) + "plan.json\n",
		"escaped name": `\` + good + "a\\nb\n",
		"twice":        good + "x\n" + good + "x\n",
		"zeros":        "\x00\x00\x00",
		"too large":    strings.Repeat(good+"x\n", maxSums/68+1),
	} {
		dir := folder(t, func(dir string) { mustWrite(t, filepath.Join(dir, SumsFile), []byte(text)) })
		f := mustOpen(t, dir)
		if len(f.Records) != 2 || len(f.Warnings) != 1 {
			t.Errorf("%s: %d records, warnings %q", name, len(f.Records), f.Warnings)
			continue
		}
		oneLine(t, fmt.Errorf("%s", f.Warnings[0]), SumsFile, "not verified")
	}
}

// A file that the checksums leave out is as suspect as one that they don't match.
// Those of other files, and the other formats of sha256sum, are nothing to warn of.
func TestSumsOfOtherFiles(t *testing.T) {
	dir := folder(t, func(dir string) {
		text := string(mustRead(t, dir, SumsFile))
		lines := strings.SplitAfter(text, "\n")
		lines[0] = strings.Repeat("0", 64) + "  report.html\n"
		text = strings.Join(lines, "")
		text = strings.ReplaceAll(text, "  records", " *records")
		text = strings.ReplaceAll(text, "\n", "\r\n")
		mustWrite(t, filepath.Join(dir, SumsFile), []byte(strings.TrimSuffix(text, "\r\n")))
	})
	want := []string{filepath.Join(dir, PlanFile) + " has no checksum in SHA256SUMS"}
	if diff := cmp.Diff(want, mustOpen(t, dir).Warnings); diff != "" {
		t.Error(diff)
	}
}

// The sums name a file that is not there: here, the records were compressed by
// hand.
func TestSumsOfAMissingFile(t *testing.T) {
	dir := folder(t, func(dir string) {
		sums := mustRead(t, dir, SumsFile)
		if err := Compress(dir); err != nil {
			t.Fatal(err)
		}
		mustWrite(t, filepath.Join(dir, SumsFile), sums)
	})
	f := mustOpen(t, dir)
	want := []string{
		filepath.Join(dir, RecordsFile) + " has a checksum in SHA256SUMS, but was not read",
		filepath.Join(dir, CompressedFile) + " has no checksum in SHA256SUMS",
	}
	if diff := cmp.Diff(want, f.Warnings); diff != "" || len(f.Records) != 2 {
		t.Errorf("%d records: %s", len(f.Records), diff)
	}
}

// A crash while the checksums are written leaves none, or a temporary file that
// the next Close replaces; a crash after they were removed leaves a run that goes on.
func TestCrashBetweenSums(t *testing.T) {
	dir := unsummed(t, func(dir string) {
		mustWrite(t, filepath.Join(dir, "."+SumsFile+".new"), []byte("half"))
	})
	if f := mustOpen(t, dir); len(f.Records) != 2 || f.Warnings != nil {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}
	resumed, _, err := Resume(dir)
	if err != nil || resumed.Warnings != nil {
		t.Fatal(err, resumed.Warnings)
	}
	mustClose(t, resumed)
	if diff := cmp.Diff([]string{lockFile, SumsFile, EnvironmentFile, PlanFile, RecordsFile}, names(t, dir)); diff != "" {
		t.Error(diff)
	}
	if f := mustOpen(t, dir); f.Warnings != nil {
		t.Errorf("warnings %q", f.Warnings)
	}
}

// A reader that began before a run was resumed or closed has read other bytes than
// the checksums are of, which is nobody's fault.
func TestSumsThatChangeWhileReading(t *testing.T) {
	dir := folder(t, func(string) {})
	for name, meanwhile := range map[string]func(path string){
		"removed": func(path string) { os.Remove(path) },
		"written": func(path string) { mustWrite(t, path, []byte("other")) },
	} {
		r, err := openReader(dir)
		if err != nil {
			t.Fatal(err)
		}
		before, err := r.dir.readSums()
		if len(before) == 0 || err != nil {
			t.Fatal(before, err)
		}
		if wrong := r.verify(before, nil); len(wrong) != 3 {
			t.Errorf("nothing was read, but of three files it is told: %q", wrong)
		}
		meanwhile(filepath.Join(dir, SumsFile))
		if wrong := r.verify(before, nil); wrong != nil {
			t.Errorf("%s: warnings %q", name, wrong)
		}
		r.dir.close()
		mustWrite(t, filepath.Join(dir, SumsFile), before)
	}
}

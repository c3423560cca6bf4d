package results

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// compressed gives a run of two trials with compressed records, to be edited.
func compressed(t *testing.T, edit func(dir string)) string {
	t.Helper()
	return folder(t, func(dir string) {
		if err := Compress(dir); err != nil {
			t.Fatal(err)
		}
		edit(dir)
	})
}

func gzipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(text)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCompress(t *testing.T) {
	var plain []byte
	dir := folder(t, func(dir string) { plain = mustRead(t, dir, RecordsFile) })
	want := mustOpen(t, dir)
	if err := Compress(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{lockFile, SumsFile, EnvironmentFile, PlanFile, CompressedFile}, names(t, dir)); diff != "" {
		t.Error(diff)
	}
	if diff := same(want, mustOpen(t, dir)); diff != "" {
		t.Error(diff)
	}
	z, err := gzip.NewReader(bytes.NewReader(mustRead(t, dir, CompressedFile)))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, plain) {
		t.Errorf("%d bytes were compressed, %d are read back: %v", len(plain), len(text), err)
	}
	if z.Name != "" || !z.ModTime.IsZero() {
		t.Errorf("the header holds %q, %v", z.Name, z.ModTime)
	}
	// A bit that flips in it is told as in any file.
	replace(t, filepath.Join(dir, EnvironmentFile), `"cores": 2`, `"cores": 3`)
	if f := mustOpen(t, dir); len(f.Warnings) != 1 {
		t.Errorf("warnings %q", f.Warnings)
	}
}

func TestCompressIsDeterministic(t *testing.T) {
	first := compressed(t, func(string) {})
	again := compressed(t, func(string) {})
	for _, name := range []string{CompressedFile, SumsFile} {
		if !bytes.Equal(mustRead(t, first, name), mustRead(t, again, name)) {
			t.Errorf("the same run gives two different %s", name)
		}
	}
}

func TestResumeRefusesCompressedRecords(t *testing.T) {
	dir := compressed(t, func(dir string) { os.Remove(filepath.Join(dir, lockFile)) })
	before := names(t, dir)
	_, _, err := Resume(dir)
	if !errors.Is(err, ErrCompressed) {
		t.Errorf("%v is not ErrCompressed", err)
	}
	oneLine(t, err, dir, "gunzip", CompressedFile)
	if diff := cmp.Diff(before, names(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestCompressRefuses(t *testing.T) {
	dir := t.TempDir()
	oneLine(t, Compress(dir), dir, ErrNoRun.Error())
	if left := names(t, dir); left != nil {
		t.Errorf("a refused Compress leaves %v", left)
	}

	run := create(t, 1)
	if err := Compress(run.Dir); !errors.Is(err, ErrBusy) {
		t.Errorf("%v is not ErrBusy", err)
	}
	mustClose(t, run)

	// What has changed since the run was closed is not given new checksums.
	for _, file := range []string{PlanFile, RecordsFile} {
		dir = folder(t, func(dir string) {
			replace(t, filepath.Join(dir, file), "\"test\"", " \"test\"")
		})
		before := names(t, dir)
		oneLine(t, Compress(dir), file, "was changed")
		if diff := cmp.Diff(before, names(t, dir)); diff != "" {
			t.Error(diff)
		}
	}
	dir = unsummed(t, func(dir string) { replace(t, filepath.Join(dir, RecordsFile), `"ok"`, `"fine"`) })
	oneLine(t, Compress(dir), RecordsFile+":1: ")
}

// Wherever a crash cuts Compress short, the run reads as before without a warning,
// and a second Compress completes the work.
func TestCrashWithinCompress(t *testing.T) {
	for name, crash := range map[string]func(dir string, gz []byte){
		"checksums removed": func(string, []byte) {},
		"half a file written": func(dir string, gz []byte) {
			mustWrite(t, filepath.Join(dir, "."+CompressedFile+".new"), gz[:len(gz)/2])
		},
		"both there": func(dir string, gz []byte) {
			mustWrite(t, filepath.Join(dir, CompressedFile), gz)
		},
		"checksums missing": func(dir string, gz []byte) {
			mustWrite(t, filepath.Join(dir, CompressedFile), gz)
			os.Remove(filepath.Join(dir, RecordsFile))
		},
	} {
		done := compressed(t, func(string) {})
		dir := unsummed(t, func(dir string) { crash(dir, mustRead(t, done, CompressedFile)) })
		if f := mustOpen(t, dir); len(f.Records) != 2 || f.Warnings != nil {
			t.Errorf("%s: %d records, warnings %q", name, len(f.Records), f.Warnings)
		}
		if err := Compress(dir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(names(t, done), names(t, dir)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if f := mustOpen(t, dir); len(f.Records) != 2 || f.Warnings != nil {
			t.Errorf("%s: %d records, warnings %q", name, len(f.Records), f.Warnings)
		}
	}
}

// Wherever compressed records are cut, the error names the file: a cut can't be
// told from one that took whole records.
func TestCutCompressedRecords(t *testing.T) {
	dir := compressed(t, func(string) {})
	path := filepath.Join(dir, CompressedFile)
	gz := mustRead(t, path)
	for size := range gz {
		mustWrite(t, path, gz[:size])
		_, err := Open(dir)
		oneLine(t, err, path, "decompress: unexpected EOF")
	}
	for at := range gz[10:] { // of the header not every bit matters
		flipped := bytes.Clone(gz)
		flipped[10+at] ^= 1
		mustWrite(t, path, flipped)
		if _, err := Open(dir); err == nil {
			t.Fatalf("a flipped bit in byte %d is not seen", 10+at)
		}
	}
	mustWrite(t, path, append(gz, "garbage"...))
	_, err := Open(dir)
	oneLine(t, err, path, "decompress: ")
}

// A line that was cut before the records were compressed is left out, as ever.
func TestCompressedHalfLine(t *testing.T) {
	dir := unsummed(t, func(dir string) {
		path := filepath.Join(dir, RecordsFile)
		mustWrite(t, path, append(mustRead(t, path), `{"schema"`...))
		if err := Compress(dir); err != nil {
			t.Fatal(err)
		}
	})
	if f := mustOpen(t, dir); len(f.Records) != 2 || len(f.Warnings) != 1 {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}
}

// What a small file grows to is bounded: a line, and the whole text.
func TestCompressedRecordsAreBounded(t *testing.T) {
	dir := compressed(t, func(dir string) {
		mustWrite(t, filepath.Join(dir, CompressedFile), gzipped(t, make([]byte, 2*MaxLine)))
	})
	_, err := Open(dir)
	oneLine(t, err, CompressedFile+":1: the line is longer than")

	d, err := openDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	for _, limit := range []int64{1 << 10, 1 << 9} {
		line, _ := encode(testRecord(0).complete(), "")
		text := bytes.Repeat(line, int(limit)/len(line)+1)
		mustWrite(t, filepath.Join(dir, CompressedFile), gzipped(t, text))
		opened, err := d.openText(CompressedFile, limit)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = readLines(opened, "x", MaxRecords)
		oneLine(t, err, "x:", fmt.Sprintf("more than %d bytes", limit))
		opened.close()
	}
}

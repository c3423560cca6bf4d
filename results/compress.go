package results

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Compress makes records.jsonl.gz of a closed run's records.jsonl, which it then
// removes, and writes the checksums anew: that is how a run is published. The same
// records give the same bytes. Compress fails for a run that can't be read, or that
// was changed after it was closed. If a crash interrupted Compress, it may be
// called again.
func Compress(path string) error {
	r, err := openReader(path)
	if err != nil {
		return err
	}
	err = r.compress()
	return both(err, r.dir.close())
}

func (r *reader) compress() error {
	if err := r.readDocuments(); err != nil {
		return err
	}
	lock, err := r.dir.lock()
	if err != nil {
		return err
	}
	err = r.readRecords()
	if err == nil && len(r.mismatches) > 0 {
		err = errors.New(strings.Join(r.mismatches, "; "))
	}
	if err == nil {
		err = r.replaceRecords()
	}
	return both(err, lock.Unlock())
}

// replaceRecords removes the checksums first: a crash at any point leaves a folder
// that reads the same as before, and warns of nothing.
func (r *reader) replaceRecords() error {
	plain, isPlain := r.sums[RecordsFile]
	if isPlain {
		if err := r.dir.remove(SumsFile); err != nil {
			return err
		}
		if err := r.dir.replace(CompressedFile, r.dir.gzip); err != nil {
			return err
		}
		if err := r.dir.readsBack(plain); err != nil {
			return both(err, r.dir.remove(CompressedFile))
		}
		if err := r.dir.remove(RecordsFile); err != nil {
			return err
		}
	}
	return r.dir.writeSums()
}

// gzip writes the records in compressed form. Its header has no time and no name,
// which would differ between two runs of it.
func (d dir) gzip(w io.Writer) error {
	file, _, err := d.open(RecordsFile, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer file.Close()
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := io.Copy(z, file); err != nil {
		return err
	}
	return z.Close()
}

// readsBack checks that the compressed records are those of a checksum.
func (d dir) readsBack(want checksum) error {
	text, err := d.openText(CompressedFile, MaxRecordsFile)
	if err != nil {
		return err
	}
	defer text.close()
	found, err := sumOf(text)
	if err == nil && found != want {
		err = errors.New("it does not read back as it was written")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", d.path(CompressedFile), err)
	}
	return nil
}

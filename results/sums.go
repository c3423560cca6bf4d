package results

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// checksum is the SHA-256 of a file.
type checksum [sha256.Size]byte

// maxSums bounds SHA256SUMS, in bytes.
const maxSums = 64 << 10

// writeSums writes the checksums of a run's files, in the format of sha256sum. A
// run that is being written to has none, and so they are removed before anything
// else is changed.
func (d dir) writeSums() error {
	records, err := d.recordsName()
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, name := range []string{PlanFile, EnvironmentFile, records} {
		sum, err := d.sum(name)
		if err != nil {
			return fmt.Errorf("write %s: %w", d.path(SumsFile), err)
		}
		fmt.Fprintf(&text, "%x  %s\n", sum, name)
	}
	return d.replace(SumsFile, func(w io.Writer) error {
		_, err := io.WriteString(w, text.String())
		return err
	})
}

// sum reads a file for its checksum.
func (d dir) sum(name string) (sum checksum, err error) {
	file, _, err := d.open(name, os.O_RDONLY)
	if err != nil {
		return sum, err
	}
	sum, err = sumOf(file)
	return sum, both(err, file.Close())
}

func sumOf(r io.Reader) (checksum, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return checksum(h.Sum(nil)), err
}

// readSums reads SHA256SUMS: nil where there is none, which is no error, or where
// a run that is being closed is just writing it.
func (d dir) readSums() ([]byte, error) {
	text, err := d.read(SumsFile, maxSums)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errReplaced) {
		return nil, nil
	}
	return text, err
}

// verify compares the checksums of what was read with the folder's. It returns a
// warning for each file that is not what it was when the run was closed.
//
// If SHA256SUMS changed while the records were read, the run was resumed or closed
// meanwhile, and there is no warning.
func (r *reader) verify(before []byte, err error) []string {
	if err != nil {
		return []string{fmt.Sprintf("the checksums are not verified: %v", err)}
	}
	if before == nil {
		return nil
	}
	sums, err := parseSums(before)
	if err != nil {
		return []string{fmt.Sprintf("%s: the checksums are not verified: %v", r.dir.path(SumsFile), err)}
	}
	wrong := r.compare(sums)
	if after, err := r.dir.readSums(); err != nil || !bytes.Equal(after, before) {
		return nil
	}
	return wrong
}

// compare compares checksums of files of a run.
func (r *reader) compare(sums map[string]checksum) (wrong []string) {
	for _, name := range []string{PlanFile, EnvironmentFile, RecordsFile, CompressedFile} {
		found, isRead := r.sums[name]
		want, isListed := sums[name]
		switch {
		case isRead && !isListed:
			wrong = append(wrong, fmt.Sprintf("%s has no checksum in %s", r.dir.path(name), SumsFile))
		case isListed && !isRead:
			wrong = append(wrong, fmt.Sprintf("%s has a checksum in %s, but was not read", r.dir.path(name), SumsFile))
		case found != want:
			wrong = append(wrong, fmt.Sprintf("%s was changed after the run was closed: its checksum differs from that in %s", r.dir.path(name), SumsFile))
		}
	}
	return wrong
}

// parseSums reads the format of sha256sum. Lines about other files are allowed,
// since a user may have added some.
func parseSums(text []byte) (map[string]checksum, error) {
	sums := map[string]checksum{}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		digits, name, ok := strings.Cut(strings.TrimRight(string(line), "\r\n"), " ")
		sum, err := hex.DecodeString(digits)
		if !ok || err != nil || len(sum) != sha256.Size || len(name) < 2 || name[0] != ' ' && name[0] != '*' {
			return nil, fmt.Errorf("line %d is not in the format of sha256sum", number)
		}
		if _, twice := sums[name[1:]]; twice {
			return nil, fmt.Errorf("line %d repeats a file", number)
		}
		sums[name[1:]] = checksum(sum)
	}
	return sums, nil
}
